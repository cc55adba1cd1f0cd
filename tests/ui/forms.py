#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the dotfile says of letters (send-charset, text-flowed, date-zone, markdown) is
in what is queued; a file that is attached is the one of that moment."""
import email
import email.policy
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
import tmuxscreen

SAYS = """send-charset = koi8-r windows-1251
text-flowed = yes
date-zone = utc
"""
TEXT = "Привет,\\n" + "слово " * 20 + "\\n-- \\nИван\\n"


def new_home(settings):
    h = home.Home({"smtp": "smtps://ivan@localhost:1"})
    with open(h.rc, encoding="utf-8") as file:
        text = file.read()
    with open(h.rc, "w", encoding="utf-8") as file:
        file.write(text.replace("[dewey]\n", "[dewey]\n" + settings))
    return h


def queue(h, words, text):
    """A letter from the editor into the outbox; its bytes there."""
    terminal = tmuxscreen.Terminal("TZ=Europe/Moscow %s -c %s compose %s" %
                                   (tap.program("dewey"), h.rc, words),
                                   "printf '%s' >>\"$1\"\n" % text)
    terminal.wait("To:  ")
    terminal.keys("e")
    terminal.wait("Иван")
    terminal.keys("y")
    terminal.wait("u calls it back")
    return queued(h)


def queued(h):
    (name,) = h.ledger("SELECT file FROM outbox")[0]
    return home.read(os.path.join(h.mail, ".dewey", "outbox", name))


def parse(data):
    return email.message_from_bytes(data, policy=email.policy.default)


@tap.test("S-74, S-60: the character set that loses nothing, format=flowed and UTC, as the dotfile says")
def forms():
    h = new_home(SAYS)
    data = queue(h, "-s 'Тема — одна' green@example.com", TEXT)
    message = parse(data)
    tap.contains(data.decode("ascii"), "\nSubject: =?windows-1251?")
    tap.contains(data.decode("ascii"), "From: =?koi8-r?")
    tap.equal(message["Subject"], "Тема — одна")
    tap.ok(str(message["Date"]).endswith(" +0000"), message["Date"])
    tap.equal(message.get_content_charset(), "koi8-r")
    tap.equal(message.get_param("format"), "flowed")
    lines = message.get_payload(decode=True).decode("koi8-r").splitlines()
    tap.equal(lines[0], "Привет,")
    tap.ok(lines[1].endswith(" ") and len(lines[1]) <= 78, lines)
    tap.equal((lines[1] + lines[2]).rstrip(), ("слово " * 20).rstrip())
    tap.equal(lines[-2:], ["-- ", "Иван"])


@tap.test("S-14: each letter has an id of its own for reports, which is not in the letter")
def envelope_id():
    h = new_home("")
    data = queue(h, "-s One green@example.com", "x\\n-- \\nИван\\n")
    ((envid, message_id),) = h.ledger("SELECT envid, message_id FROM outbox")
    tap.ok(envid and len(envid) >= 20 and envid.isalnum(), envid)
    tap.lacks(data.decode("ascii") + message_id, envid)


@tap.test("S-76: what is attached is the file as it was when the letter was queued")
def snapshot():
    h = new_home("markdown = yes\n")
    path = os.path.join(h.path, "plan.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("The first plan.\n")
    before = queue(h, "-s Plan -a %s green@example.com" % path, "*Да*\\n\\n-- \\nИван\\n")
    with open(path, "w", encoding="ascii") as file:
        file.write("The second plan.\n")
    data = queued(h)
    tap.equal(data, before)
    parts = list(parse(data).walk())
    tap.equal([part.get_content_type() for part in parts],
              ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain"])
    tap.contains(parts[3].get_content(), "<em>Да</em>")
    tap.equal(parts[4].get_content(), "The first plan.\n")


tap.main()
