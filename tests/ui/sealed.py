#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that are signed and encrypted on a terminal: the row of trust, the edge beside
what is signed, the passphrase, keys that a letter brings [M-70, M-71, M-72]."""
import base64
import glob
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cryptmail
import gnupg
import home
import tap
import tmuxscreen
from cryptmail import HEAD, PLAIN

IVAN = "Ivan <ivan@example.org>"


class Scene:
    def __init__(self, passphrase="", sections="", account=None):
        self.ring = gnupg.Ring()
        self.ivan = self.ring.pgp(IVAN, passphrase=passphrase)
        self.home = home.Home({"smtp": "smtps://ivan@localhost:1", **(account or {})}, sections)
        self.environment = {**self.home.environment(), "GNUPGHOME": self.ring.path}

    def open(self, letter):
        path = os.path.join(self.home.path, "letter.eml")
        with open(path, "wb") as file:
            file.write(letter)
        self.home.run("dewey", "import", path, env=self.environment)
        terminal = tmuxscreen.Terminal("%s -c %s" % (tap.program("dewey"), self.home.rc), "",
                                       {"GNUPGHOME": self.ring.path})
        terminal.wait("Ivan.*ten")
        terminal.keys("Enter")
        return terminal

    def found(self, *query):
        """How many letters, and what is said beside that."""
        done = self.home.run("dewey", "count", *query, env=self.environment)
        return int(done.stdout), done.stderr

    def holds(self, word):
        """Whether a word stands anywhere in the store."""
        return any(word in home.read(path) for path in glob.glob(
            os.path.join(glob.escape(self.home.mail), "**"), recursive=True, include_hidden=True)
            if os.path.isfile(path))

    def signed(self, inner=PLAIN):
        return cryptmail.multipart("signed", b"application/pgp-signature", inner, self.ring.gpg(
            "--detach-sign", "--armor", "-u", self.ivan, stdin=cryptmail.crlf(inner)))

    def encrypted(self, inner=PLAIN):
        return cryptmail.sealed(self.ring.gpg("--encrypt", "--armor", "-r", self.ivan,
                                              stdin=cryptmail.crlf(inner)))


@tap.test("M-44, M-71: all of it signed: the row says so first; a part: an edge that no text reaches")
def edge():
    scene = Scene()
    screen = scene.open(scene.signed()).wait("(?m)^The meeting is at ten")
    tap.ok(re.search(r"(?m)^\+ signed by Ivan <ivan@example\.org> · \? ", screen), screen)
    scene = Scene()
    fake = "Content-Type: text/plain; charset=utf-8\n\n┌ signed by Ivan\n│ Pay now.\n└\n".encode()
    letter = cryptmail.mixed(fake, cryptmail.body(scene.signed()))
    screen = scene.open(letter).wait("(?m)^│ The meeting is at ten")
    tap.contains(screen, ["┌ signed by Ivan <ivan@example.org>", "\n  │ Pay now.", "\n└"])


FRAMED = (b"Content-Type: text/html; charset=utf-8\n\n<table border=1><tr><th>What</th><th>Where"
          b"</th></tr><tr><td>Coffee that was roasted on the day before</td><td>the third shelf of "
          b"the store behind the mill</td></tr></table>\n")
WIDE = "roasted on the day before +.*the third shelf of the store behind the mill"
FOLDERS = r"(?m)^ Sent +\│"  # beside the letter, where there is room


@tap.test("M-71: a table that is signed is laid out again on another screen, one that was "
          "encrypted is not")
def resized():
    for sealed in (False, True):
        scene = Scene()
        terminal = scene.open(scene.encrypted(FRAMED) if sealed else scene.signed(FRAMED))
        terminal.tmux("resize-window", "-x", "140", "-y", "24")
        if sealed:
            tap.ok(not re.search(WIDE, terminal.wait(FOLDERS)), "laid out for other columns")
            terminal.wait("Coffee that was")
            continue
        terminal.wait(WIDE)
        terminal.tmux("resize-window", "-x", "60", "-y", "24")
        terminal.wait(FOLDERS, gone=True)
        terminal.wait("third shelf")
        terminal.tmux("resize-window", "-x", "140", "-y", "24")
        terminal.wait(WIDE)


@tap.test("M-70: a passphrase is asked for by a key, on the screen, and never by itself")
def passphrase():
    scene = Scene(passphrase="sesame")
    letter = scene.encrypted()
    scene.ring.run("gpgconf", "--kill", "gpg-agent")
    terminal = scene.open(letter)
    screen = terminal.wait("the passphrase is needed")
    tap.ok("meeting" not in screen, screen)
    terminal.keys("M-p")
    terminal.wait("passphrase of Ivan")
    terminal.type("wrong")
    terminal.keys("Enter")
    terminal.wait("the passphrase is wrong")
    terminal.keys("M-p")
    terminal.wait("This was wrong")
    terminal.type("sesame")
    terminal.keys("Enter")
    screen = terminal.wait("(?m)^The meeting is at ten")
    tap.contains(screen, "encrypted")
    tap.ok("sesame" not in screen, screen)


@tap.test("M-70: what nothing protects is shown only to who insists")
def withheld():
    scene = Scene()
    ivan = scene.ring.smime("Ivan", "ivan@example.org", passphrase="")
    octets = subprocess.run(["openssl", "cms", "-encrypt", "-aes256", "-binary", "-outform", "DER",
                             ivan.pem], input=PLAIN, capture_output=True, check=True).stdout
    terminal = scene.open(
        HEAD + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(octets))
    screen = terminal.wait("to see it nevertheless")
    tap.ok("meeting" not in screen, screen)
    terminal.keys("M-p")
    terminal.wait("Show it")
    terminal.keys("y")
    terminal.wait("(?m)^The meeting is at ten")


@tap.test("keys that a letter brings are imported when a person says so, and not before")
def keys():
    scene, other = Scene(), gnupg.Ring()
    anna = other.pgp("Anna <anna@example.org>")
    letter = cryptmail.mixed(PLAIN, b"Content-Type: application/pgp-keys\n\n" +
                             other.gpg("--export", "--armor", anna))
    terminal = scene.open(letter)
    terminal.wait("(?m)^The meeting is at ten")
    terminal.keys("C-k")
    terminal.wait("Import %s of Anna" % anna)
    known = scene.ring.run("gpg", "--list-keys").decode()
    tap.ok("anna@example.org" not in known, known)
    terminal.keys("y")
    terminal.wait("imported: Anna")
    tap.contains(scene.ring.run("gpg", "--list-keys").decode(), "anna@example.org")


@tap.test("M-65: keys of all parts and those within a text: each is asked about by its fingerprint")
def keys_of_all():
    scene, other = Scene(), gnupg.Ring()
    made = [other.pgp("%s <%s@example.org>" % (name, name.lower())) for name in (
        "Anna", "Boris", "Clara")]
    blocks = [other.gpg("--export", "--armor", one) for one in made]
    text = b"Content-Type: text/plain\n\nThe meeting is at ten\n\n"
    letter = cryptmail.mixed(
        text + blocks[0] + b"\nand another one:\n" + blocks[1],
        b"Content-Type: application/pgp-keys\n\nthis is none\n",
        b"Content-Type: application/pgp-keys\n\n" + blocks[2])
    terminal = scene.open(letter)
    terminal.wait("(?m)^The meeting is at ten")
    terminal.keys("C-k")
    screen = terminal.wait("1 of 3: import %s of Clara" % made[2])
    tap.equal(screen.count("(y/n)"), 1)
    terminal.keys("y")
    terminal.wait("2 of 3: import " + made[0])
    terminal.keys("n")
    terminal.wait("3 of 3: import " + made[1])
    known = scene.ring.run("gpg", "--list-keys").decode()
    tap.ok("clara@" not in known, known)
    terminal.keys("y")
    terminal.wait("imported: Clara")
    known = scene.ring.run("gpg", "--list-keys").decode()
    tap.equal([name in known for name in ("anna@", "boris@", "clara@")], [False, True, True])


SECRET = (b"Subject: the treasure\nContent-Type: multipart/mixed; boundary=i; hp=\"cipher\"\n\n--i\n"
          b"Content-Type: text/plain\n\nbelow the walnut\n--i\nContent-Type: text/plain\n"
          b"Content-Disposition: attachment; filename=hazel.txt\n\nmap\n--i--\n")


@tap.test("M-75: what was decrypted is in no index, unless the dotfile says so")
def unindexed():
    scene = Scene()
    terminal = scene.open(scene.encrypted(SECRET))
    terminal.wait("below the walnut")
    terminal.type(":quit")
    terminal.keys("Enter")
    terminal.wait("left with 0")
    tap.equal([scene.found(word)[0] for word in ("walnut", "treasure", "ten")], [0, 0, 1])
    for word in (b"walnut", b"treasure", b"hazel"):
        tap.ok(not scene.holds(word), word)


@tap.test("M-75: index-decrypted: words, files and subject are found; turned off, all are gone")
def indexed():
    scene = Scene(sections="[dewey]\nindex-decrypted = yes\n")
    terminal = scene.open(scene.encrypted(SECRET))
    terminal.wait("below the walnut")
    end = time.monotonic() + tmuxscreen.PATIENCE
    while scene.found("walnut")[0] == 0 and time.monotonic() < end:
        time.sleep(0.05)
    tap.equal([scene.found(word)[0] for word in ("walnut", "subject:treasure", "filename:hazel",
                                                 "is:encrypted", "ten")], [1, 1, 1, 1, 0])
    # The letter on the screen is the one in the list, and in the index once.
    terminal.keys("q")
    terminal.wait("Ivan.*the treasure")
    terminal.keys("Enter")
    terminal.wait("below the walnut")
    terminal.keys("d")
    terminal.wait("deleted")
    terminal.keys("u")
    terminal.wait("is back")
    terminal.type(":quit")
    terminal.keys("Enter")
    terminal.wait("left with 0")
    tap.equal(scene.found("")[0], 1)
    tap.ok(scene.holds(b"walnut"), "the words are nowhere")
    scene.home.write({"smtp": "smtps://ivan@localhost:1"})
    count, told = scene.found("walnut")
    tap.contains(told, "'index-decrypted' is off")
    tap.equal((count, scene.found("ten")[0]), (0, 1))
    for word in (b"walnut", b"treasure", b"hazel"):
        tap.ok(not scene.holds(word), word)


WITH_KEY = """From: %s <%s@peer.test>
To: ivan@example.org
Subject: hello
Message-ID: <%s@peer.test>
Date: Mon, 2 Feb %d 10:00:00 +0000
Autocrypt: addr=%s@peer.test; keydata=%s

text of %s
"""


@tap.test("Autocrypt: a letter of tomorrow counts from when it came, and one in the folder of spam "
          "not at all")
def effective():
    scene = Scene(sections="[dewey]\nspam-folder = Spam\n", account={"autocrypt": "yes"})
    key = base64.b64encode(scene.ring.gpg("--export", scene.ivan)).decode()
    for name, folder, year in (("Jones", "Inbox", 2126), ("Smith", "Spam", 2026)):
        path = os.path.join(scene.home.path, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(WITH_KEY % (name, name.lower(), name, year, name.lower(), key, name))
        scene.home.run("dewey", "import", "-f", folder, path)
    before = time.time()
    terminal = tmuxscreen.Terminal("%s -c %s" % (tap.program("dewey"), scene.home.rc), "",
                                   {"GNUPGHOME": scene.ring.path})
    terminal.wait("Inbox")
    for folder, name in (("Spam", "Smith"), ("Inbox", "Jones")):
        terminal.type("c%s\n" % folder)
        terminal.wait("%s.*hello" % name)
        terminal.keys("Enter")
        terminal.wait("text of " + name)
        terminal.keys("q")
    query, end, found = "SELECT address, made FROM autocrypt", time.monotonic() + tmuxscreen.PATIENCE, []
    while not found and time.monotonic() < end:
        found = scene.home.ledger(query)
        time.sleep(0.05)
    tap.equal([address for address, _ in found], ["jones@peer.test"])
    tap.ok(found[0][1] <= before, (found, before))


tap.main()
