#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: UIDs, deletions, and the pipeline."""
import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import tap
from pop3scene import EX_TEMPFAIL, LETTERS, Scene, clear_home, serve


# --- UIDs and deletions

@tap.test("equal UIDs: every copy is fetched, and none a second time [P-48]")
def duplicates():
    copies = [("same", LETTERS[0]), ("same", LETTERS[0]), ("other", LETTERS[1])]
    scene = Scene(copies)
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], LETTERS[0], LETTERS[1]])
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 3)


@tap.test("equal UIDs and keep = never: each copy is deleted once it is here, and not before [P-48]")
def duplicates_deleted():
    copies = [("same", LETTERS[0]), ("same", LETTERS[0]), ("same", LETTERS[1])]
    scene = Scene(copies, account={"keep": "never"}, faults=[fakemail.Fault("RETR 3", "drop", 1)])
    scene.fetch(status=EX_TEMPFAIL)
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], LETTERS[0]])
    tap.equal((len(scene.drop.letters), scene.commands("DELE")), (3, []))
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], LETTERS[0], LETTERS[1]])
    tap.equal(scene.drop.letters, [])


@tap.test("a UID that is given to another letter: that one is fetched before it is deleted [P-49]")
def reused():
    for missed in (False, True):
        scene = Scene([("1", LETTERS[0])], account={"keep": "never"})
        scene.fetch()
        if missed:
            scene.drop.letters = []
            scene.fetch()
        scene.drop.letters = [("1", LETTERS[1])]
        scene.fetch()
        tap.equal(scene.home.folder("Inbox"), LETTERS[:2])
        tap.equal(scene.drop.letters, [])


@tap.test("a deletion that the server forgot is made good, and no second copy is kept [P-60]")
def forgotten_deletion():
    scene = Scene([("1", LETTERS[0])], account={"keep": "never"})
    scene.fetch()
    scene.drop.letters = [("1", LETTERS[0])]
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), LETTERS[:1])
    tap.equal(scene.drop.letters, [])


@tap.test("no UIDL and a session cut short: no second copy, and two that are equal stay two [P-47]")
def no_uidl_twice():
    letters = [LETTERS[0], LETTERS[1], LETTERS[0]]
    cut = [fakemail.Fault("QUIT", "drop", 2), fakemail.Fault("UIDL", "-ERR what?")]
    scene = Scene(letters[:2], account={"keep": "never"}, capabilities=["TOP"], faults=cut)
    scene.fetch()
    scene.drop.letters.append(("x", LETTERS[0]))
    scene.fetch()
    scene.fetch()
    tap.equal(sorted(scene.home.folder("Inbox")), sorted(letters))
    tap.equal(scene.drop.letters, [])


@tap.test("-ERR inside the window belongs to the right letter [P-56]")
def err_in_window():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("RETR 2", "-ERR gone")])
    told = scene.fetch().stderr
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], *LETTERS[2:]])
    tap.equal(scene.commands("DELE"), ["DELE 1", "DELE 3", "DELE 4", "DELE 5"])
    tap.equal([data for _, data in scene.drop.letters], [LETTERS[1]])
    # It is told, once until it came, and asked for again.
    tap.contains(told, ["1 letter that it does not give", "-ERR gone"])
    tap.lacks(scene.fetch().stderr, "does not give")
    scene.drop.faults.clear()
    scene.fetch()
    tap.equal((scene.home.folder("Inbox")[-1], scene.drop.letters), (LETTERS[1], []))
    scene.drop.letters = [("again", LETTERS[1])]
    scene.drop.faults.append(fakemail.Fault("RETR 1", "-ERR gone", 1))
    tap.contains(scene.fetch().stderr, "does not give")


@tap.test("-ERR to DELE leaves that letter for the next session [P-60]")
def err_to_dele():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("DELE 2", "-ERR locked", 1)])
    scene.fetch()
    tap.equal([data for _, data in scene.drop.letters], [LETTERS[1]])
    scene.fetch()
    tap.equal(scene.drop.letters, [])
    tap.equal(len(scene.commands("RETR")), 5)


def lost_quit(what, deleted):
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("QUIT", what, 1)])
    result = scene.fetch()
    tap.contains(result.stderr, "did not confirm")
    tap.equal(len(scene.drop.letters), 0 if deleted else 5)
    states = {state for (state,) in scene.home.ledger("SELECT state FROM uid")}
    tap.equal(states, {3}, "DEL_UNKNOWN")
    scene.fetch()
    tap.equal(scene.drop.letters, [])
    tap.equal(len(scene.commands("RETR")), 5)
    tap.equal(scene.home.folder("Inbox"), LETTERS)
    states = {state for (state,) in scene.home.ledger("SELECT state FROM uid")}
    tap.equal(states, {4}, "DEL_DONE")


@tap.test("QUIT answered -ERR, cut off before, cut off after: no second copy [P-59]")
def quits():
    lost_quit("-ERR some deleted messages not removed", False)
    lost_quit("drop", False)
    lost_quit("done-drop", True)


@tap.test("a letter that cannot be written: no DELE for it, the next run resumes [P-63]")
def disk_full():
    big = b"Subject: big\n\n" + b"x" * 70 * 1000 + b"\n"
    letters = [LETTERS[0], big * 40, LETTERS[2]]
    scene = Scene(letters, account={"keep": "never"})
    limit = 1 << 20
    scene.fetch(status=EX_TEMPFAIL, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (limit, limit)))
    tap.equal(len(scene.drop.letters), 3)
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), letters)
    tap.equal(scene.drop.letters, [])
    tap.equal(scene.commands("DELE").count("DELE 2"), 1)


# --- The pipeline

@tap.test("a server that answers nothing until 1000 commands have come [P-55]")
def deaf():
    count = 1000

    def handler(conn):
        conn.reply("+OK")
        for text in ("+OK\r\nPIPELINING\r\nSASL PLAIN\r\nUIDL\r\n.", "+OK"):
            conn.line()
            conn.reply(text)
        for text in ("+OK\r\nPIPELINING\r\nUIDL\r\n.", "+OK %d 1" % count,
                     "+OK\r\n%s\r\n." % "\r\n".join("%d u%d" % (n, n) for n in range(1, count + 1)),
                     "+OK\r\n."):
            conn.line()
            conn.reply(text)
        tap.equal([conn.line() for _ in range(count)], ["RETR %d" % n for n in range(1, count + 1)])
        for n in range(1, count + 1):
            conn.send(b"+OK\r\nSubject: %d\r\n\r\n.\r\n" % n)
        tap.equal(conn.line(), "QUIT")
        conn.reply("+OK")

    server = serve([handler])
    place = clear_home(server)
    place.run("dewey-pop3", "home")
    server.check()
    tap.equal(sorted(place.folder("Inbox")),
              sorted(b"Subject: %d\n\n" % n for n in range(1, count + 1)))


@tap.test("a server that stops reading while it sends all it has: both go on [P-55]")
def stops_reading():
    count, letter = 1000, b"Subject: x\r\n\r\n" + b"y" * 20000 + b"\r\n.\r\n"

    def handler(conn):
        fakeserver.Script("S: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\nS: USER\nS: .\nC: USER ivan\nS: +OK\n"
                          "C~ PASS .*\nS: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\nS: .\nC: STAT\n"
                          "S: +OK %d 1\nC: UIDL\nC: LIST" % count)(conn)
        conn.reply("+OK\r\n%s\r\n." % "\r\n".join("%d u%d" % (n, n) for n in range(1, count + 1)))
        conn.reply("+OK\r\n.")
        tap.equal(conn.line(), "RETR 1")
        # From here on nothing is read until every letter has gone out.
        for _ in range(count):
            conn.sock.sendall(b"+OK\r\n" + letter)
        tap.equal([conn.line() for _ in range(count - 1)],
                  ["RETR %d" % n for n in range(2, count + 1)])
        fakeserver.Script("C: QUIT\nS: +OK")(conn)

    server = serve([handler])
    place = clear_home(server)
    place.run("dewey-pop3", "home")
    server.check()
    tap.equal(len(place.paths("Inbox")), count)


@tap.test("without PIPELINING every command waits for its reply; log-in and QUIT always do [P-18, P-55]")
def one_by_one():
    def handler(conn):
        maildrop = fakemail.Maildrop({"ivan": "s3cret"}, LETTERS, capabilities=["UIDL"])
        original = conn.line

        def line():
            text = original()
            tap.equal(conn.pending, b"", "sent ahead of the reply to " + text)
            return text
        conn.line = line
        maildrop(conn)

    server = serve([handler])
    clear_home(server, keep="never").run("dewey-pop3", "home")
    server.check()


@tap.test("EXPIRE 0: one letter at a time [P-56]")
def expire():
    scene = Scene(capabilities=["UIDL", "PIPELINING", "EXPIRE 0"],
                  faults=[fakemail.Fault("RETR 1", lambda conn: (
                      tap.equal(conn.pending, b"", "sent ahead"), conn.reply("-ERR no")))])
    scene.fetch()
    scene.server.check()
    tap.equal(len(scene.home.folder("Inbox")), 4)


tap.main()
