#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey list, search and count: order, limit, formats, statuses; the examples as printed."""
import json
import os
import re
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
EX_USAGE, EX_NOINPUT = 64, 66
LETTERS = [("Boris", "beta", 5, 2024), ("Anna", "gamma", 3000, 2026), ("Clara", "Re: alpha", 200, 2025)]


def filled():
    place = home.Home({"pop3": "pop3s://ivan@pop.invalid"}, "[view unread]\nquery = is:unread\n")
    place.run("dewey", "count", "is:unread")
    for name, subject, size, year in LETTERS:
        path = "Inbox/new/%d.a.x" % year if name != "Anna" else "Inbox/cur/%d.a.x:2,FS" % year
        with open(os.path.join(place.mail, path), "w") as file:
            file.write("From: %s <%s@x.test>\nTo: ivan@x.test\nMessage-ID: <%d@x.test>\nSubject: %s\n"
                       "Date: Mon, 5 Jan %d 10:00:00 +0000\n\nwords of %s %s\n" %
                       (name, name.lower(), year, subject, year, name, "x " * size))
    return place


def names(place, *args):
    said = place.run("dewey", "list", "--format", "{from}", *args, "Inbox").stdout
    return [line.split()[0] for line in said.splitlines()]


@tap.test("list: by date, sender, subject, size, each the other way round, and so many")
def orders():
    place = filled()
    for order, wanted in (("date", "ACB"), ("sender", "ABC"), ("subject", "CBA"), ("size", "ACB"),
                          ("thread", "ACB")):
        got = names(place, "-s", order)
        tap.equal("".join(name[0] for name in got), wanted, order)
        if order != "thread":
            tap.equal(names(place, "-s", order, "-r"), got[::-1], order)
        tap.equal(names(place, "-s", order, "-n", "2"), got[:2], order)
    tap.equal(names(place, "-t"), names(place, "-s", "thread"))
    tap.contains(place.run("dewey", "list", "-s", "colour", "Inbox", status=EX_USAGE).stderr,
                 ["colour", "subject, size, score"])


@tap.test("list VIEW: its own order, --sort and --reverse beside it")
def views():
    place = filled()
    with open(place.rc, "a") as file:
        file.write("[view big]\nquery = words\nsort = -size\n[view talks]\nquery = words\n"
                   "sort = -date\nthreads = yes\n")

    def order(*args):
        said = place.run("dewey", "list", "--format", "{from}", *args).stdout
        return "".join(line[0] for line in said.splitlines())
    tap.equal(order("big"), "BCA")
    tap.equal(order("--reverse", "big"), "ACB")
    tap.equal(order("--sort", "sender", "big"), "ABC")
    tap.equal(order("--sort", "-sender", "big"), "CBA")
    tap.equal(order("talks"), "BCA")
    said = place.run("dewey", "search", "--sort", "score", "--format", "{from}", "is:unread")
    tap.equal(said.stdout.split()[0], "Clara", "without words by date")


@tap.test("search: --format fills in the keys of the JSON form, and refuses others")
def formats():
    place = filled()
    row = json.loads(place.run("dewey", "search", "--json", "from:anna").stdout)
    tap.equal((row["subject"], row["flags"], row["message_id"]),
              ("gamma", ["flagged", "seen"], "2026@x.test"))
    tap.contains(row["snippet"], "words of Anna")
    for key, value in row.items():
        said = place.run("dewey", "search", "--format", "<{%s}>" % key, "from:anna").stdout
        wanted = (",".join(value) if isinstance(value, list) else value if isinstance(value, str)
                  else json.dumps(value))
        tap.equal(said, "<%s>\n" % wanted, key)
    said = place.run("dewey", "search", "--format", r"{subject}\t{flags}{x", "from:anna").stdout
    tap.equal(said, "gamma\tflagged,seen{x\n")
    said = place.run("dewey", "search", "--format", "{colour}", "nothing", status=EX_USAGE).stderr
    tap.contains(said, ["{colour}", "{subject}", "{snippet}"])
    said = place.run("dewey", "search", "--snippet", "from:boris").stdout.splitlines()
    tap.equal(len(said), 2)
    tap.contains(said[1], "words of Boris")


@tap.test("list, search, count: what is not found, and what is wrong, by the exit status")
def statuses():
    place = filled()
    tap.equal(place.run("dewey", "search", "subject:nothing").stdout, "")
    tap.equal(place.run("dewey", "count", "subject:nothing").stdout, "0\n")
    tap.equal(json.loads(place.run("dewey", "count", "--json", "in:Inbox").stdout),
              {"total": 3, "unread": 2})
    tap.equal(len(place.run("dewey", "list", "unread").stdout.splitlines()), 2)
    tap.equal(len(place.run("dewey", "search", "--", "-from:anna").stdout.splitlines()), 2)
    for args, status in ((("list", "Nowhere"), EX_NOINPUT), (("list",), EX_USAGE),
                         (("search", "form:anna"), EX_USAGE), (("count", "(a"), EX_USAGE)):
        place.run("dewey", *args, status=status)


def examples():
    """Command lines of the manual and of --help that need no server."""
    text = home.read(os.path.join(TOP, "man", "dewey.1")).decode()
    found = re.findall(r"(?m)^\.Dl (dewey .*)$", text.split(".Sh EXAMPLES")[1])
    commands = home.read(os.path.join(TOP, "ui", "cli-commands.def")).decode()
    found += re.findall(r'"(dewey [a-z]+ [^"]*)"\)', commands)
    offline = "list search count show import export archive move tag undo".split()
    return [line.replace("\\e", "\\") for line in found
            if line.split()[1] in offline and "show 4711" not in line]


@tap.test("the examples of dewey(1) and of --help do what they say")
def as_printed():
    lines = examples()
    tap.equal(len(lines) > 8, True)
    for line in lines:
        place = filled()
        with open(os.path.join(place.path, "old.mbox"), "w") as file:
            file.write("From a Mon Jan  5 10:00:00 2026\nFrom: anna@x.test\nSubject: old\n\nx\n")
        if " in:Old" in line or "undo" in line:
            place.run("dewey", "import", "-f", "Old", "old.mbox", cwd=place.path)
        line = line.replace("| jq -r .subject", "| grep -c .")
        line = re.sub(r"^dewey", "dewey -c " + shlex.quote(place.rc), line)
        result = subprocess.run(["sh", "-c", line], cwd=place.path, env=place.environment(),
                                capture_output=True, check=False)
        ok = (0, 1) if "grep" in line else (0,)
        tap.ok(result.returncode in ok, "%s: %d %s" % (line, result.returncode, result.stderr))


tap.main()
