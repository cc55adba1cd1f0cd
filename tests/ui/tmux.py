#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The real program on a real terminal: "dewey --demo" in tmux at 80x24."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap
import tmuxscreen

EDITOR = """printf 'your words: '
read -r words
echo "$words" >>"$1"
"""


def russian_environment():
    """The locale that ./bootstrap makes, and the translation as it is in po."""
    locales = os.path.join(tap.BUILD, "locale")
    if not os.path.isdir(os.path.join(locales, "ru_RU.UTF-8")):
        tap.skip("./bootstrap check makes the Russian locale")
    catalogues = tap.tempdir("dewey-po-")
    os.makedirs(os.path.join(catalogues, "ru", "LC_MESSAGES"))
    tap.succeeds(["msgfmt", "-o", os.path.join(catalogues, "ru", "LC_MESSAGES", "dewey.mo"),
                  os.path.join(tap.TOP, "po", "ru.po")])
    return {"LOCPATH": locales, "LC_ALL": "ru_RU.UTF-8", "LANGUAGE": "ru",
            "DEWEY_LOCALE": catalogues}


def demo(language=None):
    return tmuxscreen.Terminal(os.path.join(tap.BUILD, "dewey") + " --demo", EDITOR, language)


def no_foreign_escape(stream):
    """The demo's letters try to set titles, ring bells and turn text around."""
    tap.ok(len(stream) > 2000, "only %d octets were recorded" % len(stream))
    text = stream.decode("utf-8")
    for what, pattern in (("an operating system command", "\x1b[]P_^X]"), ("a bell", "\x07"),
                          ("a C1 control", "[\x80-\x9f]"),
                          ("a bidi control", "[\u202a-\u202e\u2066-\u2069\u200e\u200f]"),
                          ("something invisible", "[\u200b-\u200d\u2060\ufeff]")):
        found = re.search(pattern, text)
        tap.ok(not found, "%s was written: %r" % (
            what, found and text[max(0, found.start() - 30):found.end() + 30]))


def a_round(terminal, words):
    """Open, read, reply, get the reply back, search, delete, undo, quit."""
    terminal.wait(words["new"])
    terminal.type(":limit from:peter")
    terminal.keys("Enter")
    terminal.wait("Peter Brown")
    terminal.keys("Enter")
    terminal.wait("Peter Brown <")
    terminal.keys("r")
    # Every key typed now is the editor's.
    terminal.wait("your words:")
    terminal.type("jkdq, I shall bring the map.")
    terminal.wait("bring the map")
    terminal.keys("Enter")
    terminal.wait("(?m)^jkdq, I shall bring the map")
    terminal.keys("y")
    # The letter may be fetched again, by the interval, before this looks.
    terminal.wait(words["sent"] + "|" + words["fetched"])
    terminal.keys("q")
    terminal.type(":limit all")
    terminal.keys("Enter")
    terminal.wait("Tom Baker")
    terminal.keys("G")
    terminal.wait("Re: Where do we walk|16 ")
    terminal.keys("/")
    terminal.type("subject:key")
    terminal.keys("Enter")
    terminal.wait(words["found"])
    terminal.wait("Tom Baker", gone=True)
    terminal.wait("Maria Green")
    terminal.keys("d")
    # What is said of it in the last line may be gone: the next fetch ends when it likes.
    terminal.wait("Maria Green", gone=True)
    terminal.keys("u")
    terminal.wait("Maria Green")
    terminal.keys("q")
    terminal.wait("Tom Baker")
    # The letter that attacks the terminal, with its source and all headers.
    terminal.type(":limit from:thief")
    terminal.keys("Enter")
    terminal.wait("Tom Baker", gone=True)
    terminal.wait("Your Bank")
    terminal.keys("Enter")
    terminal.wait("did its job")
    terminal.keys("h")
    terminal.wait("Message-I")
    terminal.keys("e")
    terminal.wait("boundary|Content-Type")
    terminal.keys("q", "q")
    terminal.keys("y")
    terminal.wait(words["view"])
    terminal.keys("q")
    terminal.type(":quit")
    terminal.keys("Enter")


def left_well(terminal):
    screen = terminal.wait("left with")
    tap.ok("left with 0" in screen, screen)
    screen = terminal.wait("icanon")
    tap.ok(" -icanon" not in screen and " -echo " not in screen, "the terminal is not as before")


@tap.test("the whole round in English; nothing of a letter reaches the terminal raw [M-40]")
def english():
    terminal = demo()
    a_round(terminal, {"new": "15 new messages", "sent": "1 message sent",
                       "fetched": "home: 1 new message",
                       "found": "subject:key", "view": "unread"})
    left_well(terminal)
    no_foreign_escape(terminal.written())


@tap.test("the same round in Russian")
def russian():
    terminal = demo(russian_environment())
    a_round(terminal, {"new": "15 новых писем", "sent": "отправлено 1 письмо",
                       "fetched": "home: 1 новое письмо",
                       "found": "subject:key", "view": "непрочитанные"})
    left_well(terminal)
    no_foreign_escape(terminal.written())


@tap.test("in Russian folders are opened by the names that are on the screen")
def titles():
    terminal = demo(russian_environment())
    terminal.wait("15 новых писем")
    terminal.keys("c")
    terminal.type("корзина")
    terminal.keys("Enter")
    terminal.wait("^ Корзина: 0 писем")
    terminal.keys("c")
    terminal.type("Вход")
    terminal.keys("Tab", "Enter")
    terminal.wait("^ Входящие: 15 писем")
    terminal.type(":quit")
    terminal.keys("Enter")
    left_well(terminal)


@tap.test("resized again and again, down to 20 by 5, and an end by a signal")
def resized():
    terminal = demo()
    terminal.wait("Inbox: 15 messages")
    for columns, rows in ((40, 10), (20, 5), (200, 60), (20, 5), (80, 24)):
        terminal.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        terminal.keys("j")
        # Drawn anew: the title stands in the first row at every size.
        terminal.wait("Inbox: 15")
    pids = subprocess.run(["pgrep", "-P", terminal.tmux(
        "display-message", "-p", "#{pane_pid}").strip(), "-f", "dewey --demo"], text=True,
        capture_output=True).stdout.split()
    tap.equal(len(pids), 1, "processes of dewey in the pane")
    os.kill(int(pids[0]), 15)
    terminal.wait("icanon")
    tap.ok(" -icanon" not in terminal.screen(), "the terminal is not as before")


tap.main()
