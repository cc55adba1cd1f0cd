#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3's decisions: what is kept on the server, for how long, and what is told."""
import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
import tap
from policyscene import DAY, Scene, letter, letters
from pop3scene import USERS

EX_TEMPFAIL = 75


# --- keep = N days

@tap.test("keep = 3 days: N - 1, N and N + 1 days, visited every day [P-70]")
def days():
    scene = Scene(letters(2), keep="3 days")
    begin = 1900000000
    left = []
    for day in range(5):
        scene.now = begin + day * DAY
        if day == 1:
            scene.drop.letters.append(("late", letter(9)))
        scene.fetch()
        left.append(len(scene.there()))
    tap.equal(left, [2, 3, 3, 1, 0])
    tap.equal(len(scene.commands("RETR")), 3)


@tap.test("keep = 3 days: a second less is kept, and the hour of the first visit counts [P-70]")
def days_and_seconds():
    scene = Scene(letters(1), keep="3 days")
    begin = 1900000000
    for after, left in ((0, 1), (DAY, 1), (2 * DAY, 1), (3 * DAY - 1, 1), (3 * DAY, 0)):
        scene.now = begin + after
        scene.fetch()
        tap.equal(len(scene.there()), left, "letters after %d seconds" % after)


@tap.test("a clock that jumps forward deletes nothing that day; corrected, nothing at all [P-70]")
def jump_forward():
    scene = Scene(letters(2), keep="3 days")
    begin = 1900000000
    for after, left in ((0, 2), (400 * DAY, 2), (400 * DAY + 3600, 2), (7200, 2), (DAY, 2),
                        (2 * DAY, 2), (3 * DAY, 0)):
        scene.now = begin + after
        scene.fetch()
        tap.equal(len(scene.there()), left, "letters after %d seconds" % after)


@tap.test("a clock that falls back deletes nothing that time, and says so [P-70]")
def jump_back():
    scene = Scene(letters(1), keep="3 days")
    begin = 1900000000
    scene.now = begin
    scene.fetch()
    scene.now = begin - 40 * DAY
    tap.contains(scene.fetch().stderr, "behind the last visit")
    tap.equal(len(scene.there()), 1)


@tap.test("every week: a letter goes one visit later than it might, and not never [P-70]")
def weekly():
    scene = Scene(letters(1), keep="5 days")
    left = []
    for week in range(4):
        scene.now = 1900000000 + week * 7 * DAY
        scene.fetch()
        left.append(len(scene.there()))
    tap.equal(left, [1, 1, 0, 0])


# --- Names that change

@tap.test("every UID is new: known by the head, nothing is fetched or deleted again, told once [P-49]")
def renumbered():
    for keep in ("always", "3 days", "until deleted"):
        mail = letters(25)
        scene = Scene(mail, keep=keep)
        scene.now = 1900000000
        scene.fetch()
        scene.forget_commands()
        # The new server adds a field, folds another, and has a letter more.
        moved = [data.replace(b"Subject: letter", b"X-Moved: yes\nSubject:\n letter") for data in mail]
        scene.drop.letters = [("new-%d" % n, data) for n, data in enumerate(moved)] + \
            [("late", letter(99))]
        scene.now += 3600
        tap.contains(scene.fetch().stderr, "25 of 26 were recognised")
        tap.equal(scene.commands("RETR"), ["RETR 26"], keep)
        tap.equal((len(scene.inbox()), len(scene.there())), (26, 26), keep)
        scene.forget_commands()
        tap.lacks(scene.fetch().stderr, "recognised")
        tap.equal(scene.commands("RETR") + scene.commands("TOP") + scene.commands("DELE"), [])


@tap.test("every UID is new and keep = N days: what was known by its head is compared before it goes [P-49]")
def renumbered_days():
    mail = letters(20)
    scene = Scene(mail, keep="2 days")
    begin = scene.now = 1900000000
    scene.fetch()
    # One of them only looks like a letter that is here.
    moved = [*mail[:19], mail[19] + b"and more\n"]
    scene.drop.letters = [("new-%d" % n, data) for n, data in enumerate(moved)]
    for hours in (12, 24, 47, 49, 72):
        scene.now = begin + hours * 3600
        scene.fetch()
    tap.equal(scene.there(), [moved[19]])
    tap.equal(scene.inbox(), sorted([*mail, moved[19]]))


@tap.test("every UID is new and there is no TOP: fetched once more, and none is doubled [P-49, P-61]")
def renumbered_without_top():
    mail = letters(22)
    scene = Scene(mail, capabilities=("UIDL", "PIPELINING"), faults=[fakemail.Fault("TOP .*", "-ERR what?")])
    scene.fetch()
    os.unlink(scene.home.paths("Inbox")[0])
    scene.drop.letters = [("new-%d" % n, data) for n, data in enumerate(mail)]
    tap.contains(scene.fetch().stderr, "22 letters that came were here already")
    # The one that was deleted here does not come back either.
    tap.equal(scene.inbox(), sorted(mail[1:]))
    scene.forget_commands()
    scene.fetch()
    tap.equal(scene.commands("RETR"), [])


@tap.test("a ledger from before: what is here already is not doubled; equal letters that are new are two [P-61]")
def older_ledger():
    scene = Scene(letters(3))
    scene.fetch()
    ledger = os.path.join(scene.home.mail, ".dewey", "ledger.db")
    for name in (ledger, ledger + "-wal"):
        if os.path.exists(name):
            shutil.copy(name, name + ".old")
    copies = [("x%d" % n, letter(50)) for n in range(2)]
    scene.drop.letters += [("b%d" % n, data) for n, data in enumerate(letters(30, 10))] + copies
    scene.fetch()
    wanted = sorted(letters(3) + letters(30, 10) + [letter(50)] * 2)
    tap.equal(scene.inbox(), wanted)
    scene.move(scene.home.paths("Inbox")[5], "Archive")
    for name in (ledger, ledger + "-wal", ledger + "-shm"):
        if os.path.exists(name):
            os.unlink(name)
        if os.path.exists(name + ".old"):
            os.rename(name + ".old", name)
    tap.equal(len(scene.home.ledger("SELECT * FROM uid")), 3)
    tap.equal(scene.done()["known"], 32)
    tap.equal(sorted(scene.home.folder("Inbox") + scene.home.folder("Archive")), wanted)
    tap.equal(len(scene.home.ledger("SELECT * FROM uid")), 35)
    scene.forget_commands()
    scene.fetch()
    tap.equal(scene.commands("RETR"), [])


@tap.test("the ledger's copy: renewed after a session when it is a day old; a failure is only told [X-26]")
def copied():
    scene = Scene(letters(3))
    scene.fetch()
    copy = os.path.join(scene.home.mail, ".dewey", "ledger.db.bak")

    def rows():
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % copy, uri=True)) as db:
            return len(db.execute("SELECT * FROM uid").fetchall())
    tap.equal(rows(), 0)
    os.utime(copy, (0, 1))
    scene.fetch()
    tap.equal(rows(), 3)
    left = [name for name in os.listdir(os.path.dirname(copy)) if ".bak" in name]
    tap.equal(left, ["ledger.db.bak"])
    os.unlink(copy)
    os.mkdir(copy)
    os.utime(copy, (0, 1))
    scene.drop.letters += [("new", letter(77))]
    tap.contains(scene.fetch().stderr, "the ledger has no new copy")
    tap.equal(len(scene.inbox()), 4)
    os.rmdir(copy)
    scene.home.run("dewey-smtp", "-bp")
    tap.equal(rows(), 4)


class PartSession(fakemail._Pop3):
    """Shows so many letters, and hides what was fetched in an earlier session."""

    def logged_in(self, good):
        if good:
            fetched = {uid for uid, n in self.place.fetched.items() if n}
            shown = [x for x in self.place.letters if x[0] not in fetched][:30]
            self.place.sessions += 1
        super().logged_in(good)
        if good:
            self.letters = shown


class PartDrop(fakemail.Maildrop):
    session = PartSession
    sessions = 0


def part_scene(mail, **options):
    authority = certs.Authority(tap.tempdir())
    scene = Scene([], **options)
    scene.drop = PartDrop(USERS, mail)
    server = fakeserver.Server(scene.drop, authority.server(), True)
    tap.cleanup(server.stop)
    scene.home.write({**scene.settings, "pop3": "pop3s://ivan@localhost:%d" % server.port,
                      "tls-ca": authority.pem})
    return scene


@tap.test("a server that lists a part of its mail is visited until nothing new comes, told once [P-50]")
def partial():
    scene = part_scene(letters(100))
    scene.fetch()
    tap.equal((len(scene.inbox()), scene.drop.sessions), (30, 1))
    tap.contains(scene.fetch().stderr, "lists only a part")
    tap.equal((scene.inbox(), scene.drop.sessions), (sorted(letters(100)), 5))
    scene.drop.letters += [("more-%d" % n, data) for n, data in enumerate(letters(40, 200))]
    tap.lacks(scene.fetch().stderr, "lists only a part")
    tap.equal(len(scene.inbox()), 140)
    rows = scene.home.ledger("SELECT count(*) FROM uid")
    tap.equal(rows, [(140,)], "what is not listed is remembered")


@tap.test("a server that lists a part of its mail: at most twenty visits [P-50]")
def partial_bounded():
    scene = part_scene(letters(90))
    scene.fetch()
    scene.fetch()
    before = scene.drop.sessions
    scene.drop.letters += [("more-%d" % n, data) for n, data in enumerate(letters(1000, 1000))]
    scene.fetch()
    tap.equal(scene.drop.sessions - before, 20)


@tap.test("UIDs that are not listed are remembered for 90 days [P-50]")
def ninety_days():
    scene = Scene(letters(2))
    begin = scene.now = 1900000000
    scene.fetch()
    everything = list(scene.drop.letters)
    scene.drop.letters = []
    for day, rows in ((1, 2), (60, 2), (90, 2), (92, 0)):
        scene.now = begin + day * DAY
        scene.fetch()
        tap.equal(len(scene.home.ledger("SELECT * FROM uid")), rows, "day %d" % day)
    scene = Scene(letters(2))
    scene.now = begin
    scene.fetch()
    everything, scene.drop.letters = scene.drop.letters, []
    for day in (1, 80):
        scene.now = begin + day * DAY
        scene.fetch()
    scene.drop.letters = everything
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 2)


# --- A server that does not delete

@tap.test("a server that ignores DELE: deleted again without RETR, told after the third time, once [P-59]")
def undeleted():
    faults = [fakemail.Fault("QUIT", "+OK bye")]
    scene = Scene(letters(3), keep="never", faults=faults)
    told = []
    retrieved = []
    for _ in range(6):
        told.append("three times" in scene.fetch().stderr)
        retrieved.append(len(scene.commands("RETR")))
    tap.equal(told, [False, False, False, True, False, False])
    # Once to have them, once to be sure that they are the same.
    tap.equal(retrieved, [3, 6, 6, 6, 6, 6])
    tap.equal(len(scene.commands("DELE")), 18)
    tap.equal(scene.inbox(), sorted(letters(3)))
    # Another letter under the name of one that was deleted at last is fetched.
    faults.clear()
    scene.drop.faults.clear()
    scene.fetch()
    tap.equal(scene.there(), [])
    uid = scene.home.ledger("SELECT uid FROM uid")[0][0].decode()
    scene.fetch()
    scene.drop.letters = [(uid, letter(77))]
    scene.fetch()
    tap.equal(scene.inbox(), sorted([*letters(3), letter(77)]))


# --- What the server demands

@tap.test("LOGIN-DELAY: a visit that comes too early is not made, and says when; garbage is ignored [P-17]")
def login_delay():
    for text, early in (("600", True), ("600 USER", True), ("86401", False), ("soon", False),
                        ("-5", False)):
        scene = Scene(letters(1), capabilities=("UIDL", "LOGIN-DELAY " + text))
        scene.now = 1900000000
        scene.fetch()
        scene.forget_commands()
        scene.now += 100
        if not early:
            scene.fetch()
            continue
        result = scene.fetch("--events", status=EX_TEMPFAIL)
        tap.contains(result.stderr, ["600 seconds", "in 500 seconds"])
        events = [json.loads(line) for line in result.stdout.splitlines()]
        tap.equal([e["seconds"] for e in events if e["event"] == "wait"], [500])
        tap.equal((events[-1]["code"], scene.drop.lines), ("busy", []))
        scene.now += 500
        scene.fetch()


@tap.test("--wait: waits as long as the server wants, and is ended by a signal [P-17]")
def patient():
    scene = Scene(letters(1), capabilities=("UIDL", "LOGIN-DELAY 1"))
    scene.fetch()
    scene.fetch("--wait")
    scene = Scene(letters(1), capabilities=("UIDL", "LOGIN-DELAY 86400"))
    scene.fetch()
    agent = child.start(scene.home, "dewey-pop3", "--wait", "home")
    while "trying again in" not in agent.stderr.readline():
        pass
    agent.send_signal(signal.SIGTERM)
    tap.equal(agent.wait(60), EX_TEMPFAIL)


@tap.test("the mailbox is in use, the server wants a delay: to be tried later, no password asked [P-35]")
def in_use():
    for words, wait in (("-ERR [IN-USE] locked", []), ("-ERR [LOGIN-DELAY] slowly", [300])):
        scene = Scene(letters(1), capabilities=("UIDL", "RESP-CODES", "LOGIN-DELAY 300"),
                      faults=[fakemail.Fault("AUTH .*", words, 1)])
        result = scene.fetch("--events", status=EX_TEMPFAIL)
        events = [json.loads(line) for line in result.stdout.splitlines()]
        tap.equal((events[-1]["code"], events[-1]["retry"]), ("busy", "later"))
        tap.equal([e["seconds"] for e in events if e["event"] == "wait"], wait)
        scene.fetch()


# --- A server from which a letter can be had once

@tap.test("Gmail: one letter after the other, each durable before the next [P-62]")
def gmail():
    scene = Scene(letters(3))
    scene.drop.greeting = "+OK Gpop ready for requests from 127.0.0.1"
    here = []
    scene.drop.faults.append(fakemail.Fault("RETR 3", lambda conn: (
        here.append(len(scene.inbox())), conn.reply("-ERR no"))))
    scene.fetch()
    tap.equal((here[0], len(scene.inbox())), (2, 2))


@tap.test("Gmail: a letter that came and could not be stored is kept, and the cure is named [P-62]")
def gmail_spool():
    scene = Scene(letters(2))
    scene.drop.greeting = "+OK Gpop ready"
    ledger = os.path.join(scene.home.mail, ".dewey", "ledger.db")
    scene.fetch("--dry-run")

    def lock(conn):
        """Nobody else writes to the ledger from now on."""
        db = sqlite3.connect(ledger, isolation_level=None, check_same_thread=False)
        tap.cleanup(db.close)
        db.execute("BEGIN IMMEDIATE")
        conn.reply("+OK\r\n" + letter(1).decode().replace("\n", "\r\n") + ".")
    scene.drop.faults.append(fakemail.Fault("RETR 1", lock, 1))
    result = scene.fetch(status=None)
    tap.ok(result.returncode != 0, "it said that all is well")
    tap.contains(result.stderr, "recent:ivan")
    tmp = os.path.join(scene.home.mail, "Inbox", "tmp")
    tap.equal([home.read(os.path.join(tmp, name)) for name in os.listdir(tmp)], [letter(1)])
    tap.equal((scene.inbox(), scene.commands("QUIT")), ([], ["QUIT"]), "but that of the dry run")


# --- More than one account

@tap.test("two accounts, one Inbox: equal letters are two, each knows its account, one failure stops nobody [P-74]")
def accounts():
    scene = Scene(letters(2))
    second = fakemail.Maildrop(USERS, letters(2, 2))
    third = fakemail.Maildrop(USERS, letters(1, 9), faults=[fakemail.Fault("STAT", "drop")])
    authority = certs.Authority(tap.tempdir())
    text = ""
    for name, drop in (("work", second), ("broken", third)):
        server = fakeserver.Server(drop, authority.server(), True)
        tap.cleanup(server.stop)
        text += ("[account %s]\npop3 = pop3s://ivan@localhost:%d\ntls-ca = %s\npassword = %s\n"
                 % (name, server.port, authority.pem, home.SECRET))
    scene.home.write(scene.settings, text)
    result = scene.home.run("dewey", "fetch", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "broken")
    tap.equal(scene.inbox(), sorted(letters(2) + letters(2, 2)))
    scene.home.run("dewey", "list", "Inbox")
    found = {name: scene.home.run("dewey", "count", "account:" + name).stdout.split()[0]
             for name in ("home", "work", "broken")}
    tap.equal(found, {"home": "2", "work": "2", "broken": "0"})
    tap.equal(scene.home.run("dewey", "fetch", "home", "work").returncode, 0)
    tap.equal(len(scene.inbox()), 4)


@tap.test("EXPIRE: said with -v and in the end record, and told where keep wants longer [P-19]")
def expire():
    scene = Scene(letters(1), capabilities=("UIDL", "EXPIRE 30"), keep="40 days")
    tap.equal(scene.done()["expire"], 30)
    scene = Scene(letters(1), capabilities=("UIDL", "EXPIRE 30"), keep="40 days")
    result = scene.fetch("-v")
    tap.contains(result.stderr, ["after 30 days", "'keep = 40 days'"])
    tap.lacks(scene.fetch().stderr, "'keep = 40 days'")
    scene = Scene(letters(1), capabilities=("UIDL", "EXPIRE NEVER"), keep="40 days")
    tap.equal(scene.done()["expire"], -1)
    tap.ok("expire" not in Scene(letters(1)).done(), "the server said nothing")


@tap.test("EXPIRE 0: nothing is left on the server, and the reason is told [P-19]")
def expire_now():
    scene = Scene(letters(2), capabilities=("UIDL", "PIPELINING", "EXPIRE 0"), keep="always")
    tap.contains(scene.fetch().stderr, "EXPIRE 0")
    tap.equal((scene.there(), scene.inbox()), ([], letters(2)))


@tap.test("EXPIRE 0: a letter that could not be stored: no QUIT [P-57]")
def expire_no_quit():
    big = letter(2) + b"x" * 3000000
    scene = Scene([letter(1), big, letter(3)], capabilities=("UIDL", "PIPELINING", "EXPIRE 0"))
    limit = 1 << 20
    scene.fetch(status=EX_TEMPFAIL, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (limit, limit)))
    tap.equal(scene.commands("QUIT"), [])
    tap.equal(len(scene.there()), 3)
    scene.fetch()
    tap.equal((scene.there(), len(scene.inbox())), ([], 3))


@tap.test("a letter that is no message is stored as it is [P-64]")
def no_message():
    odd = [b"", b"\x00\xff\x01\n", b"\n\n\n", b"no header at all\nnone\n", bytes(range(1, 10)) * 500 + b"\n"]
    scene = Scene(odd, keep="never")
    scene.fetch()
    tap.equal(scene.inbox(), sorted(odd))
    tap.equal(scene.there(), [])


@tap.test("a letter that is cut off is fetched anew from its beginning, and leaves nothing in new [P-73]")
def cut_letter():
    big = letter(2) + b"line of text\n" * 20000
    scene = Scene([letter(1), big], faults=[fakemail.Fault("RETR 2", "cut:100000", 1)])
    scene.fetch(status=EX_TEMPFAIL)
    tap.equal(scene.inbox(), [letter(1)])
    scene.fetch()
    tap.equal(scene.inbox(), sorted([letter(1), big]))
    tap.equal(os.listdir(os.path.join(scene.home.mail, "Inbox", "tmp")), [])


# --- By hand

@tap.test("--keep: what is owed and what is old stays this time")
def keep_option():
    scene = Scene(letters(3), keep="never", faults=[fakemail.Fault("QUIT", "drop", 1)])
    scene.fetch()
    scene.fetch("--keep")
    tap.equal(len(scene.there()), 3)
    scene.drop.letters.append(("new", letter(4)))
    scene.fetch("--keep")
    tap.equal((len(scene.there()), len(scene.inbox())), (4, 4))
    scene.fetch()
    tap.equal((len(scene.there()), len(scene.inbox())), (0, 4))


@tap.test("--all: what was fetched and is gone here comes again, what is here does not")
def all_option():
    scene = Scene(letters(4))
    scene.fetch()
    paths = scene.home.paths("Inbox")
    os.unlink(paths[0])
    scene.move(paths[1], "Trash")
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 4)
    scene.fetch("--all")
    tap.equal(len(scene.commands("RETR")), 5)
    tap.equal(scene.inbox(), sorted(letters(1) + letters(2, 3)))
    scene.fetch("--all")
    tap.equal(len(scene.commands("RETR")), 5)


@tap.test("--dry-run -v: a line for each letter, and nothing else happens")
def dry_run():
    scene = Scene([("a", letter(1)), ("b", letter(2))], keep="never")
    text = scene.fetch("--dry-run", "-v").stderr
    tap.contains(text, ["would fetch and delete letter 1, ", "UID 'b'", "would fetch 2, delete 2"])
    done = json.loads(scene.fetch("--dry-run", "--events").stdout.splitlines()[-1])
    tap.equal([done.get(k) for k in ("new", "deleted", "would-fetch", "would-preview",
                                     "would-delete")], [0, 0, 2, 0, 2])
    tap.equal(scene.commands("RETR") + scene.commands("DELE"), [])
    scene.fetch("--keep")
    text = scene.fetch("--dry-run", "-v").stderr
    tap.contains(text, ["would delete letter 2, ", "would fetch 0, delete 2"])


tap.main()
