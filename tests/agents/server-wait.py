#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The server view in tmux, and a server that takes a log-in every few seconds only: marks wait
for it, say so, and do what was agreed to and no more."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap
import tmuxscreen
from pop3scene import Scene


def letter(n):
    return b"From: a@peer.test\nSubject: letter %d\nMessage-ID: <%d@peer.test>\n\nx\n" % (n, n)


def looked_at(seconds):
    """A scene of three letters, and the front end with their list."""
    scene = Scene([("u%d" % n, letter(n)) for n in range(1, 4)],
                  capabilities=["TOP", "UIDL", "PIPELINING", "LOGIN-DELAY %d" % seconds])
    terminal = tmuxscreen.Terminal(" ".join(scene.home.command("dewey")), "exit 1\n", columns=100)
    terminal.wait("dewey")
    terminal.type(":server")
    terminal.keys("Enter")
    terminal.wait("letter 3")
    terminal.wait("looking", gone=True)
    return scene, terminal


def left(scene):
    return [uid for uid, _ in scene.drop.letters]


def leave(terminal):
    terminal.type(":quit")
    terminal.keys("Enter")
    terminal.wait("left with 0|Quit")
    terminal.keys("y")
    terminal.wait("left with 0")


@tap.test("LOGIN-DELAY: marks wait for the server without a word of failure, and are done [P-17]")
def waits():
    scene, terminal = looked_at(3)
    terminal.type("dg")
    terminal.wait("get .*\n(.*\n)*.*fetch 1")
    terminal.type("$")
    terminal.wait("on the server")
    terminal.type("y")
    terminal.wait("waits for the server until")
    # Not "1 of 1 fetched", which is said while the session goes on.
    terminal.wait("1 fetched, 1 deleted")
    tap.equal((left(scene), scene.home.folder("Inbox")), (["u1", "u2"], [letter(2)]))
    tap.equal(scene.drop.lines.count("QUIT"), 2)
    leave(terminal)


@tap.test("LOGIN-DELAY: a mark that is taken back while it waits is not done, nor one that is new [P-17] [P-76]")
def taken_back():
    scene, terminal = looked_at(5)
    terminal.type("dd")
    terminal.wait("delete 2")
    terminal.type("$")
    terminal.wait("on the server")
    terminal.type("y")
    terminal.wait("waits for the server until")
    # The cursor is on the third one, letter 1: it is marked; letter 2 is not any more.
    terminal.type("dku")
    terminal.wait("1 deleted")
    tap.equal(left(scene), ["u1", "u2"])
    leave(terminal)


@tap.test("LOGIN-DELAY: Esc while it waits: nothing is done [P-17]")
def cancelled():
    scene, terminal = looked_at(600)
    terminal.type("d$")
    terminal.wait("on the server")
    terminal.type("y")
    terminal.wait("waits for the server until")
    terminal.keys("Escape")
    terminal.wait("waits for the server until", gone=True)
    terminal.wait("delete 1")
    tap.equal((left(scene), scene.drop.lines.count("QUIT")), (["u1", "u2", "u3"], 1))
    leave(terminal)


tap.main()
