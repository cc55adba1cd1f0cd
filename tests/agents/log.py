#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey log: what was said in the last session, whatever became of it."""
import os
import re
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

EX_NOINPUT, EX_USAGE = 66, 64


class Scene:
    """A server of either protocol behind TLS, and a home."""

    def __init__(self, place, service="pop3"):
        authority = certs.Authority(tap.tempdir())
        server = fakeserver.Server(place, authority.server(), True)
        tap.cleanup(server.stop)
        url = "%ss://ivan@localhost:%d" % (service, server.port)
        self.home = home.Home({service: url, "tls-ca": authority.pem})

    def log(self, *args, status=0):
        return self.home.run("dewey", "log", *args, status=status).stdout


def letters(count):
    return [b"Subject: %d\n\nsecret words\n" % n for n in range(count)]


@tap.test("T-30: the transcript of a fetch, without the secret and the letters")
def fetch():
    scene = Scene(fakemail.Maildrop({"ivan": home.SECRET}, letters(3)))
    scene.log(status=EX_NOINPUT)
    scene.home.run("dewey-pop3", "home")
    text = scene.log("home")
    tap.contains(text, ["pop3s://ivan@localhost", "C: AUTH PLAIN ***", "C: RETR 3", "S: +OK",
                        "C: QUIT"])
    tap.lacks(text, home.SECRET)
    tap.lacks(text, "secret words")
    tap.equal(text.splitlines()[-1].split(None, 1)[1], "done")
    path = os.path.join(scene.home.mail, ".dewey", "log", "home.pop3")
    tap.equal(os.stat(path).st_mode & 0o777, 0o600)
    scene.log("nobody", status=EX_USAGE)
    result = scene.home.run("dewey", "log", "home", "home", status=EX_USAGE)
    tap.contains(result.stderr, "one account at a time")


@tap.test("P-37: a session that failed, with the server's words made harmless")
def failed():
    drop = fakemail.Maildrop({"ivan": home.SECRET}, letters(1))
    drop.faults.append(fakemail.Fault("STAT", "-ERR \x1b]0;x\x07\x1b[2J no \u202e room"))
    scene = Scene(drop)
    scene.home.run("dewey-pop3", "home", status=None)
    text = scene.log()
    tap.contains(text, ["C: STAT", "no", "room"])
    tap.equal(re.findall("[\x00-\x08\x0b-\x1f\x7f\u202e]", text), [])
    tap.contains(text.splitlines()[-1], "the server 'localhost' says")


@tap.test("of a long session the beginning and the end are kept")
def long_one():
    scene = Scene(fakemail.Maildrop({"ivan": home.SECRET}, letters(4000)))
    scene.home.run("dewey-pop3", "home")
    text = scene.log()
    tap.contains(text, ["C: AUTH PLAIN", "lines are left out", "C: RETR 4000\n", "C: QUIT"])
    tap.contains(text, ["S: 100 ", "S: … 3900 more lines"])
    tap.lacks(text, "S: 101 ")
    tap.lacks(text, "C: RETR 1500\n")
    tap.ok(len(text) < 300000, "%d characters" % len(text))


@tap.test("a killed agent leaves what was said before")
def killed():
    drop = fakemail.Maildrop({"ivan": home.SECRET}, letters(1))
    reached = threading.Event()

    def hang(conn):
        reached.set()
        conn.wait()
    drop.faults.append(fakemail.Fault("RETR 1", hang))
    scene = Scene(drop)
    agent = subprocess.Popen(scene.home.command("dewey-pop3", "home"), env=scene.home.environment())
    reached.wait()
    agent.kill()
    agent.wait()
    tap.contains(scene.log(), ["C: CAPA", "C: RETR 1"])


@tap.test("submission has its own transcript; content and password are not in it")
def submission():
    scene = Scene(fakemail.Sink({"ivan": home.SECRET}), "smtp")
    scene.home.run("dewey-smtp", "-t", "-i",
                   input="From: ivan@peer.test\nTo: jones@b.test\nSubject: x\n\nsecret words\n")
    text = scene.log()
    tap.contains(text, ["smtps://ivan@localhost", "C: AUTH PLAIN ***", "C: RCPT TO:<jones@b.test>",
                        "C: QUIT"])
    tap.lacks(text, home.SECRET)
    tap.lacks(text, "secret words")


tap.main()
