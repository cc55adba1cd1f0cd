#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Odd Maildirs and file systems: what dewey makes of long names, names that are not text,
a folder on another disk, a network's stale handles, and disks that take no colon."""
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

EX_UNAVAILABLE, EX_IOERR, EX_DATAERR = 69, 74, 65
OTHER = "/dev/shm"
LETTER = """From: %s <%s@example.org>
Subject: about %s
Message-ID: <%s@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

%s
"""


class Scene:
    def __init__(self):
        self.home = home.Home({"pop3": "pop3s://ivan@localhost:1"})
        self.dewey("count", "x")

    def dewey(self, *words, **options):
        return self.home.run("dewey", *words, **options)

    def put(self, folder, name, who, text="text"):
        """name, and folder, may be bytes: names of files are any octets."""
        base = os.path.join(os.fsencode(self.home.mail), os.fsencode(folder))
        for part in (b"tmp", b"new", b"cur"):
            os.makedirs(os.path.join(base, part), 0o700, exist_ok=True)
        path = os.path.join(base, b"new", os.fsencode(name))
        with open(path, "w", encoding="utf-8") as file:
            file.write(LETTER % (who, who, who, who, text))
        os.chmod(path, 0o600)
        return path

    def files(self):
        root = os.fsencode(self.home.mail)
        return sorted(os.path.relpath(os.path.join(folder, name), root)
                      for folder, _, names in os.walk(root) for name in names
                      if b"/.dewey" not in folder)

    def found(self, *args, status=EX_DATAERR):
        done = self.dewey("fsck", "--json", *args, status=status)
        return [json.loads(line)["problem"] for line in done.stdout.splitlines()]

    def senders(self, query):
        return [json.loads(line)["from"].split()[0]
                for line in self.dewey("search", "--json", query).stdout.splitlines()]


@tap.test("X-28: a name of 255 octets has no room for flags: the letter gets another, and undo gives the old one back")
def long_name():
    scene = Scene()
    name = "1770026400." + "n" * 244
    scene.put("Inbox", name, "anna")
    scene.dewey("tag", "+work", "from:anna")
    before = scene.files()
    scene.dewey("move", "Archive", "from:anna")
    tap.equal(len(scene.files()), 1)
    tap.ok(scene.files()[0].startswith(b"Archive/cur/"), scene.files())
    tap.equal(scene.senders("in:Archive tag:work"), ["anna"])
    tap.equal(scene.dewey("undo").stdout, "1 message moved back\n")
    tap.equal(scene.files(), before)
    tap.equal(scene.senders("in:Inbox tag:work"), ["anna"])
    tap.equal(scene.found(status=0), [])


@tap.test("X-28: names that are not UTF-8, of a letter and of a folder")
def not_text():
    scene = Scene()
    scene.put("Inbox", b"1770026400.a\xff\xfeb.host", "anna")
    scene.put(b"Li\xffsts", "1770026401.b.host", "boris")
    before = scene.files()
    scene.dewey("move", "Archive", "from:anna")
    tap.ok(b"Archive/cur/1770026400.a\xff\xfeb.host:2," in scene.files(), scene.files())
    scene.dewey("undo")
    tap.equal(scene.files(), before)
    # The folder is told, for it is not listed.
    tap.equal(scene.senders("boris"), [])
    found = scene.found()
    tap.equal(len(found), 1)
    tap.contains(found[0], "the messages in 'Li")


@tap.test("X-07: a letter is not moved to another file system; copied it can be")
def other_disk():
    scene = Scene()
    scene.put("Inbox", "1770026400.a.host", "anna")
    point = os.path.join(scene.home.mail, "Disk")
    disk = tempfile.mkdtemp(prefix="dewey-", dir=OTHER)
    tap.cleanup(shutil.rmtree, disk)
    if os.stat(OTHER).st_dev == os.stat(scene.home.path).st_dev:
        tap.skip("there is no second file system at " + OTHER)
    for part in ("cur", "new", "tmp"):
        os.mkdir(os.path.join(disk, part))
    os.mkdir(point, 0o700)
    before = scene.files()
    command = ["unshare", "--mount", "sh", "-c", "mount --bind '%s' '%s' && exec \"$@\"" % (disk, point),
               "sh", *scene.home.command("dewey", "move", "Disk", "from:anna")]
    done = tap.succeeds(command, EX_IOERR, env=scene.home.environment())
    tap.contains(done.stderr, ["is another file system", "copy it there and delete it here"])
    tap.equal((scene.files(), os.listdir(disk + "/cur"), os.listdir(disk + "/new")), (before, [], []))
    tap.equal(scene.dewey("undo").stdout, "there is nothing to undo\n")


@tap.test("X-07: a store that others may write to is told")
def open_store():
    scene = Scene()
    os.chmod(scene.home.mail, 0o770)
    done = scene.dewey("count", "x")
    tap.contains(done.stderr, ["others may write to", "chmod go-w"])
    os.chmod(scene.home.mail, 0o700)
    tap.lacks(scene.dewey("count", "x").stderr, "others may write")


def strace(scene, path, fault, *words, status=0):
    """The program with a fault of the system calls that name a path."""
    tool = tap.tool("strace", "strace")
    options = "" if not tap.sanitized("dewey") else "detect_leaks=0"
    return tap.succeeds([tool, "-f", "-o", "/dev/null", "-P", path, "-e", "inject=" + fault,
                         *scene.home.command("dewey", *words)], status,
                        env={**scene.home.environment(), "ASAN_OPTIONS": options})


@tap.test("X-14: a stale handle of a network's file system: the letter is looked for, and read")
def stale():
    scene = Scene()
    path = scene.put("Inbox", "1770026400.a.host", "anna", "what it says")
    number = json.loads(scene.dewey("search", "--json", "anna").stdout)["id"]
    done = strace(scene, path.decode(), "openat:error=ESTALE:when=1", "show", str(number))
    tap.contains(done.stdout, "what it says")


@tap.test("X-11: a letter that a program has written into: fsck tells, and --repair reads it again")
def changed():
    scene = Scene()
    path = scene.put("Inbox", "1770026400.a.host", "anna", "herring")
    tap.equal(scene.senders("herring"), ["anna"])
    scene.dewey("tag", "+work", "anna")
    scene.put("Inbox", "1770026400.a.host", "anna", "sturgeon and pike")
    found = scene.found()
    tap.equal(len(found), 1)
    tap.contains(found[0], "'1770026400.a.host' was changed")
    scene.found("--repair", status=0)
    tap.equal((scene.senders("herring"), scene.senders("sturgeon tag:work")), ([], ["anna"]))
    tap.equal(scene.found(status=0), [])
    with open(path, encoding="utf-8") as file:
        tap.contains(file.read(), "sturgeon and pike")


@tap.test("X-15: a file system that takes no colon is refused in plain words, and nothing is put there")
def no_colon():
    place = tap.tempdir()
    scene = Scene()
    scene.home.mail = os.path.join(place, "Mail")
    scene.home.write({"pop3": "pop3s://ivan@localhost:1"})
    probe = os.path.join(scene.home.mail, ".dewey/tmp/probe:2,S")
    done = strace(scene, probe, "openat:error=EINVAL", "count", "x", status=EX_IOERR)
    tap.contains(done.stderr, ["cannot be a mail store", "takes no ':'", "'mail'"])
    tap.equal(scene.files(), [])
    tap.ok(not os.path.exists(os.path.join(scene.home.mail, "Inbox")), "a folder was made")
    # The disk was another one.
    scene.dewey("count", "x")
    tap.equal(os.listdir(os.path.dirname(probe)), [])


tap.main()
