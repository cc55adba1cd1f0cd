#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 and servers that do things in their own way (CHECKLIST 1.9), some
as MailKit's authors recorded them (../shared/corpus/mailkit-pop3-smtp)."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import tap
from pop3scene import (EX_NOPERM, EX_PROTOCOL, LETTERS, LOGIN, Scene, clear_home, listing, scripted,
                       serve)

EX_UNAVAILABLE = 69
QUIT = "C: QUIT\nS: +OK\n"


def lists(stat, uids, sizes):
    return (LOGIN + "C: CAPA\nS: -ERR\nC: STAT\nS: %s\nC: UIDL\n" % stat
            + "".join("S: %s\n" % row for row in uids) + "C: LIST\n"
            + "".join("S: %s\n" % row for row in sizes))


def rows(*texts):
    return ["+OK", *texts, "."]


def retr(*numbers):
    return "".join("C: RETR %d\nS: +OK\nS: Subject: %d\nS: .\n" % (n, n) for n in numbers)


def fetched(script, *numbers):
    place, _ = scripted(script + retr(*numbers) + QUIT, 0)
    tap.equal(place.folder("Inbox"), [b"Subject: %d\n" % n for n in numbers])


# --- STAT

@tap.test("STAT is a hint: negative, without size, words, too many, too few [P-44, P-45]")
def stat():
    two, sizes = rows("1 a", "2 b"), rows("1 10", "2 10")
    for answer in ("+OK 2 -1", "+OK -2 20", "+OK 2", "+OK two 20", "+OK", "+OK 9 90", "+OK 0 0",
                   "+OK 1 10", "+OK 99999999999999999999 1"):
        fetched(lists(answer, two, sizes), 1, 2)
    # Without UIDL the names come from heads; LIST alone says how many there are.
    place, _ = scripted(lists("+OK 2", ["-ERR"], sizes) + retr(1, 2) + (
        "C: DELE 1\nS: +OK\nC: DELE 2\nS: +OK\n") + QUIT, 0, keep="never")
    tap.equal(len(place.folder("Inbox")), 2)


@tap.test("a number beyond STAT in one list only is ignored, in both it is a letter [P-45]")
def beyond_stat():
    fetched(lists("+OK 1 10", rows("1 a", "2 b", "7 c"), rows("1 10", "2 10")), 1, 2)
    fetched(lists("+OK 1 10", rows("1 a"), rows("1 10", "2 10", "500001 10")), 1)


@tap.test("neither STAT nor a list: refused, nothing is guessed [P-45]")
def no_count():
    _, result = scripted(lists("+OK many", ["-ERR"], ["-ERR"]) + "EOF", EX_PROTOCOL)
    tap.contains(result.stderr, "how many letters")
    _, result = scripted(LOGIN + "C: CAPA\nS: -ERR\nC: STAT\nS: -ERR [SYS/PERM] broken\nEOF",
                         EX_UNAVAILABLE)
    tap.contains(result.stderr, "broken")


@tap.test("LIST answered by -ERR, UIDL alone; UIDL by -ERR, LIST alone; both empty [P-06, P-46]")
def one_list():
    fetched(lists("+OK 2 20", rows("1 a", "2 b"), ["-ERR"]), 1, 2)
    place, _ = scripted(lists("+OK 0 0", rows(), rows()) + QUIT, 0)
    tap.equal(place.folder("Inbox"), [])


@tap.test("UIDs with spaces, 8-bit, none, and of 300 octets [P-46]")
def uids():
    script = lists("+OK 4 40", rows("1 with a space", "2 ü", "3", "4 " + "u" * 300),
                   rows("1 1", "2 1", "3 1", "4 1"))
    place, result = scripted(script + retr(1, 2, 4) + QUIT, 0)
    tap.contains(result.stderr, "no UID")
    names = sorted(bytes(uid) for (uid,) in place.ledger("SELECT uid FROM uid"))
    tap.equal(names[1:], [b"with a space", "ü".encode()])
    tap.ok(re.fullmatch(rb"sha256:[0-9a-f]{64}", names[0]), names[0])


# --- Words

@tap.test("+OK alone, with text, with what looks like a code: all the same [Z1, P-35]")
def ok_forms():
    for form in ("+OK", "+OK ", "+OK 1", "+OK [AUTH] fine", "+OK -ERR", "+OK +"):
        script = (LOGIN.replace("+OK", form) + listing(["a"]) + "C: RETR 1\nS: %s\nS: x: y\nS: .\n" % form
                  + "C: QUIT\nS: %s\n" % form)
        place, _ = scripted(script.replace("S: %s\nS: USER" % form, "S: +OK\nS: USER"), 0)
        tap.equal(place.folder("Inbox"), [b"x: y\n"])


@tap.test("response codes in every case, and unknown ones [P-35]")
def codes():
    for code, status in (("[in-use]", 75), ("[In-Use]", 75), ("[LOGIN-DELAY]", 75), ("[sys/temp]", 75),
                         ("[SYS/PERM]", EX_UNAVAILABLE), ("[Sys/Perm/Disk]", EX_UNAVAILABLE),
                         ("[auth]", EX_NOPERM), ("[AUTH/EXPIRED]", EX_NOPERM)):
        script = "S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: AUTH-RESP-CODE\nS: .\nC~ AUTH PLAIN .*\nS: -ERR %s x\n"
        _, result = scripted(script % code + "C: QUIT\nCLOSE", None)
        tap.equal(result.returncode, status, code)


@tap.test("a session whose lines end in a bare LF, from beginning to end [P-41]")
def bare_lf():
    lines = ["+OK", "+OK\nUSER\n.", "+OK", "+OK", "-ERR", "+OK 1 5", "+OK\n1 a\n.", "+OK\n1 5\n.",
             "+OK\nSubject: x\n\n..a\r\n.\r\nb\n.", "+OK"]

    def handler(conn):
        conn.send(lines[0] + "\n")
        for text in lines[1:]:
            conn.line()
            conn.send(text + "\n")
    server = serve([handler])
    place = clear_home(server)
    place.run("dewey-pop3", "home")
    server.check()
    tap.equal(place.folder("Inbox"), [b"Subject: x\n\n.a\r\n\r\nb\n"])


@tap.test("line ends that change within a session: an attack, or madness [P-41]")
def mixed_ends():
    for first, second in (("+OK\\r\\n", "+OK\\n"), ("+OK\\n", "+OK\\r\\n")):
        _, result = scripted("S-raw: %s\nC: CAPA\nS-raw: %s\nEOF" % (first, second), EX_PROTOCOL)
        tap.contains(result.stderr, "mixes line ends")


# --- Dovecot

@tap.test("two sessions at once, and +OK twice to one DELE: one copy, no complaint [P-31, P-56, P-59]")
def two_sessions():
    scene = Scene(LETTERS[:2], account={"keep": "never"})
    # Another session deletes the first letter while ours is open.
    def meanwhile(conn):
        with scene.drop.lock:
            scene.drop.letters = scene.drop.letters[1:]
        conn.reply("+OK")
    scene.drop.faults.append(fakemail.Fault("DELE 1", meanwhile, 1))
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), LETTERS[:2])
    scene.fetch()
    tap.equal(scene.drop.letters, [])
    tap.equal(len(scene.commands("RETR")), 2)


@tap.test("CAPA that lists itself, unknown tags, tags in small letters [P-02]")
def dovecot_capa():
    capa = "S: +OK\nC: CAPA\nS: +OK\nS: CAPA\nS: top\nS: uidl\nS: X-WHAT ever\nS: user\nS: .\n"
    scripted(capa + "C: USER ivan\nS: +OK\nC~ PASS .*\nS: +OK\n" + listing([]) + QUIT, 0)


# --- What MailKit recorded of Comcast

def recorded(name):
    """A reply with CRLF, as it stood on the wire."""
    path = tap.shared("corpus", "mailkit-pop3-smtp", "Pop3", "Resources", "comcast", name + ".txt")
    return re.sub(rb"\r?\n", b"\r\n", home.read(path))


def comcast(stat_reply, list_reply, letters):
    """Seven letters without UIDL and TOP, fetched and deleted."""
    steps = [("CAPA", "capa1"), ("USER ivan", "ok"), ("PASS s3cret", "ok"), ("CAPA", "capa2"),
             ("STAT", stat_reply), ("UIDL", "err"), ("LIST", list_reply)]
    steps += [("RETR %d" % n, "retr1") for n in letters] + [("DELE %d" % n, "ok") for n in letters]
    steps += [("QUIT", "quit")]

    def handler(conn):
        conn.send(recorded("greeting"))
        for command, reply in steps:
            tap.equal(conn.line(), command)
            conn.send(recorded(reply))
    server = serve([handler])
    place = clear_home(server, keep="never")
    place.run("dewey-pop3", "home")
    server.check()
    body = recorded("retr1").split(b"\r\n", 1)[1][:-len(b".\r\n")].replace(b"\r\n", b"\n")
    tap.equal(place.folder("Inbox"), [re.sub(rb"(?m)^\.", b"", body)] * len(letters))


@tap.test("Comcast as MailKit recorded it: wrong STAT, wrong rows of LIST [P-44, P-45]")
def mailkit():
    every = [1, 2, 3, 4, 5, 6, 7]
    recorded("ok")
    comcast("stat", "list", every)
    for stat_reply in ("stat-error1", "stat-error2", "stat-error3"):
        comcast(stat_reply, "list", every)
    # A row without a size, of another number, or with words is no row.
    for list_reply in ("list-error1", "list-error2", "list-error3"):
        comcast("stat", list_reply, every[:-1])


@tap.test("greetings as MailKit recorded them [P-01]")
def mailkit_greetings():
    folder = ("corpus", "mailkit-pop3-smtp", "Pop3", "Resources", "common")
    for name, status in (("err-greeting.txt", None), ("ok-greeting.txt", 0)):
        greeting = re.sub(rb"\r?\n", b"\r\n", home.read(tap.shared(*folder, name)))
        script = "C: CAPA\nS: -ERR\nC: AUTH\nS: -ERR\nC: USER ivan\nS: +OK\nC~ PASS .*\nS: +OK\n"
        rest = fakeserver.Script(script + listing([]) + QUIT if status == 0 else "EOF")

        def handler(conn):
            conn.send(greeting)
            rest(conn)
        server = serve([handler])
        result = clear_home(server).run("dewey-pop3", "home", status=status)
        tap.ok(status == 0 or result.returncode != 0, "it went on")
        server.check()


tap.main()
