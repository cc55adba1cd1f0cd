#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long a connection may take to come about, and that a cancel ends the wait
at each stage of it; what is said before TLS, and what never is."""
import os
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
from hole import Hole
import tap

USERS = {"ivan": home.SECRET}
LETTER = b"From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\nbody\n"


class Silent:
    """A server that says these lines, hears one before each but the first, and
    then nothing."""

    def __init__(self, *lines):
        self.lines, self.done = lines, threading.Event()
        self.server = fakeserver.Server(self._speak)
        self.port = self.server.port
        tap.cleanup(self.server.stop)

    def _speak(self, conn):
        for number, line in enumerate(self.lines):
            if number > 0:
                conn.line()
            conn.send(line)
        self.done.set()
        conn.wait()

    def reached(self):
        return self.done.is_set()


class Tunnel:
    """A command that takes all and gives nothing."""

    def __init__(self):
        self.file = os.path.join(tap.tempdir(), "up")
        self.command = "touch %s; exec cat >/dev/null" % self.file

    def reached(self):
        return os.path.exists(self.file)


CAPA = b"+OK\r\nSTLS\r\n.\r\n"
EHLO = b"250-x\r\n250 STARTTLS\r\n"


def port(thing):
    return {"port": thing.port}


def proxy(thing):
    return {"proxy": "socks5://127.0.0.1:%d" % thing.port}


def tunnel(thing):
    return {"tunnel": thing.command}


# Where nothing more comes: what it is, the scheme, what plays it, the way there.
STAGES = [
    ("connecting", "pop3s", Hole, port),
    ("connecting", "smtps", Hole, port),
    ("TLS", "pop3s", Silent, port),
    ("TLS", "smtps", Silent, port),
    ("TLS after STLS", "pop3", lambda: Silent(b"+OK\r\n", CAPA, b"+OK\r\n"), port),
    ("TLS after STARTTLS", "smtp", lambda: Silent(b"220 x\r\n", EHLO, b"220 go\r\n"), port),
    ("greeting", "pop3", Silent, port),
    ("greeting", "smtp", Silent, port),
    ("connecting to the proxy", "pop3s", Hole, proxy),
    ("the proxy", "pop3s", Silent, proxy),
    ("the proxy", "smtps", Silent, proxy),
    ("the tunnel", "pop3s", Tunnel, tunnel),
    ("the tunnel", "smtps", Tunnel, tunnel),
]


def account(scheme, settings, timeout):
    settings = {"port": 1, "timeout": str(timeout), **settings}
    url = "%s://ivan@127.0.0.1:%d" % (scheme, settings.pop("port"))
    return home.Home({scheme[:4]: url, **settings})



@tap.test("each stage of a connection has a limit [P-29]")
def limits():
    for what, scheme, make, way in STAGES:
        place = account(scheme, way(make()), 1)
        if scheme.startswith("pop3"):
            result = place.run("dewey-pop3", "home", status=75)
        else:
            result = place.run("dewey-smtp", "-t", "-i", status=None, input=LETTER.decode())
            tap.contains(result.stderr, "queued", what)
        tap.contains(result.stderr, "'127.0.0.1' does not answer", "%s, %s" % (what, scheme))


def cancelled(scheme, place, reached, what):
    """A cancel, once reached() says so, ends the request."""
    pop3 = scheme.startswith("pop3")
    wire = child.Wire(place, "dewey-pop3" if pop3 else "dewey-smtp")
    wire.send({"do": "fetch" if pop3 else "send", "id": 1, "account": "home"})
    while not reached():
        tap.ok(wire.agent.poll() is None, "it ended: " + what)
        time.sleep(0.01)
    wire.send({"do": "cancel", "id": 1})
    last = wire.until("done", "failed")[-1]
    tap.equal((last["event"], last.get("code")), ("failed", "cancelled"), what)
    wire.close()


@tap.test("a cancel ends the wait at each stage, and one that comes with the request [P-29]")
def cancels():
    for what, scheme, make, way in STAGES:
        for at_once in (True, False):
            thing = make()
            place = account(scheme, way(thing), 3600)
            if scheme.startswith("smtp"):
                smtp_letter(place, scheme)
            cancelled(scheme, place, (lambda: True) if at_once else thing.reached,
                      "%s, %s" % (what, scheme))


def smtp_letter(place, scheme):
    """Queues a letter while the account points to a port that refuses."""
    with open(place.rc, encoding="utf-8") as file:
        text = file.read()
    with open(place.rc, "w", encoding="utf-8") as file:
        file.write("\n".join(line for line in text.splitlines()
                             if line.split(" ")[0] not in ("smtp", "proxy", "tunnel"))
                   + "\nsmtp = %s://ivan@127.0.0.1:1\n" % scheme)
    place.run("dewey-smtp", "-t", "-i", status=None, input=LETTER.decode())
    with open(place.rc, "w", encoding="utf-8") as file:
        file.write(text)
    make_due(place)


def make_due(place):
    """What was put off is due now."""
    with sqlite3.connect(os.path.join(place.mail, ".dewey", "ledger.db")) as db:
        db.execute("UPDATE outbox SET due = 0")
        db.execute("DELETE FROM relay")


@tap.test("what is said before TLS does nothing to the terminal [T-24, P-36]")
def before_tls():
    evil = "\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e"
    authority = certs.Authority(tap.tempdir())
    scripts = {
        "pop3": ["S: -ERR %s", "S: %s", "S: +OK %s\nC: CAPA\nS: -ERR %s\nEOF",
                 "S: +OK %s\nC: CAPA\nS: +OK %s\nS: %s\nS: IMPLEMENTATION %s\nS: .\nEOF",
                 "S: +OK %s\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: -ERR %s\nEOF",
                 "S: +OK %s\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK %s\nS: +OK %s\nEOF"],
        "smtp": ["S: 554 %s", "S: %s", "S: 220 %s\nC~ EHLO .*\nS: 550 %s",
                 "S: 220 %s\nC~ EHLO .*\nS: 250-%s\nS: 250 %s\nC: QUIT\nS: 221 %s",
                 "S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 %s"]}
    for scheme, texts in scripts.items():
        for text in texts:
            server = fakeserver.Server(fakeserver.Script(text.replace("%s", evil)),
                                       authority.server())
            tap.cleanup(server.stop)
            place = home.Home({scheme: "%s://ivan@localhost:%d" % (scheme, server.port),
                               "tls-ca": authority.pem})
            result = (place.run("dewey-pop3", "--trace", "home", status=None) if scheme == "pop3"
                      else place.run("dewey-smtp", "--trace", "-t", "-i", status=None,
                                     input=LETTER.decode()))
            for octet in ("\x1b", "\x07", "\x9b", "\u202e"):
                tap.lacks(result.stderr + result.stdout, octet, text)
            for conn in server.connections:
                tap.lacks(conn.raw_received, b"ivan")


@tap.test("an account that had TLS never goes on without, whatever the server says [T-20, T-26]")
def never_lower():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    for scheme in ("pop3", "pop3s", "smtp", "smtps"):
        pop3 = scheme.startswith("pop3")
        place = fakemail.Maildrop(USERS, [LETTER]) if pop3 else fakemail.Sink(USERS)
        server = fakeserver.Server(place, pair, scheme.endswith("s"))
        tap.cleanup(server.stop)
        mine = home.Home({"pop3" if pop3 else "smtp":
                          "%s://ivan@localhost:%d" % (scheme, server.port),
                          "tls-ca": authority.pem})

        def run(mine=mine, pop3=pop3):
            return (mine.run("dewey-pop3", "home", status=None) if pop3 else
                    mine.run("dewey-smtp", "-t", "-i", status=None, input=LETTER.decode()))
        first = run()
        tap.equal(first.returncode, 0, first.stderr)
        server.stop()
        # The same maildrop on the same port, from now on without TLS.
        place.tls = False
        second = fakeserver.Server(place, port=server.port)
        tap.cleanup(second.stop)
        result = run()
        tap.ok(result.returncode != 0 or "queued" in result.stderr, result.stderr)
        second.settle()
        tap.ok(not second.saw(home.SECRET.encode()), "the secret was sent")
        tap.ok(not second.saw(b"ivan"), "the user was sent")


tap.main()
