#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Keys that nothing but a person, or the dotfile, vouches for [T-02]."""
import hashlib
import os
import pty
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
import tap

USERS = {"ivan": home.SECRET}
LETTER = b"From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\nbody\n"
EX_NOPERM = 77
SCHEMES = ("pop3s", "pop3", "smtps", "smtp")


def key_of(pair):
    """sha256 of the SubjectPublicKeyInfo, hex."""
    public = subprocess.run(["openssl", "x509", "-in", pair.cert, "-noout", "-pubkey"],
                            check=True, stdout=subprocess.PIPE).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public,
                         check=True, stdout=subprocess.PIPE).stdout
    return hashlib.sha256(der).hexdigest()


class Scene:
    """A server whose certificate can be exchanged, and an account there."""

    def __init__(self, scheme, **settings):
        self.scheme, self.pop3 = scheme, scheme.startswith("pop3")
        self.authority = certs.Authority(tap.tempdir())
        self.place = (fakemail.Maildrop(USERS, [LETTER], capabilities=["TOP", "UIDL"])
                      if self.pop3 else fakemail.Sink(USERS))
        self.program = "dewey-pop3" if self.pop3 else "dewey-smtp"
        self.server = None
        self.settings = {"tls-ca": self.authority.pem, **settings}

    def serve(self, pair):
        """The server with this certificate, on the port it had before."""
        port = 0
        if self.server:
            port = self.server.port
            self.server.stop()
        self.server = fakeserver.Server(self.place, pair, self.scheme.endswith("s"), port=port)
        tap.cleanup(self.server.stop)
        url = "%s://ivan@localhost:%d" % (self.scheme, self.server.port)
        self.settings["pop3" if self.pop3 else "smtp"] = url
        if port == 0:
            self.home = home.Home(self.settings)
        return key_of(pair)

    def run(self, status=0):
        if self.pop3:
            return self.home.run("dewey-pop3", "home", status=status)
        result = self.home.run("dewey-smtp", "-t", "-i", status=None, input=LETTER.decode())
        tap.equal(status == 0, "queued" not in result.stderr, result.stderr)
        return result

    def ask(self, secret):
        """A request on the wire; the question, if one came, is answered by secret.
        Returns (question or None, the last event)."""
        if not self.pop3:
            self.home.run("dewey-smtp", "-t", "-i", status=None, input=LETTER.decode())
        wire = child.Wire(self.home, self.program)
        wire.send({"do": "fetch" if self.pop3 else "send", "id": 1, "account": "home"})
        events = wire.until("ask", "done", "failed")
        question = events[-1] if events[-1]["event"] == "ask" else None
        if question:
            wire.send({"do": "answer", "id": 1, "ask": question["ask"], "secret": secret})
            events = wire.until("done", "failed")
        wire.close()
        return question, events[-1]

    def pins(self):
        return self.home.ledger("SELECT host, port, hex(key), reason FROM pin")

    def nothing_sent(self):
        self.server.settle()
        tap.ok(not self.server.saw(home.SECRET.encode()), "the secret was sent")
        tap.ok(not self.server.saw(b"ivan"), "the user was sent")


@tap.test("a person accepts a key: it is asked once, kept, and holds [T-02]")
def accepted():
    for scheme in SCHEMES:
        scene = Scene(scheme)
        key = scene.serve(scene.authority.self_signed())
        question, last = scene.ask("yes")
        tap.equal((question["what"], question["host"], question["port"]),
                  ("certificate", "localhost", scene.server.port))
        tap.equal(question["fingerprint"], "sha256:" + key)
        tap.contains(question["reason"], "self-signed")
        tap.contains(question["text"], [key[:4] + " " + key[4:8], "self-signed", "localhost"])
        tap.equal(last["event"], "done", scheme)
        tap.equal(scene.pins(), [("localhost", scene.server.port, key.upper(),
                                  question["reason"])])
        question, last = scene.ask("yes")
        tap.equal((question, last["event"]), (None, "done"), scheme)


@tap.test("a person refuses a key, or says nothing: nothing is sent, nothing kept [T-02]")
def refused():
    for scheme in SCHEMES:
        scene = Scene(scheme)
        scene.serve(scene.authority.self_signed())
        for answer in ("no", "", "YES please", None):
            question, last = scene.ask(answer)
            tap.ok(question, "no question")
            tap.equal((last["event"], last["code"], last["retry"]),
                      ("failed", "certificate", "ask"))
        tap.equal(scene.pins(), [])
        scene.nothing_sent()


@tap.test("the key is another than the accepted one: a hard stop with both [T-02]")
def changed():
    for scheme in SCHEMES:
        scene = Scene(scheme)
        old = scene.serve(scene.authority.self_signed())
        scene.ask("yes")
        # Even a certificate of a trusted authority is not the key that was accepted.
        for pair in (scene.authority.self_signed("other"), scene.authority.server("renewed")):
            new = scene.serve(pair)
            question, last = scene.ask("yes")
            tap.equal((question, last["code"]), (None, "certificate"))
            tap.contains(last["text"], ["sha256:" + old, "tls-pin = sha256:" + new])
            scene.nothing_sent()
        scene.home.write({**scene.settings, "tls-pin": "sha256:" + new})
        tap.equal(scene.ask("no")[1]["event"], "done")


@tap.test("by hand without a terminal: refused, with the line to write, which helps [T-02]")
def by_hand():
    for scheme in SCHEMES:
        for kind in ("self-signed", "expired", "wrong host", "other authority"):
            scene = Scene(scheme)
            key = scene.serve(scene.authority.bad(kind))
            line = "tls-pin = sha256:" + key
            tap.contains(scene.run(EX_NOPERM).stderr, line, kind)
            scene.nothing_sent()
            scene.home.write({**scene.settings, "tls-pin": "sha256:%s sha256:%s" % (64 * "0", key)})
            scene.run()
            tap.ok(scene.server.saw(home.SECRET.encode()), "no log-in")


@tap.test("tls-pin stops a server with another key, however good its certificate [T-02, T-26]")
def pinned():
    for scheme in SCHEMES:
        scene = Scene(scheme, **{"tls-pin": "sha256:" + 64 * "0"})
        key = scene.serve(scene.authority.server())
        tap.contains(scene.run(EX_NOPERM).stderr, [64 * "0", "sha256:" + key, "tls-pin"])
        scene.nothing_sent()


@tap.test("what nobody may overrule is not asked about, not even for a pinned key [T-02]")
def fatal():
    for scheme in SCHEMES:
        scene = Scene(scheme)
        key = scene.serve(scene.authority.bad("for clients only"))
        question, last = scene.ask("yes")
        tap.equal((question, last["code"]), (None, "certificate"))
        scene.home.write({**scene.settings, "tls-pin": "sha256:" + key})
        tap.equal(scene.ask("yes")[1]["code"], "certificate")
        scene.nothing_sent()


def at_terminal(scene, answer, *program):
    """Runs the program with a terminal of its own; (exit status, what it showed)."""
    command = scene.home.command(*(program or ("dewey-pop3", "home")))
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(scene.home.environment())
        os.execv(command[0], command)
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
        if answer and shown.rstrip().endswith(b"accept this key:"):
            os.write(terminal, answer)
            answer = None
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


@tap.test("by hand at a terminal: the person is asked, and only yes is yes [T-02]")
def terminal():
    scene = Scene("pop3s")
    key = scene.serve(scene.authority.self_signed())
    for answer in (b"\n", b"y\n", b"\x04"):
        status, shown = at_terminal(scene, answer)
        tap.equal(status, EX_NOPERM, shown)
        tap.contains(shown, [key[:4] + " " + key[4:8], "tls-pin = sha256:"])
    scene.nothing_sent()
    status, shown = at_terminal(scene, b"yes\n")
    tap.equal(status, 0, shown)
    scene.run()


@tap.test("dewey fetch and dewey send ask at the terminal as well [T-02]")
def front_end():
    for scheme, command in (("pop3s", "fetch"), ("smtps", "send")):
        scene = Scene(scheme)
        key = scene.serve(scene.authority.self_signed())
        if scheme == "smtps":
            scene.run(EX_NOPERM)
        for answer, wanted in ((b"\n", EX_NOPERM), (b"yes\n", 0)):
            status, shown = at_terminal(scene, answer, "dewey", command)
            tap.equal(status, wanted, shown)
            tap.contains(shown, key[:4] + " " + key[4:8])
        tap.ok(scene.pins(), "not kept")


@tap.test("the accepted key belongs to one host and port [T-02]")
def elsewhere():
    scene = Scene("pop3s")
    pair = scene.authority.self_signed()
    scene.serve(pair)
    scene.ask("yes")
    with fakeserver.Server(scene.place, pair, True) as second:
        scene.home.write({**scene.settings, "pop3": "pop3s://ivan@localhost:%d" % second.port})
        question, _ = scene.ask("no")
        tap.ok(question, "another port was trusted")


tap.main()
