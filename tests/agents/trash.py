#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""trash = N days: what was deleted goes for good after them, by dewey fetch."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

DAY = 86400
START = 1790000000
LETTER = b"From: %s <%s@example.org>\nSubject: about %s\nMessage-ID: <%s@example.org>\n" \
    b"Date: Mon, 2 Feb 2026 10:00:00 +0000\n\ntext\n"


class Scene:
    def __init__(self, names):
        authority = certs.Authority(tap.tempdir())
        letters = [LETTER % ((name.encode(),) * 4) for name in names]
        self.drop = fakemail.Maildrop({"ivan": home.SECRET}, letters)
        server = fakeserver.Server(self.drop, authority.server(), True)
        tap.cleanup(server.stop)
        self.account = {"pop3": "pop3s://ivan@localhost:%d" % server.port,
                        "tls-ca": authority.pem}
        self.home = home.Home(self.account)
        with open(self.home.rc, encoding="utf-8") as file:
            text = file.read()
        with open(self.home.rc, "w", encoding="utf-8") as file:
            file.write(text.replace("[dewey]\n", "[dewey]\ntrash = 30 days\n"))

    def run(self, day, *words):
        """On a day since the first."""
        env = {**self.home.environment(), "DEWEY_CLOCK": str(START + int(day * DAY))}
        return self.home.run("dewey", *words, env=env)

    def trash(self):
        return sorted(data.split(b" ", 2)[1].decode() for data in self.home.folder("Trash"))


@tap.test("what was deleted goes from Trash after its days, when dewey fetches")
def fetch():
    scene = Scene(["anna", "boris", "clara"])
    scene.run(0, "fetch")
    tap.equal(len(scene.home.folder("Inbox")), 3)
    scene.run(1, "move", "Trash", "from:anna")
    scene.run(20, "move", "Trash", "from:boris")
    scene.run(29, "fetch")
    tap.equal(scene.trash(), ["anna", "boris"])
    words = lambda: scene.home.ledger("SELECT count(*) FROM tagged WHERE base <> ''")[0][0]
    scene.run(29, "tag", "+work", "in:Trash")
    tap.equal(words(), 2)
    result = scene.run(31.5, "fetch")
    tap.contains(result.stderr, "1 message removed from Trash for good")
    tap.equal((scene.trash(), len(scene.home.folder("Inbox"))), (["boris"], 1))
    tap.equal(words(), 1, "its tags go with it")
    result = scene.run(32, "fetch")
    tap.ok("removed from Trash" not in result.stderr, result.stderr)


@tap.test("without the setting Trash keeps what is there, however long")
def never():
    scene = Scene(["anna"])
    scene.home.write(scene.account)
    scene.run(0, "fetch")
    scene.run(1, "move", "Trash", "from:anna")
    for day in (29, 58, 87, 116):
        scene.run(day, "fetch")
    tap.equal(scene.trash(), ["anna"])


tap.main()
