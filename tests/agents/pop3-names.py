#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: what letters are called on servers without UIDL, envelopes of
SDPS, and accounts that must not be taken for each other."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import fakemail
import fakeserver
import home
import tap
from pop3scene import (EX_CONFIG, EX_TEMPFAIL, LETTERS, LOGIN, Scene, clear_home, scripted,
                       serve)

BARE = LOGIN + """C: CAPA
S: -ERR
C: STAT
S: +OK %d 10
C: UIDL
S: -ERR what?
C: LIST
S: +OK
%sS: .
"""
NO_TOP = "C: TOP 1 0\nS: -ERR\n"
QUIT = "C: QUIT\nS: +OK\n"


def bare(count):
    return BARE % (count, "".join("S: %d 10\n" % n for n in range(1, count + 1)))


def retr(number, text):
    return "C: RETR %d\nS: +OK\nS: Subject: %s\nS: .\n" % (number, text)


def unnamed(letters, **options):
    """A scene whose server knows no UIDL."""
    return Scene(letters, capabilities=["TOP", "PIPELINING"],
                 faults=[fakemail.Fault("UIDL", "-ERR what?")], **options)


# --- TOP

@tap.test("no UIDL: letters are known again by their heads [P-47]")
def by_top():
    scene = unnamed(LETTERS)
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), LETTERS)
    tap.equal(scene.commands("TOP"), ["TOP %d 0" % n for n in range(1, 6)])
    scene.drop.letters.insert(0, ("x", b"Subject: new\n\nlate\n"))
    scene.fetch()
    tap.equal(scene.commands("RETR")[5:], ["RETR 1"])
    tap.equal(len(scene.home.folder("Inbox")), 6)
    names = {bytes(uid)[:4] for (uid,) in scene.home.ledger("SELECT uid FROM uid")}
    tap.equal(names, {b"top:"})


@tap.test("heads that are equal: every copy is fetched, and none a second time [P-47, P-48]")
def equal_heads():
    letters = [b"Subject: job\n\none\n", b"Subject: job\n\ntwo\n", b"Subject: job\n\none\n"]
    scene = unnamed([("%d" % n, x) for n, x in enumerate(letters)])
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), letters)
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 3)


@tap.test("lines that a server adds to the head of what was read make no new letter of it [P-47]")
def marked_heads():
    scene = unnamed([("1", LETTERS[0])])
    scene.fetch()
    marks = b"Status: RO\nX-Status: A\nX-UIDL: 12\n 34\n"
    scene.drop.letters = [("1", marks + LETTERS[0])]
    scene.fetch()
    scene.drop.letters = [("1", LETTERS[0].replace(b"\n\n", b"\n" + marks + b"\n"))]
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 1)


@tap.test("letters without a head have no name: they are left there [P-47, P-64]")
def no_heads():
    scene = unnamed([("1", b"\nonly a body\n"), ("2", LETTERS[0])])
    result = scene.fetch()
    tap.contains(result.stderr, "no UID")
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0]])
    tap.equal(len(scene.drop.letters), 2)


@tap.test("no UIDL and keep = 0 or so many days: deleted when it is time [P-47, P-70]")
def days():
    scene = unnamed(LETTERS[:2], account={"keep": "3 days"})
    scene.fetch()
    tap.equal(len(scene.drop.letters), 2)
    later = {**scene.home.environment(), "DEWEY_CLOCK": "4102444800"}
    # A clock that jumps by years is believed when it has gone on for a day.
    for clock in ("4102444800", "4102534800"):
        scene.fetch(env={**later, "DEWEY_CLOCK": clock})
    tap.equal(scene.drop.letters, [])
    tap.equal(len(scene.commands("RETR")), 2)


@tap.test("-ERR to one TOP: that letter is left there [P-47]")
def one_top_fails():
    scene = unnamed(LETTERS[:3])
    scene.drop.faults.append(fakemail.Fault("TOP 2 0", "-ERR gone"))
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], LETTERS[2]])


@tap.test("UIDL gone for a day is no reason to fetch everything again [P-47, P-50]")
def uidl_gone():
    scene = Scene()
    scene.fetch()
    scene.drop.faults.append(fakemail.Fault("UIDL", "-ERR not now", 1))
    result = scene.fetch(status=EX_TEMPFAIL)
    tap.contains(result.stderr, "second time")
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 5)


# --- LAST, and nothing

@tap.test("neither UIDL nor TOP: LAST says what is new [P-47, P-09, Z2]")
def by_last():
    place, _ = scripted(bare(3) + NO_TOP + "C: LAST\nS: +OK 1\n" + retr(2, "b") + retr(3, "c") + QUIT, 0)
    tap.equal(place.folder("Inbox"), [b"Subject: b\n", b"Subject: c\n"])
    scripted(bare(2) + NO_TOP + "C: LAST\nS: +OK 2\n" + QUIT, 0)


@tap.test("LAST after a session that was cut: what came is here, and stays on the server [P-47]")
def last_twice():
    first = bare(2) + NO_TOP + "C: LAST\nS: +OK 0\n" + retr(1, "a") + "C: RETR 2\nCLOSE"
    again = bare(2) + NO_TOP + "C: LAST\nS: +OK 0\n" + retr(1, "a") + retr(2, "b") + QUIT
    server = serve([fakeserver.Script(first), fakeserver.Script(again)])
    place = clear_home(server)
    place.run("dewey-pop3", "home", status=EX_TEMPFAIL)
    place.run("dewey-pop3", "home")
    server.check()
    tap.equal(sorted(place.folder("Inbox")), [b"Subject: a\n", b"Subject: b\n"])


@tap.test("LAST that says nonsense, and LAST with keep = N days: refused with the reason [P-47]")
def last_refused():
    for last, keep in (("-ERR what?", "always"), ("+OK", "always"), ("+OK 9", "always"),
                       ("+OK -1", "always"), ("+OK 0", "3 days")):
        _, result = scripted(bare(2) + NO_TOP + "C: LAST\nS: %s\nEOF" % last, EX_CONFIG, keep=keep)
        tap.contains(result.stderr, ["neither UIDL nor TOP", "keep = never"])


@tap.test("with keep = never nothing need be known again: neither TOP nor LAST [P-47]")
def download_and_delete():
    place, _ = scripted(bare(1) + retr(1, "a") + "C: DELE 1\nS: +OK\n" + QUIT, 0, keep="never")
    tap.equal(place.folder("Inbox"), [b"Subject: a\n"])


# --- SDPS

def envelope(number, sender, recipient):
    return "C: *ENV %d\nS: +OK\nS: punt-1.mail\nS: 0123456\nS: %s\nS: %s\nS: rest\nS: .\n" % (
        number, sender, recipient)


ONE = LOGIN + ("C: CAPA\nS: -ERR\nC: STAT\nS: +OK 2 10\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: .\n"
               "C: LIST\nS: +OK\nS: 1 5\nS: 2 5\nS: .\n")


def stored(result):
    events = [json.loads(line) for line in result.stdout.splitlines()]
    return [(e.get("envelope-from"), e.get("envelope-to")) for e in events if e["event"] == "stored"]


def run_events(script, **account):
    server = serve([fakeserver.Script(script)])
    result = clear_home(server, **account).run("dewey-pop3", "--events", "home")
    server.check()
    return result


@tap.test("SDPS: *ENV says for whom each letter came, where the account wants it [P-10]")
def sdps():
    script = (ONE + envelope(1, "a@x.test", "jones@j.demon.test") + retr(1, "a")
              + envelope(2, "", "o\u202ebrien@j.demon.test") + retr(2, "b") + QUIT)
    result = run_events(script, sdps="yes")
    tap.equal(stored(result), [("a@x.test", "jones@j.demon.test"),
                               ("", "o‹202E›brien@j.demon.test")])
    result = run_events(ONE + retr(1, "a") + retr(2, "b") + QUIT)
    tap.equal(stored(result), [(None, None)] * 2)


@tap.test("SDPS: a server that does not know *ENV is told of once, and the letters come [P-10]")
def no_sdps():
    script = ONE + "C: *ENV 1\nS: -ERR what?\n" + retr(1, "a") + retr(2, "b") + QUIT
    result = run_events(script, sdps="yes")
    tap.equal(stored(result), [(None, None)] * 2)
    tap.equal(result.stderr.count("sdps"), 1)


@tap.test("john@host and john+host, and equal UIDs: states that do not mix [P-11]")
def separate():
    users = ("john@j.test", "john+j.test", "john%j.test", "john")
    drop, other = (fakemail.Maildrop({user: "s3cret" for user in users}, [("same", x)])
                   for x in LETTERS[:2])
    server, second, sections = serve(drop), serve(other), ""
    for number, user in enumerate(users):
        sections += ("[account a%d]\naddress = i@peer.test\npassword = s3cret\ninbox = In%d\n"
                     "pop3 = pop3+insecure://%s@127.0.0.1:%d\n") % (
                         number, number, user.replace("%", "%25").replace("@", "%40"), server.port)
    # The last of them on another server as well.
    sections += ("[account b]\naddress = i@peer.test\npassword = s3cret\ninbox = Other\n"
                 "pop3 = pop3+insecure://john@127.0.0.1:%d\n" % second.port)
    place = home.Home({"pop3": "pop3+insecure://nobody@127.0.0.1:%d" % server.port}, sections)
    for number in [*range(len(users))] * 2:
        place.run("dewey-pop3", "a%d" % number)
        place.run("dewey-pop3", "b")
    for number in range(len(users)):
        tap.equal(place.folder("In%d" % number), [LETTERS[0]])
    tap.equal(place.folder("Other"), [LETTERS[1]])
    tap.equal((drop.fetched["same"], other.fetched["same"]), (len(users), 1))
    keys = place.ledger("SELECT account FROM maildrop")
    tap.equal(len(set(keys)), len(users) + 1)


@tap.test("the wire's TOP finds a letter by its head as well [P-47]")
def wire_top():
    scene = unnamed(LETTERS[:1])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "top", "id": 1, "account": "home", "message": 1, "lines": 0})
    tap.equal(parent.until("done", "failed")[-1]["event"], "done")
    parent.close()


tap.main()
