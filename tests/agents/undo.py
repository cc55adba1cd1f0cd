#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey undo: the last change, or all down to one, across processes."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

EX_USAGE = 64
LETTER = """From: %s <%s@example.org>
Subject: about %s
Message-ID: <%s@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

text
"""


def person(names):
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    for name in names:
        path = os.path.join(h.path, name + ".eml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(LETTER % (name, name, name, name))
        h.run("dewey", "import", path)
    return h


def files(h):
    """Every letter's part and file name."""
    return sorted(path[len(h.mail):] for folder in ("Inbox", "Archive") for path in h.paths(folder))


def entries(h):
    return [json.loads(line) for line in h.run("dewey", "undo", "--list", "--json").stdout.splitlines()]


@tap.test("dewey undo takes the last change back, file names and all")
def last():
    h = person(["anna", "boris"])
    before = files(h)
    h.run("dewey", "move", "Archive", "from:anna")
    moved = files(h)
    h.run("dewey", "tag", "+work", "about")
    h.run("dewey", "move", "Archive", "from:boris")
    tap.equal(h.run("dewey", "undo").stdout, "1 message moved back\n")
    tap.equal(files(h), moved)
    tap.equal(h.run("dewey", "undo").stdout, "tags of 2 messages taken back\n")
    tap.equal(json.loads(h.run("dewey", "undo", "--json").stdout),
              {"done": 1, "missing": 0, "text": "1 message moved back"})
    tap.equal(files(h), before)
    tap.equal(h.run("dewey", "undo").stdout, "there is nothing to undo\n")


@tap.test("dewey undo --list says what was done; a number takes all down to it back")
def down_to():
    h = person(["anna", "boris"])
    before = files(h)
    h.run("dewey", "tag", "+work", "from:anna")
    h.run("dewey", "move", "Archive", "about")
    h.run("dewey", "move", "Lists/x", "from:boris")
    tap.equal([e["text"] for e in entries(h)],
              ["1 message moved to Lists/x", "2 messages moved to Archive",
               "tags of 1 message changed"])
    tap.contains(h.run("dewey", "undo", "--list", "-n", "1").stdout, "1 message moved to Lists/x\n")
    tap.equal(h.run("dewey", "undo", str(entries(h)[1]["entry"])).stdout, "2 changes taken back\n")
    tap.equal(files(h), before)
    tap.equal([e["text"] for e in entries(h)], ["tags of 1 message changed"])
    tap.contains(h.run("dewey", "undo", "x", status=EX_USAGE).stderr, "'x' is not a change")


tap.main()
