#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The power fails at any moment of a fetch, and again while the next run repairs
what that left: each letter is here, or on the server still, and after the next
whole run here exactly once (P-57, P-58, X-23).  What is queued is sent once.

DEWEY_FAILURES is how many failures each test tries (12; "make crash": 1000),
DEWEY_SEED repeats them.  tests/tools/powerloss.py says what may be lost."""
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

FAILURES = int(os.environ.get("DEWEY_FAILURES", "12"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
# Enough to be made durable together, and few enough to be one by one.
MANY = [b"Subject: %d\n\n%s\n" % (n, b"text\n" * n * 40) for n in range(10)]
FEW = MANY[3:7]
GROUPS = [b"Subject: %d\n\n%d\n" % (n, n) for n in range(260)]


def recorded(place, program, *args, **options):
    record = powerloss.Record(place.path, place.command(program, *args), env=place.environment(),
                              **options)
    tap.equal(record.result.returncode, 0, record.result.stderr)
    return record


class Scene:
    """A maildrop, and a store that is new or has been there for long."""

    args, inbox = (), "Inbox"

    def __init__(self, letters, keep="never", new=False, **account):
        self.letters, self.keep = letters, keep
        self.inbox = account.get("inbox", "Inbox")
        self.drop = fakemail.Maildrop({"ivan": home.SECRET}, [])
        self.server = fakeserver.Server(self.drop)
        tap.cleanup(self.server.stop)
        self.home = home.Home({"pop3": "pop3+insecure://ivan@localhost:%d" % self.server.port,
                               "keep": keep, **account})
        if not new:
            self.home.run("dewey-pop3", "home")
        self.all = [(str(n), data) for n, data in enumerate(letters)]
        self.drop.letters = list(self.all)

    def record(self):
        record = recorded(self.home, "dewey-pop3", *self.args, "home")
        self.server.settle()
        return record

    def failed(self, there, said, tree, dice):
        """The power is back: the store is that tree, and of the letters that were
        there the server has at most deleted what it was told to."""
        lines = said.split(b"\r\n")
        marked = {int(x[5:]) - 1 for x in lines if x.startswith(b"DELE ")}
        # Some delete at once; most at QUIT, if it came.
        how = dice.choice(("at once", "at QUIT", "not at all"))
        if how == "not at all" or how == "at QUIT" and b"QUIT" not in lines:
            marked = set()
        self.drop.letters = [x for n, x in enumerate(there) if n not in marked]
        powerloss.lay(tree, self.home.path)
        return how

    def check(self):
        """The next run: all is here, once, and what is to be deleted is."""
        self.home.run("dewey-pop3", *self.args, "home")
        self.server.settle()
        got, wanted = collections.Counter(self.home.folder(self.inbox)), collections.Counter(self.letters)
        tap.equal((len(wanted - got), len(got - wanted)), (0, 0), "letters lost, too many")
        tap.equal(len(self.drop.letters), len(self.letters) if self.keep == "always" else 0,
                  "left on the server")
        tap.equal(self.home.ledger("SELECT count(*) FROM uid WHERE state = 0"), [(0,)], "unresolved")


def fail_once(scene, record, there, moment, dice):
    world = record.world(moment)
    tree = world.ruin(dice)
    return scene.failed(there, world.said, tree, dice)


def besiege(scene, again=0.15):
    """Failures at random moments of one recorded run; at times another one while
    the run after it puts things right."""
    record, dice, twice = scene.record(), random.Random(SEED), 0
    moments = record.moments()
    # The model is worth something only if it ends where the disk did.
    tap.ok(record.world().ruin(dice, "all") == powerloss.snapshot(scene.home.path),
           "the model is not what the disk is")
    tap.note("%d moments, %d failures, seed %s" % (len(moments), FAILURES, SEED))
    for n in range(FAILURES):
        moment = moments[-1] if n == 0 else dice.choice(moments)
        words = ["after call %d" % moment]
        try:
            words.append(fail_once(scene, record, scene.all, moment, dice))
            if dice.random() < again:
                twice, there = twice + 1, list(scene.drop.letters)
                repair = scene.record()
                words.append("and again")
                words.append(fail_once(scene, repair, there, dice.choice(repair.moments()), dice))
            scene.check()
        except tap.Failure as failure:
            raise tap.Failure("failure %d, %s: %s" % (n, ", ".join(words), failure)) from None
    tap.note("%d of them twice" % twice)


@tap.test("the power fails in a fetch, keep = never, letters made durable together"
          " [P-57, P-58, X-23]")
def many():
    besiege(Scene(MANY))


@tap.test("the power fails in a fetch, keep = never, letters made durable one by one"
          " [P-57, P-58, X-23]")
def few():
    besiege(Scene(FEW))


@tap.test("the power fails in a fetch, keep = never, several groups [P-57, P-58, X-23]")
def groups():
    besiege(Scene(GROUPS))


@tap.test("the power fails in a fetch into a store that is made by it [P-57, X-23]")
def new_store():
    besiege(Scene(FEW, new=True))


@tap.test("the power fails in a fetch into a folder that is made by it [P-57, X-23]")
def new_folder():
    besiege(Scene(FEW, inbox="Work/home"))


@tap.test("the power fails in a fetch, keep = always: nothing comes twice [P-58, X-23]")
def always():
    besiege(Scene(FEW, keep="always"))


def losses(scene, record, without):
    """How many of the failures would lose or double letters, were these syncs
    not there."""
    dice, bad, moments = random.Random(SEED), 0, record.moments()
    for _ in range(30):
        world = record.world(dice.choice(moments[len(moments) // 2:]), without)
        scene.failed(scene.all, world.said, world.ruin(dice), dice)
        try:
            scene.check()
        except tap.Failure:
            bad += 1
    return bad


class Previews(Scene):
    """The rest of letters whose previews are here."""

    def __init__(self, letters):
        super().__init__(letters, preview="all")
        self.home.run("dewey-pop3", "home")
        self.args = ("--rest",)

    def check(self):
        # What had come before the failure is deleted by any fetch.
        self.home.run("dewey-pop3", "--rest", "home")
        self.args = ()
        super().check()
        self.args = ("--rest",)
        tap.equal(self.home.folder(".dewey/preview/Inbox"), [], "previews")


@tap.test("the power fails while the rest of previews comes [P-57, P-72, X-23]")
def rest():
    besiege(Previews(FEW))


LETTER = ("From: ivan@peer.test\nTo: jones@peer.test, brown@peer.test\nSubject: x\n"
          "Message-ID: <1@peer.test>\n\nbody\n")
MAILBOXES = ("jones@peer.test", "brown@peer.test")
UNCERTAIN, DONE = 4, 5  # states of outbox.h


def fail_sending(place, sink, record, moment, dice):
    """The power fails; what the server has by then depends on it too."""
    world = record.world(moment)
    taken = b"queued" in world.heard or b"\r\n.\r\n" in world.said and dice.random() < 0.5
    sink.mailboxes.clear()
    for mailbox in MAILBOXES if taken else ():
        sink.mailboxes[mailbox].append(b"")
    powerloss.lay(world.ruin(dice), place.path)
    place.run("dewey-smtp", "--queue")
    times = [len(sink.mailboxes[mailbox]) for mailbox in MAILBOXES]
    states = [state for state, in place.ledger("SELECT state FROM outbox")]
    tap.ok(times in ([0, 0], [1, 1]), "sent %s times" % times)
    if states == [DONE]:
        tap.equal((times, len(place.folder("Sent"))), ([1, 1], 1), "times, Sent copies")
    elif states == []:
        tap.equal((times, b"MAIL FROM" in world.said), ([0, 0], False), "forgotten; sent")
    else:
        tap.equal(states, [UNCERTAIN], "states")
    return states


@tap.test("the power fails while a letter is sent: sent once, or uncertain; one Sent copy"
          " [S-51, S-55, X-23]")
def sending():
    sink, dice = fakemail.Sink(), random.Random(SEED)
    server = fakeserver.Server(sink)
    tap.cleanup(server.stop)
    place = home.Home({"smtp": "smtp+insecure://localhost:%d" % server.port})
    place.run("dewey-smtp", "--queue")
    record = recorded(place, "dewey-smtp", "-t", "-i", input=LETTER)
    moments, ends = record.moments(), collections.Counter()
    for n in range(FAILURES):
        moment = moments[-1] if n < 3 else dice.choice(moments)
        try:
            states = fail_sending(place, sink, record, moment, dice)
        except tap.Failure as failure:
            raise tap.Failure("failure %d, after call %d (seed %s): %s" % (
                n, moment, SEED, failure)) from None
        ends[{(): "not queued", (DONE,): "sent", (UNCERTAIN,): "uncertain"}[tuple(states)]] += 1
        # What the program has said to be sent, was.
        tap.ok(moment != moments[-1] or states == [DONE], "it ended, and then %s" % states)
    tap.note("%d moments; %s" % (len(moments), ", ".join("%s: %d" % x for x in sorted(ends.items()))))


@tap.test("without the syncs of letters and folder it would lose some: that is missed here"
          " [P-57, X-23]")
def each_is_needed():
    scene = Scene(FEW)
    record = scene.record()
    for what, without in (
            ("of the letters", lambda name, path: "/Inbox/tmp/" in path),
            ("of the folder", lambda name, path: path.endswith("/Inbox/new"))):
        found = losses(scene, record, without)
        tap.note("no sync %s: %d of 30 failures do harm" % (what, found))
        tap.ok(found > 0, "no sync %s, and nothing is lost" % what)
    # Letters without their rows are known again by their content (P-61).
    found = losses(scene, record, lambda name, path: path.endswith("/ledger.db-wal"))
    tap.equal(found, 0, "harm without the sync of the ledger")
    tap.equal(losses(scene, record, None), 0, "harm with all of them")


tap.main()
