#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp --verify, --expand and --server-help: what a person asks a server, and
what no program asks by itself (S-19)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakeserver
import home
import tap
from pop3scene import serve
from smtpscene import LETTER, Scene, clear_home

EX_USAGE, EX_DATAERR, EX_NOUSER, EX_UNAVAILABLE, EX_TEMPFAIL, EX_NOPERM, EX_CONFIG = \
    64, 65, 67, 69, 75, 77, 78


def ask(script, *args, status=0, capabilities="HELP"):
    server = serve([fakeserver.Script("S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 %s\n" % capabilities
                                      + script + "C: QUIT\nS: 221 x\n")])
    result = clear_home(server).run("dewey-smtp", *args, status=status)
    server.check()
    return result


@tap.test("VRFY: every code is shown as what it is, 252 as no answer [S-19]")
def verify():
    rows = [("250 Smith <smith@b.test>", 0, "the server says yes"),
            ("251 user not local; will forward to <smith@c.test>", 0, "the server says yes"),
            ("252 2.0.0 smith@b.test", EX_UNAVAILABLE, "the server does not say"),
            ("450 4.2.1 busy", EX_TEMPFAIL, "cannot say it now"),
            ("500 what", EX_UNAVAILABLE, "does not answer such questions"),
            ("502 5.5.1 VRFY command is disabled", EX_UNAVAILABLE, "does not answer such questions"),
            ("504 no", EX_UNAVAILABLE, "does not answer such questions"),
            ("530 5.7.0 log in", EX_NOPERM, "only those who log in"),
            ("550 5.1.1 no such user", EX_NOUSER, "the server says no"),
            ("551 user not local; please try <smith@c.test>", EX_NOUSER, "the server says no"),
            ("553 ambiguous\r\n", EX_NOUSER, "more than one")]
    for reply, status, words in rows:
        result = ask("C: VRFY smith@b.test\nS: %s\n" % reply.strip(), "--verify", "smith@b.test",
                     status=status)
        tap.contains(result.stdout, ["'smith@b.test': ", words, "  " + reply.strip()])


@tap.test("-bv: by VRFY; a form that cannot be, and a server that cannot be asked, are told [2.8 -bv, S-66]")
def verify_mode():
    tap.contains(ask("C: VRFY smith@b.test\nS: 550 5.1.1 no\n", "-bv", "smith@b.test",
                     status=EX_NOUSER).stdout, "the server says no")
    tap.contains(ask("C: VRFY smith\nS: 250 Smith <smith@b.test>\n", "-bv", "smith").stdout,
                 "the server says yes")
    closed = serve([])
    place = clear_home(closed)
    for words in (["smith@@b.test"], ["a@b", "a b@c"]):
        result = place.run("dewey-smtp", "-bv", *words, status=EX_DATAERR)
        tap.contains(result.stderr, words[-1])
    tap.equal(len(closed.connections), 0, "nobody was asked")
    place.write({"smtp": "smtp+insecure://127.0.0.1:1"})
    result = place.run("dewey-smtp", "-bv", "smith@b.test", "root")
    tap.contains(result.stdout, ["'smith@b.test': it may be an address; the server was not asked\n",
                                 "'root': it may be"])
    tap.contains(result.stderr, "127.0.0.1")
    tap.contains(place.run("dewey-smtp", "--verify", "a@b", status=EX_TEMPFAIL).stderr, "127.0.0.1")


@tap.test("EXPN: everybody on the list; two questions, one session [S-19]")
def expand():
    result = ask("C: EXPN staff\nS: 250-Jones <jones@b.test>\nS: 250 <green@b.test>\n"
                 "C: EXPN nobody\nS: 550 no\n", "--expand", "staff", "nobody", status=EX_NOUSER)
    tap.equal(result.stdout, "'staff': the server answers\n  250 Jones <jones@b.test>\n"
                             "  250 <green@b.test>\n'nobody': the server says no\n  550 no\n")


@tap.test("EXPN: 252 is no list, whatever it says [S-19]")
def expand_unsaid():
    result = ask("C: EXPN staff\nS: 252 2.1.5 cannot expand\n", "--expand", "staff",
                 status=EX_UNAVAILABLE)
    tap.contains(result.stdout, "'staff': the server does not say")


@tap.test("HELP, as it is and with a word; its control characters are shown, not obeyed [S-19]")
def server_help():
    result = ask("C: HELP\nS: 214-This is\nS-raw: 214 \\x1b[2Jhelp\\r\\n\n", "--server-help")
    tap.contains(result.stdout, ["'HELP': the server answers\n  214 This is\n", "␛[2Jhelp"])
    tap.lacks(result.stdout, "\x1b")
    ask("C: HELP MAIL\nS: 211 x\n", "--server-help", "MAIL")


@tap.test("nothing but one line is said, and UTF-8 where the server takes it [S-15, S-66]")
def subjects():
    for subject in ("a@b\r\nMAIL FROM:<x@y>", "", "x" * 500, "a\u2028b"):
        result = ask("", "--verify", subject, status=EX_DATAERR)
        tap.contains(result.stderr, "cannot ask for")
    ask("", "--verify", "иван@b.test", status=EX_DATAERR)
    ask("C: VRFY иван@b.test SMTPUTF8\nS: 250 x\n", "--verify", "иван@b.test",
        capabilities="SMTPUTF8")
    ask("C: VRFY a@xn--e1afmkfd.xn--p1ai\nS: 250 x\n", "--verify", "a@пример.рф")


@tap.test("a server that hangs up, an account that is none, nobody to ask for")
def failures():
    server = serve([fakeserver.Script("S: 220 x\nC~ EHLO .*\nS: 250 x\nC: VRFY a@b\nS: 421 bye\n")])
    result = clear_home(server).run("dewey-smtp", "--verify", "a@b", "c@d", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "421 bye")
    tap.equal(result.stdout, "")
    place = clear_home(server)
    place.run("dewey-smtp", "--verify", status=EX_USAGE)
    place.run("dewey-smtp", "-a", "nobody", "--server-help", status=EX_USAGE)
    home.Home({"smtp": None, "pop3": "pop3s://ivan@localhost"}).run(
        "dewey-smtp", "--server-help", status=EX_CONFIG)


@tap.test("none of them is said when a letter is sent, nor SEND, SOML, SAML or TURN [S-19]")
def by_itself():
    scene = Scene()
    scene.send(LETTER)
    tap.equal(sorted({x.split(" ")[0] for x in scene.sink.lines}),
              ["DATA", "EHLO", "MAIL", "QUIT", "RCPT"])


tap.main()
