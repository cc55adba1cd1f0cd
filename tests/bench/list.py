#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A list of 100,000 messages in dewey and in mutt, on the same Maildir.

    tests/bench/list.py [--count 100000] [--runs 5] [--dir DIR] [--only dewey|mutt]

Prints medians: time to the first screen, a page down, a search for a word in
all bodies, a search in subjects, and the peak memory.  The programs take turns
in each run.  DIR keeps the Maildir and the index for the next time; without it
everything is made anew and removed.  mutt gets its header cache, warmed.
dewey's index is made once, before, and its making is measured by itself."""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap
import terminal

NEWEST = b"ZZLASTMSG"  # in the subject of the newest message
PAGE, WORD = b"\x1b[6~", "xylophonist"


class Dewey:
    name = "dewey"
    # "*" finds in the whole folder, as mutt's limit does.
    keys = {"page down": PAGE, "search in bodies": b"/body:%s\r" % WORD.encode(),
            "search in subjects": b"/subject:zzlastmsg\r"}

    def __init__(self, mail, place):
        self.rc = os.path.join(place, "deweyrc")
        with open(self.rc, "w", encoding="ascii") as file:
            file.write("[dewey]\nmail = %s\nthreads = no\n" % mail)
        self.command = [os.path.join(tap.BIN, "dewey"), "-c", self.rc]
        self.environment = {**os.environ, "HOME": place,
                            "PATH": tap.BIN + ":" + os.environ["PATH"]}

    def prepare(self):
        """Brings the index up to date: all that is not timed in the table."""
        began = time.monotonic()
        subprocess.run([*self.command, "count", "in:Inbox"], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)
        return "index made or checked in %.1f s" % (time.monotonic() - began)

    def check(self):
        """The searches find what they should."""
        found = subprocess.run([*self.command, "count", "body:" + WORD], env=self.environment,
                               check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        return "%s: %s" % (WORD, found)


class Mutt:
    name = "mutt"
    keys = {"page down": PAGE, "search in bodies": b"l~b %s\r" % WORD.encode(),
            "search in subjects": b"l~s ZZLASTMSG\r"}

    def __init__(self, mail, place):
        rc = os.path.join(place, "muttrc")
        inbox = os.path.join(mail, "Inbox")
        os.makedirs(os.path.join(place, "cache"), exist_ok=True)
        with open(rc, "w", encoding="ascii") as file:
            file.write("set folder=%s spoolfile=%s record='' sleep_time=0 mark_old=no quit=yes\n"
                       "set mbox_type=Maildir header_cache='%s/cache' sort=reverse-date\n"
                       % (mail, inbox, place))
        self.command = ["mutt", "-n", "-F", rc, "-f", inbox]
        self.environment = {**os.environ, "HOME": place}

    def prepare(self):
        began = time.monotonic()
        screen = terminal.Terminal(self.command, self.environment)
        screen.first_screen(NEWEST)
        screen.end()
        return "header cache made or checked in %.1f s" % (time.monotonic() - began)

    def check(self):
        return ""


def one_run(program):
    """{step: seconds or MB}"""
    screen = terminal.Terminal(program.command, program.environment)
    shown, idle = screen.first_screen(NEWEST)
    result = {"first screen": shown, "idle after start": idle}
    for step, keys in program.keys.items():
        result[step] = screen.type(keys)
    for name, size in screen.end().items():
        result["MB " + name] = size
    return result


def table(rows):
    steps = list(dict.fromkeys(s for results in rows.values() for r in results for s in r))
    print("%-22s" % "" + "".join("%32s" % name for name in rows))
    for step in steps:
        line = "%-22s" % step
        for results in rows.values():
            values = [r[step] for r in results if step in r]
            line += "%32s" % (cell(step, values) if values else "")
        print(line)


def cell(step, values):
    if step.startswith("MB"):
        return "%.1f" % max(values)
    return "%.1f ms (%.1f-%.1f)" % tuple(
        1000 * v for v in (statistics.median(values), min(values), max(values)))


def make_mail(place, count):
    mail = os.path.join(place, "Mail")
    inbox = os.path.join(mail, "Inbox")
    if not os.path.isdir(inbox):
        generator = os.path.join(tap.SHARED, "bench", "gen_corpus.py")
        if not os.path.exists(generator):
            sys.exit("list.py: ../shared/bench/gen_corpus.py is not there")
        subprocess.run([sys.executable, "-B", generator, "--out", inbox + ".new", "--count",
                        str(count), "--seed", "3", "--unseen-last", "1"], check=True)
        os.rename(inbox + ".new", inbox)
    return mail


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--dir")
    parser.add_argument("--only", choices=("dewey", "mutt"))
    return parser.parse_args()


def main():
    chosen = options()
    place = chosen.dir or tempfile.mkdtemp(prefix="dewey-bench-")
    os.makedirs(place, exist_ok=True)
    try:
        mail = make_mail(place, chosen.count)
        programs = [p(mail, place) for p in (Dewey, Mutt) if chosen.only in (None, p.name)]
        for program in programs:
            print("%s: %s; %s" % (program.name, program.prepare(), program.check()), flush=True)
        rows = {p.name: [] for p in programs}
        for _ in range(chosen.runs):
            for program in programs:
                rows[program.name].append(one_run(program))
        table(rows)
    finally:
        if not chosen.dir:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
