#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 and folders on file systems of their own: one that is not mounted is not one that
was emptied, and nothing is put where the file system should be."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap
from pop3scene import Scene

EX_TEMPFAIL = 75
OTHER = "/dev/shm"
FOLDER = "Lists/work"


def letter(n):
    return b"From: a@peer.test\nSubject: letter %d\nMessage-ID: <%d@peer.test>\n\nx\n" % (n, n)


class Mounted(Scene):
    """A scene whose programs see another file system at a folder of the store, when it is
    mounted."""

    def __init__(self, count, folder, **account):
        super().__init__([("uid-%d" % n, letter(n)) for n in range(count)], account=account)
        self.folder, self.point = folder, os.path.join(self.home.mail, folder)
        if not os.path.isdir(OTHER) or os.stat(OTHER).st_dev == os.stat(self.home.path).st_dev:
            tap.skip("there is no second file system at " + OTHER)
        self.disk = tempfile.mkdtemp(prefix="dewey-", dir=OTHER)
        tap.cleanup(shutil.rmtree, self.disk)
        os.makedirs(self.point)

    def visit(self, mounted, *args, status=0):
        command = self.home.command("dewey-pop3", *args, "home")
        if mounted:
            command = ["unshare", "--mount", "sh", "-c", "mount --bind '%s' '%s' && exec \"$@\"" % (
                self.disk, self.point), "sh", *command]
        return tap.succeeds(command, status, env=self.home.environment())

    def on_disk(self):
        return sorted(os.path.join(self.disk, part, name) for part in ("new", "cur")
                      for name in os.listdir(os.path.join(self.disk, part)))

    def there(self):
        return len(self.drop.letters)


def counts(scene):
    return scene.there(), len(scene.on_disk()), len(scene.home.paths(scene.folder))


@tap.test("until deleted: the account's inbox is not mounted: nothing is deleted, nothing goes below it [X-10] [P-61]")
def inbox():
    scene = Mounted(5, FOLDER, inbox=FOLDER, keep="until deleted")
    scene.visit(True)
    tap.equal(counts(scene), (5, 5, 0))
    scene.drop.letters.append(("late", letter(99)))
    for args in ((), ("--all",), ("--keep",)):
        result = scene.visit(False, *args, status=EX_TEMPFAIL)
        tap.contains(result.stderr, FOLDER)
        tap.contains(result.stderr, "not mounted")
        tap.equal((counts(scene), scene.commands("DELE")), ((6, 5, 0), []))
    # An empty Maildir in its place, as other programs make one.
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(scene.point, part))
    scene.visit(False, status=EX_TEMPFAIL)
    tap.equal((counts(scene), scene.commands("DELE")), ((6, 5, 0), []))
    # Not even the place to mount it is there.
    shutil.rmtree(scene.point)
    scene.visit(False, status=EX_TEMPFAIL)
    tap.equal((counts(scene), scene.commands("DELE")), ((6, 5, 0), []))
    os.makedirs(scene.point)
    scene.visit(True)
    tap.equal(counts(scene), (6, 6, 0))
    # What is deleted while it is mounted is meant.
    os.unlink(scene.on_disk()[0])
    scene.visit(True)
    tap.equal(counts(scene), (5, 5, 0))


@tap.test("until deleted: letters that another program took to a folder that is not mounted now stay [X-10]")
def archive():
    for looked in (True, False):
        scene = Mounted(4, "Archive", keep="until deleted")
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(scene.disk, part))
        scene.visit(True)
        for path in scene.home.paths("Inbox")[:3]:
            shutil.copy(path, os.path.join(scene.disk, "cur", os.path.basename(path) + ":2,S"))
            os.unlink(path)
        if looked:
            scene.visit(True)
        scene.visit(False)
        tap.equal((scene.there(), scene.commands("DELE")), (4, []))
        os.unlink(scene.on_disk()[0])
        scene.visit(True)
        tap.equal(scene.there(), 3)


@tap.test("a folder that was on a file system of its own and is so no more: its letters say so [X-10]")
def moved_home():
    scene = Mounted(4, FOLDER, inbox=FOLDER, keep="until deleted")
    scene.visit(True)
    shutil.copytree(scene.disk, scene.point, dirs_exist_ok=True)
    os.unlink(scene.home.paths(FOLDER)[0])
    scene.drop.letters.append(("late", letter(99)))
    scene.visit(False)
    tap.equal((scene.there(), len(scene.home.paths(FOLDER))), (4, 4))


@tap.test("a folder that is a link: nothing is put there, and nothing counts as gone [X-10]")
def links():
    scene = Scene([("uid-%d" % n, letter(n)) for n in range(3)],
                  account={"keep": "until deleted"})
    scene.fetch()
    other = tap.tempdir()
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(other, part))
    os.symlink(other, os.path.join(scene.home.mail, "Old"))
    for path in scene.home.paths("Inbox")[1:]:
        os.rename(path, os.path.join(other, "cur", os.path.basename(path) + ":2,S"))
    scene.fetch()
    tap.equal((len(scene.drop.letters), scene.commands("DELE")), (3, []))
    scene.home.write({**scene.settings, "inbox": "Old"})
    scene.drop.letters.append(("late", letter(9)))
    result = scene.fetch(status=EX_TEMPFAIL)
    tap.contains(result.stderr, "'Old'")
    tap.contains(result.stderr, "link")
    tap.equal((len(scene.drop.letters), len(os.listdir(other + "/new"))), (4, 0))


tap.main()
