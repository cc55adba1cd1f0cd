#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Searches, whole processes from exec to exit, warm, the first 50 newest first: dewey
beside notmuch and mu, in turns.

    query.py DEWEYRC [NOTMUCH-CONFIG [MUHOME]]

Each names an index that is there already, of the same letters; tests/bench/index.py
says how the others' are made.  env: DEWEY_BUILD (build), RUNS (9).  Median and least of
wall and processor time in milliseconds, and lines printed; at the end, of each
query, how many times as long as dewey the others took, and the slowest of dewey.  On a
busy machine the least processor time tells most."""
import os
import statistics
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("DEWEY_BUILD") or os.path.join(TOP, "build")
RUNS = int(os.environ.get("RUNS", "9"))
PERIOD = "date:2020-01-01..2020-06-30"
QUERIES = [  # name, dewey's, the others' (None: the same)
    ("rare", "xylophonist", None),
    ("common", "meeting", None),
    ("two words", "invoice shipment", "invoice and shipment"),
    ("phrase", '"quarterly budget review"', None),
    ("from and date", "from:olga.petrova " + PERIOD, "from:olga.petrova and " + PERIOD),
    ("prefix", "config*", None),
    ("three letters", "con*", None),
    ("two letters", "co*", None),
    ("one letter", "c*", None),
    ("word and letter", "meeting p*", "meeting and p*"),
    ("Russian", "договор", None),
    ("another case", "договорам", None),
    ("no hit", "qqqqqqzz", None),
]


def once(argv, env, out):
    """Wall and processor time in milliseconds."""
    begin = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, env, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
    _, status, used = os.wait4(pid, 0)
    wall = (time.perf_counter() - begin) * 1e3
    if status != 0 and argv[0] != "mu":  # whose status is another when nothing is found
        sys.exit("%s: status %d" % (" ".join(argv), status))
    return wall, (used.ru_utime + used.ru_stime) * 1e3


def programs(rc, config, home):
    """By name: what a query becomes."""
    yield "dewey", lambda own, _: [os.path.join(BUILD, "dewey"), "-c", rc, "search",
                                   "--limit", "50", own]
    if config:
        yield "notmuch", lambda _, other: ["notmuch", "--config=" + config, "search",
                                           "--output=messages", "--limit=50", other]
    if home:
        yield "mu", lambda _, other: ["mu", "find", "--muhome=" + home, "--maxnum=50",
                                      "--sortfield=date", "--reverse", other]


def lines(out):
    os.lseek(out, 0, os.SEEK_SET)
    with os.fdopen(os.dup(out), "rb") as file:
        return sum(1 for line in file if line.strip())


def tell(name, runs, least):
    for program, rows in runs.items():
        wall, cpu, n = zip(*rows)
        print("%-15s %-8s wall %6.1f (least %6.1f) processor %6.1f (least %6.1f)"
              ", %d lines" % (name, program, statistics.median(wall),
              min(wall), statistics.median(cpu), min(cpu), n[0]), flush=True)
        least.setdefault(program, {})[name] = (statistics.median(wall), min(cpu))


def sum_up(least):
    """By wall time, and by processor time."""
    own = least.pop("dewey")
    for at, what in enumerate(("wall", "processor")):
        slowest = max(own, key=lambda name: own[name][at])
        print("== %s: dewey's slowest is '%s', %.1f ms" % (what, slowest, own[slowest][at]))
        for program, rows in least.items():
            print("   %-8s %s" % (program, ", ".join(
                "%s %.1f" % (name, rows[name][at] / own[name][at]) for name in own)))


def main():
    rc, config, home = (sys.argv[1:] + [None, None])[:3]
    env = dict(os.environ, DEWEY_BIN=BUILD)
    least = {}
    for name, own, other in QUERIES:
        runs = {}
        for turn in range(RUNS + 1):
            for program, command in programs(rc, config, home):
                with tempfile.TemporaryFile() as out:
                    found = once(command(own, other or own), env, out.fileno())
                    if turn > 0:  # the first one warms up
                        runs.setdefault(program, []).append(found + (lines(out.fileno()),))
        tell(name, runs, least)
    sum_up(least)


if len(sys.argv) < 2:
    sys.exit(__doc__)
main()
