#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Nothing grows too large to be read: the limits of HACKING."""
import os
import re
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap

FILE, FUNCTION = 600, 100


def functions():
    """(path, name, first line, number of lines)"""
    ctags = tap.tool("ctags", "universal-ctags")
    if "Universal Ctags" not in tap.run([ctags, "--version"]).stdout:
        tap.skip("ctags is another one (package universal-ctags)")
    paths = tree.files(".c", ".h")
    output = tap.succeeds([ctags, "-f", "-", "--languages=C", "--langmap=C:.c.h", "--c-kinds=f",
                           "--fields=ne", "-n", *paths], cwd=tap.TOP).stdout
    for line in output.splitlines():
        found = re.match(r"(\w+)\t([^\t]+)\t.*\tline:(\d+)\tend:(\d+)", line)
        if found:
            first, last = int(found[3]), int(found[4])
            yield found[2], found[1], first, last - first + 1


@tap.test("files have at most %d lines" % FILE)
def file_sizes():
    problems = []
    for path in tree.files(".c", ".h", ".def", ".py", ".sh", below=(*tree.SOURCES, "tests")):
        lines = len(tree.read(path).splitlines())
        if lines > FILE:
            problems.append("%s has %d lines" % (path, lines))
    tree.none(problems, "too large")


@tap.test("functions have at most %d lines" % FUNCTION)
def function_sizes():
    found = list(functions())
    tap.ok(len(found) > 100, "only %d functions were found" % len(found))
    tap.note("%d functions, median %d lines" % (len(found),
                                               statistics.median(f[3] for f in found)))
    tree.none(["%s:%d: %s has %d lines" % (path, first, name, lines)
               for path, name, first, lines in found if lines > FUNCTION], "too large")


tap.main()
