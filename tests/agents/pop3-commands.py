#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: commands that few servers have, and servers that have few."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap
from pop3scene import (EX_PROTOCOL, EX_TEMPFAIL, LETTERS, LOGIN, Scene, clear_home, listing,
                       scripted, serve)

EX_UNAVAILABLE = 69
PASS = "C: USER ivan\nS: +OK\nC~ PASS .*\nS: +OK\n"
CAPA = "C: CAPA\nS: +OK\n%sS: USER\nS: .\n"
EMPTY = "C: CAPA\nS: -ERR\nC: STAT\nS: +OK 0 0\nC: UIDL\nS: +OK\nS: .\nC: LIST\nS: +OK\nS: .\n"
QUIT = "C: QUIT\nS: +OK\n"


def capa(*tags):
    return "S: +OK ready\n" + CAPA % "".join("S: %s\n" % tag for tag in tags)


# --- UTF8 and LANG

@tap.test("UTF8 goes out before the log-in where it is offered, and nowhere else [P-08]")
def utf8():
    scripted(capa("UTF8") + "C: UTF8\nS: +OK\n" + PASS + EMPTY + QUIT, 0)
    scripted(capa("UTF8 USER") + "C: UTF8\nS: -ERR not today\n" + PASS + EMPTY + QUIT, 0)
    scripted(capa() + PASS + EMPTY + QUIT, 0)


@tap.test("UTF8 only behind STLS: afterwards STLS is forbidden [P-03, P-08]")
def utf8_and_stls():
    authority = certs.Authority(tap.tempdir())
    script = (capa("STLS", "UTF8") + "C: STLS\nS: +OK\nTLS\n" + CAPA % "S: UTF8\n"
              + "C: UTF8\nS: +OK\n" + PASS + EMPTY + QUIT)
    server = serve([fakeserver.Script(script)], authority.server())
    place = home.Home({"pop3": "pop3://ivan@localhost:%d" % server.port,
                       "tls-ca": authority.pem, "password": "s3cret"})
    place.run("dewey-pop3", "home")
    server.check()


UTF8_ERROR = "-ERR [UTF8] this letter has UTF-8 in its head"


@tap.test("[UTF8] to RETR: once more with UTF8, and no letter twice [P-08, P-35]")
def utf8_needed():
    login = capa() + PASS
    first = login + listing("ab") + "C: RETR 1\nS: +OK\nS: Subject: a\nS: .\nC: RETR 2\nS: %s\nEOF" % (
        UTF8_ERROR)
    again = capa() + "C: UTF8\nS: +OK\n" + PASS + listing("ab") + (
        "C: RETR 2\nS: +OK\nS: Subject: привет\nS: .\n" + QUIT)
    server = serve([fakeserver.Script(first), fakeserver.Script(again)])
    place = clear_home(server)
    place.run("dewey-pop3", "home")
    server.check()
    tap.equal(sorted(place.folder("Inbox")), [b"Subject: a\n", "Subject: привет\n".encode()])


@tap.test("[UTF8] to LIST and with UTF8 on as well: said, and not tried for ever [P-08]")
def utf8_refused():
    bare = capa() + PASS + ("C: CAPA\nS: -ERR\nC: STAT\nS: +OK 1 5\nC: UIDL\nS: +OK\nS: 1 a\nS: .\n"
                            "C: LIST\nS: %s\nEOF" % UTF8_ERROR)
    refusal = capa() + "C: UTF8\nS: -ERR what?\nEOF"
    server = serve([fakeserver.Script(bare), fakeserver.Script(refusal)])
    result = clear_home(server).run("dewey-pop3", "home", status=EX_UNAVAILABLE)
    tap.contains(result.stderr, "what?")
    server.check()
    # A letter that is refused all the same is passed over, as any other (P-56).
    still = capa("UTF8") + "C: UTF8\nS: +OK\n" + PASS + listing("a") + (
        "C: RETR 1\nS: %s\n" % UTF8_ERROR) + QUIT
    scripted(still, 0)


@tap.test("LANG where the account names a language and the server has a choice [P-08]")
def lang():
    scripted(capa("LANG") + "C: LANG ru\nS: +OK ru По-русски\n" + PASS + EMPTY + QUIT, 0,
             **{"pop3-language": "ru"})
    scripted(capa("LANG") + PASS + EMPTY + QUIT, 0)
    scripted(capa() + PASS + EMPTY + QUIT, 0, **{"pop3-language": "ru"})


@tap.test("LANG: a server without that language is asked which it has [P-08, P-37]")
def lang_listing():
    script = capa("LANG") + ("C: LANG ru\nS: -ERR no such language\nC: LANG\nS: +OK\nS: en English\n"
                             "S-raw: i-\\x1b[2Jdefault\\r\\n\nS: .\n") + PASS + EMPTY + QUIT
    _, result = scripted(script, 0, **{"pop3-language": "ru"})
    tap.contains(result.stderr, ["does not speak 'ru'", "en, i-"])
    tap.lacks(result.stderr, "\x1b")


# --- Servers of RFC 1939 and no more

@tap.test("AUTH without an argument only where there is no CAPA; XTND never [P-05, P-09]")
def lone_auth():
    bare = "S: +OK\nC: CAPA\nS: -ERR\nC: AUTH\n"
    plain = "C~ AUTH PLAIN .*\nS: +OK\n"
    scripted(bare + "S: +OK\nS: X-NONE\nS: PLAIN\nS: .\n" + plain + EMPTY + QUIT, 0)
    scripted(bare + "S: -ERR\n" + PASS + EMPTY + QUIT, 0)
    scripted(bare + "S: + \nC: *\nS: -ERR\n" + PASS + EMPTY + QUIT, 0)
    scripted(bare + "S: +OK\nS: .\n" + PASS + EMPTY + QUIT, 0)
    # A server with CAPA is not asked, whether it names mechanisms or not.
    scripted(capa("SASL PLAIN") + plain + EMPTY + QUIT, 0)
    scripted(capa() + PASS + EMPTY + QUIT, 0)
    scripted(bare + "S-raw: +OK\\r\\n" + "X-MECH\\r\\n" * 300 + "\nEOF", EX_PROTOCOL)


@tap.test("an empty maildrop of RFC 1939: +OK and a dot [P-06]")
def empty():
    place, result = scripted(LOGIN + EMPTY + QUIT, 0)
    tap.equal(place.folder("Inbox"), [])
    tap.contains(result.stderr, "0 new letters")


@tap.test("TOP takes two numbers [Z3, P-07]")
def top():
    import child
    scene = Scene(LETTERS[:1])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "top", "id": 1, "account": "home", "message": 1, "lines": 0})
    parent.until("done")
    tap.equal(scene.commands("TOP"), ["TOP 1 0"])
    parent.close()


@tap.test("RETR leaves the letter where it is; only DELE and QUIT remove it [Z4, P-06]")
def retr_keeps():
    scene = Scene()
    scene.fetch()
    tap.equal(len(scene.drop.letters), 5)
    tap.equal(scene.commands("DELE"), [])


# --- Servers that are known

@tap.test("Gmail by its greeting: one letter at a time [P-20, P-56, P-62]")
def gmail():
    def check(conn):
        tap.equal(conn.pending, b"", "sent ahead")
        conn.reply("-ERR no")
    for greeting, faults in (("+OK Gpop ready for requests from 10.0.0.1", "RETR 1"),):
        scene = Scene(greeting=greeting, faults=[fakemail.Fault(faults, check)])
        scene.fetch()
        scene.server.check()
        tap.equal(len(scene.home.folder("Inbox")), 4)


@tap.test("what was said before TLS began stops nothing for good [P-36]")
def before_tls():
    authority = certs.Authority(tap.tempdir())
    for code in ("[SYS/PERM] ", "[AUTH] ", "[IN-USE] ", ""):
        server = serve([fakeserver.Script("S: -ERR %sgo away\nEOF" % code)], authority.server())
        place = home.Home({"pop3": "pop3://ivan@localhost:%d" % server.port,
                           "tls-ca": authority.pem})
        result = place.run("dewey-pop3", "home", status=EX_TEMPFAIL)
        tap.contains(result.stderr, ["before TLS begins", code + "go away"])
        server.check()


tap.main()
