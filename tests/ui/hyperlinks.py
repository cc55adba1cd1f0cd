#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Links that the terminal follows (OSC 8), as a terminal gets them."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import ptyrun
import tap

LETTER = """From: Vera <vera@example.org>
To: ivan@peer.test
Subject: Links
Message-ID: <links@example.org>
Content-Type: text/html; charset=utf-8

<p>Look at <a href="https://example.org/map">the map</a>, at
<a href="https://example.org/&#27;]0;evil&#7;x">this</a> and at
<a href="https://example.org/путь">that</a>. It ends here.</p>
"""
LINK = re.compile(rb"\x1b\]8;;([^\x1b]*)\x1b\\(.*?)\x1b\]8;;\x1b\\", re.DOTALL)


def shown(setting, **variables):
    """What is written to a terminal until the letter stands there, and dewey has ended."""
    scene = home.Home({"smtp": "smtps://ivan@smtp.peer.test"}, "[dewey]\nhyperlinks = %s\nsidebar = no\n" % setting)
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(scene.mail, "Inbox", name))
    with open(os.path.join(scene.mail, "Inbox", "new", "1700000000.1.x"), "w",
              encoding="utf-8") as file:
        file.write(LETTER)
    environment = {k: v for k, v in scene.environment().items()
                   if k not in ("TMUX", "KITTY_WINDOW_ID", "VTE_VERSION")}
    environment.update({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **variables})
    terminal = ptyrun.Terminal(scene.command("dewey"), environment,
                               os.path.join(scene.path, "errors"), record=True)
    terminal.wait(b"Vera")
    terminal.keys("\r")
    terminal.wait(b"ends here")
    terminal.keys("Q")
    tap.equal(terminal.end(), 0)
    return bytes(terminal.record)


def links(stream):
    return [(url.decode(), re.sub(rb"\x1b[^m]*m|\x1b\(B", b"", text).decode())
            for url, text in LINK.findall(stream)]


@tap.test("links are told to a terminal that is known to follow them, or if it is wanted")
def told():
    wanted = ("https://example.org/map", "the map [1]")
    tap.ok(wanted in links(shown("yes")), "the link is not told")
    tap.ok(wanted in links(shown("auto", VTE_VERSION="7200")), "VTE is not known")
    for setting, variables in (("no", {"VTE_VERSION": "7200"}), ("auto", {}),
                               ("auto", {"VTE_VERSION": "7200", "TMUX": "/tmp/x"})):
        tap.ok(b"\x1b]8" not in shown(setting, **variables),
               "links are told with %s, %s" % (setting, variables))


@tap.test("M-40: no octet of an address ends the sequence or begins another")
def foreign():
    stream = shown("yes")
    tap.ok(b"\x1b]0" not in stream, "a title is set")
    tap.ok(b"\x07" not in stream, "a bell rings")
    for url, _ in links(stream):
        tap.ok(all(" " < letter <= "~" for letter in url), url)
    tap.equal(stream.count(b"\x1b]8;;\x1b\\"), len(links(stream)))


tap.main()
