#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that are signed and encrypted on the page where they are written: read by gpg,
gpgsm and mutt, which know nothing of dewey."""
import base64
import email
import email.policy
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import gnupg
import home
import tap
import tmuxscreen

EDITOR = "printf 'meet me at the mill  \\nFrom the bridge\\n-- \\nI.\\n' >>\"$1\"\n"
TEXT = "meet me at the mill  \nFrom the bridge\n-- \nI.\n"
IVAN, JONES, SMITH = "ivan@peer.test", "jones@peer.test", "smith@peer.test"


class Scene:
    """A person with keys, and the ring of Jones, who gets letters."""

    def __init__(self, account=None, sections=""):
        self.ring, self.other = gnupg.Ring(), gnupg.Ring()
        self.ivan = self.ring.pgp("Ivan <%s>" % IVAN)
        self.ring.run("gpg", "--batch", "--import-ownertrust", stdin=b"%s:6:\n" % self.ivan.encode())
        self.jones = self.other.pgp("Jones <%s>" % JONES)
        self.home = home.Home({"smtp": "smtps://ivan@localhost:1", **(account or {})},
                              sections or "[dewey]\nundo = 1 hour\nautosave = 1\n")
        self.terminal = None

    def know(self, vouched=True):
        """Ivan has the key of Jones."""
        self.ring.gpg("--import", stdin=self.other.gpg("--export", self.jones))
        if vouched:
            self.ring.gpg("--quick-lsign-key", self.jones)

    def start(self):
        self.terminal = tmuxscreen.Terminal(
            "%s -c %s" % (tap.program("dewey"), self.home.rc), EDITOR,
            {"GNUPGHOME": self.ring.path})
        self.terminal.wait("Inbox")

    def begin(self, to=JONES, subject="Harbour plans"):
        if not self.terminal:
            self.start()
        self.terminal.keys("m")
        self.terminal.wait("(?m)^To:")
        self.terminal.type(to)
        self.terminal.keys("Enter")
        self.terminal.wait("(?m)^Subject:")
        self.terminal.type(subject)
        self.terminal.keys("Enter")
        self.terminal.wait("meet me at the mill")

    def field(self, key, value):
        self.terminal.keys(key)
        self.terminal.type(value)
        self.terminal.keys("Enter")
        self.terminal.wait(value)

    def send(self):
        self.terminal.keys("y")
        self.terminal.wait("sends in|undo|leaves")

    def receive(self, letter):
        path = os.path.join(self.home.path, "letter.eml")
        with open(path, "w", encoding="ascii") as file:
            file.write(letter)
        self.home.run("dewey", "import", "-f", "Inbox", path)
        self.start()
        self.terminal.wait("1 message")

    def below(self, pattern):
        return [home.read(path) for path in glob.glob(
            os.path.join(glob.escape(self.home.mail), ".dewey", pattern), recursive=True)
            if os.path.isfile(path)]

    def sent(self):
        """The letter in the outbox."""
        end = time.monotonic() + tmuxscreen.PATIENCE
        while time.monotonic() < end:
            found = [octets for octets in self.below("outbox/*") if b"\nMIME-Version" in octets
                     and b"X-Dewey-" not in octets]
            drafts = self.home.ledger("SELECT draft FROM outbox") if found else []
            if found:
                return found[0] if len(found) == 1 else max(found, key=len), drafts
            time.sleep(0.05)
        raise tap.Failure("nothing is in the outbox")


def parts(octets):
    return email.message_from_bytes(octets, policy=email.policy.default)


def signed_octets(letter):
    """What is between the first two lines of the boundary, as it is signed."""
    boundary = b"--" + parts(letter).get_boundary().encode()
    inner = letter[letter.index(b"\n" + boundary + b"\n") + len(boundary) + 2:]
    inner = inner[:inner.index(b"\n" + boundary + b"\n")]
    return inner.replace(b"\n", b"\r\n")


def verify(ring, octets, signature):
    data, sig = (os.path.join(ring.path, name) for name in ("data", "sig"))
    for path, content in ((data, octets), (sig, signature)):
        with open(path, "wb") as file:
            file.write(content)
    shown = ring.run("gpg", "--batch", "--status-fd", "1", "--verify", sig, data, status=None)
    return shown.decode("utf-8", "replace")


@tap.test("a signed letter: gpg finds the signature good")
def sign():
    scene = Scene()
    scene.begin()
    scene.terminal.keys("M-s")
    scene.terminal.wait("Signed: +OpenPGP, key " + scene.ivan[-16:])
    scene.send()
    letter = scene.sent()[0]
    root = parts(letter)
    tap.equal(root.get_content_type(), "multipart/signed")
    tap.equal(root["Subject"], "Harbour plans")
    shown = verify(scene.ring, signed_octets(letter), root.get_payload()[1].get_content())
    tap.contains(shown, ["GOODSIG", "VALIDSIG " + scene.ivan])
    tap.equal(root.get_payload()[0].get_content(), TEXT)


@tap.test("M-75: an encrypted letter: the subject is not outside, the recipient and the sender "
          "can read it")
def encrypt():
    scene = Scene()
    scene.know()
    scene.begin()
    scene.terminal.keys("M-e")
    scene.terminal.wait("Encrypted: +OpenPGP, for %s and you" % JONES)
    scene.terminal.keys("M-s")
    scene.terminal.wait("Signed:")
    scene.send()
    letter = scene.sent()[0]
    tap.ok(b"Harbour" not in letter and b"mill" not in letter, letter)
    root = parts(letter)
    tap.equal((root.get_content_type(), root["Subject"]), ("multipart/encrypted", "[...]"))
    octets = root.get_payload()[1].get_content()
    scene.other.gpg("--import", stdin=scene.ring.gpg("--export", scene.ivan))
    for ring in scene.other, scene.ring:
        inner = parts(ring.gpg("--decrypt", stdin=octets))
        tap.equal((inner["Subject"], inner["To"]), ("Harbour plans", JONES))
        tap.equal(inner.get_content().replace("\r\n", "\n"), TEXT)
        tap.equal(inner.get_param("hp"), "cipher")
    shown = scene.other.gpg("--status-fd", "1", "--decrypt", stdin=octets)
    tap.contains(shown.decode(), ["GOODSIG", "DECRYPTION_OKAY"])
    # Nothing of it lies in clear anywhere: not on the desk, nor beside the outbox.
    for kept in scene.below("**"):
        tap.ok(b"at the mill" not in kept and b"Harbour plans" not in kept, "in clear: %r" % kept)


@tap.test("who has no key is told on the page, and the letter does not go")
def missing():
    scene = Scene()
    scene.know()
    scene.begin(JONES + ", " + SMITH)
    scene.terminal.keys("M-e")
    screen = scene.terminal.wait("there is no OpenPGP key of " + SMITH)
    tap.ok("import it" in screen, screen)
    scene.terminal.keys("y")
    scene.terminal.wait("without encryption")
    tap.equal(scene.below("outbox/*"), [])
    scene.terminal.keys("M-e")
    scene.terminal.wait("there is no", gone=True)
    scene.send()
    tap.contains(scene.sent()[0].decode(), "Subject: Harbour plans")


@tap.test("encrypt = auto: only where every key is vouched for, and why not is shown")
def auto():
    scene = Scene({"encrypt": "auto"})
    scene.know(vouched=False)
    scene.begin()
    scene.terminal.wait("not encrypted: nobody vouches for the key of " + JONES)
    scene.ring.gpg("--quick-lsign-key", scene.jones)
    scene.terminal.keys("M-s")
    scene.terminal.wait("Signed:")
    scene.terminal.keys("M-s")
    scene.terminal.wait("Encrypted: +OpenPGP, for " + JONES)
    scene.field("c", SMITH)
    scene.terminal.wait("not encrypted: no key of " + SMITH)


@tap.test("a copy that others do not know of: nobody is named by key")
def bcc():
    scene = Scene({"encrypt": "yes"})
    scene.know()
    scene.ring.pgp("Smith <%s>" % SMITH)
    scene.begin()
    scene.field("b", SMITH)
    scene.terminal.wait("Encrypted: +OpenPGP, for %s, %s and you" % (JONES, SMITH))
    scene.send()
    octets = parts(scene.sent()[0]).get_payload()[1].get_content()
    packets = scene.other.gpg("--list-packets", "--list-only", stdin=octets, status=None).decode()
    tap.equal(re.findall("pubkey enc packet.*keyid ([0-9A-F]+)", packets), ["0" * 16] * 3)
    inner = parts(scene.other.gpg("--decrypt", stdin=octets))
    tap.equal((inner["Subject"], inner["Bcc"]), ("Harbour plans", None))


@tap.test("Autocrypt: the key goes along in the header of every letter, once")
def autocrypt():
    scene = Scene({"autocrypt": "mutual"})
    scene.begin()
    scene.send()
    value = parts(scene.sent()[0])["Autocrypt"]
    tap.contains(value, ["addr=" + IVAN, "prefer-encrypt=mutual"])
    key = base64.b64decode(re.sub(r"\s", "", value.split("keydata=")[1]))
    tap.contains(scene.other.gpg("--show-keys", "--with-colons", stdin=key).decode(), scene.ivan)


def drafts(scene, text):
    """The letters of Drafts, once there is one."""
    end = time.monotonic() + tmuxscreen.PATIENCE
    while time.monotonic() < end:
        found = scene.home.folder("Drafts")
        if found and text in found[0]:
            return found
        time.sleep(0.05)
    raise tap.Failure("Drafts: %r" % scene.home.folder("Drafts"))


@tap.test("M-74: the draft of an encrypted letter is encrypted, and comes back as it was")
def kept():
    scene = Scene()
    scene.know()
    scene.begin()
    path = os.path.join(scene.home.path, "notes.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("a note\n")
    scene.field("a", path)
    scene.terminal.keys("M-e")
    scene.terminal.wait("Encrypted:")
    scene.terminal.keys("p")
    scene.terminal.wait("kept in Drafts")
    draft, = drafts(scene, b"multipart/encrypted")
    tap.ok(b"Harbour" not in draft and b"mill" not in draft and b"notes" not in draft, draft)
    tap.equal((parts(draft)["To"], parts(draft)["Subject"]), (JONES, "[...]"))
    for kept_file in scene.below("**"):
        tap.ok(b"at the mill" not in kept_file, "in clear: %r" % kept_file[:400])
    scene.terminal.keys("c")
    scene.terminal.type("Drafts")
    scene.terminal.keys("Enter")
    scene.terminal.wait("1 message")
    scene.terminal.keys("Enter")
    screen = scene.terminal.wait("Encrypted: +OpenPGP, for %s and you" % JONES)
    tap.contains(screen, ["Harbour plans", "meet me at the mill", "notes.txt"])
    scene.send()
    inner = parts(scene.ring.gpg("--decrypt",
                                 stdin=parts(scene.sent()[0]).get_payload()[1].get_content()))
    tap.equal([part.get_filename() for part in inner.iter_attachments()], ["notes.txt"])


@tap.test("M-74: a letter that is called back from the outbox is as it was")
def recalled():
    scene = Scene()
    scene.know()
    scene.begin()
    scene.terminal.keys("M-e")
    scene.terminal.wait("Encrypted:")
    scene.send()
    scene.sent()
    scene.terminal.keys("u")
    screen = scene.terminal.wait("Encrypted: +OpenPGP, for %s and you" % JONES)
    tap.contains(screen, ["Harbour plans", "meet me at the mill"])


@tap.test("M-74: a draft that only a passphrase opens: it is asked for")
def kept_locked():
    scene = Scene()
    guarded = scene.ring.pgp("Ivan G. <%s>" % IVAN, "correct horse")
    scene.home.write({"smtp": "smtps://ivan@localhost:1", "key": guarded, "encrypt": "yes"},
                     "[dewey]\nundo = 1 hour\nautosave = 1\n")
    scene.know()
    scene.begin()
    scene.terminal.wait("Encrypted: +OpenPGP")
    scene.terminal.keys("p")
    scene.terminal.wait("kept in Drafts")
    drafts(scene, b"multipart/encrypted")
    scene.ring.run("gpgconf", "--kill", "gpg-agent")
    scene.terminal.keys("c")
    scene.terminal.type("Drafts")
    scene.terminal.keys("Enter")
    scene.terminal.wait("1 message")
    scene.terminal.keys("Enter")
    scene.terminal.wait("passphrase of Ivan G")
    scene.terminal.type("correct horse")
    scene.terminal.keys("Enter")
    screen = scene.terminal.wait("Encrypted: +OpenPGP, for %s and you" % JONES)
    tap.contains(screen, ["Harbour plans", "meet me at the mill"])


@tap.test("S/MIME: signed, then encrypted; gpgsm finds both in order, and Bcc is refused")
def smime():
    scene = Scene()
    certificate = scene.ring.smime("Ivan", IVAN, passphrase="")
    friend = scene.ring.smime("Jones", JONES, passphrase="")
    scene.home.write({"smtp": "smtps://ivan@localhost:1", "smime-key": certificate.fingerprint},
                     "[dewey]\nundo = 1 hour\nautosave = 1\n")
    scene.begin()
    scene.terminal.keys("M-s")
    scene.terminal.wait("Signed: +S/MIME, key " + certificate.fingerprint[-16:])
    scene.terminal.keys("M-e")
    scene.terminal.wait("Encrypted: +S/MIME, for %s and you" % JONES)
    scene.field("c", SMITH)
    scene.terminal.wait("no S/MIME key of " + SMITH)
    scene.terminal.keys("c", "C-u", "Enter")
    scene.terminal.wait("no S/MIME key", gone=True)
    scene.field("b", IVAN)
    scene.terminal.wait("S/MIME names all recipients to each other")
    scene.terminal.keys("y")
    scene.terminal.wait("(?m)^own")
    tap.equal(scene.below("outbox/*"), [])
    scene.terminal.keys("b", "C-u", "Enter")
    scene.terminal.wait("names all", gone=True)
    scene.send()
    root = parts(scene.sent()[0])
    tap.equal((root.get_content_type(), root.get_param("smime-type"), root["Subject"]),
              ("application/pkcs7-mime", "enveloped-data", "[...]"))
    inside = scene.ring.run("gpgsm", "--batch", "--decrypt", stdin=root.get_content())
    inner = parts(inside.replace(b"\r\n", b"\n"))
    tap.equal((inner.get_content_type(), inner.get_param("protocol"), inner.get_param("micalg")),
              ("multipart/signed", "application/pkcs7-signature", "sha-256"))
    tap.equal(inner.get_payload()[0]["Subject"], "Harbour plans")
    data, sig = (os.path.join(scene.ring.path, name) for name in ("data", "sig"))
    for path, content in ((data, signed_octets(inside.replace(b"\r\n", b"\n"))),
                          (sig, inner.get_payload()[1].get_content())):
        with open(path, "wb") as file:
            file.write(content)
    shown = scene.ring.run("gpgsm", "--batch", "--status-fd", "1", "--verify", sig, data).decode()
    tap.contains(shown, ["GOODSIG", certificate.fingerprint])
    tap.ok(friend.fingerprint != certificate.fingerprint, "two certificates")


@tap.test("a key with a passphrase: it is asked for, a wrong one is told, and nothing is lost")
def passphrase():
    scene = Scene()
    guarded = scene.ring.pgp("Ivan G. <%s>" % IVAN, "correct horse")
    scene.ring.run("gpgconf", "--kill", "gpg-agent")
    scene.home.write({"smtp": "smtps://ivan@localhost:1", "key": guarded},
                     "[dewey]\nundo = 1 hour\nautosave = 1\n")
    scene.begin()
    scene.terminal.keys("M-s")
    scene.terminal.wait("Signed: +OpenPGP, key " + guarded[-16:])
    scene.terminal.keys("y")
    scene.terminal.wait("passphrase of Ivan G")
    scene.terminal.type("battery")
    scene.terminal.keys("Enter")
    screen = scene.terminal.wait("This was wrong")
    tap.ok("battery" not in screen, screen)
    scene.terminal.keys("Escape")
    scene.terminal.wait("This was wrong", gone=True)
    scene.terminal.wait("meet me at the mill")
    tap.equal(scene.below("outbox/*"), [])
    scene.terminal.keys("y")
    scene.terminal.wait("passphrase of Ivan G")
    scene.terminal.type("correct horse")
    scene.terminal.keys("Enter")
    letter = scene.sent()[0]
    shown = verify(scene.ring, signed_octets(letter), parts(letter).get_payload()[1].get_content())
    tap.contains(shown, "GOODSIG")
    tap.ok(b"correct horse" not in scene.terminal.written(), "the passphrase is on the screen")


ENCRYPTED = """From: Jones <%s>
To: %s
Subject: [...]
Message-ID: <1@peer.test>
Date: Mon, 2 Feb 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b

--b
Content-Type: application/pgp-encrypted

Version: 1

--b
Content-Type: application/octet-stream

%s
--b--
"""


@tap.test("M-74: an answer to an encrypted letter is encrypted, and asked about in clear")
def answer():
    scene = Scene()
    scene.know()
    inner = "Content-Type: text/plain\r\n\r\nwhere?\r\n".encode()
    armour = scene.other.gpg("--import", stdin=scene.ring.gpg("--export", scene.ivan))
    armour = scene.other.gpg("--armor", "--encrypt", "-r", scene.ivan, stdin=inner).decode()
    scene.receive(ENCRYPTED % (JONES, IVAN, armour))
    scene.terminal.keys("r")
    scene.terminal.wait("Encrypted: +OpenPGP, for %s and you" % JONES)
    scene.terminal.keys("M-e")
    scene.terminal.wait("Encrypted:", gone=True)
    scene.terminal.keys("y")
    scene.terminal.wait("What you answer came encrypted")
    scene.terminal.keys("n")
    tap.equal(scene.below("outbox/*"), [])


@tap.test("M-74: an answer to what came by S/MIME goes by S/MIME, also where OpenPGP is usual")
def answer_smime():
    scene = Scene()
    scene.know()
    certificate = scene.ring.smime("Ivan", IVAN, passphrase="")
    scene.ring.smime("Jones", JONES, passphrase="")
    octets = subprocess.run(
        ["openssl", "cms", "-encrypt", "-aes256", "-binary", "-outform", "DER", certificate.pem],
        input=b"Content-Type: text/plain\r\n\r\nwhere?\r\n", capture_output=True, check=True).stdout
    scene.receive("From: Jones <%s>\nTo: %s\nSubject: [...]\nMessage-ID: <3@peer.test>\n"
                  "Date: Mon, 2 Feb 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
                  "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n"
                  "Content-Transfer-Encoding: base64\n\n%s" % (
                      JONES, IVAN, base64.encodebytes(octets).decode()))
    scene.terminal.keys("r")
    scene.terminal.wait("Encrypted: +S/MIME, for %s and you" % JONES)


COVERT = """From: Jones <%s>
To: %s
Subject: covert
Message-ID: <2@peer.test>
Date: Mon, 2 Feb 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/plain

what do you think?

--m
%s
--m--
"""


@tap.test("M-74: what somebody put into his own letter, encrypted for me by another, is not quoted")
def covert():
    scene = Scene()
    scene.know()
    inner = "Content-Type: text/plain\r\n\r\nthe treasure is below the oak\r\n".encode()
    armour = scene.ring.gpg("--armor", "--encrypt", "-r", scene.ivan, stdin=inner).decode()
    part = (ENCRYPTED % (JONES, IVAN, armour)).split("MIME-Version: 1.0\n")[1]
    scene.receive(COVERT % (JONES, IVAN, part))
    scene.terminal.keys("Enter")
    scene.terminal.wait("below the oak")
    scene.terminal.keys("r")
    screen = scene.terminal.wait("meet me at the mill")
    tap.contains(screen, ["is not quoted", "> what do you think"])
    tap.ok("oak" not in screen, screen)


@tap.test("M-75: an answer goes to whom the protected header names, and refers to what it names")
def answer_protected():
    scene = Scene()
    scene.know()
    inner = ("From: Jones <%s>\r\nTo: %s\r\nCc: %s\r\nSubject: harbour\r\n"
             "Message-ID: <1@peer.test>\r\nIn-Reply-To: <0@peer.test>\r\n"
             "Content-Type: text/plain; hp=\"cipher\"\r\n\r\nwhere?\r\n" % (JONES, IVAN, SMITH))
    armour = scene.ring.gpg("--armor", "--encrypt", "-r", scene.ivan,
                            stdin=inner.encode()).decode()
    scene.receive((ENCRYPTED % (JONES, IVAN, armour)).replace(
        "Subject:", "Cc: mallory@evil.test\nIn-Reply-To: <9@evil.test>\nSubject:"))
    scene.terminal.keys("g")
    screen = scene.terminal.wait("meet me at the mill")
    tap.contains(screen, [JONES, SMITH, "Re: harbour"])
    tap.ok("evil.test" not in screen, screen)
    scene.terminal.keys("M-e")
    scene.terminal.wait("Encrypted:", gone=True)
    scene.terminal.keys("p")
    draft, = drafts(scene, b"Re: harbour")
    tap.contains(draft.decode(), ["<0@peer.test>", "<1@peer.test>"])
    tap.ok(b"evil.test" not in draft, draft)


def shown(ring, letter):
    """What dewey shows of a letter to who has the keys of ring."""
    place = home.Home({"smtp": "smtps://ivan@localhost:1"})
    path = os.path.join(place.path, "letter.eml")
    with open(path, "wb") as file:
        file.write(letter)
    environment = {**place.environment(), "GNUPGHOME": ring.path}
    place.run("dewey", "import", "-f", "Inbox", path)
    row = json.loads(place.run("dewey", "list", "--json", "Inbox").stdout)
    result = place.run("dewey", "show", str(row["id"]), env=environment)
    return result.stdout + result.stderr


@tap.test("M-71, M-75: dewey reads what dewey wrote, signed and encrypted, with its subject")
def own():
    scene = Scene({"encrypt": "yes", "sign": "yes"})
    scene.know()
    scene.other.gpg("--import", stdin=scene.ring.gpg("--export", scene.ivan))
    scene.other.gpg("--quick-lsign-key", scene.ivan)
    scene.begin()
    scene.terminal.wait("Encrypted:")
    scene.send()
    text = shown(scene.other, scene.sent()[0])
    tap.contains(text, ["Harbour plans", "meet me at the mill", "signed by", "encrypted"])
    tap.ok("[...]" not in text.split("meet me")[0].split("outside")[0], text)


@tap.test("mutt reads what dewey signed and encrypted")
def mutt():
    scene = Scene({"encrypt": "yes", "sign": "yes"})
    scene.know()
    scene.begin()
    scene.terminal.wait("Encrypted:")
    scene.send()
    if not shutil.which("mutt"):
        tap.skip("mutt is not installed")
    scene.other.gpg("--import", stdin=scene.ring.gpg("--export", scene.ivan))
    scene.other.gpg("--quick-lsign-key", scene.ivan)
    box = os.path.join(scene.home.path, "box")
    os.makedirs(os.path.join(box, "tmp")), os.makedirs(os.path.join(box, "new"))
    os.makedirs(os.path.join(box, "cur"))
    with open(os.path.join(box, "cur", "1:2,"), "wb") as file:
        file.write(scene.sent()[0])
    with open(os.path.join(scene.home.path, "muttrc"), "w", encoding="ascii") as file:
        file.write("set crypt_use_gpgme=yes wait_key=no crypt_protected_headers_read=yes\n"
                   "set folder=%s record= postponed= mbox_type=Maildir\n" % box)
    reader = tmuxscreen.Terminal("mutt -n -F %s/muttrc -f %s" % (scene.home.path, box), "",
                                 {"GNUPGHOME": scene.other.path, "TERM": "vt220"})
    reader.wait("q:Quit")
    reader.keys("Enter")
    screen = reader.wait("meet me at the mill")
    tap.contains(screen, ["Harbour plans", "Good signature"])


WITH_KEY = """From: Jones <%s>
To: %s
Subject: hello
Message-ID: <%d@peer.test>
Date: Mon, %d Feb 2026 10:00:00 +0000
Autocrypt: addr=%s; prefer-encrypt=mutual; keydata=%s

text %d
"""


@tap.test("M-65: a key that came with a letter changes nothing until a person has seen whose it is")
def offered():
    scene = Scene({"autocrypt": "mutual", "encrypt": "auto"})
    key = base64.b64encode(scene.other.gpg("--export", scene.jones)).decode()
    stranger = base64.b64encode(scene.ring.gpg("--export", scene.ivan)).decode()
    # A field for another address than that of the sender is none.
    for number, address, data in ((1, JONES, key), (2, SMITH, stranger)):
        path = os.path.join(scene.home.path, "%d.eml" % number)
        with open(path, "w", encoding="ascii") as file:
            file.write(WITH_KEY % (JONES, IVAN, number, number, address, data, number))
        scene.home.run("dewey", "import", "-f", "Inbox", path)
    scene.start()
    scene.terminal.wait("2 messages")
    scene.terminal.keys("Enter")
    scene.terminal.wait("text [12]")
    scene.terminal.keys("J")
    scene.terminal.keys("K")
    scene.terminal.wait("text [12]")
    end = time.monotonic() + tmuxscreen.PATIENCE
    while not scene.home.ledger("SELECT address FROM autocrypt") and time.monotonic() < end:
        scene.terminal.keys("J", "K")
        time.sleep(0.1)
    tap.equal(scene.home.ledger("SELECT address, mutual, key FROM autocrypt"), [(JONES, 1, key)])
    scene.terminal.keys("q")
    scene.terminal.wait("2 messages")
    scene.begin()
    scene.terminal.wait("not encrypted: the key of %s came with a letter" % JONES)
    tap.equal(scene.ring.gpg("--list-keys", JONES, status=None), b"")
    scene.terminal.keys("M-k")
    scene.terminal.wait("Import the key %s" % scene.jones)
    scene.terminal.keys("n")
    scene.terminal.wait("Import the key", gone=True)
    tap.equal(scene.ring.gpg("--list-keys", JONES, status=None), b"")
    scene.terminal.keys("M-k")
    scene.terminal.wait("Import the key %s" % scene.jones)
    scene.terminal.keys("y")
    scene.terminal.wait("Encrypted: +OpenPGP, for %s and you" % JONES)


tap.main()
