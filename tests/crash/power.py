#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The power fails in the midst of a fetch: the disk holds what was synced, and of
the rest as little as POSIX allows.  Afterwards every letter is on the server or
here, and the next fetch completes (P-57, P-58, X-23).

DEWEY_POINTS is how many instants each test tries, spread over the run (8);
"make crash" tries 300.  DEWEY_SEED repeats a choice."""
import collections
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import powerloss
import tap

POINTS = int(os.environ.get("DEWEY_POINTS", "8"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
LETTERS = [b"Subject: %d\n\n%s" % (n, b"a line of text\n" * n * 40) for n in range(8)]
# Made durable in two groups.
GROUPS = [b"Subject: %d\n\n%d\n" % (n, n) for n in range(260)]
MODES = (powerloss.BARE, powerloss.NAMES, powerloss.TORN)


def is_quit(call):
    return call.name in ("sendto", "write") and b"QUIT\r\n" in b"".join(powerloss.strings(call.args))


class Scene:
    """A server, and homes that are what a power failure left."""

    def __init__(self, letters, keep, **account):
        self.letters, self.keep = letters, keep
        self.drop = fakemail.Maildrop({"ivan": home.SECRET}, [])
        self.server = fakeserver.Server(self.drop)
        tap.cleanup(self.server.stop)
        self.account = {"pop3": "pop3+insecure://ivan@127.0.0.1:%d" % self.server.port,
                        "keep": keep, **account}
        self.fill(True)

    def fill(self, there):
        self.drop.letters = [(str(n), data) for n, data in enumerate(self.letters) if there]

    def left_by(self, disk, mode):
        place = home.Home(self.account)
        disk.materialise(place.path, mode)
        place.write(self.account)
        return place

    def check(self, disk, mode, was_quit):
        """What the server forgot at QUIT has to be here."""
        self.fill(not was_quit or self.keep == "always")
        place = self.left_by(disk, mode)
        place.run("dewey-pop3", "home")
        tap.equal(collections.Counter(place.folder("Inbox")), collections.Counter(self.letters))
        tap.equal(len(self.drop.letters), len(self.letters) if self.keep == "always" else 0)


def chosen(calls):
    """The numbers of the calls after which the power fails: always at the last
    moment before QUIT, and the first one behind it."""
    every = [n for n, call in enumerate(calls) if call.name != "lseek"]
    at_quit = next(n for n, call in enumerate(calls) if is_quit(call))
    if POINTS >= len(every):
        return every
    return sorted({at_quit - 1, at_quit, *random.Random(SEED).sample(every, POINTS)})


def besiege(letters, keep):
    scene = Scene(letters, keep)
    place = home.Home(scene.account)
    disk = powerloss.Disk(place.path)
    calls = powerloss.record(place.command("dewey-pop3", "home"), env=place.environment())
    tap.equal(collections.Counter(place.folder("Inbox")), collections.Counter(letters))
    points = chosen(calls)
    tap.note("%d of %d calls, seed %s" % (len(points), len(calls), SEED))
    was_quit = False
    for number, call in enumerate(calls):
        disk.apply(call)
        was_quit = was_quit or is_quit(call)
        for mode in MODES if number in points else ():
            try:
                scene.check(disk, mode, was_quit)
            except tap.Failure as failure:
                raise tap.Failure("after call %d, %s(%.100s): %s: %s" % (
                    number, call.name, call.args, mode, failure)) from None
    # The model is worth something only if it ends where the disk did.
    whole = scene.left_by(disk, powerloss.TORN)
    tap.equal(sorted(os.listdir(whole.mail + "/Inbox/new")), sorted(os.listdir(place.mail + "/Inbox/new")))


@tap.test("the power fails, keep = never: every letter exactly once [P-57, P-58, X-23]")
def never():
    besiege(LETTERS, "never")


@tap.test("the power fails, keep = never, several groups: every letter exactly once [P-57, X-23]")
def groups():
    besiege(GROUPS, "never")


@tap.test("the power fails, keep = always: every letter exactly once [P-58, X-23]")
def always():
    besiege(LETTERS, "always")


tap.main()
