#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The fixtures of the real servers prove themselves with Python's clients."""
import os
import poplib
import smtplib
import ssl
import sys

sys.path.insert(0, os.path.dirname(__file__))
import certs
import servers
import tap


LETTER = """From: smith@a.test
To: jones@peer.test
Date: Sat, 21 Nov 2026 14:09:45 +0000
Message-ID: <1@a.test>

.dot
"""


def trust(authority):
    return ssl.create_default_context(cafile=authority.pem)


def letter_through(server, client):
    """Sends to a box that is there and one that is not; returns what arrived."""
    refused = client.sendmail("smith@a.test", ["jones@" + servers.DOMAIN, "green@" + servers.DOMAIN],
                              LETTER.replace("\n", "\r\n"))
    client.quit()
    tap.equal({k: v[0] // 100 for k, v in refused.items()}, {"green@" + servers.DOMAIN: 5})
    return servers.without_trace(server.wait("jones", 1)[-1]).decode()


def exercise(server, authority):
    client = smtplib.SMTP("localhost", server.port)
    client.ehlo()
    tap.ok(not client.has_extn("auth"), "AUTH is offered without TLS")
    client.starttls(context=trust(authority))
    client.login("ivan", "secret")
    tap.equal(letter_through(server, client), LETTER)
    client = smtplib.SMTP_SSL("localhost", server.smtps_port, context=trust(authority))
    try:
        client.login("ivan", "wrong")
        tap.fail("a wrong password was taken")
    except smtplib.SMTPAuthenticationError:
        pass
    client.login("ivan", "secret")
    letter_through(server, client)
    tap.equal(len(server.wait("jones", 2)), 2)


@tap.test("Dovecot: STLS and POP3S, letters in, letters out")
def dovecot():
    authority = certs.Authority(tap.tempdir())
    server = servers.Dovecot(authority.server(), {"ivan": "secret", "olga": "тайна"})
    server.fill("ivan", [b"Subject: 1\n\n.one\n", b"Subject: 2\n\ntwo\n"])
    client = poplib.POP3("localhost", server.pop3_port)
    client.stls(trust(authority))
    client.user("ivan")
    client.pass_("secret")
    tap.equal(client.retr(1)[1], [b"Subject: 1", b"", b".one"])
    client.dele(1)
    client.quit()
    client = poplib.POP3_SSL("localhost", server.pop3s_port, context=trust(authority))
    client.user("ivan")
    client.pass_("secret")
    tap.equal(client.stat()[0], 1)
    client.quit()
    tap.equal(server.letters("ivan"), [b"Subject: 2\n\ntwo\n"])
    pid = server.process.pid
    server.stop()
    tap.ok(not os.path.exists("/proc/%d" % pid), "still there")


@tap.test("Postfix: STARTTLS, AUTH, a delivery and a refusal")
def postfix():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    exercise(servers.Postfix(pair, servers.Dovecot(pair)), authority)


@tap.test("Exim: STARTTLS, AUTH, a delivery and a refusal")
def exim():
    authority = certs.Authority(tap.tempdir())
    exercise(servers.Exim(authority.server()), authority)


@tap.test("OpenSMTPD: a delivery and a refusal")
def opensmtpd():
    server = servers.OpenSMTPD()
    tap.equal(letter_through(server, smtplib.SMTP("localhost", server.port)), LETTER)


tap.main()
