#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: STLS and the log-in."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakeserver
import home
import tap
from pop3scene import EMPTY, EX_NOPERM, EX_PROTOCOL, EX_TEMPFAIL, clear_home, scripted, serve


# --- TLS and log-in

@tap.test("STLS stripped, refused, without TLS behind it, or with octets before it: nothing is "
          "sent [T-20, T-21, T-22, T-23]")
def stripped():
    authority = certs.Authority(tap.tempdir())
    for text in ("S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: SASL PLAIN\nS: .\nEOF",
                 "S: +OK\nC: CAPA\nS: -ERR\nEOF",
                 "S: +OK logged in\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: -ERR no\nEOF",
                 "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK\nCLOSE",
                 "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS-raw: +OK\\r\\n+OK more\\r\\n\nWAIT",
                 "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS-raw: +OK\\r\\n+O\nWAIT"):
        server = serve([fakeserver.Script(text)], authority.server())
        place = home.Home({"pop3": "pop3://ivan@localhost:%d" % server.port,
                           "tls-ca": authority.pem, "password": "command:echo asked >&2; echo x"})
        # A line that breaks is tried again later; everything else is refused.
        status = EX_TEMPFAIL if text.endswith("CLOSE") else EX_PROTOCOL
        result = place.run("dewey-pop3", "home", status=status)
        tap.lacks(result.stderr, "asked", text)
        server.settle()
        for conn in server.connections:
            tap.lacks(conn.raw_received, b"ivan")
            tap.lacks(conn.raw_received, b"AUTH")


@tap.test("what was said before TLS does not count after it [T-25]")
def forgotten():
    authority = certs.Authority(tap.tempdir())
    server = serve([fakeserver.Script("""S: +OK
C: CAPA
S: +OK
S: STLS
S: SASL PLAIN
S: PIPELINING
S: .
C: STLS
S: +OK
TLS
C: CAPA
S: +OK
S: USER
S: .
C: USER ivan
S: +OK
C: PASS s3cret
S: +OK
""" + EMPTY)], authority.server())
    place = home.Home({"pop3": "pop3://ivan@localhost:%d" % server.port,
                       "tls-ca": authority.pem, "password": "s3cret"})
    place.run("dewey-pop3", "home")
    server.check()


@tap.test("only what the server blames on the log-in is one [P-16, P-25]")
def refused_log_in():
    for tag, words, status in (("", "-ERR no", EX_NOPERM), ("", "-ERR [SYS/TEMP] wait", EX_TEMPFAIL),
                               ("S: AUTH-RESP-CODE\n", "-ERR no", EX_TEMPFAIL),
                               ("S: AUTH-RESP-CODE\n", "-ERR [AUTH] no", EX_NOPERM),
                               ("", "-ERR [IN-USE] no", EX_TEMPFAIL)):
        text = "S: +OK\nC: CAPA\nS: +OK\n%sS: SASL PLAIN LOGIN\nS: .\nC~ AUTH PLAIN .*\nS: %s\nC: QUIT\n"
        _, result = scripted(text % (tag, words) + "S: +OK\nEOF", status)
        tap.contains(result.stderr, words)


@tap.test("after a refused log-in QUIT; its answer, none or an end change nothing; none after nonsense [P-25]")
def leaves():
    text = "S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC~ AUTH PLAIN .*\nS: -ERR [AUTH] no\nC: QUIT\n"
    for end in ("S: +OK bye\nEOF", "S: -ERR what\nEOF", "S-raw: +OK without an end\nEOF", "EOF",
                "CLOSE", "RESET"):
        place, result = scripted(text + end, EX_NOPERM)
        tap.contains(result.stderr, "-ERR [AUTH] no")
        for words in ("bye", "what", "without"):
            tap.lacks(result.stderr, words)
        tap.contains(place.run("dewey", "log", "home").stdout, "C: QUIT")
    for reply in ("what", "-ERR no\\r\\n+OK too much"):
        scripted(text.replace("S: -ERR [AUTH] no\nC: QUIT\n", "S-raw: %s\\r\\n\nEOF" % reply), None)


@tap.test("LOGIN, a long secret, and a challenge that makes no sense [T-45]")
def mechanisms():
    done = "C: CAPA\nS: -ERR\nC: STAT\nS: +OK 0 0\nC: UIDL\nS: +OK\nS: .\nC: LIST\nS: +OK\nS: .\nC: QUIT\nS: +OK\n"
    capa = "S: +OK\nC: CAPA\nS: +OK\nS: SASL %s\nS: .\n"
    scripted(capa % "LOGIN" + "C: AUTH LOGIN\nS: + VXNlcm5hbWU6\nC: aXZhbg==\nS: + UGFzc3dvcmQ6\n"
             "C: czNjcmV0\nS: +OK\n" + done, 0)
    scripted(capa % "PLAIN" + "C: AUTH PLAIN\nS: +\nC~ .{270,}\nS: +OK\n" + done, 0, password="x" * 220)
    scripted(capa % "LOGIN" + "C: AUTH LOGIN\nS: + what?\nC: *\nS: -ERR\nEOF", EX_PROTOCOL)


@tap.test("an end of line in a password that was typed would be a command: it is not sent [P-04]")
def injected():
    for auth, capa in (("user", "USER"), ("plain", "SASL PLAIN")):
        script = "S: +OK\nC: CAPA\nS: +OK\nS: %s\nS: .\n" % capa
        server = serve([fakeserver.Script(script + "EOF")])
        place = clear_home(server, **{"password": "prompt:", "pop3-auth": auth})
        parent = child.Wire(place, "dewey-pop3")
        parent.send({"do": "fetch", "id": 1, "account": "home"})
        ask = parent.until("ask")[-1]
        parent.send({"do": "answer", "id": 1, "ask": ask["ask"], "secret": "x\r\nDELE 1"})
        tap.equal(parent.until("done", "failed")[-1]["code"], "config")
        parent.close()
        server.check()


tap.main()
