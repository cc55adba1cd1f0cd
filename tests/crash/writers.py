#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Several write to one store at once, at random: another Maildir program that renames,
moves, deletes and delivers; two dewey that move, tag, undo and list; an agent that
delivers.  Afterwards no letter is lost or doubled but those that the other program
deleted, every one has its bytes, and the index is what the files are (X-10, X-12).

DEWEY_ROUNDS is how many changes each makes; DEWEY_SEED repeats the choices, not the
moments.  With the programs of a build with sanitizers their reports are a failure."""
import collections
import errno
import glob
import os
import random
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

ROUNDS = int(os.environ.get("DEWEY_ROUNDS", "25"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
DRIVER = os.path.join(tap.BUILD, "tests", "crash", "store-driver")
EX_TEMPFAIL = 75  # somebody else held the store for long
FOLDERS = ("Inbox", "Archive", "Lists/x", "Trash")
COLOURS = ("red", "green", "blue", "grey")
LETTER = """From: Anna <anna@example.org>
Subject: number %d is %s
Message-ID: <%d@other.example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

the text of %d
"""


class Writer(threading.Thread):
    """One of them; what went wrong is told by check()."""
    def __init__(self, h, name):
        super().__init__(name=name)
        self.home, self.random = h, random.Random(SEED + name)
        self.wrong = []

    def run(self):
        try:
            for i in range(ROUNDS):
                self.step(i)
        except Exception as error:  # it is told by the test, in its own thread
            self.wrong.append(repr(error))

    def program(self, *words):
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=self.home.environment(), check=False)
        if done.returncode not in (0, EX_TEMPFAIL) or "Sanitizer" in done.stderr:
            self.wrong.append("%s: %d: %s" % (words, done.returncode, done.stderr))


class Other(Writer):
    """Another program: it knows Maildirs and nothing of dewey."""
    def __init__(self, h, name):
        super().__init__(h, name)
        self.deleted, self.sent, self.changes = set(), [], 0

    def deliver(self, i):
        text = LETTER % (i, self.random.choice(COLOURS), i, i)
        name = "%d.M%dP1_%s.other" % (1770026400 + i, i, SEED)
        inbox = os.path.join(self.home.mail, "Inbox")
        with open(os.path.join(inbox, "tmp", name), "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(os.path.join(inbox, "tmp", name), os.path.join(inbox, "new", name))
        self.sent.append(text.encode())

    def rename(self, path):
        base = os.path.basename(path).split(":")[0]
        flags = "".join(sorted(self.random.sample("FRSab", self.random.randrange(5))))
        folder = self.random.choice(FOLDERS)
        os.rename(path, os.path.join(self.home.mail, folder, "cur", base + ":2," + flags))

    def delete(self, path):
        content = home.read(path)
        os.unlink(path)
        self.deleted.add(content)

    def step(self, i):
        self.deliver(i)
        for _ in range(8):
            paths = [p for folder in FOLDERS for p in self.home.paths(folder)]
            if not paths:
                continue
            path = self.random.choice(paths)
            try:
                if self.random.randrange(20) == 0:
                    self.delete(path)
                else:
                    self.rename(path)
                self.changes += 1
            except OSError as error:  # dewey was faster
                if error.errno != errno.ENOENT:
                    raise


class Dewey(Writer):
    """A front end: each change is a process of its own."""
    def step(self, i):
        query = "subject:" + self.random.choice(COLOURS + ("letter",))
        words = self.random.choice([
            ("move", self.random.choice(FOLDERS), query),
            ("move", self.random.choice(FOLDERS), query),
            ("tag", self.random.choice(["+work", "-work", "+later"]), query),
            ("undo",), ("undo",), ("list", "Inbox"), ("search", query)])
        self.program(*self.home.command("dewey", *words))


class Agent(Writer):
    def step(self, i):
        self.program(DRIVER, "deliver", self.home.mail, str(i + 1))


def agents_letters():
    """What store-driver delivers."""
    return [b"Subject: letter %d\n\n%s\n" % (i, b"x" * (100 + i * 37)) for i in range(ROUNDS)]


def everything(h):
    """How often each content lies in the store, in whatever folder."""
    paths = (p for part in ("new", "cur")
             for p in glob.glob(h.mail + "/**/%s/*" % part, recursive=True))
    return collections.Counter(home.read(path) for path in paths)


@tap.test("X-12 X-10: four writers at once lose and double no letter, and the index equals the files")
def writers():
    print("# DEWEY_SEED=%s DEWEY_ROUNDS=%d" % (SEED, ROUNDS))
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    for folder in FOLDERS:
        for part in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(h.mail, folder, part), 0o700)
    h.run("dewey", "count", "x")
    other = Other(h, "other")
    crew = [other, Dewey(h, "first"), Dewey(h, "second"), Agent(h, "agent")]
    for writer in crew:
        writer.start()
    for writer in crew:
        writer.join()
    for writer in crew:
        tap.equal(writer.wrong, [], writer.name)
    # What the last turn could not do because the store was held.
    h.run("dewey", "count", "x")
    tap.succeeds([DRIVER, "deliver", h.mail, str(ROUNDS)])
    there, wanted = everything(h), set(other.sent + agents_letters()) - other.deleted
    print("# %d changes by the other program, %d letters, %d of them deleted"
          % (other.changes, len(other.sent) + ROUNDS, len(other.deleted)))
    tap.equal([x for x in wanted if there[x] == 0], [], "lost")
    tap.equal([x for x in there if there[x] > 1], [], "doubled")
    tap.equal(set(there) - wanted, set(), "back from the dead, or damaged")
    h.run("dewey", "count", "x")
    done = h.run("dewey", "fsck", status=None)
    # The other program makes files with the modes it likes.
    tap.equal([x for x in done.stdout.splitlines() if "open to other users" not in x], [], "fsck")


tap.main()
