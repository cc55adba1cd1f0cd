#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The real program on a real terminal: "dewey --demo" in tmux at 80x24."""
import os
import re
import shutil
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap

PATIENCE = 120  # seconds until what should come is given up
EDITOR = """#!/bin/sh
echo "Thanks, I shall bring the map." >>"$1"
"""


class Terminal:
    """A tmux server of its own, with one window in which the program runs."""

    def __init__(self, language, rows=24, columns=80):
        if not shutil.which("tmux"):
            tap.skip("there is no tmux (package tmux)")
        self.dir = tap.tempdir("dewey-tmux-")
        self.socket = os.path.join(self.dir, "socket")
        self.stream = os.path.join(self.dir, "stream")
        editor = os.path.join(self.dir, "editor")
        with open(editor, "w") as out:
            out.write(EDITOR)
        os.chmod(editor, stat.S_IRWXU)
        script = os.path.join(self.dir, "run")
        with open(script, "w") as out:
            out.write("#!/bin/sh\n%s --demo 2>%s/errors\necho \"left with $?\"\nstty -a\nread line\n"
                      % (os.path.join(tap.BUILD, "dewey"), self.dir))
        os.chmod(script, stat.S_IRWXU)
        env = {**os.environ, "HOME": self.dir, "EDITOR": editor, "LC_ALL": "C.UTF-8",
               "LANGUAGE": language, "DEWEY_BIN": tap.BIN, "TERM": "xterm-256color",
               "DEWEY_DATA": os.path.join(tap.TOP, "src")}
        env.pop("VISUAL", None)
        env.pop("TMUX", None)
        # The pane begins with a wait, so that nothing is written before it is recorded.
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "sh -c 'read go; exec %s'" % script, env=env)
        tap.cleanup(lambda: self.tmux("kill-server", check=False))
        self.tmux("pipe-pane", "-o", "cat >%s" % self.stream)
        self.tmux("send-keys", "Enter")

    def tmux(self, *args, env=None, check=True):
        run = subprocess.run(["tmux", "-S", self.socket, *args], env=env, text=True,
                             capture_output=True)
        if check and run.returncode != 0:
            raise tap.Failure("tmux %s: %s" % (args[0], run.stderr))
        return run.stdout

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def wait(self, text, gone=False):
        """Until text (a regular expression) is on the screen, or off it."""
        end = time.monotonic() + PATIENCE
        while bool(re.search(text, self.screen())) == gone:
            if time.monotonic() > end:
                raise tap.Failure("'%s' %s:\n%s" % (
                    text, "does not go" if gone else "does not come", self.screen()))
            time.sleep(0.05)
        return self.screen()

    def keys(self, *keys):
        for key in keys:
            self.tmux("send-keys", key)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def written(self):
        with open(self.stream, "rb") as stream:
            return stream.read()


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
    terminal.wait("I shall bring the map")
    terminal.keys("y")
    terminal.wait(words["sent"])
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
    terminal.keys("d")
    terminal.wait(words["deleted"])
    terminal.keys("u")
    terminal.wait("Maria Green")
    terminal.keys("q")
    terminal.wait("Tom Baker")
    # The letter that attacks the terminal, with its source and all headers.
    terminal.type(":limit from:thief")
    terminal.keys("Enter", "Enter")
    terminal.wait("did its job")
    terminal.keys("h")
    terminal.wait("Message-I")
    terminal.keys("e")
    terminal.wait("boundary|Content-Type")
    terminal.keys("q", "q")
    terminal.type(":quit")
    terminal.keys("Enter")


def left_well(terminal):
    screen = terminal.wait("left with")
    tap.ok("left with 0" in screen, screen)
    screen = terminal.wait("icanon")
    tap.ok(" -icanon" not in screen and " -echo " not in screen, "the terminal is not as before")


@tap.test("the whole round in English; nothing of a letter reaches the terminal raw [M-40]")
def english():
    terminal = Terminal("en")
    a_round(terminal, {"new": "15 new messages", "sent": "1 message sent",
                       "found": "subject:key", "deleted": "1 message deleted"})
    left_well(terminal)
    no_foreign_escape(terminal.written())


@tap.test("resized again and again, down to 20 by 5, and an end by a signal")
def resized():
    terminal = Terminal("en")
    terminal.wait("15 new messages")
    for columns, rows in ((40, 10), (20, 5), (200, 60), (20, 5), (80, 24)):
        terminal.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        terminal.keys("j")
        # The hint at the bottom is drawn last: the whole screen is there.
        terminal.wait("q:Back")
    pids = subprocess.run(["pgrep", "-P", terminal.tmux(
        "display-message", "-p", "#{pane_pid}").strip(), "-f", "dewey --demo"], text=True,
        capture_output=True).stdout.split()
    tap.equal(len(pids), 1, "processes of dewey in the pane")
    os.kill(int(pids[0]), 15)
    terminal.wait("icanon")
    tap.ok(" -icanon" not in terminal.screen(), "the terminal is not as before")


tap.main()
