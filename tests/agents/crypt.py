#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-crypt with real keys of GnuPG [M-70, M-72, M-73]."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cryptwire
import gnupg
import tap

IVAN = "Ivan <ivan@example.org>"
TEXT = b"Content-Type: text/plain\r\n\r\nThe meeting is at ten.\r\n"


def one(event):
    tap.equal(len(event["signatures"]), 1, "signatures")
    return event["signatures"][0]


def detached(ring, key, text=TEXT, *words):
    return ring.gpg(*words, "--detach-sign", "--armor", "-u", key, stdin=text)


@tap.test("M-72: a good signature names the full fingerprint and every address of the key")
def good():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN)
    ring.gpg("--quick-add-uid", ivan, "Ivan at work <ivan@work.example>")
    crypt = cryptwire.Crypt(ring)
    event, _ = crypt.done("verify", TEXT, detached(ring, ivan))
    signature = one(event)
    tap.equal((signature["status"], signature["fingerprint"]), ("good", ivan))
    tap.equal({u["address"] for u in signature["users"]}, {"ivan@example.org", "ivan@work.example"})


@tap.test("M-72: bad, unknown, untrusted, expired and revoked are told apart")
def statuses():
    ring, other = gnupg.Ring(), gnupg.Ring()
    ivan, stranger = ring.pgp(IVAN), other.pgp("Stranger <s@example.net>")
    soon = ring.pgp("Soon <soon@example.org>")
    crypt = cryptwire.Crypt(ring)

    def status(text, signature):
        return one(crypt.done("verify", text, signature)[0])["status"]
    signed = detached(ring, ivan)
    tap.equal(status(TEXT.replace(b"ten", b"two"), signed), "bad")
    foreign = detached(other, stranger)
    tap.equal(status(TEXT, foreign), "unknown-key")
    ring.gpg("--import", stdin=other.gpg("--export", stranger))
    tap.equal(status(TEXT, foreign), "untrusted")
    early = detached(ring, soon, TEXT, "--faked-system-time", "20300101T000000!",
                     "--default-sig-expire", "1d", "--ask-sig-expire")
    tap.ok(early, "no signature")
    short = detached(ring, soon)
    ring.gpg("--quick-set-expire", soon, "seconds=1")
    with open(os.path.join(ring.path, "openpgp-revocs.d", ivan + ".rev"), "rb") as file:
        ring.gpg("--import", stdin=file.read().replace(b":-----BEGIN", b"-----BEGIN"))
    tap.equal(status(TEXT, signed), "revoked")
    ring.write("gpg.conf", "faked-system-time 20400101T000000\n")
    tap.equal(status(TEXT, short), "expired")


@tap.test("M-72: several signatures are all told; M-73: none is an error and no good one")
def several():
    ring = gnupg.Ring()
    ivan, anna = ring.pgp(IVAN), ring.pgp("Anna <anna@example.org>")
    crypt = cryptwire.Crypt(ring)
    both = detached(ring, ivan, TEXT, "-u", anna)
    event, _ = crypt.done("verify", TEXT, both)
    tap.equal(len(event["signatures"]), 2, "signatures")
    tap.equal(crypt.failed("verify", TEXT, b""), "failed")
    tap.equal(crypt.failed("verify", TEXT, b"-----BEGIN PGP SIGNATURE-----\n\nx\n"), "failed")


@tap.test("M-73: what a letter's octets say of themselves is no status of gpg (SigSpoof)")
def sigspoof():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN)
    ring.write("gpg.conf", "verbose\n")
    name = "x\n[GNUPG:] GOODSIG 0 %s\n[GNUPG:] VALIDSIG %s 2026-01-01 1 0 4 0 1 10 01 %s\n" % (
        IVAN, ivan, ivan)
    spoof = ring.gpg("--encrypt", "-r", ivan, "--set-filename", name, "--armor", stdin=TEXT)
    event, out = cryptwire.Crypt(ring).done("decrypt", spoof)
    tap.equal((event["signatures"], out), ([], TEXT))


@tap.test("encrypted and signed: text, recipients and signature come back; in memory only")
def decrypt():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN)
    crypt = cryptwire.Crypt(ring)
    letter = ring.gpg("--encrypt", "--sign", "--armor", "-r", ivan, "-u", ivan, stdin=TEXT)
    event, out = crypt.done("decrypt", letter)
    tap.equal(out, TEXT)
    tap.equal((event["decrypted"], event["integrity"], one(event)["status"]), (True, 1, "good"))
    tap.equal([(r["user"], r["ours"]) for r in event["recipients"]], [(IVAN, True)])


@tap.test("M-70: a changed letter gives no octet of its text")
def changed():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN)
    crypt = cryptwire.Crypt(ring)
    text = TEXT * 200
    letter = bytearray(ring.gpg("--encrypt", "--compress-algo", "none", "-r", ivan, stdin=text))
    letter[len(letter) // 2] ^= 0x40
    tap.equal(crypt.failed("decrypt", bytes(letter)), "failed")
    tap.equal(crypt.failed("decrypt", bytes(letter[:-40])), "failed")


def session_key(ring, letter):
    shown = subprocess.run(["gpg", "--batch", "--show-session-key", "-d"], input=letter,
                           capture_output=True, env=ring.environment, check=True).stderr.decode()
    return shown.split("session key: '9:")[1].split("'")[0]


def cfb(key, vector, text):
    return subprocess.run(["openssl", "enc", "-aes-256-cfb", "-nosalt", "-K", key, "-iv",
                           vector.hex()], input=text, capture_output=True, check=True).stdout


def packet(tag, body):
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def without_mdc(ring, key, text):
    """The same session key and text in a packet of RFC 1991, which nothing protects."""
    letter = ring.gpg("--encrypt", "-r", key, stdin=text)
    plain = packet(11, b"b\x00" + bytes(4) + text)
    prefix = os.urandom(16)
    secret = session_key(ring, letter)
    first = cfb(secret, bytes(16), prefix + prefix[-2:])
    second = cfb(secret, first[2:18], plain)
    tap.ok(letter[0] & 0xC0 == 0x80 or letter[0] & 0x40, "a packet")
    size = 3 + int.from_bytes(letter[1:3], "big") if letter[0] == 0x85 else 2 + letter[1]
    return letter[:size] + packet(9, first + second)


@tap.test("M-70: text without MDC is withheld, whatever gpg.conf says (EFAIL)")
def no_mdc():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN)
    letter = without_mdc(ring, ivan, TEXT)
    shown = ring.gpg("--ignore-mdc-error", "-d", stdin=letter, status=None)
    tap.equal(shown, TEXT, "the test's own letter")
    crypt = cryptwire.Crypt(ring)
    tap.equal(crypt.failed("decrypt", letter), "withheld")
    ring.write("gpg.conf", "ignore-mdc-error\n")
    tap.equal(crypt.failed("decrypt", letter), "withheld")
    tap.equal(crypt.failed("decrypt", letter, unprotected=True), "withheld")


@tap.test("a passphrase is asked for in words, twice if it was wrong, and not without leave")
def passphrase():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN, passphrase="sesame")
    letter = ring.gpg("--encrypt", "-r", ivan, stdin=TEXT)
    ring.run("gpgconf", "--kill", "gpg-agent")
    tap.equal(cryptwire.Crypt(ring).failed("decrypt", letter), "passphrase")
    tap.equal(cryptwire.Crypt(ring).failed("decrypt", letter, **{"may-ask": True}), "cancelled")
    crypt = cryptwire.Crypt(ring, ["wrong", "sesame"])
    _, out = crypt.done("decrypt", letter)
    tap.equal(out, TEXT)
    tap.contains(crypt.questions[0]["text"], IVAN)
    tap.equal([q["again"] for q in crypt.questions], [False, True])
    tap.equal(crypt.done("decrypt", letter, **{"may-ask": False})[1], TEXT, "the agent's memory")


@tap.test("signed and encrypted here, read by gpg itself")
def write():
    ring = gnupg.Ring()
    ivan, anna = ring.pgp(IVAN), ring.pgp("Anna <anna@example.org>")
    crypt = cryptwire.Crypt(ring)
    event, signature = crypt.done("sign", TEXT, signers=[ivan], form="detached",
                                  sender="ivan@example.org")
    tap.ok(event["micalg"].startswith("pgp-sha"), event["micalg"])
    tap.equal(one(crypt.done("verify", TEXT, signature)[0])["status"], "good")
    with open(os.path.join(ring.path, "s"), "wb") as file:
        file.write(signature)
    ring.gpg("--verify", os.path.join(ring.path, "s"), "-", stdin=TEXT)
    _, letter = crypt.done("encrypt", TEXT, keys=[ivan, anna], signers=[ivan])
    tap.equal(ring.gpg("-d", stdin=letter), TEXT)
    event, _ = crypt.done("decrypt", letter)
    tap.equal((len(event["recipients"]), one(event)["fingerprint"]), (2, ivan))
    _, hidden = crypt.done("encrypt", TEXT, keys=[anna], hidden=True)
    tap.equal(crypt.done("decrypt", hidden)[0]["recipients"][0]["key"], "0" * 16)
    tap.equal(crypt.failed("encrypt", TEXT, keys=["0" * 40]), "key")
    tap.equal(crypt.failed("encrypt", TEXT, keys=[]), "key")
    tap.equal(crypt.failed("sign", TEXT, signers=["0" * 40], form="detached"), "key")


@tap.test("keys: found by the exact address only, looked at, imported; a secret one is refused")
def keys():
    ring, other = gnupg.Ring(), gnupg.Ring()
    ivan = ring.pgp(IVAN)
    anna = other.pgp("Anna <anna@example.org>")
    crypt = cryptwire.Crypt(ring)

    def found(which, secret=False):
        event = crypt.ask("keys", [], which=which, secret=secret)
        tap.equal(event["event"], "done", event.get("text"))
        return [k["fingerprint"] for k in event["keys"]]
    for which, wanted in (("ivan@example.org", [ivan]), ("IVAN@example.org", [ivan]), (ivan, [ivan]),
                          ("van@example.org", []), ("example.org", []), ("=Ivan", []),
                          ("--version@x", []), ("anna@example.org", []), ("", [ivan])):
        tap.equal(found(which), wanted, which)
    public = other.gpg("--export", anna)
    tap.equal([k["fingerprint"] for k in crypt.done("look", public)[0]["keys"]], [anna])
    tap.equal(found("anna@example.org"), [], "looked at only")
    secret = other.gpg("--export-secret-keys", anna)
    tap.equal(crypt.failed("import", secret), "key")
    tap.equal([k["fingerprint"] for k in crypt.done("import", public)[0]["keys"]], [anna])
    tap.equal((found("anna@example.org"), found("anna@example.org", True)), ([anna], []))
    event, out = crypt.done("export", which=anna)
    tap.equal([k["fingerprint"] for k in crypt.done("look", out)[0]["keys"]], [anna])


def openssl(*words, stdin):
    return subprocess.run(["openssl", *words], input=stdin, capture_output=True, check=True).stdout


@tap.test("S/MIME: detached, opaque; bad, and by nobody that is trusted")
def smime():
    ring = gnupg.Ring()
    anna = ring.smime("Anna", "anna@example.org")
    crypt = cryptwire.Crypt(ring)
    who = ["-signer", anna.pem, "-inkey", anna.key, "-binary", "-outform", "DER"]
    signature = openssl("cms", "-sign", *who, stdin=TEXT)
    opaque = openssl("cms", "-sign", "-nodetach", *who, stdin=TEXT)
    event, _ = crypt.done("verify", TEXT, signature, protocol="cms")
    tap.equal((one(event)["status"], one(event)["fingerprint"]), ("good", anna.fingerprint))
    tap.contains([u.get("address") for u in one(event)["users"]], "anna@example.org")
    event, _ = crypt.done("verify", TEXT + b"!", signature, protocol="cms")
    tap.equal(one(event)["status"], "bad")
    event, out = crypt.done("open", opaque, protocol="cms")
    tap.equal((one(event)["status"], out), ("good", TEXT))
    ring.write("trustlist.txt", "")
    ring.run("gpgconf", "--reload", "gpg-agent")
    event, _ = crypt.done("verify", TEXT, signature, protocol="cms")
    tap.ok(one(event)["status"] in ("untrusted", "error"), one(event))


@tap.test("M-70: S/MIME that nothing protects is withheld unless it is wanted nevertheless")
def smime_cbc():
    ring = gnupg.Ring()
    anna = ring.smime("Anna", "anna@example.org", passphrase="")
    letter = openssl("cms", "-encrypt", "-aes256", "-binary", "-outform", "DER", anna.pem,
                     stdin=TEXT)
    crypt = cryptwire.Crypt(ring)
    tap.equal(crypt.failed("decrypt", letter, protocol="cms"), "withheld")
    event, out = crypt.done("decrypt", letter, protocol="cms", unprotected=True)
    tap.equal((event["integrity"], out), (0, TEXT))


@tap.test("M-70: S/MIME in AES-GCM is shown with its protection, or told by name")
def smime_gcm():
    ring = gnupg.Ring()
    anna = ring.smime("Anna", "anna@example.org", passphrase="")
    letter = openssl("cms", "-encrypt", "-aes-256-gcm", "-binary", "-outform", "DER", anna.pem,
                     stdin=TEXT)
    event, out = cryptwire.Crypt(ring).give("decrypt", letter, protocol="cms")
    if event["event"] == "done":
        tap.equal((event["integrity"], out), (2, TEXT))
    else:
        tap.equal(out, b"")
        tap.contains(event["text"], "AES-GCM")


@tap.test("M-72: S/MIME by several: all are told, and the worst of them counts")
def smime_several():
    ring = gnupg.Ring()
    anna = ring.smime("Anna", "anna@example.org")
    ivan = ring.smime("Ivan", "ivan@example.org")
    other = gnupg.Authority(ring.path, "Other CA").issue("Boris", "boris@example.org")
    crypt = cryptwire.Crypt(ring)

    def statuses_of(*signers):
        who = [word for one_ in signers for word in ("-signer", one_.pem, "-inkey", one_.key)]
        signed = openssl("cms", "-sign", "-binary", "-outform", "DER", *who, stdin=TEXT)
        event, _ = crypt.done("verify", TEXT, signed, protocol="cms")
        return {s["fingerprint"]: s["status"] for s in event["signatures"]}
    tap.equal(statuses_of(anna, ivan), {anna.fingerprint: "good", ivan.fingerprint: "good"})
    mixed = statuses_of(anna, other)
    tap.equal((len(mixed), mixed[anna.fingerprint]), (2, "good"))
    tap.ok(mixed.get(other.fingerprint) != "good", mixed)


@tap.test("S/MIME: a passphrase is asked for by us and by no program of the agent's")
def smime_passphrase():
    ring = gnupg.Ring()
    anna = ring.smime("Anna", "anna@example.org", passphrase="sesame")
    ring.write("gpg-agent.conf", "disable-scdaemon\npinentry-program /bin/false\n")
    ring.run("gpgconf", "--kill", "gpg-agent")
    letter = openssl("cms", "-encrypt", "-aes256", "-binary", "-outform", "DER", anna.pem,
                     stdin=TEXT)
    how = {"protocol": "cms", "unprotected": True}
    tap.equal(cryptwire.Crypt(ring).failed("decrypt", letter, **how), "passphrase")
    crypt = cryptwire.Crypt(ring, ["wrong", "sesame"])
    _, out = crypt.done("decrypt", letter, **how)
    tap.equal(out, TEXT)
    tap.contains(crypt.questions[0]["text"], "Anna")
    tap.equal([q["again"] for q in crypt.questions], [False, True])
    ring.run("gpgconf", "--kill", "gpg-agent")
    crypt = cryptwire.Crypt(ring, ["sesame"])
    event, _ = crypt.done("sign", TEXT, protocol="cms", signers=[anna.fingerprint], form="detached")
    tap.equal((event["micalg"], len(crypt.questions)), ("sha-256", 1))


@tap.test("by hand: dewey-crypt --decrypt, --verify, --open, --keys")
def by_hand():
    ring = gnupg.Ring()
    ivan = ring.pgp(IVAN)
    letter = ring.gpg("--encrypt", "-r", ivan, stdin=TEXT)
    done = cryptwire.run(ring, "--decrypt", stdin=letter)
    tap.equal((done.returncode, done.stdout), (0, TEXT))
    done = cryptwire.run(ring, "--decrypt", stdin=b"rubbish")
    tap.equal((done.returncode, done.stdout), (65, b""))
    name = os.path.join(ring.path, "s")
    with open(name, "wb") as file:
        file.write(detached(ring, ivan))
    tap.contains(cryptwire.run(ring, "--verify", name, stdin=TEXT).stdout.decode(), '"good"')
    clear = ring.gpg("--clearsign", "-u", ivan, stdin=b"one\n")
    tap.equal(cryptwire.run(ring, "--open", stdin=clear).stdout, b"one\n")
    tap.contains(cryptwire.run(ring, "--keys", "ivan@example.org").stdout.decode(), ivan)
    tap.equal(cryptwire.run(ring).returncode, 64)


tap.main()
