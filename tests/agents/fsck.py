#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey fsck: each thing that can be wrong with a store is told with its cure, and
mended only if asked for; no letter is ever removed or changed."""
import json
import os
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

EX_DATAERR = 65
LETTER = """From: Anna <anna@example.org>
Subject: about %s
Message-ID: <%s@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

text
"""


def person():
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    h.run("dewey", "count", "x")
    for name in ("one", "two"):
        put(h, "cur/1770026400.%s.host:2,S" % name, LETTER % (name, name))
    h.run("dewey", "count", "x")
    return h


def put(h, name, text="", mode=0o600):
    path = os.path.join(h.mail, "Inbox", name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def fsck(h, *args, status=EX_DATAERR):
    done = h.run("dewey", "fsck", "--json", *args, status=status)
    return sorted((f["problem"], f["mended"]) for f in map(json.loads, done.stdout.splitlines()))


@tap.test("fsck finds nothing wrong with a store that is well")
def well():
    h = person()
    done = h.run("dewey", "fsck")
    tap.equal(done.stdout, "")
    tap.contains(done.stderr, "2 messages looked at: 0 findings, mended: 0")


# name of the case: what is done to the store, what is said, whether --repair mends it
def open_mode(h):
    os.chmod(os.path.join(h.mail, "Inbox/cur/1770026400.one.host:2,S"), 0o644)


def empty(h):
    put(h, "cur/1770026401.empty.host:2,S")
    h.run("dewey", "count", "x")


def directory(h):
    os.mkdir(os.path.join(h.mail, "Inbox/new/sub"), 0o700)


def link(h):
    os.symlink("/etc/passwd", os.path.join(h.mail, "Inbox/cur/link"))


def tmp(h):
    path = put(h, "tmp/1770026402.old.host", "half")
    os.utime(path, (1770026402, 1770026402))
    put(h, "tmp/1770026403.young.host", "half")


def double(h):
    put(h, "cur/1770026400.one.host:2,FS", LETTER % ("three", "three"))


def unknown(h):
    put(h, "new/1770026404.fresh.host", LETTER % ("fresh", "fresh"))


def renamed(h):
    os.rename(os.path.join(h.mail, "Inbox/cur/1770026400.one.host:2,S"),
              os.path.join(h.mail, "Inbox/cur/1770026400.one.host:2,FS"))


def gone(h):
    os.unlink(os.path.join(h.mail, "Inbox/cur/1770026400.two.host:2,S"))


def counts(h):
    with sqlite3.connect(os.path.join(h.mail, ".dewey/index.db")) as db:
        db.execute("UPDATE folder SET total = 7 WHERE name = 'Inbox'")
    db.close()


def thread(h):
    with sqlite3.connect(os.path.join(h.mail, ".dewey/ledger.db")) as db:
        db.execute("INSERT INTO bond VALUES('one@example.org', 'two@example.org')")
    db.close()


def lost_index(h):
    os.unlink(os.path.join(h.mail, ".dewey/index.db"))


def damaged_index(h):
    path = os.path.join(h.mail, ".dewey/index.db")
    with open(path, "r+b") as file:
        file.seek(4096 * 2)
        file.write(os.urandom(4096 * 8))


def of_version(h, version):
    db = sqlite3.connect(os.path.join(h.mail, ".dewey/index.db"))
    db.execute("PRAGMA user_version = %d" % version)
    db.close()


def older_index(h):
    of_version(h, 1)


def future_index(h):
    of_version(h, 999)


CASES = [
    ("a letter that others can read", open_mode, "is open to other users, mode 0644", True),
    ("an empty letter [X-02]", empty, "is empty", False),
    ("a directory among letters [X-06]", directory, "is not a regular file", False),
    ("a link among letters [X-06]", link, "is not a regular file", False),
    ("a delivery that never ended [X-06]", tmp, "was left by a delivery that never ended", True),
    ("two letters of one name", double, "has the name of another message", True),
    ("a letter that the index has not [X-10]", unknown, "does not have '1770026404.fresh", True),
    ("flags that the index has not [X-10]", renamed, "has other flags than", True),
    ("a letter that only the index has [X-10]", gone, "which has no such file", True),
    ("counts that are wrong", counts, "counts the messages of 'Inbox' wrongly", True),
    ("a thread that was joined by hand", thread, "does not know that 1 thread was", True),
    ("no index [X-26]", lost_index, "there is no index", True),
    ("a damaged index [X-26]", damaged_index, "the index is damaged", True),
    ("an index of an older version [X-26]", older_index, "the index is of version 1,", True),
    ("an index of a future version [X-26]", future_index, "the index is of version 999,", True),
]


def check(change, words, mends):
    h = person()
    change(h)
    letters = h.folder("Inbox") if change is not directory else None
    paths = h.paths("Inbox")
    found = fsck(h)
    tap.ok(any(words in problem for problem, _ in found), "not told: %s" % found)
    tap.ok(not any(mended for _, mended in found), "mended unasked: %s" % found)
    tap.equal(h.paths("Inbox"), paths)
    tap.ok(len(fsck(h, "--repair", status=0 if mends else EX_DATAERR)) >= len(found), "fewer")
    tap.equal(fsck(h, status=0 if mends else EX_DATAERR), [] if mends else found)
    if letters is not None:
        tap.equal(sorted(h.folder("Inbox")), sorted(letters))


for case, change, words, mends in CASES:
    tap.test("fsck: " + case)(lambda change=change, words=words, mends=mends:
                              check(change, words, mends))


@tap.test("fsck --repair renews a damaged index once, and without it nothing is touched [X-26]")
def renewed_once():
    h = person()
    damaged_index(h)
    path = os.path.join(h.mail, ".dewey/index.db")
    damaged = home.read(path)
    fsck(h)
    tap.ok(home.read(path) == damaged, "the index was touched unasked")
    fsck(h, "--repair", status=0)
    aside = [name for name in os.listdir(os.path.dirname(path))
             if name.startswith("index.db.damaged-") and not name.endswith("-wal")]
    tap.equal(len(aside), 1, "indexes moved aside")
    kept = home.read(os.path.join(os.path.dirname(path), aside[0]))
    tap.ok(kept == damaged, "what is kept is not the damaged index")


@tap.test("fsck: an index that has lists by sender, subject and size is whole [X-26]")
def sorted_lists():
    h = person()
    for order in ("sender", "subject", "size"):
        h.run("dewey", "list", "Inbox", "--sort", order)
    names = sqlite3.connect(os.path.join(h.mail, ".dewey/index.db")).execute(
        "SELECT name FROM sqlite_master WHERE name LIKE 'message_by_s%'").fetchall()
    tap.equal(len(names), 3)
    tap.equal(fsck(h, status=0), [])


def damage_ledger(path):
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(bytes(4096 * 6))


def change_ledger(path, *lines):
    with sqlite3.connect(path) as db:
        for line in lines:
            db.execute(line)
    db.close()


@tap.test("fsck: a damaged ledger is told with its cure, and left alone; --repair puts its copy back [X-26]")
def ledger():
    h = person()
    path = os.path.join(h.mail, ".dewey/ledger.db")
    letters = h.folder("Inbox")
    change_ledger(path + ".bak", "INSERT INTO maildrop (account) VALUES ('of the copy')")
    os.utime(path + ".bak", (0, 1))
    damage_ledger(path)
    before = home.read(path)
    done = h.run("dewey", "fsck", status=EX_DATAERR)
    tap.contains(done.stdout, "the ledger is damaged")
    tap.contains(done.stdout, "dewey fsck --repair")
    tap.equal(home.read(path), before)
    done = h.run("dewey", "fsck", "--repair")
    tap.contains(done.stdout, "days old, is in its place")
    tap.contains(done.stdout, "none is deleted on a server")
    tap.equal(h.ledger("SELECT account FROM maildrop"), [("of the copy",)])
    aside, = [name for name in os.listdir(os.path.dirname(path)) if ".db.damaged-" in name
              and name[-1].isdigit()]
    tap.equal(home.read(os.path.join(os.path.dirname(path), aside)), before)
    tap.contains(done.stdout, aside)
    tap.equal(fsck(h, status=0), [])
    tap.equal(sorted(h.folder("Inbox")), sorted(letters))


@tap.test("fsck --repair: what an old ledger would do twice is not done; nothing of the outbox is lost [X-26]")
def ledger_outbox():
    h = person()
    path = os.path.join(h.mail, ".dewey/ledger.db")
    outbox = os.path.join(h.mail, ".dewey/outbox")
    row = ("INSERT INTO outbox (state, account, sender, subject, message_id, file, size, queued, due)"
           " VALUES (%d, 'home', 'i@a.test', 's', '<m@a.test>', '%s', 9, 1, 1)")
    change_ledger(path + ".bak", row % (1, "waits"), row % (2, "sent"), row % (4, "unclear"),
                  "INSERT INTO recipient (item, address, state) VALUES (1, 'a@a.test', 1)",
                  "INSERT INTO recipient (item, address) VALUES (2, 'b@a.test')",
                  "INSERT INTO filter_due (folder, base, made) VALUES ('Inbox', 'x', 1)",
                  "INSERT INTO trashed VALUES ('old', 1)")
    for name in ("waits", "unclear", "since", "drafted", "drafted.draft"):
        with open(os.path.join(outbox, name), "w", encoding="ascii") as file:
            file.write("Subject: %s\n\nbody\n" % name)
    os.unlink(path)
    done = h.run("dewey", "fsck", "--repair")
    tap.contains(done.stdout, "1 letter of the outbox is held")
    tap.contains(done.stdout, "2 letters of the outbox lie in Drafts")
    tap.equal(h.ledger("SELECT file, state FROM outbox ORDER BY id"), [("waits", 0), ("unclear", 4)])
    tap.equal(h.ledger("SELECT address, state FROM recipient"), [("a@a.test", 0)])
    tap.equal(h.ledger("SELECT * FROM filter_due"), [])
    tap.equal(h.ledger("SELECT made > 1000 FROM trashed"), [(1,)], "in Trash for so long")
    tap.equal(sorted(data.split(b"\n")[0] for data in h.folder("Drafts")),
              [b"Subject: drafted.draft", b"Subject: since"])


@tap.test("fsck --repair: a ledger that another has open, or a newer dewey's, is left alone [X-26]")
def ledger_in_use():
    h = person()
    path = os.path.join(h.mail, ".dewey/ledger.db")
    # Another process: this one loses its locks when it reads the file.
    words = ("import sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
             "db.execute('SELECT count(*) FROM uid').fetchall(); print(flush=True); input()")
    other = subprocess.Popen([sys.executable, "-c", words, path], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    other.stdout.readline()
    damage_ledger(path)
    before = home.read(path)
    done = h.run("dewey", "fsck", "--repair", status=EX_DATAERR)
    tap.contains(done.stdout, "process %d has the ledger open" % other.pid)
    tap.equal(home.read(path), before)
    other.communicate(b"\n")
    h = person()
    path = os.path.join(h.mail, ".dewey/ledger.db")
    change_ledger(path, "PRAGMA user_version = 4711")
    done = h.run("dewey", "fsck", "--repair", status=EX_DATAERR)
    tap.contains(done.stdout, "newer")
    tap.equal(h.ledger("PRAGMA user_version"), [(4711,)])
    tap.equal([name for name in os.listdir(os.path.dirname(path)) if "damaged" in name], [])


@tap.test("fsck --rebuild makes an index like the old one [X-27]")
def rebuild():
    h = person()
    before = h.run("dewey", "list", "--json", "Inbox").stdout
    tap.equal(fsck(h, "--rebuild", status=0), [])
    tap.equal(h.run("dewey", "list", "--json", "Inbox").stdout, before)


tap.main()
