#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 is cancelled while it writes and nothing is under way: then the session
can end in order, and that is no risk but where QUIT deletes unasked."""
import os
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import fakemail
import home
import tap
from pop3scene import Scene

# Two as large as a group that is made durable: one is finished when the next has come.
LETTERS = [b"Subject: %d\n\n" % n + b"a line of text\n" * 570000 for n in (1, 2)] + [
    b"Subject: 3\n\nx\n"]


def cancelled_in_commit(*more):
    """A fetch of which the first letter is done with, and that is cancelled while
    the last ones are being recorded."""
    scene = Scene(LETTERS, account={"keep": "never"}, capabilities=["UIDL", *more])
    ledger = os.path.join(scene.home.mail, ".dewey", "ledger.db")
    scene.fetch("--dry-run")
    scene.drop.lines.clear()
    held, locks = threading.Event(), []

    def hold(conn):
        db = sqlite3.connect(ledger, isolation_level=None, check_same_thread=False)
        tap.cleanup(db.close)
        db.execute("BEGIN IMMEDIATE")
        locks.append(db)
        conn.reply("+OK\r\n" + LETTERS[2].decode().replace("\n", "\r\n") + ".")
        held.set()
    scene.drop.faults.append(fakemail.Fault("RETR 3", hold, 1))
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 1, "account": "home"})
    held.wait()
    patience = time.monotonic() + 3  # less than the ledger's
    while b"nanosleep" not in home.read("/proc/%d/wchan" % parent.agent.pid):
        if time.monotonic() > patience:
            tap.skip("this kernel does not tell where a process waits")
        os.sched_yield()
    parent.send({"do": "cancel", "id": 1})
    locks[0].execute("ROLLBACK")
    tap.equal(parent.until("done", "failed")[-1]["code"], "cancelled")
    parent.close()
    tap.equal(sorted(scene.home.folder("Inbox")), LETTERS)
    return scene


def complete(scene):
    scene.fetch()
    tap.equal((scene.drop.letters, sorted(scene.home.folder("Inbox"))), ([], LETTERS))
    tap.equal(len(scene.commands("RETR")), 3)


@tap.test("a cancel with nothing under way: QUIT, and what was deleted stays deleted [P-60]")
def quits():
    scene = cancelled_in_commit()
    tap.equal(scene.commands("DELE") + scene.commands("QUIT"), ["DELE 1", "QUIT"])
    tap.equal([data for _, data in scene.drop.letters], LETTERS[1:])
    complete(scene)


@tap.test("a cancel, and QUIT would delete what was only read: no QUIT [P-57, P-62]")
def no_quit():
    scene = cancelled_in_commit("EXPIRE 0")
    tap.equal(scene.commands("DELE") + scene.commands("QUIT"), ["DELE 1", "DELE 2"])
    tap.equal([data for _, data in scene.drop.letters], LETTERS)
    complete(scene)


tap.main()
