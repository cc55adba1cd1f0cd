# SPDX-License-Identifier: MIT
"""What the lints share: the files of the tree and how to read C."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap

SOURCES = ("src", "ui", "config")


def files(*endings, below=SOURCES):
    """Paths relative to the top, sorted, without what was made there."""
    found = []
    for top in below:
        for folder, folders, names in os.walk(os.path.join(tap.TOP, top)):
            folders[:] = [f for f in folders if f != "__pycache__" and not f.startswith("build")]
            found += [os.path.relpath(os.path.join(folder, n), tap.TOP) for n in names
                      if n.endswith(endings)]
    return sorted(found)


def read(path):
    with open(os.path.join(tap.TOP, path), encoding="utf-8") as file:
        return file.read()


TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.S)


def without_comments(text):
    """The text with comments blanked; lines stay where they are."""
    def blank(found):
        token = found[0]
        return token if token[0] in "\"'" else re.sub(r"[^\n]", " ", token)
    return TOKEN.sub(blank, text)


def calls(text, names):
    """(line, name, arguments as text) of each call of a function whose name
    matches the regular expression names."""
    for found in re.finditer(r"\b(%s)\s*\(" % names, text):
        depth, at = 1, found.end()
        while depth and at < len(text):
            token = TOKEN.match(text, at)
            if token:
                at = token.end()
                continue
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        yield text.count("\n", 0, found.start()) + 1, found[1], text[found.end():at - 1]


STRING = r'"(?:\\.|[^"\\\n])*"'
JOINED = re.compile(r'%s(?:\s*(?:PRI\w+\s*|G_G\w+_FORMAT\s*)?%s)*' % (STRING, STRING))


def literals(text):
    """The string literals of a piece of C, neighbours (and the PRIu64 between
    them) joined, C's escapes kept."""
    return ["".join(part[1:-1] if part[0] == '"' else "d"
                    for part in re.findall(STRING + r"|\w+", found[0]))
            for found in JOINED.finditer(text)]


def none(problems, text):
    """Fails with the list of problems, if there are any."""
    if problems:
        tap.fail("%s:\n%s" % (text, "\n".join(problems)))
