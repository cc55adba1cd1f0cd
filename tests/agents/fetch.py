#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey fetch against Dovecot: every letter, byte for byte, once."""
import collections
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakeserver
import home
import servers
import tap

LETTERS = [
    b"From: a@b.test\nSubject: dots\n\n.\n..\n.one\n\n",
    b"From: a@b.test\nSubject: =?koi8-r?B?8NLJ18XU?=\n\n\xf0\xd2\xc9\xd7\xc5\xd4\n",
    b"From: a@b.test\nSubject: no body\n\n",
    b"From: a@b.test\nSubject: long\n\n" + b"x" * 70000 + b"\n",
    b"From b@c.test Sat Nov 21 14:09:45 2026\nFrom: a@b.test\n\nFrom the start\n",
    b"From: a@b.test\nSubject: NUL and 8 bit\n\n\xff\xfe\x01\x7f\n",
]


def digests(letters):
    return collections.Counter(hashlib.sha256(x.replace(b"\r\n", b"\n")).hexdigest()
                               for x in letters)


def same(got, wanted):
    """Exactly these letters, each as often."""
    got, wanted = digests(got), digests(wanted)
    tap.equal((sum(got.values()), len(wanted - got), len(got - wanted)),
              (sum(wanted.values()), 0, 0), "letters, lacking, too many")


class Scene:
    """Dovecot with letters, a recording proxy before its ports, and a home."""

    def __init__(self, letters, scheme="pop3s", **account):
        self.authority = certs.Authority(tap.tempdir())
        self.dovecot = servers.Dovecot(self.authority.server(), {"ivan": home.SECRET})
        self.dovecot.fill("ivan", letters)
        port = self.dovecot.pop3_port if scheme == "pop3" else self.dovecot.pop3s_port
        self.proxy = fakeserver.Proxy(port)
        tap.cleanup(self.proxy.stop)
        self.home = home.Home({
            "pop3": "%s://ivan@localhost:%d" % (scheme, self.proxy.port),
            "tls-ca": self.authority.pem, **account})

    def fetched(self):
        """Octets from the server in the last connection."""
        return len(self.proxy.to_client[-1])


def round_trip(letters, scheme, program, *args):
    """keep = never: everything comes, the server is empty, then nothing comes."""
    scene = Scene(letters, scheme, keep="never")
    scene.home.run(program, *args)
    same(scene.home.folder("Inbox"), letters)
    tap.equal(scene.dovecot.letters("ivan"), [], "left on the server")
    scene.home.run(program, *args)
    same(scene.home.folder("Inbox"), letters)


def keep_always(letters, program, *args):
    """keep = always: the second fetch transfers none of them again."""
    scene = Scene(letters, keep="always")
    scene.home.run(program, *args)
    same(scene.home.folder("Inbox"), letters)
    tap.equal(len(scene.dovecot.letters("ivan")), len(letters), "left on the server")
    first = scene.fetched()
    scene.home.run(program, *args)
    tap.equal(len(scene.proxy.to_client), 2, "connections")
    tap.ok(scene.fetched() < 6000 + 60 * len(letters),
           "the second fetch took %d octets, the first %d" % (scene.fetched(), first))
    same(scene.home.folder("Inbox"), letters)
    scene.dovecot.fill("ivan", [b"Subject: new\n\nnew\n"])
    scene.home.run(program, *args)
    same(scene.home.folder("Inbox"), letters + [b"Subject: new\n\nnew\n"])


@tap.test("keep = never, by hand, odd letters, POP3S")
def never_by_hand():
    round_trip(LETTERS, "pop3s", "dewey-pop3", "home")


@tap.test("keep = never, by hand, odd letters, STLS")
def never_stls():
    round_trip(LETTERS, "pop3", "dewey-pop3", "home")


@tap.test("keep = always, by hand: nothing is transferred twice")
def always_by_hand():
    keep_always(LETTERS, "dewey-pop3", "home")


@tap.test("1,007 letters of a list, keep = never, dewey fetch")
def never_list():
    letters = home.mbox(tap.shared("corpus", "list-usrp-users", "usrp-users-2020.mbox.gz"))
    tap.equal(len(letters), 1007)
    round_trip(letters, "pop3s", "dewey", "fetch")


@tap.test("1,007 letters of a list, keep = always, dewey fetch")
def always_list():
    letters = home.mbox(tap.shared("corpus", "list-usrp-users", "usrp-users-2020.mbox.gz"))
    keep_always(letters, "dewey", "fetch")


@tap.test("a wrong CA: refused, the reason named, no credential on the wire")
def wrong_ca():
    for scheme in ("pop3s", "pop3"):
        scene = Scene(LETTERS, scheme)
        scene.home.write({"pop3": "%s://ivan@localhost:%d" % (scheme, scene.proxy.port),
                          "tls-ca": scene.authority.other().pem})
        for program, args in (("dewey-pop3", ("home",)), ("dewey", ("fetch",))):
            result = scene.home.run(program, *args, status=77)
            tap.contains(result.stderr.lower(), "certificate")
        tap.ok(scene.proxy.to_server, "no connection was made")
        for octets in scene.proxy.to_server:
            tap.lacks(octets, home.SECRET.encode())
            tap.lacks(octets, b"ivan")
        tap.equal(scene.home.folder("Inbox"), [])
        tap.equal(len(scene.dovecot.letters("ivan")), len(LETTERS))


tap.main()
