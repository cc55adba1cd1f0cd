#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey tag and dewey move: what a query finds, changed from the command line."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

EX_USAGE = 64
LETTER = """From: %s <%s@example.org>
To: ivan@peer.test
Subject: %s
Message-ID: <%s@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

text of %s
"""


def person(names):
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"})
    for name in names:
        path = os.path.join(h.path, name + ".eml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(LETTER % (name, name, "about " + name, name, name))
        h.run("dewey", "import", path)
    return h


def tags(h):
    """{sender: tags} of all letters, as --json has them."""
    rows = [json.loads(line) for line in h.run("dewey", "search", "--json", "about").stdout.splitlines()]
    return {row["from"].split()[0]: " ".join(row["tags"]) for row in rows}


@tap.test("P-75: tags are given and taken away by a query")
def tag():
    h = person(["anna", "boris", "clara"])
    h.run("dewey", "tag", "+work", "+todo", "from:anna OR from:boris")
    result = h.run("dewey", "tag", "--json", "-todo", "+Später", "from:boris")
    tap.equal(json.loads(result.stdout), {"changed": 1, "missing": 0})
    tap.equal(tags(h), {"anna": "todo work", "boris": "später work", "clara": ""})
    h.run("dewey", "tag", "+nothing", "from:nobody")
    os.unlink(os.path.join(h.mail, ".dewey", "index.db"))
    tap.equal(tags(h), {"anna": "todo work", "boris": "später work", "clara": ""})


@tap.test("a tag that is none, no tag and no query are told")
def wrong():
    h = person(["anna"])
    tap.contains(h.run("dewey", "tag", "+a(b", "anna", status=EX_USAGE).stderr,
                 "'a(b' cannot be a tag")
    tap.contains(h.run("dewey", "tag", "anna", status=EX_USAGE).stderr, "no tag is named")
    tap.contains(h.run("dewey", "tag", "+work", status=EX_USAGE).stderr, "wants")
    tap.contains(h.run("dewey", "move", "Archive", status=EX_USAGE).stderr, "wants")
    tap.equal(tags(h), {"anna": ""})


@tap.test("P-75: a query's letters are moved, with their tags, and come to no harm twice")
def move():
    h = person(["anna", "boris"])
    h.run("dewey", "tag", "+work", "from:anna")
    h.run("dewey", "move", "Lists/fresh", "from:anna")
    h.run("dewey", "move", "Lists/fresh", "from:anna")
    tap.equal((len(h.folder("Lists/fresh")), len(h.folder("Inbox"))), (1, 1))
    tap.equal(tags(h), {"anna": "work", "boris": ""})
    tap.contains(h.run("dewey", "move", "a/../b", "boris", status=EX_USAGE).stderr,
                 "cannot be the name of a folder")


@tap.test("tags of a letter that is lost stay until fsck --repair; those of one in Trash as well")
def forgotten():
    h = person(["anna", "boris", "clara"])
    h.run("dewey", "tag", "+work", "from:anna OR from:boris OR from:clara")
    kept = lambda: h.ledger("SELECT count(*) FROM tagged WHERE base <> ''")[0][0]
    # Another program deletes one: it may come back.
    os.unlink([path for path in h.paths("Inbox") if home.read(path).startswith(b"From: boris")][0])
    h.run("dewey", "search", "about")
    tap.equal(kept(), 3)
    tap.contains(h.run("dewey", "fsck", status=None).stdout, "tags of 1 message that is gone")
    h.run("dewey", "fsck", "--repair", status=None)
    tap.equal(kept(), 2)
    h.run("dewey", "move", "Trash", "from:anna")
    tap.equal(kept(), 2)


tap.main()
