#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""SCRAM in both agents, against servers that do as a test wants."""
import base64
import os
import ssl
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import home
import sasl
import tap
from authscene import BOTH, EX_NOPERM, EX_PROTOCOL, EX_UNAVAILABLE, Scene


@tap.test("SCRAM with each hash: the server sees a proof, we see its own; y where -PLUS is not offered [T-40, T-41, T-43, T-44]")
def scram():
    for service in BOTH:
        for name in ("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"):
            scene = Scene(service, {"PLAIN": sasl.plain(), name: sasl.Scram()})
            scene.logs_in()
            tap.equal(scene.tried(), [name])
            tap.equal(scene.place.exchanges[0].flag, "y")
            tap.ok(scene.place.exchanges[0].with_command, "no initial response")
            tap.ok(not scene.server.saw(b"s3cret"), "the password crossed")


@tap.test("SCRAM where nothing can be bound: TLS 1.2, or no TLS at all [T-44]")
def unbound():
    for service in BOTH:
        handlers = {"SCRAM-SHA-256": sasl.Scram(), "SCRAM-SHA-256-PLUS": sasl.refusing("-ERR no")}
        for scene in (Scene(service, handlers, most=ssl.TLSVersion.TLSv1_2),
                      Scene(service, handlers, tls=False)):
            scene.logs_in()
            tap.equal(scene.tried(), ["SCRAM-SHA-256"])
            tap.equal(scene.place.exchanges[0].flag, "n")


@tap.test("somebody in between takes -PLUS out of the list: the server notices, and nothing weaker follows [T-44]")
def stripped():
    for service in BOTH:
        scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram(has_plus=True), "PLAIN": sasl.plain()})
        scene.fails("did not reach us", EX_PROTOCOL)
        tap.equal(scene.tried(), ["SCRAM-SHA-256"])
        no = "-ERR no" if service == "pop3" else "504 5.5.4 no"
        scene = Scene(service, {"SCRAM-SHA-256-PLUS": sasl.refusing(no),
                                "SCRAM-SHA-256": sasl.Scram(), "PLAIN": sasl.plain()})
        scene.fails("no")
        tap.equal(scene.tried(), ["SCRAM-SHA-256-PLUS"])
        tap.ok(not scene.server.saw(b"s3cret"), "the password crossed")


class Exporter:
    """OpenSSL's own server: it prints what it exports, and the test is the mail
    server behind it."""

    def __init__(self):
        self.authority = certs.Authority(tap.tempdir())
        pair = self.authority.server()
        # A port that s_server chooses is told on its first line.
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-tls1_3",
             "-cert", pair.cert, "-key", pair.key, "-keymatexport", "EXPORTER-Channel-Binding",
             "-keymatexportlen", "32"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        tap.cleanup(self.end)
        accept = self.until(b"ACCEPT ")
        self.port = int(accept.rsplit(b":", 1)[1])

    def end(self):
        self.process.kill()
        self.process.communicate()

    def until(self, start):
        for line in self.process.stdout:
            text = line.strip()
            if text.startswith(start):
                return text
        return tap.fail("s_server says no %r" % start)

    def say(self, text):
        self.process.stdin.write(text.encode() + b"\r\n")
        self.process.stdin.flush()

    # --- as a session and its connection, for sasl.Exchange
    prompt = "+ "

    @property
    def conn(self):
        return self

    def reply(self, text):
        self.say(text)

    def line(self):
        return self.process.stdout.readline().strip().decode()


@tap.test("SCRAM-SHA-256-PLUS: bound to what another program exports from the same session [T-44]")
def plus():
    server = Exporter()
    place = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port, "password": "s3cret",
                       "tls-ca": server.authority.pem})
    client = subprocess.Popen(place.command("dewey-pop3", "home"), env=place.environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    tap.cleanup(client.communicate)
    tap.cleanup(client.kill)
    # What s_server takes for commands of its own begins with a capital letter.
    # It prints nothing of the session if it has something to send before.
    material = bytes.fromhex(server.until(b"Keying material:").split()[2].decode())
    server.say("+OK")
    server.until(b"CAPA")
    server.say("+OK\r\nsasl PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS\r\n.")
    _, name, initial = server.until(b"AUTH ").decode().split(" ")
    tap.equal(name, "SCRAM-SHA-256-PLUS")
    exchange = sasl.Exchange(server, name, initial)
    tap.equal(sasl.Scram(binding=material)(exchange), True)
    tap.equal(exchange.flag, "p=tls-exporter")
    server.say("+OK")
    server.until(b"CAPA")  # again, as it is sent after a log-in


@tap.test("SCRAM: no proof for a server that wants too little, too much, or a nonce of before [T-42, T-43]")
def hostile_first():
    rows = (lambda text, nonce: text.replace("i=4096", "i=4095"),
            lambda text, nonce: text.replace("i=4096", "i=10000000"),
            lambda text, nonce: text.replace(nonce + "0123456789", nonce),
            lambda text, nonce: text.replace(nonce, "x"),
            lambda text, nonce: "m=new," + text,
            lambda text, nonce: "nonsense")
    for service in BOTH:
        for row in rows:
            scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram(first=row), "PLAIN": sasl.plain()})
            scene.fails("SCRAM-SHA-256" if row is not rows[0] and row is not rows[1] else "hashed",
                        EX_PROTOCOL)
            tap.equal(scene.tried(), ["SCRAM-SHA-256"])
            tap.equal(scene.place.exchanges[0].answers[1:], [None])


@tap.test("SCRAM: a yes from a server that has not proved itself is none [T-43]")
def unproven():
    for service in BOTH:
        for early in (1, 2):
            scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram(early=early)})
            scene.fails("before it is over", EX_PROTOCOL)
        for text in ("v=" + base64.b64encode(b"x" * 32).decode(), "v=", ""):
            scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram(final=lambda _, t=text: t),
                                    "PLAIN": sasl.plain()})
            scene.fails("does not prove", EX_PROTOCOL)
            tap.equal(scene.tried(), ["SCRAM-SHA-256"])


@tap.test("SCRAM: the server's error is shown, without what a terminal would obey [T-43, P-37]")
def server_error():
    for service in BOTH:
        scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram("other")})
        scene.fails("the password is wrong", EX_NOPERM)
        scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram(final=lambda _: "e=\x1b]0;bad\x07")})
        result = scene.fails("bad", EX_UNAVAILABLE)
        tap.lacks(result.stderr, "\x1b")


@tap.test("SCRAM: the password is prepared; one that cannot be goes by PLAIN [T-43]")
def prepared():
    for service in BOTH:
        scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram("IX e\u0301"), "PLAIN": sasl.plain()},
                      password="\u2168\u00a0\u00e9")
        scene.place.handlers["SCRAM-SHA-256"].secret = "IX \u00e9"
        scene.logs_in()
        odd = "a\u0627\u0031"
        scene = Scene(service, {"SCRAM-SHA-256": sasl.Scram(odd), "PLAIN": sasl.plain(odd)},
                      password=odd)
        scene.logs_in()
        tap.equal(scene.tried(), ["PLAIN"])


tap.main()
