#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tags = keywords: tags are the letters a to z of the Maildirs, which Dovecot keeps too:
what either changes the other sees."""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import servers
import tap

LETTER = """From: %s <%s@example.org>
To: ivan@peer.test
Subject: about %s
Message-ID: <%s@example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

text of %s
"""
ON = "[dewey]\ntags = keywords\n"


def person(names, sections=ON):
    h = home.Home({"pop3": "pop3s://ivan@localhost:1"}, sections)
    for name in names:
        path = os.path.join(h.path, name + ".eml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(LETTER % ((name,) * 5))
        h.run("dewey", "import", path)
    return h


def tags(h):
    rows = [json.loads(line) for line in h.run("dewey", "search", "--json", "about").stdout.splitlines()]
    return {row["from"].split()[0]: " ".join(row["tags"]) for row in rows}


def file_of(h, folder, name):
    for path in h.paths(folder):
        if home.read(path).startswith(b"From: %s " % name.encode()):
            return path
    return None


def letters(h, folder, name):
    info = os.path.basename(file_of(h, folder, name)).partition(":2,")[2]
    return "".join(c for c in info if c.islower())


def spelling(h, folder):
    path = os.path.join(h.mail, folder, "dovecot-keywords")
    return home.read(path).decode().splitlines() if os.path.exists(path) else []


def respell(h, folder, name, new):
    """Another program gives the letter these letters."""
    path = file_of(h, folder, name)
    base, _, info = os.path.basename(path).partition(":2,")
    kept = "".join(c for c in info if c.isupper())
    os.rename(path, os.path.join(h.mail, folder, "cur", base + ":2," + kept + new))


@tap.test("a tag becomes a letter that the folder spells; undo takes it away; flags stay")
def push():
    h = person(["anna", "boris"])
    h.run("dewey", "tag", "+work", "+todo", "from:anna")
    tap.equal(sorted(spelling(h, "Inbox")), ["0 todo", "1 work"])
    tap.equal((letters(h, "Inbox", "anna"), letters(h, "Inbox", "boris")), ("ab", ""))
    h.run("dewey", "tag", "-todo", "from:anna")
    tap.equal(letters(h, "Inbox", "anna"), "b")
    h.run("dewey", "undo")
    tap.equal(letters(h, "Inbox", "anna"), "ab")
    h.run("dewey", "undo")
    tap.equal((letters(h, "Inbox", "anna"), tags(h)["anna"]), ("", ""))


@tap.test("what another program sets or takes away becomes a change of tags")
def pull():
    h = person(["anna", "boris"])
    h.run("dewey", "tag", "+work", "+todo", "from:anna")
    respell(h, "Inbox", "anna", "b")
    respell(h, "Inbox", "boris", "a")
    tap.equal(tags(h), {"anna": "work", "boris": "todo"})
    # Its own keyword, in its own case; a letter that nobody spells is left alone.
    with open(os.path.join(h.mail, "Inbox", "dovecot-keywords"), "a", encoding="utf-8") as file:
        file.write("2 NonJunk\n")
    respell(h, "Inbox", "boris", "acz")
    tap.equal(tags(h)["boris"], "nonjunk todo")
    h.run("dewey", "tag", "-todo", "from:boris")
    tap.equal(letters(h, "Inbox", "boris"), "cz")
    # The ledger has it: a new index knows.
    os.unlink(os.path.join(h.mail, ".dewey", "index.db"))
    tap.equal(tags(h), {"anna": "work", "boris": "nonjunk"})


@tap.test("a letter that is moved has the letters of the other folder, and its own when it is back")
def moved():
    h = person(["anna", "boris", "clara"])
    h.run("dewey", "tag", "+first", "from:clara")
    h.run("dewey", "move", "Lists", "from:clara")
    h.run("dewey", "tag", "+work", "from:anna")
    before = os.path.basename(file_of(h, "Inbox", "anna"))
    h.run("dewey", "tag", "+later", "from:clara")
    h.run("dewey", "move", "Lists", "from:anna")
    tap.equal(sorted(spelling(h, "Lists")), ["0 first", "1 later", "2 work"])
    tap.equal((letters(h, "Lists", "anna"), tags(h)["anna"]), ("c", "work"))
    h.run("dewey", "undo")
    tap.equal((os.path.basename(file_of(h, "Inbox", "anna")), tags(h)["anna"]), (before, "work"))


@tap.test("switched on later: what both sides have comes together")
def late():
    h = person(["anna", "boris"], "")
    h.run("dewey", "tag", "+work", "from:anna")
    with open(os.path.join(h.mail, "Inbox", "dovecot-keywords"), "w", encoding="utf-8") as file:
        file.write("4 theirs\n")
    respell(h, "Inbox", "boris", "e")
    tap.equal((tags(h)["boris"], letters(h, "Inbox", "anna")), ("", ""))
    h.write({"pop3": "pop3s://ivan@localhost:1"}, ON)
    tap.equal(tags(h), {"anna": "work", "boris": "theirs"})
    tap.equal((letters(h, "Inbox", "anna"), spelling(h, "Inbox")), ("a", ["0 work", "4 theirs"]))


@tap.test("a tag behind the 26th is told, and stays with dewey")
def full():
    h = person(["anna"])
    h.run("dewey", "tag", *["+t%02d" % i for i in range(26)], "anna")
    result = h.run("dewey", "tag", "+onemore", "anna")
    tap.contains(result.stderr,
                 "other programs do not see 'onemore': a folder has 26 keywords at most")
    tap.equal(len(letters(h, "Inbox", "anna")), 26)
    tap.contains(tags(h)["anna"], "onemore")
    h.run("dewey", "move", "Lists", "anna")
    result = h.run("dewey", "move", "Inbox", "anna")
    tap.contains(result.stderr, "other programs do not see 'onemore'")
    tap.contains(tags(h)["anna"], "onemore")


@tap.test("the first tag of all may come with a letter that another program brings")
def first():
    h = person(["anna"])
    tap.equal(tags(h), {"anna": ""})
    with open(os.path.join(h.mail, "Inbox", "dovecot-keywords"), "w", encoding="utf-8") as file:
        file.write("0 theirs\n")
    with open(os.path.join(h.mail, "Inbox", "cur", "1790000001.M1P1.peer:2,Sa"), "w",
              encoding="utf-8") as file:
        file.write(LETTER % (("boris",) * 5))
    tap.equal(tags(h), {"anna": "", "boris": "theirs"})


@tap.test("a tag with a character that no keyword has is told, and stays with dewey")
def impossible():
    h = person(["anna"])
    result = h.run("dewey", "tag", "+50%", "+work", "anna")
    tap.contains(result.stderr, "other programs do not see '50%': a keyword cannot have '%'")
    tap.equal((tags(h)["anna"], letters(h, "Inbox", "anna"), spelling(h, "Inbox")),
              ("50% work", "a", ["0 work"]))


@tap.test("another program that holds the lock is told; the next sync gives the letter")
def busy():
    h = person(["anna"])
    tap.equal(tags(h), {"anna": ""})
    lock = os.path.join(h.mail, "Inbox", "dovecot-uidlist.lock")
    open(lock, "w", encoding="utf-8").close()
    result = h.run("dewey", "tag", "+work", "anna")
    tap.contains(result.stderr, "other programs do not see 'work': another mail program holds")
    os.unlink(lock)
    tap.equal((tags(h)["anna"], letters(h, "Inbox", "anna")), ("work", "a"))


@tap.test("switched off: the letters stay in the names, and nobody looks at them")
def off():
    h = person(["anna", "boris"])
    h.run("dewey", "tag", "+work", "from:anna")
    h.write({"pop3": "pop3s://ivan@localhost:1"}, "")
    respell(h, "Inbox", "boris", "a")
    tap.equal(tags(h), {"anna": "work", "boris": ""})
    h.run("dewey", "tag", "+more", "-work", "from:anna")
    tap.equal((letters(h, "Inbox", "anna"), spelling(h, "Inbox")), ("a", ["0 work"]))
    h.run("dewey", "move", "Lists", "from:anna")
    tap.equal((letters(h, "Lists", "anna"), spelling(h, "Lists")), ("a", []))


FILTER = ON + """
[filter all]
match = from:anna
do = tag +friends -work, mark flagged, move Lists
"""


@tap.test("tags of a filter are keywords, and the filter's undo takes them from the files as well")
def filtered():
    h = person(["anna", "boris"], FILTER)
    h.run("dewey", "tag", "+work", "from:anna")
    before = file_of(h, "Inbox", "anna")
    h.run("dewey", "filter", "all", "from:anna")
    tap.equal((tags(h)["anna"], letters(h, "Lists", "anna"), spelling(h, "Lists")),
              ("friends", "a", ["0 friends"]))
    h.run("dewey", "undo")
    tap.equal((tags(h)["anna"], file_of(h, "Inbox", "anna")), ("work", before))


@tap.test("tags in other scripts are keywords as IMAP spells names; none is no ASCII")
def scripts():
    h = person(["anna"])
    h.run("dewey", "tag", "+работа", "+r&d", "anna")
    tap.equal(sorted(spelling(h, "Inbox")), ["0 r&-d", "1 &BEAEMAQxBD4EQgQw-"])
    os.unlink(os.path.join(h.mail, ".dewey", "index.db"))
    respell(h, "Inbox", "anna", "b")
    tap.equal(tags(h)["anna"], "r&d работа")


class Doveadm(servers.Room):
    """The real Dovecot's view of one folder."""
    peer = "dovecot"

    def __init__(self, h, folder):
        super().__init__()
        self.home, self.folder = h, os.path.join(h.mail, folder)
        uid = servers.USERS["vmail"]
        self.write("etc/dovecot/dovecot.conf",
                   "base_dir = /run/dovecot\nlog_path = %s\nprotocols =\nssl = no\n"
                   "mail_location = maildir:%s\nmail_uid = %d\nmail_gid = %d\n"
                   "first_valid_uid = 1\nfirst_valid_gid = 1\n"
                   % (self.path("log"), self.folder, uid, uid))

    def run(self, *args):
        uid = servers.USERS["vmail"]
        for path in (self.home.path, self.home.mail):
            os.chmod(path, 0o711)
        for path in [self.folder] + glob.glob(self.folder + "/**", recursive=True):
            os.chown(path, uid, uid)
        command = [os.path.join(servers.HERE, "room.sh"), self.peer_path, self.state, "doveadm"]
        return tap.succeeds(command + list(args), 0, env={
            **os.environ, "USER": "root", "HOME": self.folder}).stdout


@tap.test("X-12: the real Dovecot sees our tags, and we see its keywords")
def dovecot():
    h = person(["anna", "boris"])
    h.run("dewey", "tag", "+work", "from:anna")
    room = Doveadm(h, "Inbox")
    tap.equal(room.run("search", "mailbox", "INBOX", "keyword", "work").count("\n"), 1)
    room.run("flags", "add", "Theirs $Label1", "mailbox", "INBOX", "from", "boris")
    room.run("flags", "remove", "work", "mailbox", "INBOX", "from", "anna")
    tap.equal(tags(h), {"anna": "", "boris": "$label1 theirs"})
    h.run("dewey", "tag", "-theirs", "+later", "from:boris")
    flags = room.run("fetch", "flags", "mailbox", "INBOX", "from", "boris")
    tap.contains(flags, ["later", "$Label1"])
    tap.lacks(flags, "Theirs")


tap.main()
