#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""TLS as dewey-pop3 meets it, besides bad certificates (certificates.py)."""
import json
import os
import socket
import ssl
import subprocess
import sys
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

USERS = {"ivan": home.SECRET}
LETTERS = [b"Subject: %d\n\n%d\n" % (n, n) for n in range(1, 4)]
EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = 75, 76, 77, 78


class Scene:
    def __init__(self, host="localhost", handler=None, pair=None, context=None, **account):
        self.authority = certs.Authority(tap.tempdir())
        self.drop = handler or fakemail.Maildrop(USERS, LETTERS)
        self.server = fakeserver.Server(self.drop, pair or self.authority.server(), True,
                                        context and context(self.authority.server()))
        tap.cleanup(self.server.stop)
        self.home = home.Home({"pop3": "pop3s://ivan@%s:%d" % (host, self.server.port),
                               "tls-ca": self.authority.pem, **account})

    def fetch(self, status=0, **options):
        return self.home.run("dewey-pop3", "home", status=status, **options)

    def nothing_sent(self):
        self.server.settle()
        tap.ok(not self.server.saw(b"ivan"), "the user was sent")
        tap.ok(not self.server.saw(home.SECRET.encode()), "the secret was sent")


@tap.test("one dot at the end of the host is no part of its name [T-04]")
def last_dot():
    Scene("localhost.").fetch()


@tap.test("names for messages: who it is for, the reason, the cure [T-02]")
def told():
    scene = Scene(**{"tls-ca": None})
    result = scene.fetch(EX_NOPERM)
    tap.contains(result.stderr, ["'localhost'", "tls-ca = FILE"])
    scene.nothing_sent()
    authority = certs.Authority(tap.tempdir())
    scene = Scene(pair=authority.bad("wrong host"), **{"tls-ca": authority.pem})
    tap.contains(scene.fetch(EX_NOPERM).stderr, ["'localhost'", "'other.test'"])
    scene.nothing_sent()


@tap.test("no CA certificates at all: that is said, and nothing is sent [T-06]")
def no_authorities():
    scene = Scene(**{"tls-ca": None})
    nothing = {**scene.home.environment(), "SSL_CERT_FILE": "/dev/null",
               "SSL_CERT_DIR": tap.tempdir()}
    tap.contains(scene.fetch(EX_CONFIG, env=nothing).stderr, "ca-certificates")
    scene.nothing_sent()
    for path, reason in (("/nonexistent/ca.pem", "No such file"), ("/dev/null", "no certificate")):
        scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % scene.server.port, "tls-ca": path})
        result = scene.fetch(EX_CONFIG, env={**scene.home.environment(), "LC_ALL": "C"})
        tap.contains(result.stderr, [path, reason])
    scene.nothing_sent()


def lax(scene):
    """The environment of a system that allows more than ours, and must not lower us."""
    path = scene.home.path + "/openssl.cnf"
    with open(path, "w", encoding="ascii") as file:
        file.write("openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n"
                   "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
    return {**scene.home.environment(), "OPENSSL_CONF": path}


@tap.test("a key and a signature that are too weak, where the system would take them [T-01, T-02]")
def too_weak():
    authority = certs.Authority(tap.tempdir())
    for kind in ("weak key", "signed with SHA-1"):
        scene = Scene(pair=authority.bad(kind), **{"tls-ca": authority.pem})
        tap.contains(scene.fetch(EX_NOPERM, env=lax(scene)).stderr, "is too weak")
        scene.nothing_sent()


@tap.test("TLS 1.1 is not enough [T-01]")
def too_old():
    def old(pair):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return pair.context(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0")
    scene = Scene(context=old)
    scene.fetch(EX_PROTOCOL, env=lax(scene))
    scene.nothing_sent()
    scene = Scene(context=lambda pair: pair.context(maximum=ssl.TLSVersion.TLSv1_2))
    scene.fetch()


@tap.test("a server that speaks in clear on the port of TLS")
def in_clear():
    server = fakeserver.Server([lambda conn: (conn.send(b"+OK POP3 ready\r\n"), conn.wait())])
    tap.cleanup(server.stop)
    place = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port})
    tap.contains(place.run("dewey-pop3", "home", status=EX_PROTOCOL).stderr, "TLS on this port")


@tap.test("a handshake that never comes ends at the time-out [P-29]")
def silent():
    server = fakeserver.Server([lambda conn: conn.wait()])
    tap.cleanup(server.stop)
    place = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port, "timeout": "1"})
    place.run("dewey-pop3", "home", status=EX_TEMPFAIL)


@tap.test("a letter cut off is no letter, with TLS's farewell and without [T-01, P-73]")
def cut():
    for farewell in (True, False):
        scene = Scene(handler=fakemail.Maildrop(USERS, LETTERS))

        def end(conn, farewell=farewell):
            conn.send(b"+OK\r\nSubject: 2\r\n\r\nhal")
            if not farewell:
                conn.sock.shutdown(socket.SHUT_RDWR)
            raise fakeserver.Gone("on purpose")
        scene.drop.faults.append(fakemail.Fault("RETR 2", end, 1))
        told = scene.fetch(EX_TEMPFAIL).stderr
        tap.contains(told, "closed the connection" if farewell else "it ended in the middle")
        tap.equal(scene.home.folder("Inbox"), LETTERS[:1])
        scene.fetch()
        tap.equal(sorted(scene.home.folder("Inbox")), LETTERS)
        tap.equal(os.listdir(os.path.join(scene.home.mail, "Inbox", "tmp")), [])


@tap.test("the parent is gone: the letter that is coming is finished, then no more")
def parent_gone():
    state = {}

    def half(conn):
        conn.send(b"+OK\r\nSubject: 1\r\n\r\n1")
        state["agent"].stdin.close()
        conn.send(b" and the rest\r\n.\r\n")
        conn.wait()
    scene = Scene(handler=fakemail.Maildrop(USERS, LETTERS, capabilities=["UIDL"],
                                            faults=[fakemail.Fault("RETR 1", half)]))
    agent = subprocess.Popen(scene.home.command("dewey-pop3", "--wire"), stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True, env=scene.home.environment())
    state["agent"] = agent
    tap.cleanup(agent.kill)
    for record in ({"do": "hello", "version": 1}, {"do": "fetch", "id": 1, "account": "home"}):
        agent.stdin.write(json.dumps(record) + "\n")
        agent.stdin.flush()
    events = [json.loads(line) for line in agent.stdout]
    agent.stdout.close()
    tap.equal(agent.wait(60), 0)
    tap.equal([e["event"] for e in events[-2:]], ["stored", "failed"])
    tap.equal(scene.home.folder("Inbox"), [b"Subject: 1\n\n1 and the rest\n"])
    tap.ok("RETR 2" not in scene.drop.lines, "it went on")


tap.main()
