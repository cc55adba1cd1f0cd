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
from smtpscene import (DONE, HELD, LETTER, NO_GREEN, QUEUED, UNCERTAIN, Scene, clear_home,
                       queue_letter)

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


def turns(capabilities, letters, data):
    """The flights of a queue, without the greeting; each reply comes after what it
    answers has all been read."""
    seen = []

    def read(conn, *ends):
        text = b""
        while not text.endswith(ends):
            text += conn.read()
        seen.append(text.decode())

    def server(conn):
        conn.reply("220 x")
        read(conn, b"\r\n")
        conn.reply("250-x\r\n250-PIPELINING\r\n250 " + capabilities)
        read(conn, b"b>\r\n")
        conn.send("250 x\r\n" * 2)
        for n in range(letters):
            last = n == letters - 1
            if data:
                read(conn, b"DATA\r\n")
                conn.reply("354 x")
                read(conn, b"\r\n.\r\n" if last else b"b>\r\n")
            else:
                read(conn, b"end\r\n" if last else b"b>\r\n")
            conn.send("250 x\r\n" * (1 if last else 3 if data else 4))
        read(conn, b"QUIT\r\n")
        conn.reply("221 x")
    peer = serve(server)
    scene = Scene()
    for _ in range(letters):
        queue_letter(scene, "Date: x\nMessage-ID: <a@b>\nFrom: i@b\nTo: a@b\n\n.\nend\n")
    scene.home.write({"smtp": "smtp+insecure://127.0.0.1:%d" % peer.port})
    scene.home.run("dewey-smtp", "-q")
    peer.check()
    tap.equal(scene.states(), [DONE] * letters)
    return seen[2:]


HEADER = "Date: x\r\nMessage-ID: <a@b>\r\nFrom: i@b\r\nTo: a@b\r\n\r\n"
ENVELOPE = "MAIL FROM:<ivan@peer.test>\r\nRCPT TO:<a@b>\r\n"


@tap.test("a queue, DATA: two turns a letter, the next envelope leaves with the dot [S-12]")
def two_turns():
    text = HEADER + "..\r\nend\r\n.\r\n"
    tap.equal(turns("8BITMIME", 3, True), ["DATA\r\n", text + ENVELOPE, "DATA\r\n", text + ENVELOPE,
                                           "DATA\r\n", text, "QUIT\r\n"])


@tap.test("a queue, CHUNKING: one turn a letter [S-11, S-12]")
def one_turn():
    text = "BDAT %d LAST\r\n" % len(HEADER + ".\r\nend\r\n") + HEADER + ".\r\nend\r\n"
    tap.equal(turns("CHUNKING", 3, False), [text + "RSET\r\n" + ENVELOPE] * 2 + [text, "QUIT\r\n"])


@tap.test("a source route is left out and told; the sender is the account's [S-67, S-68]")
def route():
    scene = Scene()
    result = scene.send("\nx\n", args=("<@a.test,@b.test:c@d>", "user%host@relay.test"))
    tap.contains(result.stderr, "'<@a.test,@b.test:c@d>': the route is left out, the letter goes to 'c@d'")
    tap.equal(scene.sink.letters[0][:2], ("ivan@peer.test", ["c@d", "user%host@relay.test"]))
    scene.send("\nx\n", args=("-f", "", "c@d"))
    tap.equal(scene.sink.letters[1][0], "")


@tap.test("251 is told and kept, 551 is a refusal; the other address is never written to (2.3)")
def moved():
    scene = Scene(refused={"green@b.test": "251 2.1.5 user not local; will forward to <x@c.test>"})
    result = scene.send()
    tap.contains(result.stderr, "'green@b.test': the server says \"251 2.1.5 user not local")
    tap.equal(set(scene.home.recipients().values()), {"sent"})
    tap.equal(scene.home.ledger("SELECT reply FROM recipient WHERE reply LIKE '251 %x@c.test>'") != [],
              True, "the words in the ledger")
    scene = Scene(refused={"green@b.test": "551 user not local; please try <x@c.test>"})
    result = scene.send(status=EX_NOUSER)
    tap.contains(result.stderr, "please try <x@c.test>")
    tap.equal(scene.copies(), {"jones@b.test": 1, "brown@b.test": 1})
    scene.home.run("dewey-smtp", "-q")
    tap.lacks(scene.sink.lines, "RCPT TO:<x@c.test>")


tap.main()
