#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A disk that is full at every step of a fetch, has no room for another file, or
becomes read-only in the midst of it; a limit on the size of files and on open
ones: the error is told, no letter is lost or doubled, and when there is room
again the next run goes on (P-57, P-63, X-22).

DEWEY_STEPS is how many amounts of free room each test tries (8); "make crash"
tries each page (60).  DEWEY_SEED repeats a choice."""
import collections
import os
import random
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cutproxy
import fakemail
import fakeserver
import home
import tap

STEPS = int(os.environ.get("DEWEY_STEPS", "8"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
PAGE = 4096
LETTERS = [b"Message-ID: <%d@a.test>\nSubject: %d\n\n" % (n, n) + b"a line of text\n" * 28000
           for n in range(12)]
TOTAL = sum(-len(x) // PAGE * -PAGE for x in LETTERS)
SMALL = [b"Subject: %d\n\n%d\n" % (n, n) for n in range(40)]
EX_IOERR, EX_TEMPFAIL = 74, 75  # of dewey, of dewey-pop3


class Liar(fakemail.Maildrop):
    """Its LIST says that letters are small, so that nobody can know before."""

    class session(fakemail.Maildrop.session):  # pylint: disable=invalid-name
        def size(self, index):
            return 1


class Scene:
    """A maildrop and a home whose store has a disk of its own."""

    def __init__(self, letters, lies=False, keep="never"):
        self.letters = letters
        self.broken = False
        kind = Liar if lies else fakemail.Maildrop
        self.drop = kind({"ivan": home.SECRET}, [])
        server = fakeserver.Server(self.drop)
        tap.cleanup(server.stop)
        self.proxy = cutproxy.CutProxy(server.port)
        tap.cleanup(self.proxy.stop)
        self.home = home.Home({
            "pop3": "pop3+insecure://ivan@localhost:%d" % self.proxy.port, "keep": keep})

    def mount(self, *options):
        os.mkdir(self.home.mail)
        result = tap.run(["mount", *options, self.home.mail])
        if result.returncode:
            tap.skip("a file system of the test's own cannot be mounted: " + result.stderr.strip())
        tap.cleanup(tap.succeeds, ["umount", "-l", self.home.mail])
        self.home.run("dewey-pop3", "home")  # an empty maildrop: the store is made
        self.drop.letters = [(str(n), data) for n, data in enumerate(self.letters)]

    # --- room
    def free(self):
        fs = os.statvfs(self.home.mail)
        return fs.f_bavail * fs.f_frsize

    def leave(self, octets):
        """Fills the disk up to so many octets."""
        with open(os.path.join(self.home.mail, ".ballast"), "wb") as file:
            os.posix_fallocate(file.fileno(), 0, self.free() - octets)

    def leave_files(self, count):
        os.mkdir(os.path.join(self.home.mail, ".ballast.d"))
        for n in range(os.statvfs(self.home.mail).f_favail - count):
            with open(os.path.join(self.home.mail, ".ballast.d", str(n)), "wb"):
                pass

    def clear(self):
        for name in (".ballast", ".ballast.d"):
            subprocess.run(["rm", "-rf", os.path.join(self.home.mail, name)], check=True)

    # --- what is promised
    def run(self, status=None, **options):
        return self.home.run("dewey-pop3", "home", status=status, **options)

    def told(self, result, words=("No space left", "disk is full")):
        """It worked, or the error is in words and the status says EX_TEMPFAIL."""
        if result.returncode == 0:
            tap.equal(len(self.home.folder("Inbox")), len(self.letters), "letters, and status 0")
            return
        tap.equal(result.returncode, EX_TEMPFAIL, "exit status\n" + result.stderr)
        tap.ok(any(word in result.stderr for word in words), "it says:\n" + result.stderr)

    def safe(self):
        """Each letter is on the server, or here and whole; perhaps both."""
        here = set(self.home.folder("Inbox"))
        gone = set(self.letters) - {data for _, data in self.drop.letters}
        tap.ok(gone <= here, "%d letters are lost" % len(gone - here))
        tap.ok(here <= set(self.letters), "half a letter in the Inbox")

    def resume(self):
        self.run(status=0)
        got, wanted = collections.Counter(self.home.folder("Inbox")), collections.Counter(self.letters)
        tap.equal((len(wanted - got), len(got - wanted)), (0, 0), "lacking, too many")
        tap.equal(self.drop.letters, [], "left on the server")
        self.rubbish_goes()

    def rubbish_goes(self):
        """What could not be removed when the disk was broken is swept when it is old."""
        tmp = os.path.join(self.home.mail, "Inbox", "tmp")
        for name in os.listdir(tmp):
            tap.ok(self.broken, "left in tmp: " + name)
            os.utime(os.path.join(tmp, name), (0, 0))
        self.run(status=0)
        tap.equal(os.listdir(tmp), [], "left in tmp")


def some(amounts, most=STEPS):
    return sorted(random.Random(SEED).sample(list(amounts), min(most, len(amounts))))


def each(amounts, test):
    ends = collections.Counter()
    for amount in amounts:
        try:
            ends[test(amount)] += 1
        except tap.Failure as failure:
            raise tap.Failure("room for %d: %s" % (amount, failure)) from None
        finally:
            tap.clean()
    tap.note("%d amounts (seed %s); exit status: %s" % (
        len(amounts), SEED, ", ".join("%d: %d" % x for x in sorted(ends.items()))))


def full_at(octets):
    scene = Scene(LETTERS, lies=True)
    scene.mount("-t", "tmpfs", "-o", "size=24m,mode=700", "dewey-test")
    scene.leave(octets)
    result = scene.run()
    scene.told(result)
    scene.safe()
    scene.clear()
    scene.resume()
    return result.returncode


@tap.test("the disk is full in the midst of letters: what came stays, then it goes on [P-63, X-22]")
def full_in_letters():
    each(some(range(TOTAL - 400 * 1024, TOTAL, 5 * PAGE)), full_at)


@tap.test("the disk is full at the ledger, the transcript or the rename [P-57, P-63, X-22]")
def full_in_ledger():
    each(some(range(TOTAL, TOTAL + 40 * PAGE, PAGE)), full_at)


def full_at_index(octets):
    """The same by "dewey fetch", which lists what has come."""
    scene = Scene(LETTERS, lies=True)
    scene.mount("-t", "tmpfs", "-o", "size=24m,mode=700", "dewey-test")
    scene.leave(octets)
    result = scene.home.run("dewey", "fetch", status=None)
    tap.ok(result.returncode in (0, EX_IOERR), "exit status %d\n%s" % (
        result.returncode, result.stderr))
    tap.ok(result.returncode == 0 or "full" in result.stderr or "No space" in result.stderr,
           "it says:\n" + result.stderr)
    scene.safe()
    count = scene.home.run("dewey", "count", "in:Inbox", status=None)
    tap.ok(count.returncode >= 0, "dewey count ends by a signal")
    scene.clear()
    scene.home.run("dewey", "fetch")
    scene.resume()
    tap.equal(scene.home.run("dewey", "count", "in:Inbox").stdout, "12\n", "letters listed")
    return result.returncode


@tap.test("the disk is full at the index: what has come stays, and is listed later [P-57, X-22]")
def full_in_index():
    each(some(range(TOTAL + 15 * PAGE, TOTAL + 1200 * PAGE, 15 * PAGE)), full_at_index)


@tap.test("no room for the next letter: it is not asked for [P-57, P-63]")
def not_asked():
    scene = Scene(LETTERS)
    scene.mount("-t", "tmpfs", "-o", "size=24m,mode=700", "dewey-test")
    scene.leave((4 << 20) + 3 * len(LETTERS[0]) + len(LETTERS[0]) // 2)
    result = scene.run()
    tap.equal(result.returncode, EX_TEMPFAIL, "exit status")
    scene.told(result)
    tap.equal(sum(line.startswith("RETR") for line in scene.drop.lines), 3, "letters asked for")
    tap.equal(len(scene.drop.letters), 9, "left on the server")
    scene.clear()
    scene.resume()


def files_for(count):
    scene = Scene(SMALL)
    scene.mount("-t", "tmpfs", "-o", "size=24m,mode=700,nr_inodes=400", "dewey-test")
    scene.leave_files(count)
    result = scene.run()
    scene.told(result)
    scene.safe()
    tap.ok(count < 16 or scene.home.folder("Inbox"), "what there was room for is not kept")
    scene.clear()
    scene.resume()
    return result.returncode


@tap.test("no room for another file, at every number of files [P-57, P-63, X-22]")
def no_inodes():
    each(some(range(56), min(STEPS, 56)), files_for)


def size_limit(octets):
    scene = Scene(LETTERS[:3] + SMALL)
    os.mkdir(scene.home.mail)
    scene.drop.letters = [(str(n), data) for n, data in enumerate(scene.letters)]
    result = scene.run(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (octets,) * 2))
    scene.told(result, ("File too large", "disk", "full"))
    scene.safe()
    scene.resume()
    return result.returncode


@tap.test("a limit on the size of files: an error, never a signal [X-22]")
def file_size():
    each([100, 5000, 40000, 100000, 150000, 300000], size_limit)


def open_limit(count):
    scene = Scene(SMALL)
    scene.drop.letters = [(str(n), data) for n, data in enumerate(scene.letters)]
    result = scene.run(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count,) * 2))
    tap.ok(result.returncode == 0 or 64 <= result.returncode <= 78, "exit status %d: %s"
           % (result.returncode, result.stderr))
    tap.ok(result.returncode == 0 or "dewey-pop3" in result.stderr, "it says nothing")
    if result.returncode:
        scene.safe()
    scene.resume()
    return result.returncode


@tap.test("ten open files, and some more or less: it works or says why [X-22]")
def open_files():
    each(sorted({10, 16, *some(range(8, 40))}), open_limit)


def attach(image):
    result = tap.run([tap.tool("losetup", "mount"), "-f", "--show", image])
    if result.returncode:
        tap.skip("no loop device: " + result.stderr.strip())
    tap.cleanup(tap.run, ["losetup", "-d", result.stdout.strip()])
    return result.stdout.strip()


def read_only_at(octets):
    """ext4 has been told to become read-only at an error; it meets one when so
    many octets have come."""
    scene = Scene(LETTERS)
    image = os.path.join(scene.home.path, "image")
    with open(image, "wb") as file:
        file.truncate(64 << 20)
    tap.succeeds([tap.tool("mkfs.ext4", "e2fsprogs"), "-q", image])
    device = attach(image)
    scene.mount("-o", "errors=remount-ro", device)
    struck = []

    def rule(way, before, data):
        if way == cutproxy.TO_CLIENT and len(before) + len(data) >= octets and not struck:
            struck.append(True)
            name = "/sys/fs/ext4/%s/trigger_fs_error" % os.path.basename(device)
            with open(name, "w", encoding="ascii") as file:
                file.write("1")
    scene.proxy.rule = rule
    result = scene.run()
    tap.ok(struck, "it was over before")
    scene.broken = True
    scene.told(result, ("Read-only file system", "readonly database", "I/O error"))
    scene.proxy.rule = None
    scene.safe()
    tap.succeeds(["umount", scene.home.mail])
    tap.run(["fsck.ext4", "-fy", device])
    tap.succeeds(["mount", "-o", "errors=remount-ro", device, scene.home.mail])
    scene.resume()
    return result.returncode


@tap.test("the disk becomes read-only in the midst of the fetch [P-63, X-22]")
def read_only():
    if not os.path.isdir("/sys/fs/ext4"):
        tap.skip("this kernel has no ext4")
    each([200, *some(range(1000, TOTAL, 1000), max(STEPS // 2, 1))], read_only_at)


def alone():
    """Into a mount namespace of our own: the rooms of other tests copy the mounts
    of the machine, and while a copy lives, what we unmount is not unmounted."""
    room = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() or "DEWEY_ALONE" in os.environ:
        return
    if subprocess.run([*room, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        os.environ["DEWEY_ALONE"] = "yes"
        os.execvp(room[0], [*room, sys.executable, "-B", *sys.argv])


alone()
tap.main()
