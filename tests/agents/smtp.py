#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp against servers that play by the rules, and servers that do not."""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
import tap
from pop3scene import serve
from smtpscene import (DONE, DOT_PENDING, HELD, LETTER, NO_GREEN, ONE_LETTER, QUEUED, SENDING,
                        Scene, UNCERTAIN, clear_home, queue_letter, scripted)

EX_DATAERR, EX_NOUSER, EX_UNAVAILABLE, EX_TEMPFAIL = 65, 67, 69, 75


# --- the Smith session and its variants

@tap.test("two get it, and after the correction the third one, alone [S-40, S-41]")
def correction():
    scene = Scene(refused=NO_GREEN)
    scene.send(status=EX_NOUSER)
    tap.equal(scene.copies(), {"jones@b.test": 1, "brown@b.test": 1})
    tap.equal(scene.states(), [HELD])
    scene.correct("green@b.test", "verdi@b.test")
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.copies(), {"jones@b.test": 1, "brown@b.test": 1, "verdi@b.test": 1})
    tap.equal([x[1] for x in scene.sink.letters],
              [["jones@b.test", "brown@b.test"], ["verdi@b.test"]])
    tap.equal(scene.sink.letters[0][2], scene.sink.letters[1][2], "the same bytes")
    tap.equal(scene.states(), [DONE])
    tap.equal(len(scene.home.folder("Sent")), 1, "Sent copies")


@tap.test("held: nobody gets it until it is corrected, then everybody, once [S-40, S-42, Z7]")
def held():
    scene = Scene(refused=NO_GREEN)
    scene.home.run("dewey-smtp", "-a", "home", "-bp")
    parent = child.Wire(queue_letter(scene), "dewey-smtp")
    parent.send({"do": "send", "id": 1, "account": "home", "partial": "hold"})
    events = parent.until("done", "failed")
    tap.equal(events[-1], {"event": "done", "id": 1, "sent": 0, "refused": 1, "deferred": 0,
                           "uncertain": 0})
    refused = [e for e in events if e["event"] == "refused"]
    tap.equal([(e["recipient"], e["server"]) for e in refused],
              [("green@b.test", "550 5.1.1 No such user here")])
    tap.equal(scene.sink.letters, [])
    tap.lacks(scene.sink.lines, "DATA")
    tap.contains(scene.sink.lines, "RSET")
    tap.equal(scene.states(), [HELD])
    tap.equal(scene.home.recipients(), {"jones@b.test": "waiting", "green@b.test": "failed",
                                        "brown@b.test": "waiting"})
    scene.correct("green@b.test", "verdi@b.test")
    parent.send({"do": "send", "id": 2, "account": "home", "partial": "hold"})
    tap.equal(parent.until("done", "failed")[-1]["sent"], 1)
    tap.equal(scene.copies(), {"jones@b.test": 1, "brown@b.test": 1, "verdi@b.test": 1})
    parent.close()


@tap.test("one is put off: the others get it now, he later, the same bytes [S-44]")
def mixed():
    scene = Scene(refused={"green@b.test": "450 4.2.0 mailbox busy"})
    scene.send()
    tap.equal(scene.copies(), {"jones@b.test": 1, "brown@b.test": 1})
    tap.equal(scene.states(), [QUEUED])
    scene.home.run("dewey-smtp", "-q")
    tap.equal(len(scene.sink.letters), 1, "letters before it is due")
    scene.sink.refused.clear()
    scene.make_due()
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.copies(), {"jones@b.test": 1, "brown@b.test": 1, "green@b.test": 1})
    tap.equal(scene.sink.letters[0][2], scene.sink.letters[1][2], "the same bytes")
    tap.equal(len(scene.home.folder("Sent")), 1, "Sent copies")


@tap.test("a server takes five at a time: all twelve get it at once, in three letters [S-18]")
def split():
    people = ["p%d@b.test" % n for n in range(12)]
    scene = Scene()
    session = scene.sink.session

    class Limited(session):
        def rcpt(self, rest):
            if len(self.recipients) == 5:
                return self.reply("452 4.5.3 too many recipients")
            return session.rcpt(self, rest)
        verbs = {**session.verbs, "RCPT": rcpt}
    scene.sink.session = Limited
    letter = "From: ivan@peer.test\nTo: %s\n\nx\n" % ", ".join(people)
    scene.send(letter)
    tap.equal(scene.copies(), {p: 1 for p in people})
    tap.equal([len(x[1]) for x in scene.sink.letters], [5, 5, 2])
    tap.equal(scene.states(), [DONE])


@tap.test("refused after the recipients were taken: all of them failed, no Sent copy [S-46]")
def refused_dot():
    scene = Scene(faults=[fakemail.Fault(r"\.", "554 5.7.1 spam")])
    result = scene.send(status=EX_NOUSER)
    tap.contains(result.stderr, ["jones@b.test", "554 5.7.1 spam"])
    tap.equal(set(scene.home.recipients().values()), {"failed"})
    tap.equal(scene.states(), [HELD])
    tap.equal(scene.home.folder("Sent"), [])
    [(name,)] = scene.home.ledger("SELECT file FROM outbox")
    kept = home.read(os.path.join(scene.home.mail, ".dewey", "outbox", name))
    tap.contains(kept, LETTER[:-1].encode(), "the letter is there for who wants to mend it")
    scene.make_due()
    scene.home.run("dewey-smtp", "-q")
    tap.equal(sum(x == "DATA" for x in scene.sink.lines), 1, "the same bytes, once (RFC 5321 4.2.5)")


@tap.test("put off at each stage: it stays queued, and goes later, once")
def deferred():
    for command in ("MAIL .*", "RCPT .*", "DATA", r"\."):
        for reply in ("451 4.3.0 later", "421 4.3.2 closing", "drop"):
            if (command, reply) == (r"\.", "drop"):
                continue
            scene = Scene(faults=[fakemail.Fault(command, reply, 3 if "RCPT" in command else 1)])
            scene.send()
            tap.equal(scene.states(), [QUEUED], "state after %s: %s" % (command, reply))
            tap.equal(scene.sink.letters, [])
            scene.sink.faults.clear()
            scene.make_due()
            scene.home.run("dewey-smtp", "-q")
            tap.equal(scene.copies(), {n + "@b.test": 1 for n in ("jones", "green", "brown")})
            tap.equal(scene.states(), [DONE])


# --- after the final dot

@tap.test("killed between the final dot and its reply: uncertain at the next start [S-50, S-51]")
def killed():
    scene = Scene()
    agents = []

    def die(conn):
        agents[0].send_signal(signal.SIGKILL)
        conn.wait()
    scene.sink.faults.append(fakemail.Fault(r"\.", die, 1))
    queue_letter(scene)
    agents.append(child.start(scene.home, "dewey-smtp", "-q"))
    tap.equal(agents[0].wait(60), -signal.SIGKILL)
    tap.equal(scene.states(), [DOT_PENDING])
    for _ in range(2):
        scene.make_due()
        scene.home.run("dewey-smtp", "-q", status=0)
        tap.equal(scene.states(), [UNCERTAIN])
    tap.equal([x for x in scene.sink.lines if x.startswith("MAIL")][1:], [], "further attempts")


@tap.test("killed before the final dot: sent at the next start, once [S-51]")
def killed_before():
    scene = Scene()
    agents = []

    def die(conn):
        agents[0].send_signal(signal.SIGKILL)
        conn.wait()
    scene.sink.faults.append(fakemail.Fault("DATA", die, 1))
    queue_letter(scene)
    agents.append(child.start(scene.home, "dewey-smtp", "-q"))
    tap.equal(agents[0].wait(60), -signal.SIGKILL)
    tap.equal(scene.states(), [SENDING])
    scene.home.run("dewey-smtp", "-q")
    tap.equal(set(scene.copies().values()), {1})
    tap.equal(scene.states(), [DONE])


@tap.test("an answer to the final dot that is none leaves it uncertain [S-50]")
def odd_dot():
    for reply in ("what?", "354 go on", "250-never\r\n251 ends", "150 x"):
        scene = Scene(faults=[fakemail.Fault(r"\.", reply)])
        result = scene.send(status=EX_TEMPFAIL)
        tap.contains(result.stderr, "may have been sent")
        tap.equal(scene.states(), [UNCERTAIN], "state after " + reply)


@tap.test("a yes before the final dot is no answer to it: the letter stays queued [S-50]")
def early_yes():
    place, _ = scripted("S: 220 x\nC~ EHLO .*\nS: 250 x\nC~ MAIL .*\nS: 250 x\nC~ RCPT .*\n"
                        "S: 250 x\nC: DATA\nS-raw: 354 go\\r\\n250 thanks\\r\\n\n" + "C~ .*\n" * 7 + "EOF",
                        letter=ONE_LETTER)
    tap.equal(place.ledger("SELECT state FROM outbox"), [(QUEUED,)])


# --- TLS and log-in: not one octet of the secret

def guarded(handler, status=0, pair=True, kept=False, **account):
    """A letter to a server that plays false; it stays queued, the secret at home.
    kept: the script has to be kept to."""
    authority = certs.Authority(tap.tempdir())
    server = serve(handler, authority.server() if pair else None)
    place = home.Home({"smtp": "smtp://ivan@localhost:%d" % server.port,
                       "tls-ca": authority.pem, **account})
    result = place.run("dewey-smtp", "-t", "-i", input=LETTER, status=status)
    (server.check if kept else server.settle)()
    tap.ok(not server.saw(home.SECRET.encode()), "the secret was sent")
    for conn in server.connections:
        tap.lacks(conn.raw_received, b"AUTH", "what the client sent in clear")
        tap.lacks(conn.raw_received, b"MAIL", "what the client sent in clear")
    tap.equal(place.ledger("SELECT state FROM outbox"), [(QUEUED,)])
    return result


HELLO = "S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250-AUTH PLAIN LOGIN\nS: 250 STARTTLS\n"


@tap.test("STARTTLS not offered, refused or faked: nothing is said in clear [T-22, T-23]")
def stripped():
    answers = ["454 4.7.0 not now", "500 unknown", "502 no", "250 fine", "235 logged in", "334 x",
               "+OK begin", "what?"]
    scripts = ["S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 AUTH PLAIN\nC: QUIT\nS: 221 x",
               "S: 220 x\nC~ EHLO .*\nS: 500 no\nC: QUIT\nS: 221 x",
               "S: 235 logged in", "S: 250 x", "S: 554 no", "S: 220 x\nC~ EHLO .*\nCLOSE"]
    scripts += [HELLO + "C: STARTTLS\nS: " + answer for answer in answers]
    for script in scripts:
        result = guarded(fakeserver.Script(script))
        tap.contains(result.stderr, "queued as item 1")


@tap.test("octets behind the 220 to STARTTLS: an attack, a line or a part of one [T-21]")
def injected():
    for more in (r"250 x\r\n", "25"):
        guarded(fakeserver.Script(HELLO + r"C: STARTTLS" + "\nS-raw: 220 go\\r\\n" + more + "\nWAIT"))


@tap.test("EHLO is said again inside TLS, and what was offered outside is forgotten [T-25, S-04]")
def second_ehlo():
    guarded(fakeserver.Script(HELLO + """C: STARTTLS
S: 220 go
TLS
C~ EHLO .*
S: 250 x
EOF
"""), kept=True)


@tap.test("STARTTLS, AUTH PLAIN and LOGIN: the letter arrives")
def logged_in():
    for mechanism in ("PLAIN", "LOGIN"):
        authority = certs.Authority(tap.tempdir())
        sink = fakemail.Sink({"ivan": home.SECRET}, mechanisms=(mechanism,))
        server = serve(sink, authority.server())
        place = home.Home({"smtp": "smtp://ivan@localhost:%d" % server.port,
                           "tls-ca": authority.pem})
        result = place.run("dewey-smtp", "--trace", "-t", "-i", input=LETTER)
        tap.equal(len(sink.letters), 1)
        tap.lacks(result.stderr, home.SECRET, "the trace")
        tap.contains(result.stderr, "***")
        tap.equal(sum(x.startswith("EHLO") for x in sink.lines), 2, "EHLO")


AUTH = "S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 AUTH %s\n"


def login_script(script, status=0, mechanisms="PLAIN LOGIN"):
    server = serve([fakeserver.Script(AUTH % mechanisms + script)])
    place = home.Home({"smtp": "smtp+insecure://ivan@127.0.0.1:%d" % server.port,
                       "password": "s3cret"})
    result = place.run("dewey-smtp", "-t", "-i", input=LETTER, status=status)
    server.check()
    return result


@tap.test("a refused password is not sent again, by no mechanism")
def refused_password():
    result = login_script("C~ AUTH PLAIN .*\nS: 535 5.7.8 no\nC: QUIT\nS: 221 x\n")
    tap.contains(result.stderr, ["cannot log in as 'ivan'", "535 5.7.8 no", "deweyrc:"])


@tap.test("the next mechanism where the server lacks the first; the response later if it must be")
def mechanisms():
    letter = ("S: 235 in\nC~ MAIL .*\nS: 250 x\nC~ RCPT .*\nS: 250 x\nC~ RCPT .*\nS: 250 x\n"
              "C~ RCPT .*\nS: 250 x\nC: DATA\nS: 354 x\nDATA\nS: 250 x\nC: QUIT\nS: 221 x\n")
    login_script("C~ AUTH PLAIN .*\nS: 504 5.5.4 no\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\n"
                 "C: aXZhbg==\nS: 334 UGFzc3dvcmQ6\nC: czNjcmV0\n" + letter)
    login_script("C~ AUTH PLAIN .*\nS: 501 5.5.4 no\nC: AUTH PLAIN\nS: 334 \n"
                 "C: AGl2YW4AczNjcmV0\n" + letter)
    login_script("EOF", mechanisms="CRAM-MD5 NTLM")


# --- extensions

@tap.test("PIPELINING: MAIL and RCPT in one flight, DATA in its own [S-12, S-42, Z5]")
def pipelining():
    flights = []

    def server(conn):
        def flight():
            flights.append(conn.read().decode())
        conn.reply("220 x")
        flight()
        conn.reply("250-x\r\n250 PIPELINING")
        flight()
        # Replies all at once, and one that looks like another's.
        conn.send("250 x\r\n250 x\r\n550 5.1.1 354 go on\r\n250 x\r\n")
        flight()
        conn.reply("354 x")
        conn.block()
        conn.reply("250 x")
        flight()
        conn.reply("221 x")
    peer = serve(server)
    place = clear_home(peer)
    place.run("dewey-smtp", "-t", "-i", input=LETTER, status=EX_NOUSER)
    tap.equal(flights[1:], ["MAIL FROM:<ivan@peer.test>\r\nRCPT TO:<jones@b.test>\r\n"
                            "RCPT TO:<green@b.test>\r\nRCPT TO:<brown@b.test>\r\n", "DATA\r\n",
                            "QUIT\r\n"])
    tap.equal(place.recipients(), {"jones@b.test": "sent", "green@b.test": "failed",
                                   "brown@b.test": "sent"})


@tap.test("PIPELINING: after a refused MAIL the replies to RCPT are counted all the same [S-12]")
def pipelined_refusal():
    _, result = scripted("S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 PIPELINING\nC~ MAIL .*\n"
                         "C~ RCPT .*\nC~ RCPT .*\nC~ RCPT .*\nS: 550 5.7.1 not you\nS: 503 no\n"
                         "S: 503 no\nS: 503 no\nC: RSET\nS: 250 x\nC: QUIT\nS: 221 x\n",
                         EX_UNAVAILABLE)
    tap.contains(result.stderr, "550 5.7.1 not you")


@tap.test("a parameter that the server offers and then does not know is left out, once")
def without_size():
    rest = ("C~ RCPT .*\nS: 250 x\nC: DATA\nS: 354 x\nDATA\nS: 250 x\nC: QUIT\nS: 221 x\n")
    scripted("S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 SIZE\nC~ MAIL FROM:<ivan@peer.test> SIZE=.*\n"
             "S: 555 5.5.4 what\nC: RSET\nS: 250 x\nC: MAIL FROM:<ivan@peer.test>\nS: 250 x\n" + rest,
             letter="To: a@b\n\nx\n")


@tap.test("EHLO unknown: HELO, and only without log-in and without TLS [S-03]")
def helo():
    rest = ("C: MAIL FROM:<ivan@peer.test>\nS: 250 x\nC~ RCPT .*\nS: 250 x\nC: DATA\nS: 354 x\n"
            "DATA\nS: 250 x\nC: QUIT\nS: 221 x\n")
    scripted("S: 220 x\nC: EHLO [127.0.0.1]\nS: 502 no\nC: HELO [127.0.0.1]\nS: 250 x\n" + rest,
             letter="To: a@b\n\nx\n")
    server = serve([fakeserver.Script("S: 220 x\nC: EHLO me.test\nS: 502 no\nEOF")])
    place = home.Home({"smtp": "smtp+insecure://ivan@127.0.0.1:%d" % server.port,
                       "password": "x", "helo": "me.test"})
    place.run("dewey-smtp", "-t", input=LETTER)
    server.check()


@tap.test("SIZE: too large is told before MAIL, with both numbers [S-10]")
def too_large():
    scene = Scene(capabilities=("SIZE 1000",))
    result = scene.send(LETTER + ("x" * 49 + "\n") * 40, status=EX_UNAVAILABLE)
    tap.contains(result.stderr, ["2 KB", "1000 B"])
    tap.equal([x for x in scene.sink.lines if x.startswith("MAIL")], [])
    tap.equal(scene.states(), [HELD])
    scene = Scene()
    scene.send("From: ivan@peer.test\nTo: a@b\nBcc: c@d\nDate: x\nMessage-ID: <a@b>\n\n.x\n")
    octets = len("From: ivan@peer.test\r\nTo: a@b\r\nDate: x\r\nMessage-ID: <a@b>\r\n\r\n.x\r\n")
    tap.contains(scene.sink.lines, "MAIL FROM:<ivan@peer.test> SIZE=%d" % octets)


@tap.test("8-bit letters: BODY=8BITMIME, or quoted-printable where it is not offered [S-11, S-75]")
def eightbit():
    letter = ("To: a@b\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
              "Content-Transfer-Encoding: 8bit\n\nПривет\n")
    scene = Scene(capabilities=("8BITMIME",))
    scene.send(letter)
    tap.contains(scene.sink.lines, "MAIL FROM:<ivan@peer.test> BODY=8BITMIME")
    tap.contains(scene.sink.letters[0][2], "Привет".encode())
    scene = Scene(capabilities=())
    scene.send(letter)
    tap.contains(scene.sink.lines, "MAIL FROM:<ivan@peer.test>")
    tap.contains(scene.sink.letters[0][2],
                 [b"Content-Transfer-Encoding: quoted-printable\r\n", b"=D0=9F=D1=80"])
    tap.contains(scene.home.folder("Sent")[0], "Привет".encode())
    signed = ("To: a@b\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nПривет\n--s--\n")
    scene = Scene(capabilities=())
    result = scene.send(signed, status=EX_UNAVAILABLE)
    tap.contains(result.stderr, "signed")
    tap.equal(scene.sink.letters, [])


@tap.test("replies that are none end the session, and the letter stays [S-02]")
def nonsense():
    for reply in ("what?", "2500 x", "150 x", "250-a\r\n550 b", "250-x\r\n" * 101 + "250 x"):
        scene = Scene(faults=[fakemail.Fault("MAIL .*", reply)])
        scene.send()
        tap.equal(scene.states(), [QUEUED], "state after %.20s" % reply)


# --- content

@tap.test("bodies with dots, bare CR and LF, and no final newline arrive as they are [S-70, S-71]")
def bodies():
    rows = [(b"\n.\nMAIL FROM:<x@y>\n", b"\r\n.\r\nMAIL FROM:<x@y>\r\n"),
            (b"a\r.\rb", b"a\r\n.\r\nb\r\n"), (b".", b".\r\n"), (b"..\n.x\n", b"..\r\n.x\r\n"),
            (b"", b""), (b"x\n" * 200000, b"x\r\n" * 200000), (b"a\r\n\r\nb", b"a\r\n\r\nb\r\n"), (b"x" * 100 + b"\n.", b"x" * 100 + b"\r\n.\r\n")]
    for body, wanted in rows:
        scene = Scene()
        scene.send(b"To: a@b\n\n" + body, binary=True)
        tap.equal(scene.sink.letters[0][2].split(b"\r\n\r\n", 1)[1], wanted)
        tap.equal([x for x in scene.sink.lines if x.startswith("MAIL")],
                  [x for x in scene.sink.lines if x.startswith("MAIL FROM:<ivan@peer.test>")])
    scene = Scene()
    result = scene.send(b"To: a@b\n\na\0b\n", status=EX_DATAERR, binary=True)
    tap.contains(result.stderr, b"NUL")


@tap.test("Bcc gets the letter, stands in our copy, and in no other [S-62]")
def bcc():
    scene = Scene()
    scene.send("To: a@b\nBCC: secret@x,\n more@x\nbcc:\nSubject: y\n\nBcc: text\n")
    sender, recipients, data = scene.sink.letters[0]
    tap.equal(recipients, ["a@b", "secret@x", "more@x"])
    tap.lacks(data, b"secret")
    tap.lacks(data, b"more@x")
    tap.contains(data, b"\r\n\r\nBcc: text\r\n")
    tap.contains(scene.home.folder("Sent")[0], b"BCC: secret@x,\n more@x\nbcc:\nSubject: y\n")


tap.main()
