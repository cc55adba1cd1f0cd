#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 against servers that want it to run out of memory, of disk or of
time: each is refused with a clear error, in bounded memory, or can be left at
once.  The remarks give the peak memory and the error of each.

"make hostile" sets DEWEY_LONG: letters of more than 2 and more than 4 GiB, and a
line of 1 GiB, instead of shorter ones.
"""
import os
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import fakeserver
import tap
import tmuxscreen
from pop3scene import EX_PROTOCOL, EX_TEMPFAIL, LOGIN, clear_home, listing, serve

LONG = bool(os.environ.get("DEWEY_LONG"))
MIB = 1 << 20
# Of resident memory.  A listing of half a million UIDs is the most there is.
LITTLE, MUCH = 32 * MIB, 128 * MIB


def pour(conn, block, times):
    """Sends without keeping a record, until the client has had enough."""
    try:
        for _ in range(times):
            conn.sock.sendall(block)
    except OSError:
        raise fakeserver.Gone("the client closed") from None


def after(script, act):
    """A handler: the script, and then act(conn)."""
    def handler(conn):
        fakeserver.Script(script)(conn)
        act(conn)
        conn.wait()
    return handler


def measured(what, handler, status, most, **account):
    """One run; its error is a line, its memory bounded, and both are told."""
    place = clear_home(serve([handler]), **account)
    out = os.path.join(place.path, "took")
    took = os.path.join(tap.BIN, "tests", "bench", "took")
    if not os.access(took, os.X_OK):
        tap.skip("tests/bench/took is not built")
    command = [took, out, *place.command("dewey-pop3", "home")]
    result = tap.run(command, env=place.environment())
    with open(out, encoding="ascii") as file:
        seconds, _, _, peak, got = file.read().split()
    text = result.stderr.strip().splitlines()[-1]
    tap.note("%s: %.1f MiB, %.1f s: %s" % (what, int(peak) / 1024, float(seconds), text))
    tap.equal(int(got), status, result.stderr)
    tap.ok(int(peak) * 1024 <= most, "%s KiB were used" % peak)
    return place, result


# --- Too much of it

CAPA = "S: +OK ready\nC: CAPA\n"
UIDL = LOGIN + "C: CAPA\nS: -ERR\nC: STAT\nS: +OK %d 1\nC: UIDL\n"


def rows(conn, count, uid):
    pour(conn, b"+OK\r\n", 1)
    for begin in range(1, count, 10000):
        pour(conn, b"".join(b"%d %s%d\r\n" % (n, uid, n) for n in range(begin, begin + 10000)), 1)


def refused(what, handler, words, most=LITTLE):
    _, result = measured(what, handler, EX_PROTOCOL, most)
    tap.contains(result.stderr, words)


@tap.test("10 million rows of UIDL [P-45]")
def endless_uidl():
    refused("STAT says 10,000,000", after(UIDL.split("C: UIDL")[0] % 10000000, lambda conn: None),
            "answers STAT with")
    refused("UIDL of 10,000,000 rows where STAT said 500,000",
            after(UIDL % 500000, lambda conn: rows(conn, 10000000, b"u")), "does not end", MUCH)
    refused("UIDL of 64 MiB, each UID of 250 octets",
            after(UIDL % 500000, lambda conn: rows(conn, 10000000, b"u" * 244)), "does not end", MUCH)
    refused("UIDL of 10,000,000 rows where STAT said 1",
            after(UIDL % 1, lambda conn: rows(conn, 10000000, b"u")), "does not end", MUCH)


@tap.test("a line of 5 GB: as a greeting, a status line, in CAPA, in UIDL [P-40, P-45]")
def endless_line():
    line = b"x" * MIB
    for what, script in (("as greeting", ""), ("as reply to CAPA", CAPA),
                         ("in CAPA", CAPA + "S: +OK\n"), ("in UIDL", UIDL % 1 + "S: +OK\n")):
        refused("a line of 5 GB " + what, after(script, lambda conn: pour(conn, line, 5 * 1024)),
                "a line of more than 8192 octets")


@tap.test("a status line of 8 KiB is read, one of more is not [P-40]")
def long_status():
    quit_ = "C: CAPA\nS: -ERR\nC: STAT\nS: +OK 0 0\nC: UIDL\nS: +OK\nS: .\nC: LIST\nS: +OK\nS: .\n" + (
        "C: QUIT\nS: +OK %s\n" % ("z" * 8180))
    server = serve([fakeserver.Script(LOGIN.replace("ready", "r" * 8188) + quit_)])
    clear_home(server).run("dewey-pop3", "home")
    server.check()
    server = serve([fakeserver.Script("S: +OK %s\nEOF" % ("z" * 8192))])
    clear_home(server).run("dewey-pop3", "home", status=EX_PROTOCOL)


@tap.test("CAPA without end, and of a million tiny lines [P-02]")
def endless_capa():
    refused("CAPA of 1,000,000 empty lines",
            after(CAPA + "S: +OK\n", lambda conn: pour(conn, b"\r\n" * 1000, 1000)), "does not end")
    refused("CAPA of tags without end",
            after(CAPA + "S: +OK\n", lambda conn: pour(conn, b"SASL X-%s\r\n" % (b"y" * 1000), 1 << 20)),
            "does not end")


# --- Large letters

def letter(lines, line):
    """A handler with one letter of so many such lines, made while it is sent."""
    size = (len(line) + 2) * lines

    def handler(conn):
        fakeserver.Script(LOGIN + listing(["a"], [str(size)]) + "C: RETR 1\n")(conn)
        pour(conn, b"+OK\r\nSubject: large\r\n\r\n", 1)
        many = max(1, MIB // len(line))
        for begin in range(0, lines, many):
            pour(conn, (line + b"\r\n") * min(many, lines - begin), 1)
        pour(conn, b".\r\n", 1)
        fakeserver.Script("C: QUIT\nS: +OK\n")(conn)
    return handler


def kept(place, size):
    tap.equal([os.path.getsize(path) for path in place.paths("Inbox")], [size])


@tap.test("a letter that is one line of %s [P-40]" % ("1 GiB" if LONG else "128 MiB"))
def long_line():
    size = 1024 * MIB if LONG else 128 * MIB

    def handler(conn):
        fakeserver.Script(LOGIN + listing(["a"]) + "C: RETR 1\nS: +OK\n")(conn)
        pour(conn, b"z" * MIB, size // MIB)
        pour(conn, b"\r\n.\r\n", 1)
        fakeserver.Script("C: QUIT\nS: +OK\n")(conn)
    place, _ = measured("a line of %d MiB" % (size // MIB), handler, 0, LITTLE)
    kept(place, size + 1)


@tap.test("letters of %s [P-45]" % ("more than 2 and 4 GiB" if LONG else "256 MiB"))
def large_letters():
    line = b"y" * 1022
    for mib in (2100, 4200) if LONG else (256,):
        place, _ = measured("a letter of %d MiB" % mib, letter(mib * 1024, line), 0, LITTLE)
        kept(place, len("Subject: large\n\n") + mib * 1024 * 1023)


# --- Too little of it

class Drip:
    """Sends one octet after the other, waiting in between."""

    def __init__(self, pause, octets=b"x"):
        self.pause, self.octets, self.sent = pause, octets, threading.Event()
        self.never = threading.Event()

    def __call__(self, conn):
        while True:
            pour(conn, self.octets, 1)
            self.sent.set()
            self.never.wait(self.pause)


@tap.test("a greeting that comes octet by octet ends by the time-out as well [P-29]")
def slow_greeting():
    _, result = measured("five octets a second", Drip(0.2), EX_TEMPFAIL, LITTLE, timeout="1")
    tap.contains(result.stderr, "sends too slowly")


STAGES = (("the greeting", ""), ("CAPA", CAPA + "S: +OK\n"), ("UIDL", UIDL % 10 + "S: +OK\n"),
          ("a letter", LOGIN + listing(["a"]) + "C: RETR 1\nS: +OK\n"))


@tap.test("one octet a second: SIGINT ends it at once, wherever it is [P-29, P-60]")
def slow_and_interrupted():
    for what, script in STAGES:
        drip = Drip(1)
        place = clear_home(serve([after(script, drip)]))
        agent = child.start(place, "dewey-pop3", "home")
        drip.sent.wait()
        agent.send_signal(signal.SIGINT)
        tap.equal(agent.wait(60), EX_TEMPFAIL)
        tap.contains(agent.stderr.read(), "cancelled", what)
        tap.equal(place.folder("Inbox"), [])


@tap.test("one octet a second, and as many as there can be: the wire's cancel ends it [P-60]")
def slow_and_cancelled():
    for what, script in STAGES:
        for drip in (Drip(1), Drip(0, b"Subject: x\r\n" * 1000)):
            place = clear_home(serve([after(script, drip)]))
            parent = child.Wire(place, "dewey-pop3")
            parent.send({"do": "fetch", "id": 1, "account": "home"})
            drip.sent.wait()
            parent.send({"do": "cancel", "id": 1})
            code = parent.until("done", "failed")[-1]["code"]
            # Lists without end may have been refused before the cancel came.
            tap.ok(code == "cancelled" or code == "protocol" and drip.pause == 0 and what != "a letter",
                   "%s: %s" % (what, code))
            tap.equal(place.folder("Inbox"), [])
            parent.close()


# --- In the front end

class Flood:
    """Begins, and goes on as soon as it is looked at; never ends."""

    def __init__(self, begin, block):
        self.begin, self.block, self.sent = begin, block, threading.Event()

    def __call__(self, conn):
        pour(conn, self.begin, 1)
        self.sent.set()
        while True:
            pour(conn, self.block, 1)


# What goes on for as long as the client listens, so that Esc is what ends it.
ENDLESS = (
    ("UIDL, a row a tenth of a second", UIDL % 500000 + "S: +OK\n", lambda: Drip(0.1, b"1 u\r\n")),
    ("a letter that is one line", LOGIN + listing(["a"]) + "C: RETR 1\n",
     lambda: Flood(b"+OK\r\n", b"x" * MIB)),
    ("a letter of tiny lines", LOGIN + listing(["a"]) + "C: RETR 1\n",
     lambda: Flood(b"+OK\r\n", b"\r\n" * 1000)),
    ("CAPA, a line a tenth of a second", CAPA + "S: +OK\n", lambda: Drip(0.1, b"X-Y\r\n")),
    ("a greeting of one octet a second", "", lambda: Drip(1)),
    ("a letter of one octet a second", LOGIN + listing(["a"]) + "C: RETR 1\nS: +OK\n",
     lambda: Drip(1)))


@tap.test("Esc in the front end ends each of them, and it answers keys before [P-60, P-73]")
def escape():
    for what, script, make in ENDLESS:
        drip = make()
        server = serve([after(script, drip)])
        place = clear_home(server)
        terminal = tmuxscreen.Terminal("%s -c %s" % (tap.program("dewey"), place.rc), "")
        terminal.wait("Inbox")
        terminal.keys("G")
        tap.ok(drip.sent.wait(60), "%s: not reached" % what)
        terminal.keys("?")
        terminal.wait("go to the next entry")
        terminal.keys("q")
        terminal.wait("go to the next entry", gone=True)
        begin = time.monotonic()
        terminal.keys("Escape")
        terminal.wait("home: stopped")
        tap.note("%s: %.0f ms from Esc to the word on the screen" % (
            what, 1000 * (time.monotonic() - begin)))
        tap.equal(place.folder("Inbox"), [], what)
        server.connections[0].done.wait(60)
        terminal.keys("q")
        terminal.wait("left with 0")
        tap.clean()


tap.main()
