# SPDX-License-Identifier: MIT
"""A program in tmux: keys go in, screens come out, every octet is recorded."""
import os
import re
import shutil
import stat
import subprocess
import time

import tap

PATIENCE = 120  # seconds until what should come is given up


class Terminal:
    """A tmux server of its own, with one window in which the program runs."""

    def __init__(self, command, editor, language=None, rows=24, columns=80):
        """command: a shell's words; editor: the text of a script that edits "$1".
        language: variables of the environment instead of English."""
        if not shutil.which("tmux"):
            tap.skip("there is no tmux (package tmux)")
        self.dir = tap.tempdir("dewey-tmux-")
        self.socket = os.path.join(self.dir, "socket")
        self.stream = os.path.join(self.dir, "stream")
        script = self.script("run", "%s 2>%s/errors\necho \"left with $?\"\nstty -a\nread line\n"
                             % (command, self.dir))
        env = {**os.environ, "HOME": self.dir, "EDITOR": self.script("editor", editor),
               "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "DEWEY_BIN": tap.BIN, "TERM": "xterm-256color"}
        env.update(language or {})
        env.pop("VISUAL", None)
        env.pop("TMUX", None)
        # The pane begins with a wait, so that nothing is written before it is recorded.
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "sh -c 'read go; exec %s'" % script, env=env)
        tap.cleanup(lambda: self.tmux("kill-server", check=False))
        self.tmux("pipe-pane", "-o", "cat >%s" % self.stream)
        self.tmux("send-keys", "Enter")

    def script(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write("#!/bin/sh\n" + text)
        os.chmod(path, stat.S_IRWXU)
        return path

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
