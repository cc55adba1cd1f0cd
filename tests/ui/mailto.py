#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that begin on the command line: dewey compose, and links of mailto:."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
import tmuxscreen

# The page is drawn once before the editor begins; what it wrote is there for good.
EDITOR = 'echo Edited. >>"$1"\n'


def start(h, words):
    return tmuxscreen.Terminal("%s -c %s %s" % (tap.program("dewey"), h.rc, words), EDITOR)


def new_home():
    return home.Home({"smtp": "smtps://ivan@localhost:1"})


@tap.test("M-63: a link fills the page in; what it may not say is told, and nothing is sent")
def link():
    h = new_home()
    terminal = start(h, "'mailto:green@example.com,brown@example.com?subject=%D0%9F%D0%BB%D0%B0%D0%BD"
                        "&cc=anna@example.org&bcc=boris@example.org&body=Two%0D%0Alines"
                        "&attach=/etc/passwd&X-Evil=1'")
    screen = terminal.wait("Edited")
    for text in ("To:         green@example.com, brown@example.com", "Cc:         anna@example.org",
                 "Bcc:        boris@example.org", "Subject:    План", "Two", "attach",
                 "names 4 recipients"):
        tap.contains(screen, text)
    tap.lacks(screen, "/etc/passwd")
    tap.equal(h.ledger("SELECT count(*) FROM outbox"), [(0,)])
    tap.equal(h.folder("Drafts"), [])


@tap.test("M-63: a link that is none, or that brings its own fields in, is refused with 65")
def bad_links():
    h = new_home()
    for link in ("mailto:a%0d%0aBcc:x@y@example.com", "mailto:a@b.example?subject=%zz"):
        tap.contains(h.run("dewey", link, status=65).stderr, "dewey: ")


@tap.test("dewey compose takes addresses, copies, a subject and files")
def compose():
    h = new_home()
    path = os.path.join(h.path, "plan.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("A plan.\n")
    terminal = start(h, "compose -s 'The plan' --cc anna@example.org -b boris@example.org "
                        "-a %s green@example.com 'mailto:brown@example.com'" % path)
    screen = terminal.wait("Edited")
    for text in ("To:         brown@example.com, green@example.com", "Cc:         anna@example.org",
                 "Bcc:        boris@example.org", "Subject:    The plan", "8 B", "From:       Иван Петров <ivan@peer.test>"):
        tap.contains(screen, text)


@tap.test("without a terminal, and with a file that is not there, it says so")
def refused():
    h = new_home()
    tap.contains(h.run("dewey", "compose", "a@example.org", status=64).stderr, "needs a terminal")
    tap.contains(h.run("dewey", "compose", "-a", "/nowhere", status=66).stderr, "/nowhere")
    tap.contains(h.run("dewey", "compose", "mailto:a@b.example", "mailto:c@d.example",
                       status=64).stderr, "one link only")


tap.main()
