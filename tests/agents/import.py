#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey import: a second run doubles nothing whatever was done to the letters since, and
one that was killed or failed is carried on by the next, for each kind of mailbox."""
import collections
import gzip
import json
import mailbox
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
from faults import EIO, ENOSPC, KILL, besiege

NOWHERE = {"pop3": "pop3s://ivan@pop.invalid"}
ENVELOPE = b"From a@b.test Mon Jan  5 10:00:00 2026\n"


def letter(number, extra=b""):
    return b"From: a@b.test\nMessage-ID: <%d@x>\nSubject: %d\n\nx\n%s" % (number, number, extra)


# Twins too: two equal letters of one mailbox are two.
LETTERS = [letter(n) for n in range(6)] + [letter(2), letter(2)]


def mbox_text(letters):
    return b"".join(ENVELOPE + one + b"\n" for one in letters)


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def as_mbox(path, letters):
    write(path, mbox_text(letters))


def as_gzip(path, letters):
    write(path, gzip.compress(mbox_text(letters)))


def as_xz(path, letters):
    write(path, subprocess.run([tap.tool("xz", "xz-utils"), "-c"], input=mbox_text(letters),
                               capture_output=True, check=True).stdout)


def as_mboxcl2(path, letters):
    write(path, b"".join(ENVELOPE + one.replace(b"\n\n", b"\nContent-Length: %d\n\n" % len(
        one.partition(b"\n\n")[2]), 1) + b"\n" for one in letters))


def as_maildir(path, letters):
    for n, one in enumerate(letters):
        write("%s/cur/%d.x:2,S" % (path, n) if n % 2 else "%s/new/%d.x" % (path, n), one)
    os.makedirs(path + "/tmp")


def as_mh(path, letters):
    mh = mailbox.MH(path)
    for one in letters:
        mh.add(one)
    mh.set_sequences({"unseen": [1]})


def as_files(path, letters):
    for n, one in enumerate(letters):
        write("%s/%d.eml" % (path, n), one)


def as_tree(path, letters):
    half = len(letters) // 2
    write(path + "/Inbox", mbox_text(letters[:half]))
    write(path + "/Inbox.sbd/Old", mbox_text(letters[half:]))


KINDS = {"mbox": as_mbox, "mbox.gz": as_gzip, "mbox.xz": as_xz, "mboxcl2": as_mboxcl2,
         "Maildir": as_maildir, "MH": as_mh, "letters": as_files, "Thunderbird": as_tree}


def source_of(place, kind, letters):
    path = os.path.join(place.path, "source-" + kind)
    KINDS[kind](path, letters)
    return path


def taken(place, *args):
    said = json.loads(place.run("dewey", "import", "--json", *args).stdout)
    return said["imported"], said["skipped"], said["gone"]


def all_letters(place):
    return collections.Counter(place.folder("Inbox") + place.folder("Inbox/Old"))


def here(place):
    return len(place.paths("Inbox")) + len(place.paths("Inbox/Old"))


for name in KINDS:
    @tap.test("import of %s: the second run doubles nothing, also of what was moved, archived or "
              "deleted since" % name)
    def twice(kind=name):
        place = home.Home(NOWHERE)
        path = source_of(place, kind, LETTERS)
        tap.equal(taken(place, path), (8, 0, 0))
        tap.equal(taken(place, path), (0, 8, 0))
        place.run("dewey", "move", "Lists/x", "subject:0")
        place.run("dewey", "archive", "subject:1")
        # One of three equal ones, by another program, and one by dewey.
        os.unlink(next(p for p in place.paths("Inbox") + place.paths("Inbox/Old")
                       if home.read(p) == letter(2)))
        place.run("dewey", "move", "Trash", "subject:3")
        tap.equal(taken(place, path), (0, 4, 4))
        tap.equal(taken(place, path), (0, 4, 4))
        said = place.run("dewey", "import", path).stderr
        tap.contains(said, ["4 already here", "4 messages were imported before", "--again"])
        # A new letter in the same mailbox comes.
        shutil.rmtree(path, ignore_errors=True)
        if os.path.exists(path):
            os.unlink(path)
        KINDS[kind](path, LETTERS + [letter(9)])
        tap.equal(taken(place, path)[0], 1)
        # What was deleted comes when it is asked for, what was moved does not.
        tap.equal(taken(place, "--again", path), (2, 7, 0))
        tap.equal(taken(place, "--again", path), (0, 9, 0))
        everything = sum((collections.Counter(place.folder(f)) for f in (
            "Inbox", "Inbox/Old", "Lists/x", "Archive/2026")), collections.Counter())
        tap.equal(sum(everything.values()), 9)
        tap.equal(everything[letter(2)], 3)


@tap.test("import: another folder, and another account of the same letters, are others")
def elsewhere():
    place = home.Home(NOWHERE)
    path = source_of(place, "mbox", LETTERS)
    tap.equal(taken(place, path), (8, 0, 0))
    tap.equal(taken(place, "-f", "Copy", path), (8, 0, 0))
    # The file may have another name by now.
    os.rename(path, path + ".old")
    shutil.rmtree(os.path.join(place.mail, "Copy"))
    tap.equal(taken(place, "-f", "Copy", path + ".old"), (0, 0, 8))
    tap.equal(taken(place, path + ".old"), (0, 8, 0))


@tap.test("import: what lay here before any import is remembered as well")
def met():
    place = home.Home(NOWHERE)
    path = source_of(place, "mbox", LETTERS)
    place.run("dewey", "count", "is:unread")
    for n, one in enumerate(LETTERS):
        write(os.path.join(place.mail, "Inbox/cur/%d.y:2,S" % n), one)
    tap.equal(taken(place, path), (0, 8, 0))
    for path_of in place.paths("Inbox"):
        os.unlink(path_of)
    tap.equal(taken(place, path), (0, 0, 8))


@tap.test("import into Trash, again: nothing is doubled there")
def trash():
    place = home.Home(NOWHERE)
    path = source_of(place, "mbox", LETTERS)
    tap.equal(taken(place, "-f", "Trash", path), (8, 0, 0))
    tap.equal(taken(place, "--again", "-f", "Trash", path), (0, 8, 0))


def importing(path):
    def check(place, result, call):
        if result:
            place.run("dewey", "import", path)
        tap.equal(all_letters(place), collections.Counter(LETTERS))
        tap.equal(place.run("dewey", "count", "in:Inbox").stdout, "%d\n" % len(LETTERS))

    def scene():
        place = home.Home(NOWHERE)
        place.run("dewey", "count", "is:unread")
        return place, check
    return scene


def of_letters(calls):
    """From the first letter to the last."""
    mine = [n for n, call in enumerate(calls) if "/Inbox/" in call.path or "ledger" in call.path]
    return calls[mine[0]:mine[-1] + 1]


for name in ("mbox", "Maildir", "Thunderbird"):
    @tap.test("import of %s: killed, or without disk, at a system call; the next run brings the "
              "rest [X-20]" % name)
    def besieged(kind=name):
        path = os.path.join(tap.tempdir(), "source")
        KINDS[kind](path, LETTERS)
        besiege(importing(path), [KILL, EIO, ENOSPC], "dewey", "import", path, only=of_letters)


for name in KINDS:
    @tap.test("import of %s: killed in the middle, again and again; the next run brings the rest "
              "and nothing twice" % name)
    def killed(kind=name):
        letters = [letter(n, b"x" * (n % 700) + b"\n") for n in range(1500)]
        letters += letters[:50]
        place = home.Home(NOWHERE)
        path = source_of(place, kind, letters)
        place.run("dewey", "count", "is:unread")
        for wanted in (1, 600):
            child = subprocess.Popen(place.command("dewey", "import", path),
                                     env=place.environment(), stderr=subprocess.DEVNULL)
            while child.poll() is None and here(place) < wanted:
                pass
            child.send_signal(signal.SIGKILL)
            child.wait()
        tap.note("killed with %d letters here" % here(place))
        tap.ok(here(place) < len(letters), "it was too fast")
        place.run("dewey", "import", path)
        tap.ok(all_letters(place) == collections.Counter(letters), "other letters")
        tap.equal(taken(place, path), (0, len(letters), 0))


tap.main()
