#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The connection is cut after every octet of a session that sends two letters, in
both directions: nothing is lost, nobody gets anything twice, and a letter is
uncertain exactly where its last line was under way (S-50, S-51, S-53).

The exactness is judged by a connection that ends for the client and still reads
what it writes ("drain"); a reset takes with it what it may.  Over TLS, to a real
server, the promises are judged and not the exactness.

DEWEY_CUTS is how many of the places are tried, spread over the session (40);
"make crash" tries every one.  DEWEY_SEED repeats a choice."""
import collections
import itertools
import os
import random
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import cutproxy
import fakemail
import fakeserver
import home
import queuescene
import servers
import tap

CUTS = int(os.environ.get("DEWEY_CUTS", "40"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
WAYS = (cutproxy.TO_SERVER, cutproxy.TO_CLIENT)
BASE = ("8BITMIME", "SIZE 10000000", "ENHANCEDSTATUSCODES")
LETTERS = queuescene.letters(2)


def places(octets, ways_to_end, most):
    """(way, octet, how), every one or as many as wanted."""
    found = [(way, n, how) for way in WAYS for n in range(octets[way] + 1) for how in ways_to_end]
    return sorted(random.Random(SEED).sample(found, most)) if most < len(found) else found


# --- what the client wrote

def uncertain(said, heard):
    """Which letters must be uncertain: their last octets were written, and the
    answer did not come; and which may be, for a part of them was."""
    answered = heard.count(queuescene.TAKEN)
    open_ones = [(n, part, whole) for n, (part, whole) in enumerate(queuescene.lasts(said)) if n >= answered]
    must = {n for n, part, whole in open_ones if part == whole}
    return must, must | {n for n, part, _ in open_ones if part}


# --- one line

class Line:
    """A sink, a proxy before it, and two letters that go through it."""

    def __init__(self, *extensions):
        self.sink = fakemail.Sink(capabilities=(*BASE, *extensions))
        self.server = fakeserver.Server(self.sink)
        tap.cleanup(self.server.stop)
        self.proxy = cutproxy.CutProxy(self.server.port)
        tap.cleanup(self.proxy.stop)
        self.queue = queuescene.Queue(self.proxy.port, LETTERS)

    def whole(self):
        place = self.queue.place()
        place.run("dewey-smtp", "-q")
        queuescene.verify(place, self.sink, range(2), ())
        said, heard = self.proxy.to_server[-1], self.proxy.to_client[-1]
        tap.equal(uncertain(said, heard), (set(), set()), "the judge of a whole session")
        tap.equal(len(queuescene.lasts(said)), 2, "letters in a whole session")
        return {cutproxy.TO_SERVER: len(said), cutproxy.TO_CLIENT: len(heard)}

    def judge(self, place, number, how):
        """The next run, and what became of both letters."""
        here = {n for n, state in queuescene.states(place).items()
                if state == queuescene.UNCERTAIN}
        if how == "drain" and number in self.proxy.written:
            must, may = uncertain(self.proxy.written[number], self.proxy.to_client[number])
            tap.ok(must <= here <= may, "uncertain are %s; must be %s, may be %s"
                   % (here, must, may))
        queuescene.recover(place)
        self.proxy.server.settle()
        queuescene.verify(place, self.sink, range(2), here)
        return here

    def cut(self, way, octets, how):
        self.sink.mailboxes.clear()
        self.sink.letters.clear()
        place, number = self.queue.place(), len(self.proxy.server.connections)
        self.proxy.rule = cutproxy.once(cutproxy.at(way, octets, how))
        result = place.run("dewey-smtp", "-q", status=None)
        self.proxy.rule = None
        self.proxy.server.settle()
        self.server.settle()
        tap.ok(result.returncode in (0, 75), "exit status %d\n%s"
               % (result.returncode, result.stderr))
        here = self.judge(place, number, how)
        tap.equal(bool(here), "may have been sent" in result.stderr, "whether it says so")
        self.server.forget()
        return here


def cut_everywhere(line, most):
    octets = line.whole()
    chosen, ends = places(octets, ("drain", "reset"), most), collections.Counter()
    tap.note("%d octets there, %d back; %d cuts, seed %s" % (
        octets[cutproxy.TO_SERVER], octets[cutproxy.TO_CLIENT], len(chosen), SEED))
    cuts = line.proxy.cuts
    for way, number, how in chosen:
        try:
            ends[len(line.cut(way, number, how))] += 1
        except tap.Failure as failure:
            raise tap.Failure("%s after %d octets %s: %s" % (how, number, way, failure)) from None
    tap.note("%d were cut; %d sent whole at the next run, %d uncertain"
             % (line.proxy.cuts - cuts, ends[0], ends[1]))
    tap.ok(line.proxy.cuts - cuts >= len(chosen) * 9 // 10, "most were over before they were cut")
    tap.equal(ends[2], 0, "two letters at once are uncertain")


@tap.test("one command at a time: cut at every octet, both ways [S-50, S-51]")
def turns():
    cut_everywhere(Line(), CUTS)


@tap.test("pipelined: cut at every octet, both ways [S-12, S-50, S-51]")
def pipelined():
    cut_everywhere(Line("PIPELINING"), CUTS)


@tap.test("chunks: cut at every octet, both ways [S-11, S-50, S-51]")
def chunked():
    cut_everywhere(Line("PIPELINING", "CHUNKING"), CUTS)


# --- a real server, over TLS

class Postfix:
    """Two new letters each time, for three people; what came is counted at the
    end, for Postfix delivers when it likes."""

    def __init__(self):
        authority = certs.Authority(tap.tempdir())
        pair = authority.server()
        self.server = servers.Postfix(pair, servers.Dovecot(pair))
        self.proxy = cutproxy.CutProxy(self.server.smtps_port)
        tap.cleanup(self.proxy.stop)
        self.account = {"smtp": "smtps://ivan@localhost:%d" % self.proxy.port,
                        "tls-ca": authority.pem, "password": "secret"}
        self.states, self.numbers = {}, itertools.count()

    def round(self, rule=None):
        """One cut, and the run after it; the letters' states."""
        place = home.Home(self.account)
        for number in itertools.islice(self.numbers, 2):
            queuescene.queue_untried(place, queuescene.letter(number).replace(
                b"secret", b"ivan").replace(b"b.test", servers.DOMAIN.encode()))
        self.proxy.rule = rule and cutproxy.once(rule)
        result = place.run("dewey-smtp", "-q", status=None)
        self.proxy.rule = None
        self.proxy.server.settle()
        tap.ok(result.returncode in (0, 75), "exit status %d\n%s" % (
            result.returncode, result.stderr))
        queuescene.recover(place)
        states = queuescene.states(place)
        found = [n for n, state in states.items() if state == queuescene.UNCERTAIN]
        tap.ok(len(found) <= 1 and set(states.values()) <= {queuescene.DONE, queuescene.UNCERTAIN},
               "states: %s" % states)
        self.states.update(states)
        return found

    def check(self):
        done = {n for n, state in self.states.items() if state == queuescene.DONE}
        for who in ("jones", "brown", "ivan"):
            self.server.wait(who, len(done))
            came = collections.Counter(
                int(re.search(rb"(?m)^Subject: (\d+)$", data)[1]) for data in self.server.letters(who))
            tap.equal(done - set(came), set(), "lost")
            tap.equal({n: times for n, times in came.items() if times > 1}, {}, "twice")


@tap.test("Postfix over TLS: cut in the midst of records, both ways: nothing lost, nothing twice"
          " [S-50, T-01]")
def tls():
    line, ends = Postfix(), collections.Counter()
    line.round()
    octets = {cutproxy.TO_SERVER: len(line.proxy.to_server[-1]),
              cutproxy.TO_CLIENT: len(line.proxy.to_client[-1])}
    for way, number, how in places(octets, ("drain", "reset"), min(max(CUTS // 3, 1), 500)):
        try:
            ends[len(line.round(cutproxy.at(way, number, how)))] += 1
        except tap.Failure as failure:
            raise tap.Failure("%s after %d octets %s (seed %s): %s" % (
                how, number, way, SEED, failure)) from None
    line.round()  # behind all others
    line.check()
    tap.note("%d octets there, %d back, seed %s; sent whole at the next run: %d, uncertain: %d" % (
        octets[cutproxy.TO_SERVER], octets[cutproxy.TO_CLIENT], SEED, ends[0], ends[1]))


tap.main()
