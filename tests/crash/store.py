#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The store is killed at system calls, and system calls fail: afterwards every
letter is here exactly once or will be, and a letter that is sent went to each
recipient once and has one copy (X-20, X-22, X-25, P-57, P-58, S-51, S-55).

DEWEY_CRASH=all tries each occurrence of each call ("make crash"); otherwise one
of each, another each time.  DEWEY_SEED repeats a run."""
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap

ALL = os.environ.get("DEWEY_CRASH") == "all"
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
DRIVER = os.path.join(tap.BUILD, "tests", "crash", "store-driver")
COUNT = 12  # a batch that is synced at once, and one letter by letter
FEW = 1     # occurrences of each call, when not all

CALLS = ["write", "pwrite64", "fsync", "fdatasync", "syncfs", "ftruncate", "rename", "renameat",
         "link", "unlink", "unlinkat", "openat", "close"]
ERRORS = [("write", "ENOSPC"), ("write", "EIO"), ("pwrite64", "ENOSPC"), ("pwrite64", "EIO"),
          ("fsync", "EIO"), ("fdatasync", "EIO"), ("syncfs", "EIO"), ("renameat", "EIO"),
          ("rename", "ENOSPC"), ("link", "ENOSPC"), ("link", "EPERM"), ("openat", "ENOSPC"),
          ("openat", "EMFILE"), ("close", "EIO"), ("unlink", "EIO"), ("mkdir", "ENOSPC")]


def run(*words):
    return subprocess.run([DRIVER, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def strace(injection, *words):
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, "-e", "inject=" + injection, DRIVER, *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode


def need_strace():
    if not shutil.which("strace"):
        tap.skip("strace is not installed")
    done = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True)
    if done.returncode != 0:
        tap.skip("strace may not trace here")


class Fetch:
    """Letters come into an empty store."""
    def __init__(self, place):
        self.store = os.path.join(place, "store")
        self.work = ("deliver", self.store, str(COUNT))

    def check_promises(self):
        return run("letters", self.store, "-1")

    def check_end(self):
        return run("letters", self.store, str(COUNT))


class Send:
    """A letter goes from the outbox to Jones and Brown, then to Green."""
    def __init__(self, place):
        self.store = os.path.join(place, "store")
        self.log = os.path.join(place, "log")
        self.work = ("send", self.store, self.log)

    def check_promises(self):
        return None

    def check_end(self):
        return run("sent", self.store, self.log)


def occurrences(job, call):
    """How often the work makes this call."""
    with tempfile.TemporaryDirectory(prefix="dewey-crash-") as place:
        count = os.path.join(place, "count")
        subprocess.run(["strace", "-f", "-qq", "-o", count, "-e", "trace=" + call, DRIVER,
                        *job(place).work], stdin=subprocess.DEVNULL, capture_output=True)
        with open(count) as file:
            return len(re.findall(r"^\d+ +%s\(" % call, file.read(), re.M))


def chosen(total, rand):
    every = range(1, total + 1)
    return every if ALL or total <= FEW else sorted(rand.sample(every, FEW))


def crash_once(job, injection):
    with tempfile.TemporaryDirectory(prefix="dewey-crash-") as place:
        one = job(place)
        killed = strace(injection, *one.work) == -signal.SIGKILL
        promises = one.check_promises()
        if promises is not None:
            tap.equal(promises.returncode, 0, "%s: promises %s" % (injection, promises.stderr))
        again = run(*one.work)
        tap.equal(again.returncode, 0, "%s: the next run: %s" % (injection, again.stderr))
        end = one.check_end()
        tap.equal(end.returncode, 0, "%s: %s" % (injection, end.stderr))
        return killed


def crash_all(job, pairs):
    """pairs: call and what is injected into it."""
    need_strace()
    rand = random.Random(SEED)
    print("# DEWEY_SEED=%s" % SEED)
    totals = {call: occurrences(job, call) for call in {call for call, _ in pairs}}
    for call, what in pairs:
        killed = [crash_once(job, "%s:%s:when=%d" % (call, what, when))
                  for when in chosen(totals[call], rand)]
        # A last one may not be reached again: SQLite does not always write the same.
        if "KILL" in what and killed:
            tap.ok(any(killed), "%s was never reached" % call)
    tap.ok(totals["openat"] > 0 and totals["write"] > 0, "the work made no calls: %s" % totals)


KILLS = [(call, "signal=KILL") for call in CALLS]
FAILURES = [(call, "error=" + error) for call, error in ERRORS]


@tap.test("fetching is killed at system calls [P-57] [P-58] [X-20]")
def fetch_killed():
    crash_all(Fetch, KILLS)


@tap.test("system calls of fetching fail [X-25] [P-63]")
def fetch_fails():
    crash_all(Fetch, FAILURES)


@tap.test("sending is killed at system calls [S-51] [S-55] [X-20]")
def send_killed():
    crash_all(Send, KILLS)


@tap.test("system calls of sending fail [S-55]")
def send_fails():
    crash_all(Send, FAILURES)


@tap.test("every fsync fails, nothing is promised [X-02]")
def no_fsync():
    need_strace()
    with tempfile.TemporaryDirectory(prefix="dewey-crash-") as place:
        job = Fetch(place)
        tap.equal(run("deliver", job.store, "0").returncode, 0, "an empty store")
        tap.equal(strace("fsync,syncfs:error=EIO", *job.work), 75, "status")
        tap.equal(job.check_promises().returncode, 0, "promises")
        tap.equal(os.listdir(os.path.join(job.store, "Inbox/tmp")), [], "left in tmp")
        tap.equal(run(*job.work).returncode, 0, "the next run")
        tap.equal(job.check_end().returncode, 0, "letters")


@tap.test("the disk is full, and then has room again [X-22] [P-63]")
def disk_full():
    """Once out of octets, once out of inodes."""
    if os.geteuid() != 0:
        tap.skip("only root may mount a file system")
    for options in ("size=600k", "nr_inodes=40"):
        with tempfile.TemporaryDirectory(prefix="dewey-crash-") as place:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "dewey-test", place],
                                  capture_output=True, text=True)
            if done.returncode != 0:
                tap.skip("mount is not permitted: %s" % done.stderr.strip())
            try:
                fill(place)
            finally:
                subprocess.run(["umount", place], check=True)


def fill(place):
    store = os.path.join(place, "store")
    ballast = os.path.join(place, "ballast")
    tap.equal(run("deliver", store, "0").returncode, 0, "an empty store")
    for size in (300, 200, 100, 50, 20, 4, 0):
        with open(ballast, "wb") as file:
            try:
                file.write(bytes(size * 1024))
            except OSError:
                continue
        done = run("deliver", store, "60")
        tap.ok(done.returncode in (0, 75), "status %d: %s" % (done.returncode, done.stderr))
        # SQLite has its own words for it
        if done.returncode == 75:
            tap.ok("No space left" in done.stderr or "is full" in done.stderr or
                   "disk I/O" in done.stderr or "unable to open" in done.stderr, done.stderr)
    os.unlink(ballast)
    subprocess.run(["mount", "-o", "remount,size=8m,nr_inodes=1000", place], check=True)
    tap.equal(run("letters", store, "-1").returncode, 0, "promises")
    tap.equal(run("deliver", store, "60").returncode, 0, "with room again")
    tap.equal(run("letters", store, "60").returncode, 0, "letters")


tap.main()
