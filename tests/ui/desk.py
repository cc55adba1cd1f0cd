#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that are being written when the reader is killed, on a real terminal."""
import glob
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
import tmuxscreen

# Writes what it is given and stays, like an editor in which somebody goes on typing.
EDITOR = """echo 'Half of a sentence' >>"$1"
echo $PPID >"$HOME/parent"
read -r words
echo "$words" >>"$1"
"""


def dewey(h):
    terminal = tmuxscreen.Terminal("%s -c %s" % (tap.program("dewey"), h.rc), EDITOR)
    terminal.wait("Inbox")
    return terminal


def new_home(autosave="1"):
    h = home.Home({"smtp": "smtps://ivan@localhost:1"})
    with open(h.rc, encoding="utf-8") as file:
        text = file.read()
    with open(h.rc, "w", encoding="utf-8") as file:
        file.write(text.replace("[dewey]\n", "[dewey]\nundo = 1 hour\nautosave = %s\n" % autosave))
    return h


def kill(terminal):
    """kill -9 of the reader itself; the shell around it says that it is gone."""
    pane = terminal.tmux("display-message", "-p", "#{pane_pid}").strip()
    found = subprocess.run(["pgrep", "-P", pane, "-f", "dewey"], text=True,
                           capture_output=True).stdout.split()
    tap.equal(len(found), 1, "processes of dewey in the pane")
    os.kill(int(found[0]), signal.SIGKILL)
    terminal.wait("left with 137")


def saved(h, name, text):
    """Until a file called so on a desk holds text."""
    end = time.monotonic() + tmuxscreen.PATIENCE
    while time.monotonic() < end:
        for path in glob.glob(glob.escape(h.mail) + "/.dewey/desk/*/" + name):
            if text in home.read(path):
                return
        time.sleep(0.05)
    raise tap.Failure("no %s on the desk holds %r" % (name, text))


def begin(terminal, subject):
    terminal.keys("m")
    terminal.type("brown@example.com")
    terminal.keys("Enter")
    terminal.type(subject)
    terminal.keys("Enter")


@tap.test("a reader killed with -9 while the letter is in the editor: the words are there")
def in_editor():
    h = new_home()
    terminal = dewey(h)
    begin(terminal, "Plans")
    saved(h, "letter", b"Plans")
    saved(h, "text", b"Half of")
    kill(terminal)
    terminal = dewey(h)
    terminal.wait('The letter "Plans" was not finished')
    terminal.keys("y")
    screen = terminal.wait("Half of a sentence")
    tap.ok("brown@example.com" in screen, screen)


@tap.test("a field changed on the page is saved at once, and survives kill -9")
def on_page():
    h = new_home("1 hour")
    terminal = dewey(h)
    begin(terminal, "Plans")
    saved(h, "text", b"Half of")
    terminal.type("the other half")
    terminal.keys("Enter")
    terminal.wait("the other half")
    terminal.wait("q:Back")
    terminal.keys("c")
    terminal.wait("(?m)^Cc:$(?![\\s\\S]*q:Back)")
    terminal.type("green@example.com")
    terminal.keys("Enter")
    saved(h, "letter", b"green@example.com")
    kill(terminal)
    terminal = dewey(h)
    terminal.wait("was not finished")
    terminal.keys("y")
    terminal.wait("green@example.com")
    screen = terminal.wait("the other half")
    tap.ok("Half of a sentence" in screen, screen)


def desk(h):
    found = glob.glob(glob.escape(h.mail) + "/.dewey/desk/*/letter")
    tap.equal(len(found), 1, "letters on desks")
    return os.path.dirname(found[0])


def on_page_with(h, terminal, subject):
    """The compose page, the editor left."""
    begin(terminal, subject)
    saved(h, "text", b"Half of")
    terminal.type("the other half")
    terminal.keys("Enter")
    terminal.wait("the other half")
    terminal.wait("q:Back")
    saved(h, "letter", b"the other half")


@tap.test("what could not be saved is told, shown, and saved when that is possible again")
def again():
    h = new_home()
    terminal = dewey(h)
    on_page_with(h, terminal, "Plans")
    letter = desk(h) + "/letter"
    os.rename(letter, h.path + "/aside")
    os.makedirs(letter + "/in the way")
    terminal.keys("c")
    terminal.type("green@example.com")
    terminal.keys("Enter")
    terminal.wait("the letter cannot be saved while you write")
    terminal.wait("not saved")
    shutil.rmtree(letter)
    saved(h, "letter", b"green@example.com")
    terminal.wait("not saved", gone=True)


@tap.test("S-53: a letter that is in the outbox when dewey is killed is not offered again")
def handed_in():
    h = new_home()
    terminal = dewey(h)
    on_page_with(h, terminal, "Plans")
    path = desk(h)
    shutil.copytree(path, h.path + "/aside")
    terminal.keys("y")
    terminal.wait("calls it back")
    with sqlite3.connect(h.mail + "/.dewey/ledger.db") as ledger:
        ids = ledger.execute("SELECT message_id FROM outbox").fetchall()
    tap.equal(len(ids), 1, "letters in the outbox")
    kill(terminal)
    # As if it had been killed between the outbox and the end of the desk.
    shutil.copytree(h.path + "/aside", path)
    with open(path + "/sends", "w", encoding="utf-8") as file:
        file.write(ids[0][0])
    terminal = dewey(h)
    terminal.keys("O")
    terminal.wait("Plans")
    tap.ok("was not finished" not in terminal.screen(), terminal.screen())
    tap.ok(not os.path.exists(path), "the desk is still there")


tap.main()
