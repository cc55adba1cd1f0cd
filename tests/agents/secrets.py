#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who holds a password, and who does not [T-30, T-31]."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import fakesocks
import home
import tap

SECRET = "Ungemein-geheimes-Wort-4711"
PROXY = "Noch-geheimeres-Wort-0815"


def memory(pid):
    """All that the process can write to, as bytes."""
    found = []
    with open("/proc/%d/maps" % pid, encoding="utf-8") as maps, \
            open("/proc/%d/mem" % pid, "rb", buffering=0) as mem:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if not match:
                continue
            start, end = int(match[1], 16), int(match[2], 16)
            try:
                mem.seek(start)
                found.append(mem.read(end - start))
            except OSError:
                pass
    return b"".join(found)


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def read(pid, name):
    with open("/proc/%d/%s" % (pid, name), "rb") as file:
        return file.read()


def stopped(password, look):
    """dewey fetch through a proxy, at the moment at which both passwords were used:
    look(dewey, agent) is called with their process ids."""
    authority, found = certs.Authority(tap.tempdir()), {}

    def stop(conn):
        look(found["dewey"].pid, children(found["dewey"].pid)[0])
        found["looked"] = True
        conn.reply("+OK 0 0")
    drop = fakemail.Maildrop({"ivan": SECRET}, [b"Subject: x\n\nb\n"], capabilities=["UIDL"],
                             faults=[fakemail.Fault("STAT", stop, 1)])
    server = fakeserver.Server(drop, authority.server(), True)
    tap.cleanup(server.stop)
    proxy = fakesocks.Proxy({("localhost", server.port): server.port}, ("me", PROXY))
    place = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port,
                       "tls-ca": authority.pem, "password": password,
                       "proxy": "socks5://me:%s@localhost:%d" % (PROXY, proxy.port)})
    dewey = subprocess.Popen(place.command("dewey", "fetch"), env=place.environment(),
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    found["dewey"] = dewey
    tap.cleanup(dewey.stderr.close)
    tap.cleanup(dewey.kill)
    words = dewey.stderr.read()
    tap.equal(dewey.wait(), 0, words)
    tap.ok(found.get("looked"), "the server was not asked")


@tap.test("the front end holds no password; none is on a command line or in an environment "
          "[T-30, T-31]")
def front_end():
    if os.geteuid() != 0:
        tap.skip("only root can look into the memory of a process that hides it")
    for password in (SECRET, '"%s"' % SECRET):
        seen = []

        def look(dewey, agent, seen=seen):
            seen.extend((memory(dewey), memory(agent), [
                read(pid, name) for pid in (dewey, agent) for name in ("cmdline", "environ")]))
        stopped(password, look)
        front, agent, places = seen
        tap.ok(SECRET.encode() in agent, "the memory of the agent cannot be read")
        for secret in (SECRET.encode(), PROXY.encode()):
            tap.ok(secret not in front, "the front end holds %r" % secret)
            for octets in places:
                tap.lacks(octets, secret)


tap.main()
