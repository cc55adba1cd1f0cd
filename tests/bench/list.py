#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lists in dewey, mutt, neomutt and aerc, on the same letters.

    tests/bench/list.py [SIZE|MAILDIR|STORE …] [--runs 5] [--peer-runs N] [--dir DIR]
                        [--only dewey,mutt,neomutt,aerc]

For each of what is given, 10000 without any: a number of letters, which are generated; a
Maildir, of which a tree of hard links is made; or a store whose index stands: a directory
with a deweyrc and Mail/Inbox (its newest letter has ZZLASTMSG in its subject, as those of
the generator have).  The programs take turns in each run.  Prints medians, least and most:
from exec to the first full screen, warm; a page down, the last line, the first one, the
next unread one from the last, another folder and back, threads and back; and the peak of
memory of the whole session.  Then dewey beside what it has to keep, and its growth from
the first to the last of what was given.

mutt and neomutt have their header cache, warmed; aerc has none, and lists by file name:
sorted by date it reads all letters first, 20 seconds for 10,000.  They look at a tree of
hard links of their own, as aerc moves letters from new to cur.  With a million letters mutt
and neomutt take 16 seconds and 1.4 GB to start, so --peer-runs 1.  DIR keeps letters,
caches and indexes for the next time."""
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
STEPS = ("page down", "last", "first", "last again", "next unread", "other folder", "back",
         "threads", "flat")
FRAME, OPENING, MEMORY, GROWTH = 0.016, 0.050, 40, 1.3


def links(inbox, mail):
    """A tree of hard links of the Maildir inbox as mail/Inbox, and an empty mail/Archive."""
    if not os.path.isdir(mail):
        os.makedirs(mail + ".new")
        subprocess.run(["cp", "-al", inbox, os.path.join(mail + ".new", "Inbox")], check=True)
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(mail + ".new", "Archive", part))
        os.rename(mail + ".new", mail)
    return mail


class Dewey:
    name = "dewey"
    keys = {"page down": b"\x1b[6~", "last": b"*", "first": b"=", "last again": b"*",
            "next unread": b"\t", "other folder": b"cArchive\r", "back": b"cInbox\r",
            "threads": b"S", "flat": b"S"}

    def __init__(self, case):
        self.rc = case.rc
        self.command = [os.path.join(tap.BIN, "dewey"), "-c", self.rc]
        self.environment = {**os.environ, "HOME": case.place, "DEWEY_BIN": tap.BIN,
                            "PATH": tap.BIN + ":" + os.environ["PATH"]}

    def prepare(self):
        """Brings the index up to date."""
        subprocess.run([*self.command, "count", "in:Inbox"], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)


class Mutt:
    name = "mutt"
    keys = {"page down": b"\x1b[6~", "last": b"*", "first": b"=", "last again": b"*",
            "next unread": b"\t", "other folder": b"c=Archive\r", "back": b"c=Inbox\r",
            "threads": b"ot", "flat": b"Od"}

    def __init__(self, case):
        place = os.path.join(case.place, self.name)
        mail = case.links()
        os.makedirs(os.path.join(place, "cache"), exist_ok=True)
        rc = os.path.join(place, "rc")
        with open(rc, "w", encoding="ascii") as file:
            file.write("set folder=%s spoolfile=%s/Inbox record='' sleep_time=0 mark_old=no\n"
                       "set quit=yes mbox_type=Maildir header_cache='%s/cache'\n"
                       "set sort=reverse-date\n" % (mail, mail, place))
        self.command = [self.name, "-n", "-F", rc, "-f", os.path.join(mail, "Inbox")]
        self.environment = {**os.environ, "HOME": place}

    def prepare(self):
        screen = terminal.Terminal(self.command, self.environment)
        screen.first_screen(NEWEST)
        screen.end()


class Neomutt(Mutt):
    name = "neomutt"


class Aerc:
    name = "aerc"
    keys = {"page down": b"\x1b[6~", "last": b"G", "first": b"g", "last again": b"G",
            "other folder": b":cf Archive\r", "back": b":cf Inbox\r", "threads": b"T",
            "flat": b"T"}

    def __init__(self, case):
        place = os.path.join(case.place, self.name)
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(os.path.join(place, "aerc"))
        accounts = os.path.join(place, "aerc", "accounts.conf")
        with open(accounts, "w", encoding="ascii") as file:
            file.write("[bench]\nsource = maildir://%s\ndefault = Inbox\n"
                       "from = B <b@example.com>\ncopy-to = Archive\n" % case.links())
        os.chmod(accounts, 0o600)
        for name in ("aerc.conf", "binds.conf"):
            shutil.copy("/usr/share/aerc/" + name, os.path.join(place, "aerc", name))
        self.command = ["aerc"]
        self.environment = {**os.environ, "HOME": place, "XDG_CONFIG_HOME": place,
                            "XDG_CACHE_HOME": place + "/c", "XDG_DATA_HOME": place + "/d"}

    def prepare(self):
        pass


PROGRAMS = {p.name: p for p in (Dewey, Mutt, Neomutt, Aerc)}


class Case:
    """What the programs look at: a number of letters, a Maildir, or a store."""

    def __init__(self, given, top):
        self.title = os.path.basename(os.path.normpath(given))
        self.place = os.path.join(top, self.title)
        os.makedirs(self.place, exist_ok=True)
        if os.path.exists(os.path.join(given, "deweyrc")):
            self.rc = os.path.join(os.path.abspath(given), "deweyrc")
            self.inbox = os.path.join(os.path.abspath(given), "Mail", "Inbox")
            return
        self.rc = os.path.join(self.place, "deweyrc")
        mail = os.path.join(self.place, "Mail")
        if given.isdigit():
            self.generate(int(given), mail)
        else:
            links(given, mail)
        self.inbox = os.path.join(mail, "Inbox")
        with open(self.rc, "w", encoding="ascii") as file:
            file.write("[dewey]\nmail = %s\nthreads = no\n" % mail)

    @staticmethod
    def generate(count, mail):
        generator = os.path.join(tap.SHARED, "bench", "gen_corpus.py")
        if os.path.isdir(mail):
            return
        if not os.path.exists(generator):
            sys.exit("list.py: ../shared/bench/gen_corpus.py is not there")
        subprocess.run([sys.executable, "-B", generator, "--out", mail + ".new/Inbox", "--count",
                        str(count), "--profile", "small", "--seed", "5", "--unseen-last", "1"],
                       check=True)
        os.rename(mail + ".new", mail)

    def links(self):
        return links(self.inbox, os.path.join(self.place, "peers"))


def one_run(program):
    """{step: seconds or MB}"""
    screen = terminal.Terminal(program.command, program.environment)
    result = {"opening": screen.first_full_screen(NEWEST)}
    screen.settle(time.monotonic())
    try:
        for step in STEPS:
            if step in program.keys:
                result[step] = screen.type(program.keys[step])
    except TimeoutError as error:
        print("# %s: %s: %s" % (program.name, step, error), flush=True)
    memory = screen.end()
    result["memory"] = memory.get(program.name, max(memory.values(), default=0))
    return result


def run_case(case, chosen):
    """{program: [result]}"""
    programs = [PROGRAMS[name](case) for name in chosen.only]
    rows = {p.name: [] for p in programs}
    for program in programs:
        began = time.monotonic()
        program.prepare()
        print("# %s: %s is ready after %.1f s" % (case.title, program.name,
                                                  time.monotonic() - began), flush=True)
    for run in range(chosen.runs):
        for program in programs:
            if program.name == "dewey" or run < chosen.peer_runs:
                rows[program.name].append(one_run(program))
    return rows


def cell(step, values):
    if step == "memory":
        return "%.1f MB" % max(values)
    return "%.1f ms (%.1f-%.1f)" % tuple(
        1000 * v for v in (statistics.median(values), min(values), max(values)))


def table(case, rows):
    print("\n%-16s" % case.title + "".join("%30s" % name for name in rows))
    for step in ("opening", *STEPS, "memory"):
        line = "%-16s" % step
        for results in rows.values():
            values = [r[step] for r in results if step in r]
            line += "%30s" % (cell(step, values) if values else "-")
        print(line, flush=True)


def medians(results):
    return {step: statistics.median(r[step] for r in results) for step in results[0]}


def judge(found):
    """Says what dewey has to keep: found is a list of (case, medians)."""
    print()
    for case, values in found:
        for step, value in values.items():
            most = MEMORY if step == "memory" else OPENING if step == "opening" else FRAME
            if value >= most:
                unit, factor = ("MB", 1) if step == "memory" else ("ms", 1000)
                print("dewey, %s: %s is %.1f %s, not below %d" % (
                    case.title, step, value * factor, unit, most * factor))
    (first, few), (last, many) = found[0], found[-1]
    if first is not last:
        growth = many["opening"] / few["opening"]
        print("dewey opens %s in %.2f times the time of %s%s" % (
            last.title, growth, first.title, "" if growth <= GROWTH else ": too much"))


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", nargs="*", default=["10000"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-runs", type=int)
    parser.add_argument("--dir")
    parser.add_argument("--only", default=",".join(PROGRAMS), type=lambda t: t.split(","))
    chosen = parser.parse_args()
    if chosen.peer_runs is None:
        chosen.peer_runs = chosen.runs
    for name in list(chosen.only):
        if name not in PROGRAMS:
            parser.error("unknown program '%s'" % name)
        if name != "dewey" and not shutil.which(name):
            print("# %s is not installed" % name)
            chosen.only.remove(name)
    return chosen


def main():
    chosen = options()
    place = os.path.abspath(chosen.dir or tempfile.mkdtemp(prefix="dewey-bench-"))
    try:
        found = []
        for given in chosen.what:
            case = Case(given, place)
            rows = run_case(case, chosen)
            table(case, rows)
            if rows.get("dewey"):
                found.append((case, medians(rows["dewey"])))
        if found:
            judge(found)
    finally:
        if not chosen.dir:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
