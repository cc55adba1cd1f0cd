#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every text goes through gettext, and po/ru.po has all of them."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap

# True while the house is being built: what is lacking is told, not failed.
PENDING = False
MARK = re.compile(r'\b(?:_|N_|P_|C_|ngettext)\s*\(\s*"')
KEYWORDS = ("_", "N_", "P_:1,2", "C_:1c,2", "ngettext:1,2")


def listed():
    return [line for line in tree.read("po/POTFILES.in").splitlines()
            if line and not line.startswith("#")]


def marked():
    return [path for path in tree.files(".c", ".h", ".def")
            if MARK.search(tree.without_comments(tree.read(path)))
            and path != "src/base/base.h"]


@tap.test("every file with texts stands in po/POTFILES.in")
def potfiles():
    tree.none([p for p in listed() if not os.path.exists(os.path.join(tap.TOP, p))],
              "in po/POTFILES.in, but not there")
    unlisted(sorted(set(marked()) - set(listed())))


def unlisted(paths):
    if paths and PENDING:
        tap.skip("%d files with texts are not yet in po/POTFILES.in" % len(paths))
    tree.none(paths, "not in po/POTFILES.in")


@tap.test("po/ru.po has a translation of every text")
def complete():
    pot, po = os.path.join(tap.tempdir(), "dewey.pot"), os.path.join(tap.TOP, "po", "ru.po")
    tap.succeeds(["xgettext", "--language=C", "--from-code=UTF-8", "--output=" + pot,
                  *("--keyword=" + k for k in KEYWORDS), *marked()], cwd=tap.TOP)
    tap.succeeds(["msgfmt", "--check", "--output-file=/dev/null", po])
    lacking = tap.run(["msgcmp", po, pot]).stderr.splitlines()
    lacking = ["%s: %s" % (text_at(pot, int(found[1])), found[2]) for found in
               (re.match(r".*\.pot:(\d+): (.*)", line) for line in lacking) if found]
    if lacking and PENDING:
        tap.skip("po/ru.po lacks %d texts; the first: %s" % (len(lacking), lacking[0]))
    tree.none(lacking[:20], "po/ru.po lacks %d texts, among them (make -C build/po update-po, "
              "then translate)" % len(lacking))


def text_at(path, number):
    """The msgid of the entry whose msgstr stands in this line."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()[:number]
    start = max(n for n, line in enumerate(lines) if line.startswith("msgid "))
    return "".join(re.findall(r'"(.*)"', "\n".join(lines[start:-1])))


tap.main()
