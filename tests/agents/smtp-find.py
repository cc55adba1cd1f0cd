#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp --find: what DNS says of the servers of an address, for a person to look
at and to put into the dotfile (S-01)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakedns
import home
import tap

EX_USAGE, EX_DATAERR, EX_UNAVAILABLE, EX_TEMPFAIL = 64, 65, 69, 75


def find(server, *args, status=0):
    place = home.Home({"smtp": "smtps://ivan@localhost:1"})
    return server.run(place.command("dewey-smtp", "--find", *args), status, place.environment())


@tap.test("SRV: TLS from the start first, the better priority, a port that is another one [S-01]")
def found():
    server = fakedns.Server({
        "_submissions._tcp.peer.test": [(20, 0, 465, "second.peer.test"), (10, 0, 465, "smtp.peer.test")],
        "_submission._tcp.peer.test": [(0, 0, 587, "smtp.peer.test")],
        "_pop3._tcp.peer.test": [(0, 0, 1110, "pop.peer.test")]})
    tap.equal(find(server, "ivan@peer.test").stdout,
              "pop3 = pop3://ivan%40peer.test@pop.peer.test:1110\n"
              "smtp = smtps://ivan%40peer.test@smtp.peer.test\n")
    tap.ok("_submission._tcp.peer.test" not in server.asked, server.asked)
    # Nothing of it is used by itself.
    place = home.Home({"smtp": "smtps://ivan@localhost:1"})
    with open(place.rc, encoding="utf-8") as file:
        before = file.read()
    server.run(place.command("dewey-smtp", "--find", "ivan@peer.test"), 0, place.environment())
    with open(place.rc, encoding="utf-8") as file:
        tap.equal(file.read(), before)


@tap.test("SRV: without TLS from the start STARTTLS; a host of another domain is told [S-01, RFC 6186 section 6]")
def elsewhere():
    server = fakedns.Server({
        "_submission._tcp.xn--e1afmkfd.test": [(0, 0, 587, "smtp.evil\x1b.test")],
        "_pop3s._tcp.xn--e1afmkfd.test": [(0, 0, 995, "xn--e1afmkfd.test")]})
    printed = find(server, "ivan@пример.test").stdout
    tap.contains(printed, ["pop3 = pop3s://ivan%40xn--e1afmkfd.test@xn--e1afmkfd.test\n",
                           "is not in 'xn--e1afmkfd.test'", "smtp = smtp://"])
    tap.equal(printed.count("is not in"), 1)
    tap.lacks(printed, "\x1b")


@tap.test("SRV: a domain that names none [S-01]")
def nothing():
    tap.contains(find(fakedns.Server({}), "ivan@peer.test", status=EX_UNAVAILABLE).stderr,
                 "names no servers in DNS")


@tap.test("SRV: a service that is denied by '.' is none [S-01, RFC 6186 section 3.4]")
def denied():
    server = fakedns.Server({"_submissions._tcp.peer.test": [(0, 0, 0, ".")]})
    tap.contains(find(server, "ivan@peer.test", status=EX_UNAVAILABLE).stderr, "names no servers")


@tap.test("SRV: a name server in trouble, for a while; and what is no address [S-01]")
def trouble():
    server = fakedns.Server({}, broken=True)
    find(server, "ivan@peer.test", status=EX_TEMPFAIL)
    for words in (["ivan"], ["a@b c@d"]):
        find(server, *words, status=EX_DATAERR)
    for words in ([], ["a@b", "c@d"]):
        find(server, *words, status=EX_USAGE)


tap.main()
