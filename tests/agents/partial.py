#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""RFC 821's example: Smith writes to Jones, Green and Brown; there is no Green."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import tap

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


tap.main()
