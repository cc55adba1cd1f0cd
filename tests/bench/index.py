#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Indexing, lists and searches: dewey's index beside notmuch, on letters of the
generator.  index.py GENERATOR [COUNT…]   (../shared/bench/gen_corpus.py 10000)
env: BENCH_DIR (kept), DEWEY_BUILD (build).  Peers are run only if installed."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("DEWEY_BUILD") or os.path.join(TOP, "build")
QUERIES = ["xylophonist", "meeting", "invoice shipment", '"quarterly budget review"',
           "from:olga.petrova date:2020-01..2020-06", "config*", "договорам",
           "from:olga.petrova@example.org", "is:unread"]
NOTMUCH = ["xylophonist", "meeting", "invoice and shipment", '"quarterly budget review"',
           "from:olga.petrova date:2020-01..2020-06", "config*", "договорам"]


def size(path):
    """Octets of a file, or of all files below a directory."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(path) for f in fs)


def timed(label, argv, env=None):
    begin, before = time.monotonic(), os.times()
    subprocess.run(argv, check=True, env=env, stdout=subprocess.DEVNULL)
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    print("%s: %.2f s, processor %.2f s" % (label, time.monotonic() - begin, cpu), flush=True)


def bench_dewey(store):
    env = dict(os.environ, DEWEY_BIN=BUILD)
    program = os.path.join(BUILD, "tests", "bench", "index")
    shutil.rmtree(os.path.join(store, ".dewey"), ignore_errors=True)
    for what in (["sync"], ["list"], ["search"] + QUERIES):
        subprocess.run([program, store] + what, check=True, env=env)
    print("index %.1f MB" % (size(os.path.join(store, ".dewey", "index.db")) / 1e6), flush=True)


def bench_notmuch(store, scratch):
    config, database = os.path.join(scratch, "notmuch.conf"), os.path.join(scratch, "notmuch")
    shutil.rmtree(database, ignore_errors=True)
    os.makedirs(database)
    with open(config, "w", encoding="utf-8") as f:
        f.write("[database]\npath=%s\nmail_root=%s\n[user]\nname=B\nprimary_email=b@example.org\n"
                "[new]\ntags=inbox\n[maildir]\nsynchronize_flags=false\n"
                % (database, os.path.join(store, "Inbox")))
    call = ["notmuch", "--config=" + config]
    timed("notmuch new", call + ["new", "--quiet"])
    print("index %.1f MB" % (size(database) / 1e6), flush=True)
    for q in NOTMUCH:
        timed("notmuch search %s (whole process)" % q, call + ["search", "--limit=50", q])


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    scratch = os.environ.get("BENCH_DIR") or tempfile.mkdtemp(prefix="dewey-bench-")
    for count in sys.argv[2:] or ["10000"]:
        store = os.path.join(scratch, "store-" + count)
        if not os.path.isdir(os.path.join(store, "Inbox")):
            subprocess.run([sys.executable, sys.argv[1], "--out", os.path.join(store, "Inbox"),
                            "--count", count, "--seed", "3", "--unseen-last", "1"], check=True)
        print("== %s letters" % count, flush=True)
        bench_dewey(store)
        if shutil.which("notmuch"):
            bench_notmuch(store, scratch)
    if not os.environ.get("BENCH_DIR"):
        shutil.rmtree(scratch)


main()
