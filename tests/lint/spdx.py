#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every source says its licence, and LICENSE is that licence."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap

ALONE = ("Makefile.am", "configure.ac", "bootstrap", ".ci/run")
LINE = "SPDX-License-Identifier: MIT"


@tap.test("every source has the SPDX line on top")
def lines():
    paths = tree.files(".c", ".h", ".def", ".py", ".sh",
                       below=(*tree.SOURCES, "tests", "man"))
    paths += [p for p in ALONE if os.path.exists(os.path.join(tap.TOP, p))]
    tree.none([p for p in paths if LINE not in "".join(tree.read(p).splitlines()[:3])],
              "without '%s' in the first three lines" % LINE)


@tap.test("LICENSE is the MIT licence")
def licence():
    text = tree.read("LICENSE")
    tap.contains(text, ["MIT License", "WITHOUT WARRANTY OF ANY KIND"], "LICENSE")


tap.main()
