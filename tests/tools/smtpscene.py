# SPDX-License-Identifier: MIT
"""What the tests of dewey-smtp share: scripts of a session, a sink in clear, and a
home whose account is there.

    scripted("S: 220 x\\nC: EHLO me.test\\n ...", 75)
    scene = Scene(refused={"green@b.test": "550 no"})
    scene.send(); scene.states(); scene.copies(); queue_letter(scene)
"""
import os
import sqlite3

import fakemail
import fakeserver
import home
import servers
from pop3scene import serve

HELD, QUEUED, SENDING, DOT_PENDING, UNCERTAIN, DONE = range(6)

LETTER = "From: ivan@peer.test\nTo: jones@b.test, green@b.test, brown@b.test\nSubject: x\n\nbody\n"
ONE_LETTER = "From: ivan@peer.test\nTo: jones@b.test\nSubject: x\n\nbody\n"
NO_GREEN = {"green@b.test": "550 5.1.1 No such user here"}


def clear_home(server, **account):
    return home.Home({"smtp": "smtp+insecure://127.0.0.1:%d" % server.port, **account})


def scripted(text, status=0, letter=LETTER, args=("-t", "-i"), **account):
    """One letter against one script; the script must be kept to."""
    server = serve([fakeserver.Script(text)])
    place = clear_home(server, **account)
    result = place.run("dewey-smtp", *args, input=letter, status=status)
    server.check()
    return place, result


class Scene:
    """A sink, in clear, and a home."""

    def __init__(self, account=None, **options):
        self.sink = fakemail.Sink(**options)
        self.server = serve(self.sink)
        self.home = clear_home(self.server, **(account or {}))

    def send(self, letter=LETTER, status=0, args=("-t", "-i"), **options):
        return self.home.run("dewey-smtp", *args, input=letter, status=status, **options)

    def states(self):
        return [row[0] for row in self.home.ledger("SELECT state FROM outbox ORDER BY id")]

    def copies(self):
        """How many letters each address has got."""
        return {address: len(letters) for address, letters in self.sink.mailboxes.items()}

    def make_due(self):
        """The time of the next attempt comes."""
        make_due(self.home)

    def correct(self, old, new):
        """What outbox_correct() does when a person mends the address."""
        self.change("UPDATE recipient SET address = ?, state = 0 WHERE address = ?", new, old)
        self.change("UPDATE outbox SET state = 1, due = 0")

    def change(self, query, *values):
        change(self.home, query, *values)


def change(place, query, *values):
    """The ledger is changed behind dewey's back."""
    path = os.path.join(place.mail, ".dewey", "ledger.db")
    with sqlite3.connect(path) as db:
        db.execute(query, values)
    db.close()


def make_due(place):
    """The time of the next attempt comes."""
    change(place, "UPDATE outbox SET due = 0")
    change(place, "DELETE FROM relay")


def queue_letter(scene, letter=LETTER):
    """A letter in the outbox that nobody has tried to send yet."""
    rc = home.read(scene.home.rc)
    scene.home.write({"smtp": "smtp+insecure://127.0.0.1:%d" % servers.free_ports(1)[0]})
    scene.send(letter)
    with open(scene.home.rc, "wb") as file:
        file.write(rc)
    scene.make_due()
    return scene.home
