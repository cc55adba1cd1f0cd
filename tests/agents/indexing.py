#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Indexing where the disk is full, files may not grow, or another program has the
index locked: it is told plainly, what is there is shown all the same, and the next
run goes on when there is room (X-26, X-22)."""
import os
import resource
import signal
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

EX_IOERR, EX_TEMPFAIL = 74, 75
LETTERS, PAGE = 900, 4096
LETTER = """From: Anna <anna@example.org>
Subject: about %d
Message-ID: <%d@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

xylophone %s
"""


def put(h, count, start=0):
    for n in range(start, start + count):
        text = " ".join("word%d" % (n * 31 + k) for k in range(60))
        path = os.path.join(h.mail, "Inbox/cur/%d.%d.host:2,S" % (1770026400 + n, n))
        with open(path, "w", encoding="utf-8") as file:
            file.write(LETTER % (n, n, text))
        os.chmod(path, 0o600)


def mounted():
    """A store on a disk of its own."""
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    os.mkdir(h.mail, 0o700)
    done = tap.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "dewey-test", h.mail])
    if done.returncode:
        tap.skip("a file system of the test's own cannot be mounted: " + done.stderr.strip())
    tap.cleanup(tap.succeeds, ["umount", "-l", h.mail])
    return h


def leave(h, octets):
    fs = os.statvfs(h.mail)
    with open(os.path.join(h.mail, ".ballast"), "wb") as file:
        os.posix_fallocate(file.fileno(), 0, fs.f_bavail * fs.f_frsize - octets)


def forget(h):
    """The index, and the files beside it."""
    own = os.path.join(h.mail, ".dewey")
    for name in os.listdir(own):
        if name.startswith("index.db"):
            os.unlink(os.path.join(own, name))


def check_whole(h, count=LETTERS):
    """As if nothing had been: all letters, all words, no index was given up."""
    tap.equal(h.run("dewey", "count", "xylophone").stdout, "%d\n" % count, "letters found")
    tap.equal(h.run("dewey", "fsck").stdout, "", "findings")
    aside = [x for x in os.listdir(os.path.join(h.mail, ".dewey")) if "damaged" in x]
    tap.equal(aside, [], "moved aside")


@tap.test("the disk is full while an index is made: told, and it goes on with room [X-26, X-22]")
def full():
    h = mounted()
    h.run("dewey", "count", "x")
    put(h, LETTERS)
    letters = h.folder("Inbox")
    h.run("dewey", "count", "x")
    size = os.path.getsize(os.path.join(h.mail, ".dewey/index.db"))
    failed = listed = 0
    for part in range(1, 9):
        forget(h)
        leave(h, size * part // 6 // PAGE * PAGE)
        done = h.run("dewey", "list", "Inbox", status=None)
        os.unlink(os.path.join(h.mail, ".ballast"))
        tap.ok(done.returncode in (0, EX_IOERR), "status %d: %s" % (done.returncode, done.stderr))
        if done.returncode:
            tap.contains(done.stderr, "No space left on device")
            failed += 1
            listed += done.stdout.count("\n") > 0
        check_whole(h)
    tap.ok(failed > 0, "the disk was never full")
    tap.ok(listed > 0, "nothing was ever shown beside the error")
    tap.ok(h.folder("Inbox") == letters, "letters were changed")


def short_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300 << 10, 300 << 10))


@tap.test("a file that cannot grow: told, and the next run goes on [X-26, X-22]")
def limited():
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    h.run("dewey", "count", "x")
    put(h, LETTERS)
    done = h.run("dewey", "count", "x", status=EX_IOERR, preexec_fn=short_files)
    tap.contains(done.stderr, "disk I/O error")
    check_whole(h)


@tap.test("another program has the index locked: told, the list is shown, nothing is moved aside [X-26]")
def locked():
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    h.run("dewey", "count", "x")
    put(h, 3)
    h.run("dewey", "count", "x")
    put(h, 1, 3)
    db = sqlite3.connect(os.path.join(h.mail, ".dewey/index.db"), isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    done = h.run("dewey", "list", "Inbox", status=EX_TEMPFAIL)
    tap.contains(done.stderr, "another program has it locked")
    tap.equal(done.stdout.count("\n"), 3, "letters shown")
    db.execute("ROLLBACK")
    db.close()
    check_whole(h, 4)


tap.main()
