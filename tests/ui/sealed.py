#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that are signed and encrypted on a terminal: the row of trust, the edge beside
what is signed, the passphrase, keys that a letter brings [M-70, M-71, M-72]."""
import base64
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cryptmail
import gnupg
import home
import tap
import tmuxscreen
from cryptmail import HEAD, PLAIN

IVAN = "Ivan <ivan@example.org>"


class Scene:
    def __init__(self, passphrase=""):
        self.ring = gnupg.Ring()
        self.ivan = self.ring.pgp(IVAN, passphrase=passphrase)
        self.home = home.Home({"smtp": "smtps://ivan@localhost:1"})
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
    terminal.wait("Import Anna")
    known = scene.ring.run("gpg", "--list-keys").decode()
    tap.ok("anna@example.org" not in known, known)
    terminal.keys("y")
    terminal.wait("imported: Anna")
    tap.contains(scene.ring.run("gpg", "--list-keys").decode(), "anna@example.org")


tap.main()
