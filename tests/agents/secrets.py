#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who holds a password, and who does not [T-30, T-31]."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import fakesocks
import home
import tap

SECRET = "Ungemein-geheimes-Wort-4711"
PROXY = "Noch-geheimeres-Wort-0815"


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
            seen.extend((child.memory(dewey), child.memory(agent), [
                read(pid, name) for pid in (dewey, agent) for name in ("cmdline", "environ")]))
        stopped(password, look)
        front, agent, places = seen
        tap.ok(SECRET.encode() in agent, "the memory of the agent cannot be read")
        for secret in (SECRET.encode(), PROXY.encode()):
            tap.ok(secret not in front, "the front end holds %r" % secret)
            for octets in places:
                tap.lacks(octets, secret)


NOBODY = 65534


def as_nobody(place, command):
    """The command with the rights of a user, to whom the home belongs."""
    for path, _, files in os.walk(place.path):
        for name in (path, *(os.path.join(path, file) for file in files)):
            os.chown(name, NOBODY, NOBODY)
    return ["setpriv", "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups", *command]


@tap.test("no core file and no debugger of the same user gets at an agent's memory [T-30]")
def undumpable():
    if os.geteuid() != 0:
        tap.skip("only root can run a program as somebody else")
    if tap.sanitized("dewey-pop3"):
        tap.skip("AddressSanitizer has to look into the programs")
    authority = certs.Authority(tap.tempdir())
    for program, faults, args, text in (
            ("dewey-pop3", "STAT", ["home"], None),
            ("dewey-smtp", "MAIL .*", ["-t", "-i"], b"To: jones@peer.test\n\nx\n")):
        found = {}

        def look(conn, found=found):
            # What cannot be dumped belongs to root, whoever runs it.
            found["owner"] = os.stat("/proc/%d/mem" % found["agent"].pid).st_uid
            found["user"] = os.stat("/proc/%d" % found["other"].pid).st_uid
            conn.close()
        make = fakemail.Maildrop if text is None else fakemail.Sink
        users = {"ivan": SECRET}
        there = make(users, []) if text is None else make(users)
        there.faults.append(fakemail.Fault(faults, look, 1))
        server = fakeserver.Server(there, authority.server(), True)
        tap.cleanup(server.stop)
        place = home.Home()
        ca = os.path.join(place.path, "ca.pem")
        with open(ca, "wb") as file:
            file.write(home.read(authority.pem))
        key = "pop3" if text is None else "smtp"
        place.write({key: "%ss://ivan@localhost:%d" % (key, server.port), "tls-ca": ca,
                     "password": SECRET})
        # So it looks for a program that hides nothing.
        found["other"] = subprocess.Popen(as_nobody(place, ["sleep", "60"]))
        tap.cleanup(found["other"].kill)
        agent = found["agent"] = subprocess.Popen(
            as_nobody(place, place.command(program, *args)), env=place.environment(),
            stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        words = agent.communicate(text)[1]
        tap.ok("owner" in found, "the server was not asked: %r" % words)
        tap.equal((found["owner"], found["user"]), (0, NOBODY), program)


@tap.test("what the agents write is for its owner alone, whatever the umask [T-30]")
def private():
    authority = certs.Authority(tap.tempdir())
    drop = fakemail.Maildrop({"ivan": SECRET}, [b"Subject: x\n\nb\n"])
    sink = fakemail.Sink({"ivan": SECRET}, faults=[fakemail.Fault("MAIL .*", "451 later")])
    servers = [fakeserver.Server(what, authority.server(), True) for what in (drop, sink)]
    for server in servers:
        tap.cleanup(server.stop)
    urls = ["%s://ivan@localhost:%d" % (scheme, server.port)
            for scheme, server in zip(("pop3s", "smtps"), servers)]
    place = home.Home({"pop3": urls[0], "smtp": urls[1], "tls-ca": authority.pem, "password": SECRET})
    for words in (["dewey-pop3", "home"], ["dewey-smtp", "-t", "-i"]):
        place.run(*words, input="To: jones@peer.test\n\nx\n", preexec_fn=lambda: os.umask(0))
    found = [os.path.join(path, name) for path, folders, files in os.walk(place.mail)
             for name in folders + files]
    tap.ok(any("outbox/" in path for path in found), "nothing is queued")
    tap.equal([path for path in [place.mail, *found] if os.stat(path).st_mode & 0o077], [])


tap.main()
