#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters shown as text: `dewey show` of each of them through one worker, beside
`notmuch show` and `mu view`, and what GMime alone takes for them (gmime_floor).

    show.py MAILDIR [LETTERS [PEER…]]        10,000; notmuch mu

MAILDIR is only read: each n-th of its letters is linked into stores below $TMPDIR,
which need some 300 MB and, for notmuch, a minute.  env: RUNS (5).  Seconds of wall and of
processor time and megabytes; of the runs the median, by turns.  mu and notmuch parse
without a guard, in their own process."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("DEWEY_BUILD") or os.path.join(TOP, "build")
RUNS = int(os.environ.get("RUNS", "5"))
AT_ONCE = 2000  # names on one command line


def link_letters(maildir, count, to):
    names = sorted(os.listdir(os.path.join(maildir, "cur")))
    step = max(len(names) // count, 1)
    for folder in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(to, folder))
    for name in names[::step][:count]:
        source = os.path.join(maildir, "cur", name)
        target = os.path.join(to, "cur", name)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
    return sorted(os.path.join(to, "cur", n) for n in os.listdir(os.path.join(to, "cur")))


def chunks(words):
    return [words[i:i + AT_ONCE] for i in range(0, len(words), AT_ONCE)]


def run(command, env):
    """Wall and processor seconds and megabytes of a program and its children, and its
    status; took.c asks for them from a process that is small itself."""
    with tempfile.NamedTemporaryFile() as told, open(os.devnull, "wb") as null:
        subprocess.run([os.path.join(BUILD, "tests", "bench", "took"), told.name, *command],
                       env=env, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        words = told.read().split()
    return (float(words[0]), float(words[1]) + float(words[2]), int(words[3]) / 1024,
            int(words[4]))


class Dewey:
    name = "dewey show"

    def __init__(self, top, files):
        self.rc = os.path.join(top, "deweyrc")
        self.env = {**os.environ, "HOME": top, "DEWEY_BIN": BUILD, "LC_ALL": "C.UTF-8"}
        with open(self.rc, "w", encoding="utf-8") as rc:
            rc.write("[dewey]\nmail = %s/Mail\n" % top)
        listed = subprocess.run([os.path.join(BUILD, "dewey"), "-c", self.rc, "--json", "list",
                                 "--limit", str(len(files)), "Inbox"], env=self.env,
                                capture_output=True, text=True, check=True).stdout
        self.ids = [line.split('"id":')[1].split(",")[0] for line in listed.splitlines()]

    def commands(self):
        return [[os.path.join(BUILD, "dewey"), "-c", self.rc, "show", *ids]
                for ids in chunks(self.ids)]


class Notmuch:
    name = "notmuch show"

    def __init__(self, top, files):
        config = os.path.join(top, "notmuch-config")
        with open(config, "w", encoding="utf-8") as rc:
            rc.write("[database]\npath=%s/Mail\nhook_dir=%s/none\n[user]\nname=N\n"
                     "primary_email=n@example.org\n" % (top, top))
        self.env = {**os.environ, "HOME": top, "NOTMUCH_CONFIG": config}
        subprocess.run(["notmuch", "new", "--quiet"], env=self.env, check=True)

    def commands(self):
        return [["notmuch", "show", "--entire-thread=false", "--format=text", "*"]]


class Mu:
    name = "mu view"

    def __init__(self, top, files):
        self.env, self.files = {**os.environ, "HOME": top}, files

    def commands(self):
        return [["mu", "view", *some] for some in chunks(self.files)]


class Floor:
    name = "GMime alone"

    def __init__(self, top, files):
        self.env, self.files = dict(os.environ), files

    def commands(self):
        return [[os.path.join(BUILD, "tests", "bench", "gmime_floor"), *some]
                for some in chunks(self.files)]


def measure(program):
    results = [run(command, program.env) for command in program.commands()]
    return (sum(r[0] for r in results), sum(r[1] for r in results),
            max(r[2] for r in results), [r[3] for r in results if r[3] != 0])


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    peers = sys.argv[3:] or ["notmuch", "mu"]
    top = tempfile.mkdtemp(prefix="dewey-show-", dir=os.environ.get("TMPDIR"))
    try:
        files = link_letters(sys.argv[1], count, os.path.join(top, "Mail", "Inbox"))
        kinds = [Floor, Dewey] + [{"notmuch": Notmuch, "mu": Mu}[p] for p in peers]
        programs = [kind(top, files) for kind in kinds]
        rows = {p.name: [] for p in programs}
        for _ in range(RUNS):
            for program in programs:
                rows[program.name].append(measure(program))
        print("%d letters, %d runs" % (len(files), RUNS))
        print("%-14s %8s %17s %10s %6s %10s" % ("", "seconds", "least - most", "processor", "MB",
                                                "letters/s"))
        for name, results in rows.items():
            wall = statistics.median(r[0] for r in results)
            print("%-14s %8.2f %8.2f -%7.2f %10.2f %6.1f %10.0f  %s" % (
                name, wall, min(r[0] for r in results), max(r[0] for r in results),
                statistics.median(r[1] for r in results), max(r[2] for r in results),
                len(files) / wall, "statuses %s" % results[0][3] if results[0][3] else ""))
        floor = statistics.median(r[1] for r in rows["GMime alone"])
        own = statistics.median(r[1] for r in rows["dewey show"])
        print("GMime alone takes %.0f %% of the processor time of dewey show" % (100 * floor / own))
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    main()
