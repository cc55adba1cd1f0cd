#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3's decisions: what is kept on the server, for how long, and what is told."""
import json
import os
import re
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

USERS = {"ivan": home.SECRET}
DAY = 86400
EX_IOERR, EX_TEMPFAIL = 74, 75


def letter(n, more=""):
    return ("Message-ID: <%d@peer.test>\nDate: Sat, 21 Nov 2026 10:%02d:00 +0000\n"
            "Subject: letter %d\n%s\nbody of %d\n" % (n, n % 60, n, more, n)).encode()


def letters(count, begin=1):
    return [letter(n) for n in range(begin, begin + count)]


class Scene:
    """A maildrop behind TLS, and a home."""

    def __init__(self, mail, sections="", capabilities=("TOP", "UIDL", "PIPELINING"), faults=(),
                 **account):
        authority = certs.Authority(tap.tempdir())
        self.drop = fakemail.Maildrop(USERS, mail, capabilities=list(capabilities), faults=faults)
        self.server = fakeserver.Server(self.drop, authority.server(), True)
        tap.cleanup(self.server.stop)
        self.settings = {"pop3": "pop3s://ivan@localhost:%d" % self.server.port,
                         "tls-ca": authority.pem, **account}
        self.home = home.Home(self.settings, sections)
        self.now = None

    def fetch(self, *args, status=0, **options):
        env = self.home.environment()
        if self.now is not None:
            env["DEWEY_CLOCK"] = str(int(self.now))
        return self.home.run("dewey-pop3", *args, "home", status=status, env=env, **options)

    def done(self, *args, **options):
        """The last event of a run."""
        return json.loads(self.fetch("--events", *args, **options).stdout.splitlines()[-1])

    def commands(self, verb):
        return [x for x in self.drop.lines if x.split(" ")[0] == verb]

    def forget_commands(self):
        self.drop.lines.clear()

    def there(self):
        return [data for _, data in self.drop.letters]

    def inbox(self):
        return sorted(self.home.folder("Inbox"))

    def move(self, path, folder, name=None):
        name = name or os.path.basename(path).split(":")[0] + ":2,S"
        os.rename(path, os.path.join(self.home.mail, folder, "cur", name))


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


# --- keep = until deleted

@tap.test("until deleted: Trash, no folder, and back; nothing is fetched twice [P-61]")
def until_deleted():
    scene = Scene(letters(5), keep="until deleted")
    scene.fetch()
    tap.equal(len(scene.there()), 5)
    paths = scene.home.paths("Inbox")
    scene.move(paths[0], "Trash")
    os.unlink(paths[1])
    scene.fetch()
    tap.equal(scene.there(), letters(3, 3))
    scene.fetch()
    tap.equal(scene.there(), letters(3, 3))
    tap.equal(len(scene.commands("RETR")), 5)


@tap.test("until deleted: moved and renamed by another program is not deleted [X-10]")
def until_deleted_renamed():
    scene = Scene(letters(4), keep="until deleted")
    scene.fetch()
    paths = scene.home.paths("Inbox")
    scene.move(paths[0], "Archive")
    scene.move(paths[1], "Archive", "1700000000.1234_5.elsewhere:2,RS")
    scene.move(paths[2], "Inbox", "1700000001.1234_6.elsewhere:2,S")
    for _ in range(2):
        scene.fetch()
        tap.equal(len(scene.there()), 4)
    tap.equal(scene.commands("DELE"), [])


@tap.test("until deleted: a store that was emptied deletes nothing, is told once, and can be meant")
def emptied():
    scene = Scene(letters(25), keep="until deleted")
    scene.fetch()
    for path in scene.home.paths("Inbox")[:21]:
        os.unlink(path)
    tap.contains(scene.fetch().stderr, ["of 25 letters", "21", "--delete-gone home"])
    tap.equal(len(scene.there()), 25)
    tap.lacks(scene.fetch().stderr, "--delete-gone")
    # Fewer than twenty now, but in doubt as before.
    scene.drop.letters = scene.drop.letters[:8] + scene.drop.letters[21:]
    scene.fetch()
    scene.fetch()
    tap.equal(len(scene.there()), 12)
    scene.fetch("--delete-gone")
    tap.equal(len(scene.there()), 4)


@tap.test("until deleted: three letters and a store without any letter: nothing is deleted")
def emptied_small():
    scene = Scene(letters(3), keep="until deleted")
    scene.fetch()
    for path in scene.home.paths("Inbox"):
        os.unlink(path)
    scene.fetch()
    scene.fetch()
    tap.equal(len(scene.there()), 3)
    # A new letter does not make the store look alive.
    scene.drop.letters.append(("new", letter(4)))
    scene.fetch()
    scene.fetch()
    tap.equal(len(scene.there()), 4)


@tap.test("until deleted: a store that is not there, and one without its ledger, delete nothing")
def unmounted():
    scene = Scene(letters(3), keep="until deleted")
    scene.fetch()
    os.rename(scene.home.mail, scene.home.mail + ".away")
    scene.fetch()
    tap.equal((len(scene.there()), len(scene.inbox())), (3, 3))
    shutil.rmtree(scene.home.mail)
    os.rename(scene.home.mail + ".away", scene.home.mail)
    scene.fetch()
    tap.equal((len(scene.there()), len(scene.inbox())), (3, 3))


@tap.test("until deleted: the index is neither needed nor believed")
def no_index():
    scene = Scene(letters(3), keep="until deleted")
    scene.fetch()
    scene.home.run("dewey", "list", "Inbox")
    scene.move(scene.home.paths("Inbox")[0], "Archive")
    scene.fetch()
    tap.equal(len(scene.there()), 3)
    os.unlink(os.path.join(scene.home.mail, ".dewey", "index.db"))
    scene.fetch()
    tap.equal(len(scene.there()), 3)


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
    tap.equal(scene.commands("RETR") + scene.commands("DELE"), [])
    scene.fetch("--keep")
    text = scene.fetch("--dry-run", "-v").stderr
    tap.contains(text, ["would delete letter 2, ", "would fetch 0, delete 2"])


tap.main()
