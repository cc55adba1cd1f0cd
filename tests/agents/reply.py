#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A reply written in the front end, in tmux, goes through Postfix with STARTTLS
and AUTH: it arrives as it was written, once, and there is one Sent copy."""
import email
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import home
import servers
import tap
import tmuxscreen

QUESTION = """From: Jones <jones@peer.test>
To: Иван Петров <ivan@peer.test>
Subject: =?koi8-r?B?8yDXxdPFzs7F?=
Date: Sat, 21 Nov 2026 14:09:45 +0000
Message-ID: <question@peer.test>

Is it spring?
"""
# Dots, a smuggled command, no final newline: what a body must survive (S-70, S-71).
ANSWER = "Да, весна.\n.\n..two\nMAIL FROM:<evil@peer.test>\n.last line"
EDITOR = "printf '%%s' '%s' >>\"$1\"\n" % ANSWER


def waiting_letter(place):
    path = os.path.join(place.path, "question.eml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(QUESTION)
    place.run("dewey", "import", path)


def answer(place):
    terminal = tmuxscreen.Terminal(" ".join(place.command("dewey")), EDITOR)
    terminal.wait("С весной|Jones")
    terminal.keys("Enter")
    terminal.wait("Is it spring")
    terminal.keys("r")
    terminal.wait("last line")
    terminal.keys("y")
    terminal.wait("1 message sent")
    terminal.type(":quit")
    terminal.keys("Enter")
    terminal.wait("left with 0")


def text_of(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    return message, message.get_payload(decode=True).decode()


@tap.test("a reply written in the front end arrives at Postfix as written; one Sent copy [S-55]")
def reply():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    server = servers.Postfix(pair, servers.Dovecot(pair))
    place = home.Home({"smtp": "smtp://ivan@localhost:%d" % server.port, "password": "secret",
                       "tls-ca": authority.pem})
    waiting_letter(place)
    answer(place)
    arrived = server.wait("jones", 1)
    message, text = text_of(arrived[0])
    tap.ok(text.endswith("> Is it spring?\n\n" + ANSWER + "\n") or
           text.endswith("> Is it spring?\n" + ANSWER + "\n"), text)
    tap.equal(message["In-Reply-To"], "<question@peer.test>")
    tap.equal(str(message["To"]), "Jones <jones@peer.test>")
    tap.equal(server.letters("brown"), [], "somebody else's letters")
    copies = place.folder("Sent")
    tap.equal(len(copies), 1, "Sent copies")
    tap.equal(text_of(copies[0])[1].rstrip("\n"), text.rstrip("\n"))
    tap.ok(any(":2," in path and "R" in path.split(":2,")[1] for path in place.paths("Inbox")),
           "the answered letter is not marked: %s" % place.paths("Inbox"))


tap.main()
