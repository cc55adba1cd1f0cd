#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the .def tables list, the manual pages tell."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap


def page(name):
    for path in ("man/" + name, "man/%s.in" % name):
        if os.path.exists(os.path.join(tap.TOP, path)):
            return re.sub(r"\\[-&]|\\fB|\\fI|\\fR|\\fP",
                          lambda m: "-" if m[0] == "\\-" else "", tree.read(path))
    return tap.skip("there is no man/%s" % name)


def table(path, pattern):
    if not os.path.exists(os.path.join(tap.TOP, path)):
        tap.skip("there is no " + path)
    names = re.findall(pattern, tree.without_comments(tree.read(path)), re.M)
    tap.ok(names, "nothing found in " + path)
    return names


def all_told(names, text, what):
    tree.none([n for n in names
               if not re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(n), text)], what)


@tap.test("deweyrc(5) has every setting")
def settings():
    names = table("config/settings.def", r'^SETTING\(\w+,\s*"?([\w-]+)"?')
    all_told(names, page("deweyrc.5"), "settings that deweyrc(5) does not tell")


@tap.test("deweyrc(5) has every command of the front end")
def commands():
    names = table("ui/commands.def", r'^COMMAND\([^"]*"([\w-]+)"')
    all_told(names, page("deweyrc.5"), "commands that deweyrc(5) does not tell")


@tap.test("deweyrc(5) has the keys that the program has")
def keys():
    run = subprocess.run([sys.executable, os.path.join(tap.TOP, "man", "update"), "--check"])
    tap.ok(run.returncode == 0, "man/deweyrc.5 is behind the tables: run man/update")


@tap.test("dewey(1) has every sub-command")
def subcommands():
    names = table("ui/cli-commands.def", r'^\w+\([^"]*"([\w-]+)"')
    all_told(names, page("dewey.1"), "sub-commands that dewey(1) does not tell")


@tap.test("dewey-wire(7) has every code")
def codes():
    names = table("src/wire/codes.def", r'^CODE\(\w+,\s*"([\w-]+)"')
    all_told(names, page("dewey-wire.7"), "codes that dewey-wire(7) does not tell")


tap.main()
