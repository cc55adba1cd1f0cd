#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every certificate that has to be refused, on every way to a server: not one
octet of a credential leaves (T-02, T-03)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

LETTER = b"From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\nbody\n"
USERS = {"ivan": home.SECRET}


def visit(scheme, server, authority, name):
    """Runs the agent of the scheme against the server; returns its result."""
    url = "%s://ivan@%s:%d" % (scheme, name, server.port)
    key = "pop3" if scheme.startswith("pop3") else "smtp"
    place = home.Home({key: url, "tls-ca": authority.pem})
    if key == "pop3":
        return place.run("dewey-pop3", "home", status=None)
    return place.run("dewey-smtp", "-t", "-i", status=None, input=LETTER.decode())


def handler(scheme):
    if scheme.startswith("pop3"):
        return fakemail.Maildrop(USERS, [LETTER])
    return fakemail.Sink(USERS)


def each_scheme(check):
    authority = certs.Authority(tap.tempdir())
    for scheme in ("pop3s", "pop3", "smtps", "smtp"):
        check(scheme, authority)


@tap.test("a good certificate is good, by name and by address")
def good():
    def check(scheme, authority):
        for name in ("localhost", "127.0.0.1"):
            place = handler(scheme)
            with fakeserver.Server(place, authority.server(), scheme.endswith("s")) as server:
                result = visit(scheme, server, authority, name)
                tap.equal(result.returncode, 0, "%s: %s" % (scheme, result.stderr))
                tap.ok(server.saw(home.SECRET.encode()), "there was no log-in")
    each_scheme(check)


@tap.test("bad certificates are refused on pop3s, pop3, smtps and smtp [T-02, T-03]")
def bad():
    def check(scheme, authority):
        for kind in certs.BAD:
            refused(scheme, authority, kind, authority.bad(kind))
    each_scheme(check)


def check_refused(scheme, place, server, result, what):
    """Nothing was fetched or sent, no secret left, and the status tells it;
    a letter stays queued, which for a sendmail is success."""
    tap.ok(server.connections, "no connection: " + what)
    tap.ok(not server.saw(home.SECRET.encode()), "the secret was sent: " + what)
    if scheme.startswith("pop3"):
        tap.ok(result.returncode != 0, what)
        tap.equal(place.fetched, {}, what)
    else:
        tap.contains(result.stderr, "queued", what)
        tap.equal(place.letters, [], what)


def refused(scheme, authority, kind, pair):
    name = "127.0.0.1" if kind == "address as a DNS name" else "localhost"
    place = handler(scheme)
    with fakeserver.Server(place, pair, scheme.endswith("s")) as server:
        result = visit(scheme, server, authority, name)
        what = "%s, %s: %s" % (scheme, kind, result.stderr)
        tap.contains(result.stderr.lower(), "certificate", what)
        check_refused(scheme, place, server, result, what)


@tap.test("a server without TLS gets no credential where TLS is required [T-22]")
def no_tls():
    def check(scheme, authority):
        place = handler(scheme)
        place.tls = False
        with fakeserver.Server(place) as server:
            result = visit(scheme, server, authority, "localhost")
            check_refused(scheme, place, server, result, "%s: %s" % (scheme, result.stderr))
    for scheme in ("pop3", "smtp"):
        check(scheme, certs.Authority(tap.tempdir()))


tap.main()
