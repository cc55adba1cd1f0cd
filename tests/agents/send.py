#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Sending through Postfix, Exim and OpenSMTPD: what arrives is what was
written, once, and there is one Sent copy (S-70, S-71)."""
import email
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import home
import servers
import tap

HEAD = ("From: Иван Петров <ivan@peer.test>\nTo: jones@peer.test\nSubject: %s\n"
        "Date: Sat, 21 Nov 2026 14:09:45 +0000\nMessage-ID: <%d@peer.test>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n\n")

# name: body as written; what arrives has LF and a final newline.
BODIES = {
    "plain": "one\ntwo\n",
    "Russian": "Привет, Джонс!\nЁжик.\n",
    "leading dots": ".\n..\n...\n.one\n..two\n a . b\n",
    "a dot first and last": ".\nbetween\n.\n",
    "a smuggled envelope": "before\n.\nMAIL FROM:<evil@peer.test>\nRCPT TO:<brown@peer.test>\n"
                           "DATA\nSubject: smuggled\n\nx\n.\nQUIT\n",
    "CR LF in the input": "one\r\n.\r\ntwo\r\n",
    "CR LF and bare LF mixed": "one\r\n.\ntwo\n.\r\nthree\n",
    "no final newline": "one\n.two",
    "only a dot, no final newline": ".",
    "empty": "",
    "blank lines at both ends": "\n\n\nx\n\n\n",
    "From at the start of a line": "From here\n>From there\n",
    "a line of 998 octets": "x" * 998 + "\n",
    "a bare CR is a line end": "one\rtwo\n.\r.\rthree\n",
    "a dot where buffers end": ("x" * 62 + "\n.\n") * 3000,
}
# What no line may hold as it is arrives through an encoding (S-72).
ENCODED = {
    "a line of 2,000 octets": "y" * 2000 + "\nz\n",
}


def letter(number, name, body):
    return ((HEAD % (name, number)) + body).encode()


def settled(body):
    """Line ends as they arrive."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    return body if not body or body.endswith("\n") else body + "\n"


def account(server, authority):
    """The settings to send through it, as it can."""
    if isinstance(server, servers.OpenSMTPD):
        return {"smtp": "smtp+insecure://localhost:%d" % server.port}
    return {"smtp": "smtp://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
            "password": "secret"}


def send(place, data):
    place.run("dewey-smtp", "-t", "-i", input=data, binary=True)


def text_of(data):
    """The decoded text of a letter's body."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    return message.get_payload(decode=True).decode()


def by_subject(letters):
    found = {}
    for data in letters:
        subject = str(email.message_from_bytes(data, policy=email.policy.default)["Subject"])
        tap.ok(subject not in found, "'%s' came twice" % subject)
        found[subject] = data
    return found


def all_bodies(server, authority):
    place = home.Home(account(server, authority))
    wanted = {**BODIES, **ENCODED}
    for number, (name, body) in enumerate(wanted.items()):
        send(place, letter(number, name, body))
    arrived = by_subject(server.wait("jones", len(wanted)))
    tap.equal(sorted(arrived), sorted(wanted), "subjects")
    for name, body in wanted.items():
        got = servers.without_trace(arrived[name])
        if name in BODIES:
            check_octets(name, got, letter(list(wanted).index(name), name, settled(body)))
        else:
            tap.equal(text_of(got), body, name)
    tap.equal(server.letters("brown"), [], "somebody else's letters")
    check_sent(place, wanted)


def check_octets(name, got, wanted):
    """The body octet by octet; of the header what was written (From in
    encoded words, as every header has to be)."""
    got_head, got_body = got.split(b"\n\n", 1)
    head, body = wanted.split(b"\n\n", 1)
    tap.equal(got_body, body, name)
    for line in head.split(b"\n")[1:]:
        tap.ok(line in got_head.split(b"\n"), "%s: lacks %r\n%r" % (name, line, got_head))


def check_sent(place, wanted):
    copies = by_subject(place.folder("Sent"))
    tap.equal(sorted(copies), sorted(wanted), "Sent copies")
    for name, body in wanted.items():
        tap.equal(settled(text_of(copies[name])), settled(body), name)
    tap.equal(set(place.recipients().values()), {"sent"})


@tap.test("Postfix, STARTTLS and AUTH: every body arrives as it was written [S-70, S-71]")
def postfix():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    all_bodies(servers.Postfix(pair, servers.Dovecot(pair)), authority)


@tap.test("Exim, STARTTLS and AUTH: every body arrives as it was written [S-70, S-71]")
def exim():
    authority = certs.Authority(tap.tempdir())
    all_bodies(servers.Exim(authority.server()), authority)


@tap.test("OpenSMTPD: every body arrives as it was written [S-70, S-71]")
def opensmtpd():
    all_bodies(servers.OpenSMTPD(), certs.Authority(tap.tempdir()))


@tap.test("smtps: TLS from the first octet")
def smtps():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    server = servers.Postfix(pair, servers.Dovecot(pair))
    place = home.Home({"smtp": "smtps://ivan@localhost:%d" % server.smtps_port,
                       "tls-ca": authority.pem, "password": "secret"})
    send(place, letter(1, "plain", "x\n"))
    tap.equal(len(server.wait("jones", 1)), 1)


@tap.test("Bcc: delivered, and in no copy but our own")
def bcc():
    authority = certs.Authority(tap.tempdir())
    server = servers.Exim(authority.server())
    place = home.Home(account(server, authority))
    send(place, letter(1, "plain", "x\n").replace(b"\nTo:", b"\nBcc: brown@peer.test\nTo:"))
    for user in ("jones", "brown"):
        tap.lacks(server.wait(user, 1)[0].lower(), b"bcc:")
    tap.equal(len(place.folder("Sent")), 1)


tap.main()
