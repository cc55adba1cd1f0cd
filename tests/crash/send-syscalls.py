#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each system call that changes a file or talks to the server fails (EIO, ENOSPC)
while letters are queued and sent, or dewey-smtp is killed at it: what it says to be
queued is sent, once, and what it says not to be queued is not (S-50 to S-55, X-20).

DEWEY_CALLS is how many of the calls each test tries, spread over the run (30);
"make crash" tries every one.  DEWEY_SEED repeats a choice."""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import queuescene
import smtpscene
import tap
from faults import CHANGING, EDQUOT, EFBIG, EIO, ENOSPC, KILL, WRITING, besiege, named, was_killed
from smtpscene import DOT_PENDING, HELD, UNCERTAIN

LETTERS = queuescene.letters(2)
LONG = queuescene.letter(0, b"a line of text\n" * 20000)
SPOKEN = CHANGING + ",recvfrom,recvmsg,read,poll,ppoll"


class Line:
    """A sink, and what is checked of it."""

    def __init__(self, *extensions):
        self.sink = fakemail.Sink(capabilities=("8BITMIME", "ENHANCEDSTATUSCODES", *extensions))
        self.server = fakeserver.Server(self.sink)
        tap.cleanup(self.server.stop)

    def forget(self):
        self.server.settle()
        self.server.forget()
        self.sink.mailboxes.clear()
        self.sink.letters.clear()


def uncertain_now(place, result):
    """Whom nobody can know about: those that are found at their dot because it was
    killed, or could not write down what the server said; the others it tells."""
    states = queuescene.states(place)
    told = {n for n, state in states.items() if state == UNCERTAIN}
    found = {n for n, state in states.items() if state == DOT_PENDING}
    tap.ok(len(told | found) <= 1, "uncertain: %s" % (told | found))
    if not was_killed(result):
        tap.equal("may have been sent" in result.stderr, bool(told), "whether it says so")
        tap.ok(not found or "dewey-smtp: " in result.stderr, "it could not go on, and says nothing")
    return told | found


def release_held(place, result):
    """A letter whose file cannot be read waits for a person, and is named."""
    held = [n for n, state in queuescene.states(place).items() if state == HELD]
    for number in held:
        tap.contains(result.stderr, "'%d': " % number, "what it says of a letter that it holds")
    smtpscene.change(place, "UPDATE outbox SET state = 1 WHERE state = 0")


def sending(line):
    """Two letters that wait, and one session for them."""
    queue = queuescene.Queue(line.server.port, LETTERS)

    def check(place, result, call):
        line.server.settle()
        here = set()
        if result:
            here = uncertain_now(place, result)
            release_held(place, result)
            queuescene.recover(place)
        queuescene.verify(place, line.sink, range(2), here)

    def scene():
        line.forget()
        return queue.place(), check
    return scene


@tap.test("two letters sent one command at a time, killed [S-50, S-51, S-55, X-20]")
def send_killed():
    besiege(sending(Line()), [KILL], "dewey-smtp", "-q")


@tap.test("two letters sent in a pipeline, killed [S-50, S-51, S-55, X-20]")
def pipeline_killed():
    besiege(sending(Line("PIPELINING")), [KILL], "dewey-smtp", "-q")


@tap.test("two letters sent in chunks, killed [S-11, S-50, S-51, S-55, X-20]")
def chunks_killed():
    besiege(sending(Line("PIPELINING", "CHUNKING")), [KILL], "dewey-smtp", "-q")


@tap.test("two letters sent, a call fails [S-50, S-51, S-55, X-20]")
def send_errors():
    besiege(sending(Line("PIPELINING")), [EIO, ENOSPC], "dewey-smtp", "-q", traced=SPOKEN)


@tap.test("two letters sent, no room for their Sent copies or their rows [S-55, X-20, X-22]")
def send_quota():
    besiege(sending(Line("PIPELINING")), [EDQUOT, EFBIG], "dewey-smtp", "-q", only=named(*WRITING))


def is_there(place):
    """How many letters are in the outbox."""
    if not os.path.exists(os.path.join(place.mail, ".dewey", "ledger.db")):
        return 0
    try:
        return place.ledger("SELECT count(*) FROM outbox")[0][0]
    except sqlite3.OperationalError:
        return 0  # the store was not made whole


def queueing(line, new=False):
    """One letter handed in, which another agent is to send."""
    origin = queuescene.Queue(line.server.port, [])

    def check(place, result, call):
        place.locked.__exit__(None, None, None)
        queued = is_there(place)
        if result and not was_killed(result):
            # Who hears that it is not queued hands it in again.
            tap.equal(queued, 1 if result.returncode == 0 else 0,
                      "letters in the outbox, and status %d" % result.returncode)
        tap.ok(queued <= 1, "letters in the outbox")
        queuescene.recover(place) if queued else place.run("dewey-smtp", "-q")
        line.server.settle()
        queuescene.verify(place, line.sink, range(queued), ())
        for data in (got[0] for got in line.sink.mailboxes.values()):
            tap.equal(data.split(b"\r\n\r\n", 1)[1], b"a line of text\r\n" * 20000, "the letter")

    def scene():
        line.forget()
        place = home.Home(origin.account) if new else origin.place()
        place.locked = queuescene.sending_locked(place)
        place.locked.__enter__()
        return place, check
    return scene


@tap.test("a letter handed in, killed: it is queued whole, or not at all [S-52, X-20]")
def queue_killed():
    besiege(queueing(Line()), [KILL], "dewey-smtp", "-t", "-i", input=LONG.decode())


@tap.test("a letter handed in, a call fails: the status says whether it is queued [S-52, X-20]")
def queue_errors():
    besiege(queueing(Line()), [EIO, ENOSPC], "dewey-smtp", "-t", "-i", input=LONG.decode(),
            traced=CHANGING + ",read")


@tap.test("a letter handed in to a store that is made by it, killed or a call fails [S-52, X-20]")
def queue_new():
    besiege(queueing(Line(), new=True), [KILL, EIO], "dewey-smtp", "-t", "-i", input=LONG.decode())


def at_once(line):
    """A letter handed in and sent in the same run."""
    origin = queuescene.Queue(line.server.port, [])

    def check(place, result, call):
        line.server.settle()
        queued = is_there(place)
        here = set()
        if result:
            here = uncertain_now(place, result) if queued else set()
            if not was_killed(result):
                said_no = result.returncode not in (0, 69, 75) or (
                    result.returncode == 75 and not here)
                tap.ok(not (said_no and queued), "queued, and status %d" % result.returncode)
                tap.ok(queued or result.returncode, "not queued, and status 0")
            if queued:
                release_held(place, result)
                queuescene.recover(place)
        queuescene.verify(place, line.sink, range(queued), here)

    def scene():
        line.forget()
        return origin.place(), check
    return scene


@tap.test("a letter handed in and sent, killed or a call fails [S-51, S-52, S-55, X-20]")
def send_at_once():
    besiege(at_once(Line("PIPELINING")), [KILL, EIO], "dewey-smtp", "-t", "-i",
            input=LETTERS[0].decode())


tap.main()
