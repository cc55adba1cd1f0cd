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
import fakesocks
import home
import stapled as stapled_server
import tap

LETTER = b"From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\nbody\n"
USERS = {"ivan": home.SECRET}


def visit(scheme, server, authority, name):
    """Runs the agent of the scheme against the server; returns its result.  A
    name that no resolver knows goes through a proxy that does."""
    here = name in ("localhost", "127.0.0.1")
    url = "%s://ivan@%s:%d" % (scheme, name, server.port)
    key = "pop3" if scheme.startswith("pop3") else "smtp"
    settings = {key: url, "tls-ca": authority.pem}
    if not here:
        proxy = fakesocks.Proxy({(name, server.port): server.port})
        settings["proxy"] = "socks5://localhost:%d" % proxy.port
    place = home.Home(settings)
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


def bad(scheme):
    """A test: the certificates of certs.BAD on the scheme."""
    @tap.test("bad certificates on %s are refused, each with its reason [T-02, T-03]" % scheme)
    def check():
        authority = certs.Authority(tap.tempdir())
        for kind in certs.BAD:
            refused(scheme, authority, kind, authority.bad(kind))


def check_refused(scheme, place, server, result, what):
    """Nothing was fetched or sent, no credential left, and the status tells it;
    a letter stays queued, which for a sendmail is success."""
    tap.ok(server.connections, "no connection: " + what)
    for octets in (home.SECRET.encode(), b"ivan"):
        tap.ok(not server.saw(octets), "%r was sent: %s" % (octets, what))
    if scheme.startswith("pop3"):
        tap.ok(result.returncode != 0, what)
        tap.equal(place.fetched, {}, what)
    else:
        tap.contains(result.stderr, "queued", what)
        tap.equal(place.letters, [], what)


def refused(scheme, authority, kind, pair):
    place, expected = handler(scheme), certs.BAD[kind]
    with fakeserver.Server(place, pair, scheme.endswith("s")) as server:
        result = visit(scheme, server, authority, expected.host)
        what = "%s, %s: %s" % (scheme, kind, result.stderr)
        tap.contains(result.stderr, ["certificate of '%s'" % expected.host, expected.reason], what)
        check_refused(scheme, place, server, result, what)


for name in ("pop3s", "pop3", "smtps", "smtp"):
    bad(name)


@tap.test("names that are good: a wildcard for one label, any case, of several")
def good_names():
    authority = certs.Authority(tap.tempdir())
    for host, names in (("a.mail.test", ["DNS:*.mail.test"]), ("Mail.Test", ["DNS:mail.test"]),
                        ("mail.test", ["DNS:x.test", "DNS:MAIL.test"])):
        place = handler("pop3s")
        with fakeserver.Server(place, authority.server(names=names), True) as server:
            result = visit("pop3s", server, authority, host.lower())
            tap.equal(result.returncode, 0, result.stderr)


@tap.test("the name that is verified is the one that was configured, not what it leads to [T-05]")
def canonical():
    if os.geteuid() != 0:
        tap.skip("another /etc/hosts for one program needs root")
    authority = certs.Authority(tap.tempdir())
    hosts = os.path.join(tap.tempdir(), "hosts")
    with open(hosts, "w", encoding="ascii") as file:
        file.write("127.0.0.1 canonical.test alias.test\n")
    for name, works in (("canonical.test", False), ("localhost", False), ("alias.test", True)):
        place = handler("pop3s")
        with fakeserver.Server(place, authority.server(names=["DNS:" + name]), True) as server:
            scene = home.Home({"pop3": "pop3s://ivan@alias.test:%d" % server.port,
                               "tls-ca": authority.pem})
            result = tap.run(["unshare", "--mount", "sh", "-c",
                              'mount --bind "$0" /etc/hosts && exec "$@"', hosts,
                              *scene.command("dewey-pop3", "home")], env=scene.environment())
            if works:
                tap.equal(result.returncode, 0, result.stderr)
            else:
                tap.contains(result.stderr, "certificate of 'alias.test'")
                check_refused("pop3s", place, server, result, name)


def stapled(status, works, signer=None, days=7, more=()):
    """What becomes of a certificate whose server staples this."""
    for scheme in ("pop3s", "pop3", "smtps", "smtp"):
        authority = certs.Authority(tap.tempdir())
        pair = authority.server(more=more)
        other = authority.other() if signer == "other" else None
        staple = authority.staple(pair, status, other, days) if status else None
        server = stapled_server.Server(scheme, pair, staple)
        result = visit(scheme, server, authority, "localhost")
        what = "%s, %s: %s" % (scheme, status, result.stderr)
        tap.equal(b"AUTH" in server.heard, works, what)
        yield result.stderr


@tap.test("a stapled proof that the certificate is revoked: refused [T-02]")
def revoked():
    for words in stapled("revoked", False):
        tap.contains(words, "it has been revoked")


@tap.test("a stapled proof that it is good, that is not the issuer's, or none: all the same")
def not_revoked():
    for status, signer in (("good", None), ("revoked", "other"), (None, None)):
        for words in stapled(status, True, signer):
            tap.lacks(words, "revoked")


@tap.test("a certificate that demands a staple, and there is none, or no good one [T-02]")
def must_staple():
    more = ["tlsfeature=status_request"]
    list(stapled("good", True, more=more))
    for status, signer in ((None, None), ("good", "other"), ("unknown", None)):
        for words in stapled(status, False, signer, more=more):
            tap.contains(words, "not been revoked")


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
