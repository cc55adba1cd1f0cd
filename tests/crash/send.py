#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp is killed at random instants while it sends 20 queued letters:
afterwards each has gone to each of its people once, or is the one that was in
between and says so; none is forgotten (S-50, S-51, S-53, S-55, X-24).

DEWEY_KILLS is the number of kills (50; "make crash": 1000), DEWEY_SEED repeats a
run.  The instants are spread over the life of the process, over the octets of both
directions, and over the time between a letter's last line and what is written
down about its answer.  Where the kills fell is counted."""
import collections
import os
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cutproxy
import fakemail
import fakeserver
import queuescene
import tap
from smtpscene import DONE, DOT_PENDING, QUEUED, SENDING

KILLS = int(os.environ.get("DEWEY_KILLS", "50"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
LETTERS = [queuescene.letter(n, b"a line of text\n" * (n * 37 % 600)) for n in range(20)]
PLACES = ("nothing sent yet", "between two letters", "before the dot", "dot under way", "at its end")


class Watch(cutproxy.CutProxy):
    """Calls back at an octet."""
    strike = None  # (way, octets, function)

    def _step(self, source, sink, record, conn):
        more = super()._step(source, sink, record, conn)
        way = cutproxy.TO_CLIENT if record is self.to_client else cutproxy.TO_SERVER
        strike = self.strike
        if strike and strike[0] == way and len(record[conn.number]) >= strike[1]:
            self.strike = None
            strike[2]()
        return more


class Sink(fakemail.Sink):
    """at_dot(number of letters so far, conn) is called at the end of each letter,
    before it is taken."""
    at_dot = None

    class session(fakemail.Sink.session):  # pylint: disable=invalid-name
        def accept(self, body):
            if self.place.at_dot:
                self.place.at_dot(len(self.place.letters), self.conn)
            super().accept(body)


class Siege:
    signal = signal.SIGKILL

    def __init__(self):
        self.random = random.Random(SEED)
        self.sink = Sink(
            capabilities=("8BITMIME", "SIZE 10000000", "ENHANCEDSTATUSCODES", "PIPELINING"))
        self.server = fakeserver.Server(self.sink)
        tap.cleanup(self.server.stop)
        self.watch = Watch(self.server.port)
        tap.cleanup(self.watch.stop)
        self.queue = queuescene.Queue(self.watch.port, LETTERS)
        self.measure()

    def measure(self):
        """How long a whole run lasts, in seconds and octets."""
        place, begin = self.queue.place(), time.monotonic()
        place.run("dewey-smtp", "-q")
        self.life = time.monotonic() - begin
        queuescene.verify(place, self.sink, range(len(LETTERS)), ())
        self.octets = {cutproxy.TO_SERVER: len(self.watch.to_server[-1]),
                       cutproxy.TO_CLIENT: len(self.watch.to_client[-1])}
        tap.note("a whole run: %.0f ms; %d octets there, %d back" % (
            self.life * 1000, *self.octets.values()))

    def aim(self, agent, number):
        """Arms one of four ways to strike; returns what undoes it."""
        timers = []

        def after(seconds):
            timers.append(threading.Timer(seconds, agent.send_signal, [self.signal]))
            timers[-1].start()

        chosen = self.random.randrange(len(LETTERS))
        delay, taken = self.random.uniform(0, self.life / len(LETTERS)), self.random.random() < 0.7

        def at_dot(number, conn):
            if number == chosen:
                after(delay)
                if not taken and self.signal == signal.SIGKILL:
                    conn.wait()

        if number % 4 == 0:
            after(self.random.uniform(0, self.life))
        elif number % 4 == 3:
            self.sink.at_dot = at_dot
        else:
            way = (cutproxy.TO_CLIENT, cutproxy.TO_SERVER)[number % 4 - 1]
            self.watch.strike = (way, self.random.randrange(self.octets[way] + 1),
                                 lambda: agent.send_signal(self.signal))
        return timers

    def strike(self, place, number):
        """A run that is struck; its exit status and words."""
        agent = subprocess.Popen(
            place.command("dewey-smtp", "-q"), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=place.environment())
        timers = self.aim(agent, number)
        words = agent.stderr.read().decode(errors="replace")
        agent.wait()
        agent.stderr.close()
        self.watch.strike = self.sink.at_dot = None
        for timer in timers:
            timer.cancel()
            timer.join()
        self.watch.server.settle()
        self.server.settle()
        return agent.returncode, words

    def kill_once(self, place, number):
        status, words = self.strike(place, number)
        tap.ok(status in (0, -signal.SIGKILL), "dewey-smtp: exit status %d: %s" % (status, words))
        return self.where(place) if status else ("at its end", set())

    def where(self, place):
        """Where it died, and the letters that nobody can know about."""
        states = queuescene.states(place)
        pending = {n for n, state in states.items() if state == DOT_PENDING}
        tap.ok(len(pending) <= 1, "more than one letter was at its dot: %s" % pending)
        if pending:
            return "dot under way", pending
        if SENDING in states.values():
            return "before the dot", pending
        untouched = set(states.values()) == {QUEUED}
        return ("nothing sent yet" if untouched else
                "at its end" if set(states.values()) == {DONE} else "between two letters"), pending

    def forget(self):
        self.sink.mailboxes.clear()
        self.sink.letters.clear()
        self.server.forget()

    def signal_once(self, number):
        """A signal that it hears: it finishes the letter whose end it has said, and
        leaves the others as they were."""
        self.forget()
        place = self.queue.place()
        status, words = self.strike(place, number)
        try:
            # Before it has begun, and when it is over, a signal may end it.
            tap.ok(status in (0, 75, -self.signal), "exit status %d: %s" % (status, words))
            states = set(queuescene.states(place).values())
            tap.ok(states <= {QUEUED, DONE}, "states: %s" % states)
            queuescene.recover(place)
            queuescene.verify(place, self.sink, range(len(LETTERS)), ())
        except tap.Failure as failure:
            raise tap.Failure("%s, seed %s: %s" % (self.signal.name, SEED, failure)) from None
        return status

    def round(self, number):
        """One kill, at times a second one while it recovers; then to the end."""
        self.forget()
        place, fell, uncertain = self.queue.place(), [], set()
        while not fell or len(fell) < 3 and self.random.random() < 0.25:
            name, pending = self.kill_once(place, number + len(fell))
            fell.append(name)
            uncertain |= pending
        try:
            queuescene.recover(place)
            queuescene.verify(place, self.sink, range(len(LETTERS)), uncertain)
        except tap.Failure as failure:
            raise tap.Failure("killed (%s), seed %s: %s" % (", ".join(fell), SEED, failure)) from None
        return fell


@tap.test("killed at %d random instants: each letter once, or uncertain"
          " [S-50, S-51, S-53, S-55, X-24]" % KILLS)
def killed():
    tap.program("dewey-smtp")
    tap.note("seed %s" % SEED)
    siege, fell = Siege(), collections.Counter()
    number = 0
    while sum(fell.values()) - fell["at its end"] < KILLS:
        fell.update(siege.round(number))
        number += 1
        tap.ok(number < KILLS * 3 + 20, "most runs end before they are killed")
    for place in PLACES:
        tap.note("%-22s %4d" % (place, fell[place]))
    for place in ("before the dot", "dot under way"):
        tap.ok(fell[place] * 20 >= KILLS, "only %d kills fell %s" % (fell[place], place))


@tap.test("a signal while it sends: the letter at its dot is finished, the rest goes later, once"
          " [S-53, X-24]")
def signalled():
    siege, ends = Siege(), collections.Counter()
    for number in range(max(KILLS // 4, 12)):
        siege.signal = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)[number % 3]
        ends[siege.signal_once(siege.random.randrange(4))] += 1
    tap.note("seed %s; exit status: %s" % (
        SEED, ", ".join("%d: %d" % x for x in sorted(ends.items()))))
    tap.ok(ends[75] > 0, "every run was over before its signal")


tap.main()
