#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 is killed at random instants of a fetch of 50 letters from Dovecot:
afterwards every letter is there exactly once (P-57, P-58, P-59, X-24).

DEWEY_KILLS is the number of kills (50; "make crash": 1000), DEWEY_SEED repeats
a run.  The instants are spread over the whole life of the process, which is
measured first: over its time, over the octets of both directions, and over the
time in which the letters have come and are made durable.  Where the kills fell
is counted, so that a machine that is too slow or too fast is seen."""
import collections
import os
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import cutproxy
import home
import servers
import tap

KILLS = int(os.environ.get("DEWEY_KILLS", "50"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
LETTERS = [b"Message-ID: <%d@a.test>\nSubject: %d\n\n%s" % (n, n, b"a line of text\n" * (n * 37 % 600))
           for n in range(50)]
PHASES = ("before the connection", "before log-in", "listing", "RETR", "commit", "DELE", "QUIT",
          "at its end")


class Watch(cutproxy.CutProxy):
    """Calls back at an octet; knows when the first DELE went by."""

    def __init__(self, port):
        self.strike = None  # (way, octets, function)
        self.came, self.dele = None, None
        super().__init__(port)

    def arm(self, strike=None):
        self.seen, self.came, self.dele, self.strike = len(self.to_client), None, None, strike

    def _step(self, source, sink, record, conn):
        more = super()._step(source, sink, record, conn)
        now, data = time.monotonic(), record[conn.number]
        if record is self.to_client:
            self.came = now
        elif self.dele is None and b"DELE " in data:
            self.dele = now - self.came, len(self.to_client[conn.number])
        way = cutproxy.TO_CLIENT if record is self.to_client else cutproxy.TO_SERVER
        if self.strike and self.strike[0] == way and len(data) >= self.strike[1]:
            self.strike[2]()
        return more

    def record(self):
        """What was said since arm(): to the server, to the client."""
        if len(self.to_server) <= self.seen:
            return None
        return self.to_server[self.seen], self.to_client[self.seen]


class Siege:
    def __init__(self):
        self.random = random.Random(SEED)
        authority = certs.Authority(tap.tempdir())
        # In clear, so that it is seen what was said when.
        self.dovecot = servers.Dovecot(authority.server(), {"ivan": home.SECRET},
                                       "disable_plaintext_auth = no\n")
        self.watch = Watch(self.dovecot.pop3_port)
        tap.cleanup(self.watch.stop)
        self.account = {"pop3": "pop3+insecure://ivan@localhost:%d" % self.watch.port,
                        "keep": "never"}
        self.measure()

    def measure(self):
        """How long a whole fetch lasts, in seconds and octets: the middle one of
        three runs."""
        lives, commits = zip(*sorted(self.whole_run() for _ in range(3)))
        self.life, self.commit_lasts = lives[1], sorted(commits)[1]
        to_server, to_client = self.watch.record()
        self.octets = {cutproxy.TO_SERVER: len(to_server), cutproxy.TO_CLIENT: len(to_client)}
        self.ends = to_client.count(b"\r\n.\r\n")
        tap.note("a whole fetch: %.0f ms, of these %.0f from the last letter to DELE; %d octets there,"
                 " %d back" % (self.life * 1000, self.commit_lasts * 1000, len(to_server),
                               len(to_client)))

    def whole_run(self):
        place = home.Home(self.account)
        self.dovecot.fill("ivan", LETTERS)
        self.watch.arm()
        begin = time.monotonic()
        place.run("dewey-pop3", "home")
        life = time.monotonic() - begin
        self.check(place)
        commit_lasts, self.commit_begins = self.watch.dele
        return life, commit_lasts

    def check(self, place):
        """The whole promise: all, once, nothing left behind."""
        got, wanted = collections.Counter(place.folder("Inbox")), collections.Counter(LETTERS)
        tap.equal((sum(got.values()), len(wanted - got), len(got - wanted)), (len(LETTERS), 0, 0),
                  "letters, lacking, too many (seed %s)" % SEED)
        tap.equal(self.dovecot.letters("ivan"), [], "left on the server (seed %s)" % SEED)
        tap.equal(place.ledger("SELECT count(*) FROM uid WHERE state = 0"), [(0,)], "unresolved")

    def kill_once(self, place, number):
        """Starts the agent and kills it; returns the phase it was in."""
        self.watch.arm()
        agent = subprocess.Popen(
            place.command("dewey-pop3", "home"), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=place.environment())
        timers = []

        def after(seconds):
            timers.append(threading.Timer(seconds, agent.send_signal, [signal.SIGKILL]))
            timers[-1].start()

        if number % 4 == 0:
            after(self.random.uniform(0, self.life))
        elif number % 4 == 3:
            delay, self.watch.strike = self.random.uniform(0, self.commit_lasts), None
            self.watch.strike = (cutproxy.TO_CLIENT, self.commit_begins,
                                 lambda: timers or after(delay))
        else:
            way = (cutproxy.TO_CLIENT, cutproxy.TO_SERVER)[number % 4 - 1]
            self.watch.strike = (way, self.random.randrange(self.octets[way] + 1),
                                 lambda: agent.send_signal(signal.SIGKILL))
        words = agent.stderr.read().decode(errors="replace")
        agent.wait()
        agent.stderr.close()
        self.watch.strike = None
        for timer in timers:
            timer.cancel()
            timer.join()
        tap.ok(agent.returncode in (0, -signal.SIGKILL),
               "dewey-pop3: exit status %d: %s" % (agent.returncode, words))
        return self.phase() if agent.returncode else "at its end"

    def phase(self):
        said = self.watch.record()
        if not said:
            return "before the connection"
        to_server, to_client = said
        for word, phase in ((b"STAT", "before log-in"), (b"RETR", "listing"), (b"DELE", "RETR"),
                            (b"QUIT", "DELE")):
            if word not in to_server:
                whole = phase == "RETR" and to_client.count(b"\r\n.\r\n") >= self.ends
                return "commit" if whole else phase
        return "QUIT"

    def round(self, number):
        """One kill, at times a second one while it recovers; then to the end."""
        place = home.Home(self.account)
        self.dovecot.fill("ivan", LETTERS)
        phases = [self.kill_once(place, number)]
        if self.random.random() < 0.25:
            phases.append(self.kill_once(place, self.random.randrange(4)))
        place.run("dewey-pop3", "home")
        try:
            self.check(place)
        except tap.Failure as failure:
            raise tap.Failure("killed in %s: %s" % (" and ".join(phases), failure)) from None
        return phases


@tap.test("killed at %d random instants: every letter exactly once [P-57, P-58, P-59, X-24]" % KILLS)
def killed():
    tap.program("dewey-pop3")
    tap.note("seed %s" % SEED)
    siege, fell = Siege(), collections.Counter()
    number = 0
    while sum(fell.values()) - fell["at its end"] < KILLS:
        fell.update(siege.round(number))
        number += 1
        tap.ok(number < KILLS * 3 + 20, "most runs end before they are killed")
    for phase in PHASES:
        tap.note("%-22s %4d" % (phase, fell[phase]))
    for phase in ("RETR", "commit", "DELE"):
        tap.ok(fell[phase] * 50 >= KILLS, "only %d kills fell in %s" % (fell[phase], phase))


tap.main()
