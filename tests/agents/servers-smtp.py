#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Smith's session with Postfix, Exim and OpenSMTPD, with all their extensions, with
each of them switched off, and with none: who is there has each letter once, who is
not is corrected, who is put off has it later, and the wire is as RFC 5321 has it
(S-10 to S-18, S-40 to S-45, S-62, S-70, Z5)."""
import email
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import home
import queuescene
import servers
import smtpscene
import tap
import wirelog
from smtpscene import DONE, HELD, QUEUED

TWELVE = ["p%d" % n for n in range(12)]
BOXES = (*TWELVE, "verdi")
HEAD = ("From: =?utf-8?q?=D0=98?= <ivan@peer.test>\nTo: %s\nBcc: ivan@peer.test\nSubject: %s\n"
        "Date: Sat, 21 Nov 2026 14:09:45 +0000\nMessage-ID: <%s@peer.test>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n\n")
BODY = ("Привет, Джонс!\n.\nMAIL FROM:<evil@peer.test>\nRCPT TO:<brown@peer.test>\n..\n"
        "bare\rCR\nFrom here\n.")
WANTED = BODY.replace("\r", "\n") + "\n"
# Of each letter: whom it is for; it comes to those and, hidden, to Ivan.
LETTERS = {"green": ("jones", "green", "brown"), "later": ("jones", "later"),
           "twelve": TWELVE}


def address(who):
    return who + "@" + servers.DOMAIN


def letter(name):
    return (HEAD % (", ".join(map(address, LETTERS[name])), name, name) + BODY).encode()


def text_of(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    # Quoted-printable keeps the bare CR, where 8BITMIME makes it a line end.
    return str(message["Subject"]), message.get_payload(decode=True).decode().replace("\r", "\n")


class Session:
    """Three letters in the outbox, and a server that its wire is read of."""

    def __init__(self, server):
        self.server = server
        self.wire = wirelog.WireLog(server.port)
        self.place = home.Home({"smtp": "smtp+insecure://127.0.0.1:%d" % self.wire.port})
        for name in LETTERS:
            queuescene.queue_untried(self.place, letter(name))

    def states(self):
        return dict(self.place.ledger("SELECT subject, state FROM outbox"))

    def send(self):
        smtpscene.make_due(self.place)
        result = self.place.run("dewey-smtp", "-q", status=None)
        tap.ok(result.returncode in (0, 67), "exit status %d: %s" % (
            result.returncode, result.stderr))

    def check_first(self):
        """As it must be while nobody has mended anything."""
        tap.equal(self.states(), {"green": HELD, "later": QUEUED, "twelve": DONE}, "states")
        self.check_times({})
        people = dict(self.place.ledger("SELECT address || ' ' || item, state FROM recipient"))
        tap.equal(people[address("green") + " 1"], 4, "Green (4 is failed)")
        tap.ok(people[address("later") + " 2"] in (0, 3), "he who is put off waits")

    def check_times(self, more):
        wanted = {address(who): 1 for who in ("brown", *TWELVE)}
        wanted.update({address("jones"): 2, address("ivan"): 3}, **more)
        tap.equal(wirelog.times(self.wire.sessions()), wanted, "times, by the server's replies")

    def check_mailboxes(self):
        """What came, by subject and text; nobody sees who was hidden."""
        for who, names in {"jones": ("green", "later"), "brown": ("green",), "p7": ("twelve",),
                           "ivan": tuple(LETTERS), "verdi": ("green",)}.items():
            came = self.server.wait(who, len(names))
            tap.equal(sorted(map(text_of, came)), sorted((name, WANTED) for name in names), who)
            for data in came:
                tap.lacks(data.lower(), b"bcc:", "a letter that came")

    def run(self):
        self.send()
        self.check_first()
        # Green is somebody else: he alone gets it; nobody else gets anything again.
        smtpscene.change(self.place, "UPDATE recipient SET address = ?, state = 0 WHERE address = ?",
                         address("verdi"), address("green"))
        smtpscene.change(self.place, "UPDATE outbox SET state = 1 WHERE state = 0")
        self.send()
        self.check_times({address("verdi"): 1})
        tap.equal(self.states(), {"green": DONE, "later": QUEUED, "twelve": DONE}, "states")
        self.check_mailboxes()
        for session in self.wire.sessions():
            session.check()
        return self.wire.sessions()


def check_parameters(sessions, offered):
    """What is offered is used, what is not is not said."""
    said = "".join(line.decode("latin-1") for session in sessions for line in session.flights)
    for extension, text in (("8bitmime", "BODY=8BITMIME"), ("size", " SIZE="),
                            ("chunking", "BDAT "), ("dsn", "NOTIFY=")):
        if extension not in offered:
            tap.lacks(said, text, "what is said to a server without " + extension)
    if "size" in offered:
        tap.contains(said, " SIZE=", "what is said")
    if "chunking" in offered:
        tap.contains(said, "BDAT ", "what is said")
    if "8bitmime" in offered:
        tap.contains(said, "BODY=8BITMIME", "what is said")


def log_of(text):
    """What "S: …" and "C: …" lines say, as a WireLog keeps it."""
    return [(wirelog.TO_SERVER if line[0] == "C" else wirelog.TO_CLIENT,
             line[3:].encode().decode("unicode_escape").encode("latin-1") + b"\r\n")
            for line in text.split("\n")]


@tap.test("the judge of the wire sees what is wrong [S-12, S-19, S-62, S-70, Z5]")
def judge():
    begin = "S: 220 x\nC: EHLO x\nS: 250-x\\r\\n250 %s\n"
    mail = "C: MAIL FROM:<a@b>\nS: 250 x\nC: RCPT TO:<c@d>\nS: 250 x\nC: DATA\nS: 354 x\nC: %s\nC: ."
    rows = [("SIZE", mail % "x", True), ("SIZE", "C: MAIL FROM: <a@b>", False),
            ("SIZE", "C: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>", False),
            ("PIPELINING", "C: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>", True),
            ("PIPELINING", "C: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>\nC: DATA", False),
            ("SIZE", "C: VRFY x", False), ("SIZE", mail % "x\\nx", False),
            ("SIZE", mail % "x\\rx", False), ("SIZE", mail % "Bcc: x\\r\\n\\r\\nx", False),
            ("SIZE", "C: MAIL FROM:<a\\xff@b>", False)]
    for offered, said, good in rows:
        session, problem = wirelog.Session(log_of(begin % offered + said)), None
        try:
            session.check()
        except tap.Failure as failure:
            problem = failure
        tap.equal(problem is None, good, said)


def with_and_without(make, kind):
    everything = set(kind.EXTENSIONS)
    for without in sorted({(), *((x,) for x in kind.EXTENSIONS), kind.EXTENSIONS},
                          key=lambda x: (len(x), x)):
        try:
            scene = Session(make(without=without, most=5, boxes=BOXES))
            sessions = scene.run()
            check_parameters(sessions, everything - set(without) | (
                {"size"} if "size" not in everything else set()) | (
                {"8bitmime"} if "8bitmime" not in everything else set()))
        except tap.Failure as failure:
            raise tap.Failure("without %s: %s" % (" ".join(without) or "nothing", failure)) from None
        tap.note("without %-60s %d sessions, %d transactions" % (
            " ".join(without) or "nothing", len(sessions),
            sum(len(x.transactions) for x in sessions)))
        tap.clean()


@tap.test("Postfix, with and without each extension [S-10 to S-18, S-41, S-62, S-70, Z5]")
def postfix():
    def make(**options):
        pair = certs.Authority(tap.tempdir()).server()
        return servers.Postfix(pair, servers.Dovecot(pair), everybody=True, **options)
    with_and_without(make, servers.Postfix)


@tap.test("Exim, with and without each extension [S-10 to S-18, S-41, S-62, S-70, Z5]")
def exim():
    def make(**options):
        return servers.Exim(certs.Authority(tap.tempdir()).server(), everybody=True, **options)
    with_and_without(make, servers.Exim)


@tap.test("OpenSMTPD, with and without DSN [S-12, S-18, S-41, S-62, S-70, Z5]")
def opensmtpd():
    with_and_without(servers.OpenSMTPD, servers.OpenSMTPD)


tap.main()
