#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A spam program: bogofilter is taught by letters, judges new ones by a filter, and
forgets what was wrong; what it does when it is not there, or fails."""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

EX_USAGE = 64
LETTER = """From: %s <%s@example.org>
To: ivan@peer.test
Subject: %s
Message-ID: <%s@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

%s
"""
SPAM = "win the lottery jackpot, claim cheap pills and casino money now, limited offer winner"
HAM = "the meeting about the bridge at the mill moves, please bring the drawings of the lake path"

# As deweyrc(5) has it.
BOGOFILTER = """
[dewey]
spam-learn  = bogofilter -s
spam-forget = bogofilter -S
ham-learn   = bogofilter -n
ham-forget  = bogofilter -N

[filter spam]
match = in:Inbox
do    = pipe bogofilter, tag spam, move Junk, stop
no    = 1 2
"""


def letter(name, text):
    return LETTER % (name, name, "about " + name, name, text)


class Scene:
    def __init__(self, sections=BOGOFILTER, new=()):
        authority = certs.Authority(tap.tempdir())
        drop = fakemail.Maildrop({"ivan": home.SECRET}, [text.encode() for text in new])
        server = fakeserver.Server(drop, authority.server(), True)
        tap.cleanup(server.stop)
        self.home = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port,
                               "tls-ca": authority.pem}, sections)

    def import_letters(self, folder, **texts):
        for name, text in texts.items():
            path = os.path.join(self.home.path, name + ".eml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(letter(name, text))
            self.home.run("dewey", "import", "-f", folder, path)

    def run(self, *args, **options):
        return self.home.run("dewey", *args, **options)

    def names(self, folder):
        return sorted(data.split(b" ", 2)[1].decode() for data in self.home.folder(folder))

    def counts(self):
        """How many letters bogofilter has learnt as spam and as ham."""
        words = tap.succeeds(["bogoutil", "-w", self.home.path + "/.bogofilter", ".MSG_COUNT"],
                             0, env=self.home.environment()).stdout.split()
        return int(words[-2]), int(words[-1])

    def trained(self):
        return dict(self.home.ledger("SELECT base, word FROM trained"))


def need_bogofilter():
    if not shutil.which("bogofilter"):
        tap.skip("bogofilter is not installed: ./bootstrap check installs it")


def taught(new=()):
    need_bogofilter()
    scene = Scene(new=new)
    # Other words in each, so that bogofilter has more than one to go by.
    scene.import_letters("Inbox", **{"spam%d" % i: "%s number%d" % (SPAM, i) for i in range(12)},
                         **{"ham%d" % i: "%s remark%d" % (HAM, i) for i in range(12)})
    scene.run("spam", "lottery")
    scene.run("ham", "bridge")
    return scene


@tap.test("P-76: bogofilter, taught by 'dewey spam' and 'dewey ham', sorts what comes")
def real():
    scene = taught([letter("robber", SPAM), letter("anna", HAM), letter("stranger", "xyzzy")])
    tap.equal(scene.counts(), (12, 12))
    tap.equal((len(scene.names("Junk")), len(scene.names("Inbox"))), (12, 12))
    scene.run("fetch")
    tap.contains(" ".join(scene.names("Junk")), "robber")
    tap.contains(" ".join(scene.names("Inbox")), ["anna", "stranger"])
    rows = [json.loads(line) for line in scene.run("search", "--json", "tag:spam").stdout.splitlines()]
    tap.equal([row["from"].split()[0] for row in rows], ["robber"])
    tap.contains(scene.run("filter", "--list").stdout, " 1  spam: 1 letter")


@tap.test("P-76: nothing is learnt twice, what was wrong is forgotten first, undo gives it back")
def again():
    scene = taught()
    before = scene.trained()
    scene.run("spam", "lottery")
    tap.equal((scene.counts(), scene.trained()), ((12, 12), before))
    scene.run("ham", "number3")
    tap.equal((scene.counts(), len(scene.names("Inbox"))), ((11, 13), 13))
    tap.contains(scene.run("undo", "--list").stdout.splitlines()[0], "called no spam: 2 changes")
    scene.run("undo")
    tap.equal((scene.counts(), len(scene.names("Inbox")), scene.trained()), ((12, 12), 12, before))
    # The lessons themselves.
    scene.run("undo")
    scene.run("undo")
    tap.equal((scene.counts(), scene.names("Junk"), scene.trained()), ((0, 0), [], {}))


@tap.test("P-76: what was taught is known of a letter that was moved, and of a new index")
def moved():
    scene = taught()
    scene.run("move", "Elsewhere", "number3")
    os.unlink(os.path.join(scene.home.mail, ".dewey", "index.db"))
    scene.run("spam", "number3")
    tap.equal((scene.counts(), len(scene.names("Junk"))), ((12, 12), 12))


@tap.test("P-76: a spam program that fails is told, the letters stay where they are")
def failing():
    for command, words in [("sh -c 'echo no words left >&2; exit 3'", "exit status 3: no words left"),
                           ("/no/such/program", "/no/such/program")]:
        scene = Scene("[dewey]\nspam-learn = %s\n" % command)
        scene.import_letters("Inbox", anna="text")
        result = scene.run("spam", "text", status=EX_USAGE)
        tap.contains(result.stderr, ["cannot teach", words, "spam-learn"])
        tap.equal((scene.names("Inbox"), scene.names("Junk"), scene.trained()), (["anna"], [], {}))
        tap.equal(scene.home.ledger("SELECT * FROM journal"), [])


@tap.test("P-76: undo brings the letters back though the spam program is gone")
def gone():
    scene = Scene("[dewey]\nspam-learn = true\nspam-forget = /no/such/program\n")
    scene.import_letters("Inbox", anna="text")
    scene.run("spam", "text")
    tap.equal(scene.names("Junk"), ["anna"])
    tap.contains(scene.run("undo").stdout, "the spam program could not be told of 1")
    tap.equal((scene.names("Inbox"), list(scene.trained().values())), (["anna"], ["spam"]))


@tap.test("P-76: without a spam program spam is moved, to the folder that the dotfile says")
def without():
    scene = Scene("[dewey]\nspam-folder = Спам\n")
    scene.import_letters("Inbox", anna="text")
    tap.contains(scene.run("spam", "text").stderr, "1 message is spam")
    tap.equal((scene.names("Спам"), scene.trained()), (["anna"], {}))
    scene.run("ham", "text")
    tap.equal(scene.names("Inbox"), ["anna"])


tap.main()
