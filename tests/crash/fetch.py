#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 is killed at random instants of a fetch: afterwards every letter
is there exactly once (P-57, P-58, P-59).

DEWEY_KILLS is the number of kills (10; "make crash": 100), DEWEY_SEED repeats a
run.  Half of the instants are moments of time, half are octets that passed."""
import collections
import hashlib
import os
import random
import signal
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakeserver
import home
import servers
import tap

KILLS = int(os.environ.get("DEWEY_KILLS", "10"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))


def digests(letters):
    return collections.Counter(hashlib.sha256(x).hexdigest() for x in letters)


class Victim:
    """One run of dewey-pop3; killed after so many octets from the server or
    so many seconds, unless it is faster."""

    def __init__(self, place, proxy):
        self.proxy = proxy
        self.seen = len(proxy.to_client)
        self.process = subprocess.Popen(
            place.command("dewey-pop3", "home"), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=place.environment())

    def kill_after_seconds(self, seconds):
        timer = threading.Timer(seconds, self.kill)
        timer.start()
        return self.end(timer)

    def kill_after_octets(self, octets):
        self.proxy.limit = (self.seen, octets, self.kill)
        return self.end(None)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def end(self, timer):
        """True if it was killed, False if it came to its end."""
        words = self.process.stderr.read().decode(errors="replace")
        self.process.wait()
        self.process.stderr.close()
        self.proxy.limit = None
        if timer:
            timer.cancel()
            timer.join()
        tap.ok(self.process.returncode in (0, -signal.SIGKILL),
               "dewey-pop3: exit status %d: %s" % (self.process.returncode, words))
        return self.process.returncode != 0


class CountingProxy(fakeserver.Proxy):
    """Calls back when so many octets went to the client."""
    limit = None

    def _step(self, source, sink, record, conn):
        more = super()._step(source, sink, record, conn)
        if self.limit and record is self.to_client and conn.number >= self.limit[0]:
            if len(record[conn.number]) >= self.limit[1]:
                self.limit[2]()
        return more


class Siege:
    def __init__(self, letters):
        self.letters, self.random = letters, random.Random(SEED)
        authority = certs.Authority(tap.tempdir())
        self.dovecot = servers.Dovecot(authority.server(), {"ivan": home.SECRET})
        self.proxy = CountingProxy(self.dovecot.pop3s_port)
        tap.cleanup(self.proxy.stop)
        self.account = {"pop3": "pop3s://ivan@localhost:%d" % self.proxy.port,
                        "tls-ca": authority.pem, "keep": "never"}

    def measure(self):
        """How long a whole fetch lasts, in seconds and octets."""
        place = home.Home(self.account)
        self.dovecot.fill("ivan", self.letters)
        before = os.times().elapsed
        place.run("dewey-pop3", "home")
        self.check(place)
        return os.times().elapsed - before, len(self.proxy.to_client[-1])

    def check(self, place):
        """The whole promise: all, once, nothing left behind."""
        got, wanted = digests(place.folder("Inbox")), digests(self.letters)
        tap.equal((sum(got.values()), len(wanted - got), len(got - wanted)),
                  (sum(wanted.values()), 0, 0), "letters, lacking, too many (seed %s)" % SEED)
        tap.equal(self.dovecot.letters("ivan"), [], "left on the server (seed %s)" % SEED)

    def round(self, kills, seconds, octets):
        """Kills until the fetch is done or kills are used up; returns how many
        were used.  A further run then completes it."""
        place = home.Home(self.account)
        self.dovecot.fill("ivan", self.letters)
        for used in range(kills):
            victim = Victim(place, self.proxy)
            if self.random.random() < 0.5:
                killed = victim.kill_after_seconds(self.random.uniform(0, seconds))
            else:
                killed = victim.kill_after_octets(self.random.randrange(octets))
            if not killed:
                self.check(place)
                return used
        place.run("dewey-pop3", "home")
        self.check(place)
        return kills


def letters():
    path = os.path.join(tap.SHARED, "corpus", "list-usrp-users", "usrp-users-2020.mbox.gz")
    if os.path.exists(path):
        return home.mbox(path)
    return [b"Subject: %d\n\n%s\n" % (n, b"x\n" * (n % 400)) for n in range(600)]


@tap.test("killed at %d random instants: every letter exactly once [P-57, P-58, P-59]" % KILLS)
def killed():
    tap.program("dewey-pop3")
    tap.note("seed %s" % SEED)
    siege = Siege(letters())
    seconds, octets = siege.measure()
    tap.note("a whole fetch: %.2f s, %d octets" % (seconds, octets))
    left = KILLS
    while left > 0:
        left -= siege.round(left, seconds, octets)


tap.main()
