#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What needs no server, where there is no network at all, not even loopback [P-75]."""
import json
import os
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap
import tmuxscreen

PARTS = ("From: Anna <anna@peer.test>\nTo: ivan@peer.test\nSubject: two parts\nMIME-Version: 1.0\n"
         "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nthe words\n"
         "--x\nContent-Type: text/plain; name=note.txt\nContent-Disposition: attachment; "
         "filename=note.txt\n\nthe note\n--x--\n").encode()
KOI8 = ("From: Boris <boris@peer.test>\nSubject: =?koi8-r?B?0NLJ18XU?=\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=koi8-r\n\n").encode() + "каша и кисель\n".encode("koi8-r")
LARGE = b"From: Maria <maria@peer.test>\nSubject: large\n\n" + b"line of it\n" * 3000
LETTER = "To: jones@peer.test\nSubject: later\n\nx\n"
ALONE = ["unshare", "--net", "--"]


class Scene:
    """A store with three letters, one of them a preview, and no server any more."""

    def __init__(self):
        if os.geteuid() != 0:
            tap.skip("only root can take the network away")
        authority = certs.Authority(tap.tempdir())
        drop = fakemail.Maildrop({"ivan": home.SECRET}, [PARTS, KOI8, LARGE])
        with fakeserver.Server(drop, authority.server(), True) as server:
            self.home = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port,
                                   "smtp": "smtps://ivan@localhost:1", "preview": "over 10K",
                                   "tls-ca": authority.pem})
            self.home.run("dewey-pop3", "home")
        # The index is made from the store alone, too.
        self.run("dewey", "list", "Inbox")

    def run(self, *args, status=0, **options):
        return tap.succeeds([*ALONE, *self.home.command(*args)], status,
                            env=self.home.environment(), **options)

    def found(self, query):
        lines = self.run("dewey", "search", "--json", query).stdout.splitlines()
        return [json.loads(line) for line in lines]


@tap.test("show takes several letters, a form feed apart; one that is not there does not keep the others")
def several():
    scene = Scene()
    parts, maria = (str(scene.found(q)[0]["id"]) for q in ("subject:parts", "from:maria"))
    done = scene.run("dewey", "show", parts, "999999", maria, status=66)
    first, missing, last = done.stdout.split("\f\n")
    tap.contains(first, "the words")
    tap.contains(last, "line of it")
    tap.equal(missing, "")
    tap.contains(done.stderr, "999999")
    scene.run("dewey", "show", parts, "word", status=64)


@tap.test("no network: folders, search in any charset, parts, previews, and a letter that is queued [P-75]")
def by_commands():
    scene = Scene()
    tap.equal(len(scene.run("dewey", "list", "Inbox").stdout.splitlines()), 3)
    for query, subject in (("кисель", "привет"), ("subject:привет", "привет"), ("note.txt", "two parts"),
                           ("is:partial", "large"), ("from:maria", "large")):
        tap.equal([row["subject"] for row in scene.found(query)], [subject], query)
    number = str(scene.found("subject:parts")[0]["id"])
    tap.contains(scene.run("dewey", "show", number).stdout, ["the words", "note.txt"])
    tap.equal(scene.run("dewey", "show", "--part", "2", number).stdout.strip(), "the note")
    number = str(scene.found("from:maria")[0]["id"])
    tap.contains(scene.run("dewey", "show", number).stdout, "line of it")
    scene.run("dewey-smtp", "-t", "-i", input=LETTER)
    tap.equal(scene.home.recipients(), {"jones@peer.test": "waiting"})
    # What does need one says so, and nothing else.
    tap.contains(scene.run("dewey", "fetch", status=75).stderr, "localhost")


@tap.test("no network: two readers at once; read, delete, undo [P-75]")
def by_readers():
    scene = Scene()
    command = " ".join(shlex.quote(word) for word in [*ALONE, *scene.home.command("dewey")])
    first, second = (tmuxscreen.Terminal(command, "true") for _ in range(2))
    for terminal in (first, second):
        terminal.wait("Boris")
    first.type(":limit from:boris")
    first.keys("Enter")
    first.wait("Anna", gone=True)
    first.keys("Enter")
    first.wait("каша и кисель")
    first.keys("q", "d")
    first.wait("1 message deleted")
    second.wait("Boris", gone=True)
    first.keys("u")
    second.wait("Boris")
    for terminal in (first, second):
        terminal.type(":quit")
        terminal.keys("Enter")
        terminal.wait("left with 0")


tap.main()
