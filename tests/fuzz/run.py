#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The targets of tests/fuzz, each a program of build/fuzz over its corpus.

In "make check" each runs some thousand times from the same seed, beginning with
tests/fuzz/corpus/TARGET.  "make fuzz FUZZ_SECONDS=600" sets DEWEY_FUZZ: each
runs so many seconds, one after the other, and leaves in build/fuzz/TARGET.min
the smallest corpus that reaches all that was reached; what is worth it is
copied from there into the tree by hand.  What makes a target fail is kept in
build/fuzz/ and printed.
"""
import base64
import glob
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap

RUNS = 5000
SECONDS = int(os.environ.get("DEWEY_FUZZ", "0"))
PLACE = os.path.join(tap.BUILD, "fuzz")
HERE = os.path.join(tap.TOP, "tests", "fuzz")
ENVIRONMENT = {**os.environ, "G_SLICE": "always-malloc", "ASAN_OPTIONS": "detect_leaks=1"}


def fuzz(target, *arguments):
    """libFuzzer's report; a finding fails the test."""
    program = os.path.join(PLACE, target)
    if not os.access(program, os.X_OK):
        tap.skip("%s is not built: there is no clang with libFuzzer (package clang)" % target)
    prefix = os.path.join(PLACE, target + "-")
    options = ["-rss_limit_mb=2048", "-timeout=25", "-artifact_prefix=" + prefix]
    result = tap.run([program, *options, *arguments], timeout=SECONDS + 600, env=ENVIRONMENT)
    if result.returncode != 0:
        for path in glob.glob(prefix + "*-*"):
            with open(path, "rb") as file:
                tap.note("%s: %s" % (path, base64.b64encode(file.read()[:2000]).decode()))
        tap.fail(result.stderr[-6000:])
    return result.stderr


def corpus(target):
    path = os.path.join(HERE, "corpus", target)
    tap.ok(os.listdir(path), "no corpus of " + target)
    return path


def short(target):
    """From a copy, for libFuzzer writes into the first folder it is given."""
    place = tap.tempdir()
    said = fuzz(target, "-runs=%d" % RUNS, "-seed=1", "-max_len=4096", place, corpus(target))
    tap.contains(said, "Done %d runs" % RUNS)


def long(target):
    found, least = (os.path.join(PLACE, target + end) for end in (".found", ".min"))
    os.makedirs(found, exist_ok=True)
    said = fuzz(target, "-max_total_time=%d" % SECONDS, found, corpus(target))
    tap.note(said.strip().splitlines()[-1])
    shutil.rmtree(least, ignore_errors=True)
    os.makedirs(least)
    fuzz(target, "-merge=1", least, corpus(target), found)
    sizes = [entry.stat().st_size for entry in os.scandir(least)]
    tap.note("%s: %d files, %d octets" % (least, len(sizes), sum(sizes)))


def register(target):
    @tap.test("%s: %s" % (target, "%d s" % SECONDS if SECONDS else "%d runs" % RUNS))
    def run():
        (long if SECONDS else short)(target)


for source in sorted(glob.glob(os.path.join(HERE, "*.c"))):
    register(os.path.basename(source)[:-2])
tap.main()
