#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp and what a server offers: flights and chunks on a real wire.  The
words of each extension are in tests/unit/smtp-session.c."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import tap
from pop3scene import serve
from smtpscene import DONE, HELD, LETTER, NO_GREEN, QUEUED, UNCERTAIN, Scene, clear_home

EX_NOUSER, EX_TEMPFAIL = 67, 75
CHUNKS = ("8BITMIME", "PIPELINING", "CHUNKING", "SIZE 10000000")


@tap.test("CHUNKING: the envelope in one flight, the letter in the next, and no more [S-11, S-12]")
def flights():
    seen = []

    def server(conn):
        def flight(until):
            data = b""
            while not data.endswith(until):
                data += conn.read()
            seen.append(data.decode())
        conn.reply("220 x")
        flight(b"\r\n")
        conn.reply("250-x\r\n250-PIPELINING\r\n250 CHUNKING")
        flight(b"brown@b.test>\r\n")
        conn.send("250 x\r\n250 x\r\n550 5.1.1 no\r\n250 x\r\n")
        flight(b"body\r\n")
        conn.reply("250 x")
        flight(b"QUIT\r\n")
        conn.reply("221 x")
    place = clear_home(serve(server))
    letter = LETTER.replace("Subject", "Date: x\nMessage-ID: <a@b>\nSubject")
    place.run("dewey-smtp", "-t", "-i", input=letter, status=EX_NOUSER)
    wire = letter.replace("\n", "\r\n")
    tap.equal(seen[1:], ["MAIL FROM:<ivan@peer.test>\r\nRCPT TO:<jones@b.test>\r\n"
                         "RCPT TO:<green@b.test>\r\nRCPT TO:<brown@b.test>\r\n",
                         "BDAT %d LAST\r\n" % len(wire) + wire, "QUIT\r\n"])


@tap.test("CHUNKING: bodies with dots and bare CR and LF, none is doubled [S-11, S-70]")
def bodies():
    rows = [(b"\n.\nMAIL FROM:<x@y>\n", b"\r\n.\r\nMAIL FROM:<x@y>\r\n"),
            (b"a\r.\rb", b"a\r\n.\r\nb\r\n"), (b".", b".\r\n"), (b"..\n.x\n", b"..\r\n.x\r\n"),
            (b"", b""), (b".x\n" * 200000, b".x\r\n" * 200000)]
    for body, wanted in rows:
        scene = Scene(capabilities=CHUNKS)
        scene.send(b"To: a@b\n\n" + body, binary=True)
        tap.equal(scene.sink.letters[0][2].split(b"\r\n\r\n", 1)[1], wanted)
        tap.lacks(scene.sink.lines, "DATA")


@tap.test("CHUNKING: the chunk is refused, put off, or nobody answers [S-11, S-46, S-50]")
def refused_chunk():
    rows = [("554 5.7.1 spam", EX_NOUSER, HELD), ("451 4.3.0 later", 0, QUEUED),
            ("what?", EX_TEMPFAIL, UNCERTAIN), ("drop", EX_TEMPFAIL, UNCERTAIN)]
    for reply, status, state in rows:
        scene = Scene(capabilities=CHUNKS, faults=[fakemail.Fault(r"\.", reply)])
        scene.send(status=status)
        tap.equal(scene.states(), [state], "state after " + reply)
        tap.equal(scene.home.folder("Sent"), [])


@tap.test("CHUNKING: the Smith session [S-40, S-41]")
def smith():
    scene = Scene(capabilities=CHUNKS, refused=NO_GREEN)
    scene.send(status=EX_NOUSER)
    scene.correct("green@b.test", "verdi@b.test")
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.copies(), {n + "@b.test": 1 for n in ("jones", "brown", "verdi")})
    tap.equal(scene.states(), [DONE])


@tap.test("an address that needs SMTPUTF8, where there is none: it is named, nobody else suffers [S-15]")
def utf8():
    scene = Scene()
    result = scene.send("To: a@b\n\nx\n", status=EX_NOUSER, args=("-t", "иван@пример.рф"))
    tap.contains(result.stderr, ["иван@пример.рф", "SMTPUTF8"])
    tap.equal(scene.copies(), {"a@b": 1})
    scene = Scene(capabilities=("8BITMIME", "SMTPUTF8"))
    scene.send("To: a@b\n\nx\n", args=("-t", "иван@пример.рф"))
    tap.contains(scene.sink.lines, ["MAIL FROM:<ivan@peer.test> SMTPUTF8",
                                    "RCPT TO:<иван@xn--e1afmkfd.xn--p1ai>"])
    tap.equal(scene.copies(), {"a@b": 1, "иван@xn--e1afmkfd.xn--p1ai": 1})


@tap.test("a source route is left out and told; the sender is the account's [S-67, S-68]")
def route():
    scene = Scene()
    result = scene.send("\nx\n", args=("<@a.test,@b.test:c@d>", "user%host@relay.test"))
    tap.contains(result.stderr, "'<@a.test,@b.test:c@d>': the route is left out, the letter goes to 'c@d'")
    tap.equal(scene.sink.letters[0][:2], ("ivan@peer.test", ["c@d", "user%host@relay.test"]))
    scene.send("\nx\n", args=("-f", "", "c@d"))
    tap.equal(scene.sink.letters[1][0], "")


tap.main()
