# SPDX-License-Identifier: MIT
"""A person's home in a fresh directory: dotfile, store, and the programs run in it.

    home = Home({"pop3": "pop3s://ivan@localhost:1995", "tls-ca": ca.pem, "keep": "never"})
    home.run("dewey-pop3", "home")             # with -c; exit status 0 or the test fails
    home.folder("Inbox")                       # the letters in it (bytes)
"""
import contextlib
import glob
import gzip
import os
import re
import sqlite3

import tap

SECRET = "s3cret-Wörter"
DEFAULTS = {"name": "Иван Петров", "address": "ivan@peer.test", "password": SECRET}


class Home:
    def __init__(self, account=None, sections=""):
        """account: the settings of [account home]; DEFAULTS fill it up.
        sections: more text for the dotfile."""
        self.path = tap.tempdir("dewey-home-")
        self.mail = os.path.join(self.path, "Mail")
        self.rc = os.path.join(self.path, "deweyrc")
        self.write(account or {}, sections)

    def write(self, account, sections=""):
        """The dotfile anew; sections may have a [dewey]."""
        mail = "[dewey]\nmail = %s\n" % self.mail
        lines = ["[account home]"] if "[dewey]\n" in sections else [mail + "[account home]"]
        sections = sections.replace("[dewey]\n", mail, 1)
        lines += ["%s = %s" % item for item in {**DEFAULTS, **account}.items() if item[1] is not None]
        with open(self.rc, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n" + sections)
        os.chmod(self.rc, 0o600)

    def environment(self):
        return {**os.environ, "HOME": self.path, "PATH": tap.BIN + ":" + os.environ["PATH"]}

    def command(self, program, *args):
        return [tap.program(program), "-c", self.rc, *args]

    def run(self, program, *args, status=0, **options):
        """status: the exit status wanted; None: any."""
        options.setdefault("env", self.environment())
        command = self.command(program, *args)
        return (tap.run(command, **options) if status is None
                else tap.succeeds(command, status, **options))

    def paths(self, folder):
        base = os.path.join(glob.escape(self.mail), folder)
        return sorted(glob.glob(base + "/new/*") + glob.glob(base + "/cur/*"))

    def folder(self, folder):
        return [read(path) for path in self.paths(folder)]

    def ledger(self, query, *values):
        """Rows of the ledger, as dewey-store(5) explains them."""
        path = "file:%s?mode=ro" % os.path.join(self.mail, ".dewey", "ledger.db")
        # Closed at once: else it would look like a program that has the ledger open.
        with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
            return db.execute(query, values).fetchall()

    def recipients(self):
        """{address: state} of all that was ever sent; states of outbox.h."""
        names = ("waiting", "accepted", "sent", "deferred", "failed")
        return {address: names[state]
                for address, state in self.ledger("SELECT address, state FROM recipient")}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def mbox(path):
    """The letters of an mboxrd file, maybe gzip; bytes with LF."""
    data = read(path)
    if path.endswith(".gz"):
        data = gzip.decompress(data)
    letters = re.split(rb"(?m)^From .*\n", data)[1:]
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", letter[:-1] if letter.endswith(b"\n\n") else letter)
            for letter in letters]
