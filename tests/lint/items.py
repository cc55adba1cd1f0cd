#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each item of items.txt is named by a test: in its title or in a comment."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap

LIST = "tests/lint/items.txt"


def items():
    """(name, words)"""
    for line in tree.read(LIST).splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def named():
    """All names that stand in tests; a range (P-57 to P-60) names its ends only.  The
    rows of two tables have the names "2.3 EHLO" and "2.8 -t"."""
    found = set()
    for path in tree.files(".c", ".h", ".def", ".py", ".sh", ".t", ".inc", below=("tests",)):
        if os.path.basename(path) != "items.py":
            found.update(re.findall(r"\b(?:[PTXSMB]-\d+|Z\d|2\.3 \w+|2\.8 \S+\w)\b", tree.read(path)))
    return found


@tap.test("every item of the list is named by a test")
def every_item():
    seen = named()
    tree.none(["%s: %s" % (name, words) for name, words in items() if name not in seen],
              "no test names")


tap.main()
