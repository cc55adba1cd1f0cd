#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reports about letters that were sent: as a real server writes them, and as others
have written them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakeserver
import home
import servers
import tap

LETTER = ("From: ivan@peer.test\nTo: jones@peer.test\nSubject: Meeting\n"
          "Message-ID: <meeting@peer.test>\n\nDear all\n")

# Mailboxes that Postfix takes letters for and passes on to other servers; and an alias.
POSTFIX = """
virtual_alias_maps = inline:{ {alias@peer.test=green@peer.test} }
transport_maps = inline:{ {green@peer.test=smtp:[127.0.0.1]:%d},
  {slow@peer.test=smtp:[127.0.0.1]:%d} }
delay_warning_time = 1s
minimal_backoff_time = 1s
queue_run_delay = 1s
"""

BEHIND = """
S: 220 behind
C~ EHLO .*
S: 250 behind
C~ MAIL FROM:.*
S: 250 ok
C~ RCPT TO:.*
S: %s
C: QUIT
S: 221 bye
"""

# file: what is read of it, "kind letter | address action status" (the words apart).
CORPUS = {
    "postal-mime/bounce.eml":
        "delivery e85f1c9b-9b51-4028-8ec0-0a657155028e@app.fastmail.com"
        " | htfgvhyufthdgcvhgjyfthgc@ethereal.email failed 5.0.0",
    "lists-wild/linux-mips-0464b2b453f4.eml":
        "delivery 200307011446.h61Eks8V005961@july.Broomfield1.level3.net"
        " | 17208881000@level3.com failed 5.1.1",
    "lists-wild/linux-man-2f488a369526.eml":
        "delivery 20190508094638.C1A5C1A619D32ADD@vger.kernel.org"
        " | linux-man@vger.kernel.org failed 4.7.1",
    "flanker/disposition-notification.eml":
        "receipt 199509192301.23456@example.org | Joe_Recipient@example.com displayed ",
    "flanker/bounce/delayed.eml": "delivery  | foo@example.com failed 4.0.0",
    "flanker/bounce/gmail-no-dns.eml": "delivery  | user@example.comm failed ",
    "flanker/bounce/mailbox-full.eml":
        "delivery 4E326A95.3010907@example.com | user@aol.com failed 5.2.2",
    "flanker/bounce/no-mx.eml":
        "delivery 19E44CA63F984902B7D654F8FF40F89D@bo | user@example.com delayed 4.4.4",
    "flanker/bounce/office365.eml":
        "delivery 20171013111011.20866.254C2F3A4D7AA526@ninomail.com"
        " | noname@example.com failed 5.1.10",
    "flanker/bounce/broken-mime.eml": "none",
    "mikel-mail/emails/multipart_report_emails/multipart_report_multiple_status.eml":
        "delivery 4c2a146147ac8_61ff157c4ec1652df@s.h.c.mail | u@ci.com failed 5.3.0",
    "mikel-mail/emails/multipart_report_emails/report_422.eml":
        "delivery 15655788.13.1200472642578.JavaMail.Administrator@mail.ttttt.com.au"
        " | fraser@oooooooo.com.au delayed 4.2.2",
    "mikel-mail/emails/multipart_report_emails/report_530.eml":
        "delivery 200712232303.lBNN3jDq002941@mail12.rrrr.com.au"
        " | edwin@zzzzzzz.com failed 5.3.0",
    "cpython-email/msg_16.txt":
        "delivery 002001c144a6$8752e060$56104586@oxy.edu"
        " | jangel1@cougar.noc.ucla.edu failed 5.0.0",
    "nodemailer-mailparser/delivery-status.eml":
        "delivery xxxxx@email.amazonses.com | xxxx@xxxx.com failed 5.1.1",
    "php-imap/example_bounce.eml":
        "delivery UyVznI5nOyYGnv7Ij0hi6ro4gvxwGT999eQAtc4o@127.0.0.1"
        " | ding@ding.de failed 5.0.0",
    "mail-parser/legacy/009.eml": "none",
}


def summary(printed):
    """Of what dewey-mime prints of a letter."""
    lines = [line for line in printed.split("\n") if line.startswith("Report: ")]
    if not lines:
        return "none"
    kind, about = lines[0].split(" ")[1], lines[0].split("<")[1].split(">")[0]
    parts = ["%s %s" % (kind, about)]
    for line in lines[1:]:
        address, rest = line[len("Report: "):].split(" (", 1)
        action, status = rest.split(") ", 1)[1].split(" ")[:2]
        parts.append("%s %s %s" % (address, action, status))
    return " | ".join(parts)


@tap.test("reports of twelve programs are read [S-14]")
def corpus():
    for name, wanted in CORPUS.items():
        with open(tap.shared("corpus", name), "rb") as file:
            done = tap.succeeds([tap.program("dewey-mime")], stdin=file)
        tap.equal(summary(done.stdout), wanted, name)


def postfix_before(authority, **options):
    """A Postfix with two servers behind it, one that refuses and one that is full."""
    ports = [fakeserver.Server(fakeserver.Script(BEHIND % reply)).port
             for reply in ("550 5.1.1 no such mailbox here", "452 4.2.2 mailbox full")]
    pair = authority.server()
    return servers.Postfix(pair, servers.Dovecot(pair), settings=POSTFIX % tuple(ports),
                           boxes=("green", "slow", "alias"), **options)


def known(place):
    names = ("delivered", "relayed", "expanded", "delayed", "failed", "read")
    return {address: (names[outcome], status, words) for address, outcome, status, words in
            place.ledger("SELECT address, outcome, status, words FROM report"
                         " WHERE letter = 'meeting@peer.test' AND receipt = 0")}


def take_in(place, server, count):
    """What came for ivan, into the store."""
    server.wait("ivan", count)
    for path in server.names("ivan"):
        place.run("dewey", "import", path)


@tap.test("Postfix reports: delivered, delayed, failed, each put down to its recipient [S-14]")
def postfix():
    authority = certs.Authority(tap.tempdir())
    server = postfix_before(authority)
    place = home.Home({"smtp": "smtp://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
                       "password": "secret", "notify": "success, failure, delay",
                       "return": "headers"})
    place.run("dewey-smtp", "-i", "jones@peer.test", "alias@peer.test", "slow@peer.test",
              "brown@peer.test", input=LETTER)
    tap.equal(set(place.recipients().values()), {"sent"})
    take_in(place, server, 3)
    got = known(place)
    tap.equal({address: what[0] for address, what in got.items()},
              {"jones@peer.test": "delivered", "brown@peer.test": "delivered",
               "alias@peer.test": "failed", "slow@peer.test": "delayed"})
    tap.equal(got["alias@peer.test"][1:], ("5.1.1", "550 5.1.1 no such mailbox here"))
    tap.equal(got["slow@peer.test"][1:], ("4.2.2", "452 4.2.2 mailbox full"))


@tap.test("Postfix without DSN: its report of a failure is matched all the same [S-14]")
def without():
    authority = certs.Authority(tap.tempdir())
    server = postfix_before(authority, without=("dsn",))
    place = home.Home({"smtp": "smtp://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
                       "password": "secret"})
    place.run("dewey-smtp", "-i", "jones@peer.test", "green@peer.test", input=LETTER)
    take_in(place, server, 1)
    tap.equal({address: what[0] for address, what in known(place).items()},
              {"green@peer.test": "failed"})
    # It stays when the report is gone, and another look at the same report adds nothing.
    rows = place.ledger("SELECT * FROM report")
    for path in place.paths("Inbox"):
        os.unlink(path)
    place.run("dewey", "count", "in:Inbox")
    place.run("dewey", "import", *server.names("ivan"))
    tap.equal(place.ledger("SELECT * FROM report"), rows)


tap.main()
