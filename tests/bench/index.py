#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Indexing a Maildir: dewey beside notmuch and mu, in one run.

    tests/bench/index.py MAILDIR [--dir DIR] [--only dewey,notmuch,mu] [--runs 1]
    tests/bench/index.py MAILDIR --kill SECONDS

MAILDIR (cur, new, tmp) is not changed: its letters are linked into a store in
DIR (else beside MAILDIR), which is removed afterwards.  Of each program: time,
processor time with its children, the most memory that all its processes had
together, the size of its index.  Memory is the proportional share (Pss of
/proc/PID/smaps_rollup) of the program and all its descendants, summed up some
ten times a second: a page that two processes share counts once, and page cache
that is not mapped does not count.  Of dewey also the time until all letters
are listed.  Programs that are not installed are passed over.  They take turns, and
at the end stand the medians against each other; where other work goes on, look at
the processor time.

--kill ends dewey by SIGKILL after so many seconds of work, looks at what is in
the index, lets it finish, and says what had to be read again."""
import argparse
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("DEWEY_BUILD") or os.path.join(TOP, "build")
WORDLESS = 16  # of message.state


def size(path):
    """Octets of a file, or of all files below a directory."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(path) for f in fs)


def family(pid):
    """pid and its descendants."""
    found = [pid]
    for one in found:
        try:
            for task in os.listdir("/proc/%d/task" % one):
                with open("/proc/%d/task/%s/children" % (one, task), encoding="ascii") as f:
                    found += [int(word) for word in f.read().split()]
        except OSError:
            pass
    return found


def memory(pid):
    total = 0
    for one in family(pid):
        try:
            with open("/proc/%d/smaps_rollup" % one, encoding="ascii") as f:
                total += sum(int(line.split()[1]) for line in f if line.startswith("Pss:"))
        except OSError:
            pass
    return total * 1024


class Run:
    """A program at work; look(): called now and then, with the seconds so far."""

    def __init__(self, argv, env=None, look=None, end_after=None):
        self.most, begin, before = 0, time.monotonic(), os.times()
        child = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL)
        while child.poll() is None:
            self.most = max(self.most, memory(child.pid))
            at = time.monotonic() - begin
            if end_after and at > end_after:
                child.kill()
            if look:
                look(at)
            time.sleep(0.1)
        after = os.times()
        self.seconds = time.monotonic() - begin
        self.processor = sum(after[2:4]) - sum(before[2:4])
        if child.returncode != (-signal.SIGKILL if end_after else 0):
            sys.exit("%s: exit status %d" % (argv[0], child.returncode))


class Index:
    """What a reader sees in dewey's index, whatever the writer does."""

    def __init__(self, store):
        self.path, self.listed_at = os.path.join(store, ".dewey", "index.db"), None

    def look(self):
        """Letters that are listed, and those of them without words."""
        try:
            db = sqlite3.connect("file:%s?mode=ro" % self.path, uri=True)
            try:
                return db.execute("SELECT count(*), total(state & %d) / %d FROM message"
                                  % (WORDLESS, WORDLESS)).fetchone()
            finally:
                db.close()
        except sqlite3.Error:
            return 0, 0

    def note_listed(self, total):
        def note(at):
            if self.listed_at is None and self.look()[0] >= total:
                self.listed_at = at
        return note


def call_dewey(store):
    rc = os.path.join(store, "deweyrc")
    with open(rc, "w", encoding="utf-8") as f:
        f.write("[dewey]\nmail = %s\n" % store)
    env = dict(os.environ, DEWEY_BIN=BUILD, LC_ALL="C.UTF-8")
    return [os.path.join(BUILD, "dewey"), "-c", rc, "count", "in:Inbox"], env


def forget(path):
    shutil.rmtree(path, ignore_errors=True)


def bench_dewey(store, total):
    argv, env = call_dewey(store)
    forget(os.path.join(store, ".dewey"))
    index = Index(store)
    run = Run(argv, env, index.note_listed(total))
    listed = "" if index.listed_at is None else "; all listed after %.1f s" % index.listed_at
    return run, size(index.path), listed


def bench_notmuch(store, _total):
    where = os.path.join(store, "notmuch")
    config = os.path.join(store, "notmuchrc")
    forget(where)
    os.makedirs(where)
    with open(config, "w", encoding="utf-8") as f:
        f.write("[database]\npath=%s\nmail_root=%s\n[user]\nname=B\nprimary_email=b@example.org\n"
                "[new]\ntags=inbox\n[maildir]\nsynchronize_flags=false\n"
                % (where, os.path.join(store, "Inbox")))
    return Run(["notmuch", "--config=" + config, "new", "--quiet"]), size(where), ""


def bench_mu(store, _total):
    where = os.path.join(store, "mu")
    forget(where)
    call = ["mu", "%s", "--muhome=" + where]
    subprocess.run(["mu", "init", "--muhome=" + where, "--maildir=" + os.path.join(store, "Inbox")],
                   check=True, stdout=subprocess.DEVNULL)
    return Run([w if w != "%s" else "index" for w in call]), size(where), ""


BENCHES = {"dewey": bench_dewey, "notmuch": bench_notmuch, "mu": bench_mu}


def bench_kill(store, seconds, total):
    """Nothing that was committed is read twice: the rest is what was missing."""
    argv, env = call_dewey(store)
    forget(os.path.join(store, ".dewey"))
    index = Index(store)
    Run(argv, env, end_after=seconds)
    listed, wordless = index.look()
    print("killed after %.1f s: %d of %d letters listed, %d with words"
          % (seconds, listed, total, listed - wordless), flush=True)
    run = Run(argv, env)
    listed, wordless = index.look()
    print("finished in %.1f s, processor %.1f s: %d listed, %d with words"
          % (run.seconds, run.processor, listed, listed - wordless), flush=True)
    if (listed, wordless) != (total, 0):
        sys.exit("index.py: something is missing")


def link_store(maildir, under):
    """A store whose letters are links to those of maildir, and how many they are."""
    store = tempfile.mkdtemp(prefix="index-bench-", dir=under)
    subprocess.run(["cp", "-al", maildir, os.path.join(store, "Inbox")], check=True)
    return store, sum(len(os.listdir(os.path.join(maildir, d))) for d in ("cur", "new"))


def median(runs, what):
    return statistics.median(what(run) for run in runs)


def compare(results):
    """What the others need of dewey's time, by the medians of the runs."""
    mine = results.get("dewey")
    for name, runs in results.items():
        if mine and name != "dewey":
            print("%-8s takes %.1f times as long, %.1f times the processor"
                  % (name, median(runs, lambda r: r.seconds) / median(mine, lambda r: r.seconds),
                     median(runs, lambda r: r.processor) / median(mine, lambda r: r.processor)))


def measure(args, store, total):
    """In turns, so that what else the machine does is everybody's share."""
    results = {}
    for name in args.only.split(",") * args.runs:
        if not (shutil.which(name) or name == "dewey"):
            print("%-8s is not installed" % name)
            continue
        run, octets, more = BENCHES[name](store, total)
        results.setdefault(name, []).append(run)
        print("%-8s %7.1f s, processor %7.1f s, memory %6.1f MB, index %7.1f MB%s"
              % (name, run.seconds, run.processor, run.most / 1e6, octets / 1e6, more),
              flush=True)
    compare(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maildir")
    parser.add_argument("--dir")
    parser.add_argument("--only", default="dewey,notmuch,mu")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--kill", type=float)
    args = parser.parse_args()
    maildir = os.path.abspath(args.maildir)
    store, total = link_store(maildir, args.dir or os.path.dirname(maildir))
    try:
        if args.kill:
            bench_kill(store, args.kill, total)
        else:
            print("== %d letters" % total, flush=True)
            measure(args, store, total)
    finally:
        forget(store)


main()
