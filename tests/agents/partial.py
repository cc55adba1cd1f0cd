#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""RFC 821's example: Smith writes to Jones, Green and Brown; there is no Green.
And all its variants: whatever the server says to whom and however it is asked, each
mailbox has one copy in the end, each state is right, and what is corrected goes to
the corrected address alone (S-18, S-40 to S-46)."""
import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import fakemail
import fakeserver
import home
import queuescene
import smtpscene
import tap
from smtpscene import DONE, HELD, QUEUED

LETTER = ("From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA, Green@Beta.ARPA, Brown@Beta.ARPA\n"
          "Subject: Blah blah\n\nBlah blah blah...\n...etc. etc. etc.\n")
EX_NOUSER = 67

SCRIPT = r"""
S: 220 Beta.ARPA Simple Mail Transfer Service Ready
C~ EHLO .*
S: 250 Beta.ARPA
C: MAIL FROM:<Smith@Alpha.ARPA>
S: 250 OK
C: RCPT TO:<Jones@Beta.ARPA>
S: 250 OK
C: RCPT TO:<Green@Beta.ARPA>
S: 550 No such user here
C: RCPT TO:<Brown@Beta.ARPA>
S: 250 OK
C: DATA
S: 354 Start mail input; end with <CRLF>.<CRLF>
DATA
S: 250 OK
C: QUIT
S: 221 Beta.ARPA Service closing transmission channel
"""


def smith(port):
    return home.Home({"address": "Smith@Alpha.ARPA", "smtp": "smtp+insecure://localhost:%d" % port})


@tap.test("the session, line by line: two get it, Green is reported [S-40, Z5, Z7]")
def session():
    server = fakeserver.Server([fakeserver.Script(SCRIPT)])
    tap.cleanup(server.stop)
    place = smith(server.port)
    result = place.run("dewey-smtp", "-t", "-i", input=LETTER, status=EX_NOUSER)
    server.check()
    tap.contains(result.stderr, ["Green@Beta.ARPA", "550 No such user here"])
    tap.lacks(result.stderr, "Jones@Beta.ARPA")
    body = server.connections[0].blocks[0]
    tap.contains(body, [b"Blah blah blah...\r\n...etc. etc. etc.\r\n", b"Subject: Blah blah\r\n"])
    tap.equal(place.recipients(), {"Jones@Beta.ARPA": "sent", "Green@Beta.ARPA": "failed",
                                   "Brown@Beta.ARPA": "sent"})
    tap.equal(len(place.folder("Sent")), 1, "Sent copies")


@tap.test("each mailbox has exactly one copy, however often one sends again [S-41]")
def once():
    sink = fakemail.Sink(refused={"Green@Beta.ARPA": "550 No such user here"})
    with fakeserver.Server(sink) as server:
        place = smith(server.port)
        place.run("dewey-smtp", "-t", "-i", input=LETTER, status=EX_NOUSER)
        for _ in range(2):
            place.run("dewey-smtp", "--queue", status=None)
        tap.equal({k: len(v) for k, v in sink.mailboxes.items()},
                  {"Jones@Beta.ARPA": 1, "Brown@Beta.ARPA": 1})
        # Green can be corrected: the item is held, with his own state and the reply.
        rows = place.ledger("SELECT o.state, r.reply FROM recipient r JOIN outbox o"
                            " ON o.id = r.item WHERE r.address = 'Green@Beta.ARPA'")
        tap.equal(len(rows), 1)
        tap.equal(rows[0][0], 0, "state of the item (0 is held)")
        tap.contains(rows[0][1], "550 No such user here")


@tap.test("all refused: nothing is sent, all are reported")
def nobody():
    sink = fakemail.Sink(refused={n + "@Beta.ARPA": "550 No such user here"
                                  for n in ("Jones", "Green", "Brown")})
    with fakeserver.Server(sink) as server:
        place = smith(server.port)
        result = place.run("dewey-smtp", "-t", "-i", input=LETTER, status=EX_NOUSER)
        tap.contains(result.stderr, ["Jones@Beta.ARPA", "Green@Beta.ARPA", "Brown@Beta.ARPA"])
        tap.equal(sink.letters, [])
        tap.equal(place.folder("Sent"), [])
        tap.equal(set(place.recipients().values()), {"failed"})


@tap.test("the reply to the final dot is lost: uncertain, never sent again by itself")
def uncertain():
    sink = fakemail.Sink(faults=[fakemail.Fault(r"\.", "done-drop")])
    with fakeserver.Server(sink) as server:
        place = smith(server.port)
        result = place.run("dewey-smtp", "-t", "-i", input=LETTER, status=75)
        tap.contains(result.stderr, "may")
        for _ in range(2):
            place.run("dewey-smtp", "--queue", status=None)
        tap.equal(len(sink.letters), 1, "times it was sent")
        tap.equal(place.ledger("SELECT state FROM outbox"), [(4,)], "states (4 is uncertain)")


@tap.test("the connection is lost before the dot: sent later, once")
def before_the_dot():
    sink = fakemail.Sink(faults=[fakemail.Fault("DATA", "drop", 1)])
    with fakeserver.Server(sink) as server:
        place = smith(server.port)
        # It is queued and durable: a status that says otherwise would make the
        # caller send it again.
        place.run("dewey-smtp", "-t", "-i", input=LETTER, status=0)
        tap.equal(sink.letters, [])
        tap.equal(len(place.ledger("SELECT id FROM outbox WHERE state = 1")), 1, "queued items")


# --- the variants

JONES, GREEN, BROWN, VERDI = (n + "@Beta.ARPA" for n in ("Jones", "Green", "Brown", "Verdi"))
THREE = (JONES, GREEN, BROWN)
SERVERS = {"plain": (), "PIPELINING": ("PIPELINING",),
           "CHUNKING": ("PIPELINING", "CHUNKING")}


class Smith:
    """A letter of Smith's in the outbox, and a sink that does as told."""

    def __init__(self, extensions, people=THREE, **options):
        self.sink = fakemail.Sink(
            capabilities=("8BITMIME", "ENHANCEDSTATUSCODES", *extensions), **options)
        self.server = fakeserver.Server(self.sink)
        tap.cleanup(self.server.stop)
        self.place = smith(self.server.port)
        letter = LETTER.replace("Jones@Beta.ARPA, Green@Beta.ARPA, Brown@Beta.ARPA", ", ".join(people))
        queuescene.queue_untried(self.place, letter.encode())

    def send(self, hold=False):
        """One run: as a person sends (S-40), or by hand."""
        smtpscene.make_due(self.place)
        if not hold:
            return self.place.run("dewey-smtp", "-q", status=None)
        parent = child.Wire(self.place, "dewey-smtp")
        parent.send({"do": "send", "id": 1, "account": "home", "partial": "hold"})
        parent.until("done", "failed")
        return parent.close()

    def state(self):
        (state,), = self.place.ledger("SELECT state FROM outbox")
        return state

    def recipients(self):
        """Who waits, waits: whether he was asked and put off, or not asked."""
        return {who: "deferred" if state == "waiting" else state
                for who, state in self.place.recipients().items()}

    def times(self):
        return {who: len(got) for who, got in self.sink.mailboxes.items()}

    def correct(self, old, new):
        smtpscene.change(self.place,
                         "UPDATE recipient SET address = ?, state = 0 WHERE address = ?", new, old)
        smtpscene.change(self.place, "UPDATE outbox SET state = 1, due = 0")

    def check(self, times, people, state, text):
        tap.equal(self.times(), {who: 1 for who in times}, text + ": times")
        tap.equal(self.recipients(), people, text + ": recipients")
        tap.equal(self.state(), state, text + ": state")
        bodies = {data for got in self.sink.mailboxes.values() for data in got}
        tap.ok(len(bodies) <= 1, text + ": one got other bytes than the other")
        tap.equal(len(self.place.folder("Sent")), 1 if times else 0, text + ": Sent copies")


Variant = collections.namedtuple("Variant", "name refused faults sent first second")
# sent: who has it after the first run; first: how the recipients stand then, by
# the first letters of their states; second: after what was in the way is gone.
VARIANTS = (
    Variant("Green 550", {GREEN: "550 5.1.1 No such user here"}, (), "JB", "sfs", "sfs"),
    Variant("Green 450", {GREEN: "450 4.2.0 mailbox busy"}, (), "JB", "sds", "sss"),
    Variant("Green 550, Brown 450", {GREEN: "550 no", BROWN: "450 busy"}, (), "J", "sfd", "sfs"),
    Variant("Green 251", {GREEN: "251 will forward"}, (), "JGB", "sss", "sss"),
    Variant("Green 551", {GREEN: "551 try <G@x>"}, (), "JB", "sfs", "sfs"),
    Variant("all 550", dict.fromkeys(THREE, "550 no"), (), "", "fff", "fff"),
    Variant("all 450", dict.fromkeys(THREE, "450 busy"), (), "", "ddd", "sss"),
    Variant("421 instead of MAIL", {}, (("MAIL .*", "421 bye"),), "", "ddd", "sss"),
    Variant("421 to Green", {}, (("RCPT TO:<Green.*", "421 bye"),), "", "ddd", "sss"),
    Variant("Jones 550, 421 to Green", {JONES: "550 no"}, (("RCPT TO:<Green.*", "421 bye"),),
            "", "fdd", "fss"),
    Variant("421 to DATA", {}, (("DATA|BDAT .*", "421 bye"),), "", "ddd", "sss"),
    Variant("451 to the dot", {}, ((r"\.", "451 later"),), "", "ddd", "sss"),
    Variant("Green 550, 451 to the dot", {GREEN: "550 no"}, ((r"\.", "451 later"),), "", "dfd", "sfs"),
    Variant("554 to the dot", {}, ((r"\.", "554 5.7.1 spam"),), "", "fff", "fff"),
)
NAMES = {"s": "sent", "f": "failed", "d": "deferred"}


def people(states):
    return {who: NAMES[state] for who, state in zip(THREE, states)}


def state_of(states):
    return QUEUED if "d" in states else HELD if "f" in states else DONE


def run_variant(extensions, v):
    scene = Smith(extensions, refused=dict(v.refused),
                  faults=[fakemail.Fault(command, reply, 1) for command, reply in v.faults])
    sent = [who for who in THREE if who[0] in v.sent]
    scene.send()
    scene.check(sent, people(v.first), state_of(v.first), v.name)
    scene.sink.refused = {who: no for who, no in v.refused.items() if no.startswith("5")}
    scene.send()
    sent = [who for who, state in zip(THREE, v.second) if state == "s"]
    scene.check(sent, people(v.second), state_of(v.second), v.name + ", sent again")
    if v.refused.get(GREEN, "").startswith("2"):
        said = dict(scene.place.ledger("SELECT address, reply FROM recipient"))
        tap.contains(said[GREEN], v.refused[GREEN], "what is kept of the server's words")
    if v.second != "sfs":
        return
    before = list(scene.sink.letters)
    scene.correct(GREEN, VERDI)
    scene.send()
    tap.equal([x[1] for x in scene.sink.letters[len(before):]], [[VERDI]], "the correction goes to")
    scene.check([JONES, BROWN, VERDI], {JONES: "sent", BROWN: "sent", VERDI: "sent"}, DONE,
                v.name + ", corrected")


for server, offered in SERVERS.items():
    @tap.test("%s: every variant, sent by hand: who was taken gets it once, the others later or"
              " corrected [S-41, S-43, S-44, S-46]" % server)
    def by_hand(offered=offered):
        for v in VARIANTS:
            run_variant(offered, v)


@tap.test("every variant, sent by a person: a refusal holds it for all, then it goes to all, once"
          " [S-40, S-42]")
def by_person():
    for offered in SERVERS.values():
        for v in VARIANTS:
            if "f" not in v.first or v.first == "fff" or v.faults:
                continue
            scene = Smith(offered, refused=dict(v.refused))
            scene.send(hold=True)
            tap.equal((scene.times(), scene.state()), ({}, HELD), v.name)
            tap.equal([x for x in scene.sink.lines if x[:4] in ("DATA", "BDAT")], [], v.name)
            tap.equal(scene.place.recipients()[GREEN], "failed", v.name)
            scene.sink.refused.clear()
            scene.correct(GREEN, VERDI)
            scene.send(hold=True)
            scene.check([JONES, VERDI, BROWN], dict.fromkeys((JONES, VERDI, BROWN), "sent"), DONE,
                        v.name + ", corrected")


@tap.test("all refused, and a server that says 354 to DATA all the same: not an octet of the letter"
          " [S-43]")
def anyway():
    for offered in SERVERS.values():
        scene = Smith(offered, refused=dict.fromkeys(THREE, "550 no"))
        session, after = scene.sink.session, []

        class Anyway(session):
            def data(self, _):
                self.reply("354 go on")
                after.append(self.conn.block())
                self.reply("554 5.5.1 no valid recipients")
            verbs = {**session.verbs, "DATA": data}
        scene.sink.session = Anyway
        for hold in (False, True):
            scene.send(hold)
            tap.ok(after in ([], [b""]), "the letter was said to nobody: %r" % after)
            scene.check([], people("fff"), HELD, "all refused")
        tap.ok(not any(b"Blah blah" in c.received for c in scene.server.connections), "it was said")


@tap.test("452 after five of twelve: the rest at once, in further letters of the same bytes [S-18]")
def five_of_twelve():
    twelve = ["p%d@Beta.ARPA" % n for n in range(12)]
    for offered in SERVERS.values():
        for reply in ("452 4.5.3 too many", "451 4.5.3 too many", "452 too many recipients",
                      "552 5.5.3 too many"):
            scene = Smith(offered, twelve)
            session = scene.sink.session

            class Five(session):
                def rcpt(self, rest, reply=reply, session=session):
                    if len(self.recipients) == 5:
                        return self.reply(reply)
                    return session.rcpt(self, rest)
                verbs = {**session.verbs, "RCPT": rcpt}
            scene.sink.session = Five
            scene.send()
            scene.check(twelve, dict.fromkeys(twelve, "sent"), DONE, reply)
            tap.equal([len(x[1]) for x in scene.sink.letters], [5, 5, 2], reply)
            tap.equal(len(scene.server.connections), 1, "sessions")


tap.main()
