#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The connection is cut after every octet of a session of 12 letters, in both
directions, by closing it and by a reset: nothing is lost, nothing is doubled,
and the next session completes (P-28, P-57, P-59, P-60, T-01).

DEWEY_CUTS is how many of the places are tried, spread over the session (60);
"make crash" tries every one of the pipelined session, and 500 of the others, in
two parts side by side: DEWEY_PART=1/2, 2/2.  DEWEY_SEED repeats a choice."""
import collections
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import cutproxy
import fakemail
import fakeserver
import home
import servers
import tap

CUTS = int(os.environ.get("DEWEY_CUTS", "60"))
PART, PARTS = map(int, os.environ.get("DEWEY_PART", "1/1").split("/"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
LETTERS = [b"Subject: %d\n\n.%s\n" % (n, b"x" * n) for n in range(12)]
WAYS = (cutproxy.TO_SERVER, cutproxy.TO_CLIENT)


class Line:
    """A server's port with a proxy before it; fill() puts the letters there and
    left() counts them."""

    def __init__(self, port, url, fill, left, **account):
        self.fill, self.left = fill, left
        self.proxy = cutproxy.CutProxy(port)
        tap.cleanup(self.proxy.stop)
        self.account = {"pop3": url % self.proxy.port, "keep": "never", **account}

    def whole(self):
        """The octets of an uncut session, by direction."""
        place = self.place()
        place.run("dewey-pop3", "home")
        self.check(place)
        return {cutproxy.TO_SERVER: len(self.proxy.to_server[-1]),
                cutproxy.TO_CLIENT: len(self.proxy.to_client[-1])}

    def place(self):
        self.fill()
        return home.Home(self.account)

    def check(self, place):
        got, wanted = collections.Counter(place.folder("Inbox")), collections.Counter(LETTERS)
        tap.equal((list(wanted - got), list(got - wanted)), ([], []), "lacking, too many")
        tap.equal(self.left(), 0, "left on the server")

    def cut(self, way, octets, how):
        place = self.place()
        self.proxy.rule = cutproxy.at(way, octets, how)
        result = place.run("dewey-pop3", "home", status=None)
        self.proxy.rule = None
        self.proxy.server.settle()
        # A line that broke is a passing trouble, in whatever state it was.
        tap.ok(result.returncode in (0, 75), "exit status %d" % result.returncode)
        if result.returncode == 0:
            tap.equal(len(place.folder("Inbox")), len(LETTERS), "letters, and status 0")
        else:
            tap.contains(result.stderr, "dewey-pop3: ", "what it says")
        place.run("dewey-pop3", "home")
        self.check(place)
        return result.returncode


def places(octets, most):
    """(way, octet, how), every one or as many as wanted; this process's part."""
    found = [(way, n, how) for way in WAYS for n in range(octets[way] + 1)
             for how in ("close", "reset")]
    if most < len(found):
        found = sorted(random.Random(SEED).sample(found, most))
    return found[PART - 1::PARTS]


def cut_everywhere(line, most):
    octets = line.whole()
    chosen, ends = places(octets, most), collections.Counter()
    tap.note("%d octets there, %d back; %d cuts, seed %s"
             % (octets[cutproxy.TO_SERVER], octets[cutproxy.TO_CLIENT], len(chosen), SEED))
    cuts = line.proxy.cuts
    for way, number, how in chosen:
        try:
            ends[line.cut(way, number, how)] += 1
        except tap.Failure as failure:
            raise tap.Failure("%s after %d octets %s: %s" % (how, number, way, failure)) from None
    cuts = line.proxy.cuts - cuts
    tap.note("%d were cut; exit status: %s"
             % (cuts, ", ".join("%d: %d" % x for x in sorted(ends.items()))))
    # Over TLS sessions differ by some octets: the last places may be behind the end.
    tap.ok(cuts >= len(chosen) * 9 // 10, "most sessions were over before they were cut")


def fake(**options):
    drop = fakemail.Maildrop({"ivan": home.SECRET}, [], **options)
    server = fakeserver.Server(drop)
    tap.cleanup(server.stop)
    generation = iter(range(10 ** 9))

    def fill():
        now = next(generation)
        drop.letters = [("%d-%d" % (now, n), data) for n, data in enumerate(LETTERS)]
    return Line(server.port, "pop3+insecure://ivan@localhost:%d", fill, lambda: len(drop.letters))


@tap.test("in clear, pipelined: cut at every octet, both ways [P-28, P-57, P-59]")
def clear():
    cut_everywhere(fake(), CUTS)


@tap.test("in clear, one command at a time: cut at every octet, both ways [P-28, P-57, P-59]")
def turns():
    cut_everywhere(fake(capabilities=("TOP", "UIDL")), min(max(CUTS // 3, 1), 500))


@tap.test("Dovecot over TLS: cut in the midst of records, both ways [P-57, P-59, T-01]")
def tls():
    authority = certs.Authority(tap.tempdir())
    dovecot = servers.Dovecot(authority.server(), {"ivan": home.SECRET})
    line = Line(dovecot.pop3s_port, "pop3s://ivan@localhost:%d",
                lambda: dovecot.fill("ivan", LETTERS), lambda: len(dovecot.letters("ivan")),
                **{"tls-ca": authority.pem})
    cut_everywhere(line, min(max(CUTS // 3, 1), 500))


tap.main()
