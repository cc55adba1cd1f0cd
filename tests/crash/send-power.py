#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The power fails while letters are handed in and sent: everything that was said to
be queued is there, whole, and is sent once; what was being sent is sent, or is
uncertain; one Sent copy (S-51, S-52, S-55, X-23).

DEWEY_FAILURES is how many failures each test tries (12; "make crash": 1000),
DEWEY_SEED repeats them.  tests/tools/powerloss.py says what may be lost."""
import collections
import os
import random
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import powerloss
import queuescene
import tap
from smtpscene import DONE, UNCERTAIN

FAILURES = int(os.environ.get("DEWEY_FAILURES", "12"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
LETTERS = [queuescene.letter(n, b"a line of text\n" * (n + 1) * 400) for n in range(3)]


class Scene:
    """An outbox, maybe with letters in it, and the sink they go to; account: further
    settings."""

    def __init__(self, data, *extensions, **account):
        self.sink = fakemail.Sink(capabilities=("8BITMIME", "ENHANCEDSTATUSCODES", *extensions))
        self.server = fakeserver.Server(self.sink)
        tap.cleanup(self.server.stop)
        self.place = queuescene.Queue(self.server.port, data, **account).place()

    def record(self, *args, **options):
        record = powerloss.Record(self.place.path, self.place.command("dewey-smtp", *args),
                                  env=self.place.environment(), **options)
        tap.equal(record.result.returncode, 0, record.result.stderr)
        self.server.settle()
        tap.ok(record.world().ruin(random.Random(SEED), "all") == powerloss.snapshot(self.place.path),
               "the model is not what the disk is")
        return record

    def fail(self, record, moment, dice, without=None):
        """The power is back: the store, and what the server has by then."""
        world = record.world(moment, without)
        ended = sum(part == whole for part, whole in queuescene.lasts(world.said))
        taken = world.heard.count(queuescene.TAKEN)
        if ended > taken and dice.random() < 0.5:
            taken += 1
        self.sink.mailboxes.clear()
        for number in range(taken):
            for who in (*queuescene.PEOPLE, "secret@b.test"):
                self.sink.mailboxes[who].append(b"Subject: %d\r\n\r\n" % number)
        powerloss.lay(world.ruin(dice), self.place.path)

    def check(self, wanted):
        """The next run; what it sends is whole."""
        given = len(self.sink.letters)
        queuescene.recover(self.place)
        self.server.settle()
        found = queuescene.verify(self.place, self.sink, wanted)
        for _, _, data in self.sink.letters[given:]:
            number = int(data.partition(b"Subject: ")[2].partition(b"\r")[0])
            tap.equal(data.partition(b"\r\n\r\n")[2],
                      LETTERS[number].partition(b"\n\n")[2].replace(b"\n", b"\r\n"), "a letter")
        return found


def tell(failure, number, moment):
    raise tap.Failure("failure %d, after call %d (seed %s): %s" % (
        number, moment, SEED, failure)) from None


@tap.test("the power fails while letters are handed in: what was said to be queued is sent, whole"
          " [S-52, X-23]")
def queueing():
    dice, ends = random.Random(SEED), collections.Counter()
    scene = Scene([])
    records = []
    for data in LETTERS:
        with queuescene.sending_locked(scene.place):
            records.append(scene.record("-t", "-i", input=data, binary=True))
    for n in range(FAILURES):
        number = dice.randrange(len(LETTERS))
        moments = records[number].moments()
        # Twice in five when it has just said so.
        moment = len(records[number].calls) if dice.random() < 0.4 else dice.choice(moments)
        try:
            scene.fail(records[number], moment, dice)
            there = len(queuescene.states(scene.place)) if os.path.exists(
                os.path.join(scene.place.mail, ".dewey", "ledger.db")) else 0
            said = number + (moment == len(records[number].calls))
            tap.ok(said <= there <= number + 1, "%d letters were queued, %d are there" % (said, there))
            scene.check(range(there))
            tap.equal(set(queuescene.states(scene.place).values()) - {DONE}, set(), "states but done")
        except tap.Failure as failure:
            tell(failure, n, moment)
        ends[there - said] += 1
    tap.note("%d failures, seed %s: %d with one more than was said" % (FAILURES, SEED, ends[1]))


def sending(*extensions):
    scene, dice, ends = Scene(LETTERS, *extensions), random.Random(SEED), collections.Counter()
    record = scene.record("-q")
    moments = record.moments()
    for n in range(FAILURES):
        moment = len(record.calls) if n < 3 else dice.choice(moments)
        try:
            scene.fail(record, moment, dice)
            found = scene.check(range(len(LETTERS)))
            tap.ok(len(found) <= 1, "%d are uncertain" % len(found))
            # What the program has said to be sent, was.
            tap.ok(moment != len(record.calls) or not found, "it ended, and then uncertain")
        except tap.Failure as failure:
            tell(failure, n, moment)
        ends[len(found)] += 1
    tap.note("%d moments, seed %s; all sent: %d, one uncertain: %d" % (
        len(moments), SEED, ends[0], ends[1]))


@tap.test("the power fails while three letters are sent, one command at a time [S-51, S-55, X-23]")
def turns():
    sending()


@tap.test("the power fails while three letters are sent in a pipeline [S-51, S-55, X-23]")
def pipelined():
    sending("PIPELINING")


@tap.test("the power fails while three letters are sent in chunks [S-11, S-51, S-55, X-23]")
def chunked():
    sending("PIPELINING", "CHUNKING")


def gone_on(record):
    """{moment: letters taken}, of those moments when something was said since the last
    one was."""
    moments, since = {}, {}
    for n in record.moments():
        world = record.world(n)
        taken, said = world.heard.count(queuescene.TAKEN), len(world.said)
        if taken > 0 and said > since.setdefault(taken, said):
            moments[n] = taken
    return moments


@tap.test("uncertain = retry, and the power fails: what was taken before the next word is known to"
          " be, and not sent again [S-50, S-51, X-23]")
def repeated():
    scene, dice = Scene(LETTERS, uncertain="retry"), random.Random(SEED)
    record = scene.record("-q")
    moments = gone_on(record)
    tap.ok(len(moments) > 4, "moments: %d" % len(moments))
    for n in range(FAILURES):
        moment = dice.choice(list(moments))
        try:
            scene.fail(record, moment, dice)
            states = queuescene.states(scene.place)
            tap.equal([states[n] for n in range(moments[moment])], [DONE] * moments[moment])
        except tap.Failure as failure:
            tell(failure, n, moment)
    tap.note("%d moments, seed %s" % (len(moments), SEED))


@tap.test("the power fails while a letter is handed in and sent: not queued, sent, or uncertain"
          " [S-51, S-52, S-55, X-23]")
def at_once():
    scene, dice, ends = Scene([]), random.Random(SEED), collections.Counter()
    record = scene.record("-t", "-i", input=LETTERS[0], binary=True)
    moments = record.moments()
    for n in range(FAILURES):
        moment = len(record.calls) if n < 3 else dice.choice(moments)
        try:
            scene.fail(record, moment, dice)
            there = list(queuescene.states(scene.place))
            scene.check(there)
            states = list(queuescene.states(scene.place).values())
            tap.ok(moment != len(record.calls) or states == [DONE], "it ended, and then %s" % states)
            tap.ok(states or b"MAIL" not in record.world(moment).said, "sent, and forgotten")
        except tap.Failure as failure:
            tell(failure, n, moment)
        ends[tuple(states)] += 1
    tap.note("%d moments, seed %s; not queued: %d, sent: %d, uncertain: %d" % (
        len(moments), SEED, ends[()], ends[(DONE,)], ends[(UNCERTAIN,)]))


def losses(scene, record, without):
    """How many of the failures would lose a letter, were these syncs not there."""
    dice, bad = random.Random(SEED), 0
    for _ in range(30):
        scene.fail(record, len(record.calls), dice, without)
        try:
            scene.check(range(1))
        except (tap.Failure, sqlite3.Error):
            bad += 1
    return bad


@tap.test("without the syncs of the letter, its folder or the ledger some would be lost: that is"
          " missed here [S-52, X-23]")
def each_is_needed():
    scene = Scene([])
    with queuescene.sending_locked(scene.place):
        record = scene.record("-t", "-i", input=LETTERS[0], binary=True)
    for what, without in (
            ("of the letter", lambda name, path: "/.dewey/outbox/" in path),
            ("of the folder", lambda name, path: path.endswith("/.dewey/outbox")),
            ("of the ledger", lambda name, path: "/ledger.db" in path)):
        found = losses(scene, record, without)
        tap.note("no sync %s: %d of 30 failures do harm" % (what, found))
        tap.ok(found > 0, "no sync %s, and nothing is lost" % what)


tap.main()
