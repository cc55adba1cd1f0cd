#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The practice server, seen by Python's poplib and smtplib, and the round that
"dewey --demo" plays by itself."""
import email
import email.utils
import json
import os
import poplib
import signal
import smtplib
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap  # noqa: E402

LETTERS = os.path.join(tap.TOP, "src", "demo", "letters")


class Server:
    """dewey-demo, until its input is closed."""

    def __init__(self, *options):
        self.process = subprocess.Popen([tap.program("dewey-demo"), *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        tap.cleanup(self.stop)
        self.ready = json.loads(self.process.stdout.readline())

    def stop(self):
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        tap.equal(self.process.wait(60), 0, "exit status of dewey-demo")
        self.process.stdout.close()

    def pop3(self, login=True):
        client = poplib.POP3("127.0.0.1", self.ready["pop3"], timeout=60)
        tap.cleanup(client.close)
        if login:
            client.user(self.ready["user"])
            client.pass_(self.ready["password"])
        return client

    def smtp(self, login=True):
        client = smtplib.SMTP("127.0.0.1", self.ready["smtp"], local_hostname="me.example.org",
                              timeout=60)
        tap.cleanup(client.close)
        client.ehlo()
        if login:
            client.login(self.ready["user"], self.ready["password"])
        return client


def retrieve(client, number):
    return b"\r\n".join(client.retr(number)[1]) + b"\r\n"


def refused(function, *args):
    try:
        function(*args)
    except poplib.error_proto as error:
        return error.args[0].decode()
    tap.fail("%s%s was not refused" % (function.__name__, args))


@tap.test("every sample letter is served, its octets as they are, its date fresh")
def samples():
    client = Server().pop3()
    names = sorted(os.listdir(LETTERS))
    tap.equal(client.stat()[0], len(names), "letters")
    for number, name in enumerate(names, 1):
        with open(os.path.join(LETTERS, name), "rb") as stream:
            lines = stream.read().replace(b"\n", b"\r\n").split(b"\r\n")
        got = retrieve(client, number).split(b"\r\n")
        tap.equal(len(got), len(lines), name + ": lines")
        for mine, theirs in zip(lines, got):
            if mine.startswith(b"Date: @"):
                date = email.utils.parsedate_to_datetime(theirs[6:].decode()).timestamp()
                tap.ok(0 < time.time() - date < 8 * 86400, name + ": date")
            else:
                tap.equal(theirs, mine, name)


@tap.test("letters are in the charsets they say")
def charsets():
    wanted = {"02-koi8-r.eml": ("koi8-r", "Лодку починили"),
              "03-koi8-r-base64.eml": ("koi8-r", "Пирог с капустой"),
              "04-windows-1251.eml": ("windows-1251", "Двенадцать стульев"),
              "15-utf-8.eml": ("utf-8", "у причала")}
    for name, (charset, words) in wanted.items():
        with open(os.path.join(LETTERS, name), "rb") as stream:
            letter = email.message_from_binary_file(stream)
        tap.equal(letter.get_content_charset(), charset, name)
        tap.contains(letter.get_payload(decode=True).decode(charset), words, name)


@tap.test("POP3: capabilities, sizes, TOP, UIDL and NOOP")
def pop3_listing():
    client = Server().pop3()
    for capability in ("TOP", "UIDL", "USER", "PIPELINING", "RESP-CODES"):
        tap.contains(client.capa(), capability, "CAPA")
    count, octets = client.stat()
    sizes = [int(line.split()[1]) for line in client.list()[1]]
    tap.equal((len(sizes), sum(sizes)), (count, octets), "LIST and STAT")
    tap.equal(len(retrieve(client, 1)), sizes[0], "octets of RETR")
    whole = client.retr(1)[1]
    blank = whole.index(b"")
    tap.equal(client.top(1, 0)[1], whole[:blank + 1], "TOP 1 0")
    tap.equal(client.top(1, 2)[1], whole[:blank + 3], "TOP 1 2")
    tap.equal(client.top(1, 9999)[1], whole, "TOP 1 9999")
    uids = [line.split()[1] for line in client.uidl()[1]]
    tap.equal(len(set(uids)), count, "different UIDs")
    tap.equal(client.uidl(2).split()[2], uids[1], "UIDL 2")
    client.noop()
    for number in ("0", "99", "x", "-1", "1x"):
        tap.contains(refused(client.retr, number), "-ERR", "RETR " + number)


@tap.test("POP3: DELE takes effect at QUIT and not before")
def pop3_update():
    server = Server()
    client = server.pop3()
    count = client.stat()[0]
    uid = client.uidl(1).split()[2]
    client.dele(1)
    tap.equal(client.stat()[0], count - 1, "after DELE")
    refused(client.retr, 1)
    client.rset()
    tap.equal(client.stat()[0], count, "after RSET")
    client.dele(1)
    client.close()  # no QUIT: nothing is deleted
    client = wait_for_login(server)
    tap.equal(client.stat()[0], count, "after a lost connection")
    client.dele(1)
    client.quit()
    client = wait_for_login(server)
    tap.equal(client.stat()[0], count - 1, "after QUIT")
    tap.lacks([line.split()[1] for line in client.uidl()[1]], uid, "UIDL")


def wait_for_login(server):
    """The server frees the maildrop when it has seen the end of the session."""
    while True:
        client = server.pop3(login=False)
        client.user(server.ready["user"])
        try:
            client.pass_(server.ready["password"])
            return client
        except poplib.error_proto as error:
            tap.contains(error.args[0].decode(), "[IN-USE]", "PASS")


@tap.test("POP3: a wrong password, a second session and commands too early are refused")
def pop3_refusals():
    server = Server()
    client = server.pop3(login=False)
    tap.contains(refused(client.stat), "-ERR", "STAT before PASS")
    tap.contains(refused(client.pass_, "demo"), "-ERR", "PASS before USER")
    client.user("demo")
    tap.contains(refused(client.pass_, "wrong"), "-ERR [AUTH]", "PASS")
    client.user("demo")
    client.pass_("demo")
    other = server.pop3(login=False)
    other.user("demo")
    tap.contains(refused(other.pass_, "demo"), "-ERR [IN-USE]", "the second PASS")


LETTER = ("From: <a@example.org>\r\nTo: <b@example.org>\r\nSubject: x\r\n\r\n"
          ".one dot\r\n..two\r\n.\r\nlast\r\n")


@tap.test("SMTP: what is sent comes back, dots and all, behind lines of the server's own")
def smtp_round():
    server = Server()
    before = server.pop3()
    count = before.stat()[0]
    before.quit()
    client = server.smtp()
    for feature in ("8bitmime", "size", "pipelining"):
        tap.ok(client.has_extn(feature), feature)
    tap.equal(client.sendmail("a@example.org", ["b@example.org"], LETTER), {}, "refused")
    client.quit()
    after = wait_for_login(server)
    tap.equal(after.stat()[0], count + 1, "letters")
    text = retrieve(after, count + 1).decode()
    tap.ok(text.startswith("Return-Path: <a@example.org>\r\nReceived: from me.example.org "), text)
    tap.contains(text, "\tfor <b@example.org>; ")
    tap.ok(text.endswith("\r\n" + LETTER), text)


@tap.test("SMTP: green is refused, the others get the letter once [S-40]")
def smtp_green():
    server = Server()
    client = server.smtp()
    bad = client.sendmail("smith@example.org",
                          ["jones@example.org", "Green@example.org", "brown@example.org"], LETTER)
    tap.equal(bad, {"Green@example.org": (550, b"5.1.1 No such user here")}, "refused")
    client.quit()
    tap.equal(wait_for_login(server).stat()[0], len(os.listdir(LETTERS)) + 1, "letters")


@tap.test("SMTP: PLAIN with and without an initial response, LOGIN, and what is refused")
def smtp_auth():
    server = Server()
    client = server.smtp(login=False)
    tap.equal(client.docmd("MAIL", "FROM:<a@example.org>")[0], 530, "MAIL before AUTH")
    tap.equal(client.docmd("AUTH", "PLAIN AGRlbW8Ad3Jvbmc=")[0], 535, "a wrong password")
    tap.equal(client.docmd("AUTH", "PLAIN !")[0], 535, "not base64")
    tap.equal(client.docmd("AUTH", "PLAIN")[0], 334, "AUTH PLAIN")
    tap.equal(client.docmd("*")[0], 535, "cancelled")
    tap.equal(client.docmd("AUTH", "CRAM-MD5")[0], 504, "CRAM-MD5")
    tap.equal(client.docmd("AUTH", "PLAIN")[0], 334, "AUTH PLAIN")
    tap.equal(client.docmd("AGRlbW8AZGVtbw==")[0], 235, "its answer")
    tap.equal(client.docmd("AUTH", "PLAIN AGRlbW8AZGVtbw==")[0], 503, "a second time")
    tap.equal(client.docmd("DATA")[0], 503, "DATA before RCPT")
    tap.equal(client.docmd("MAIL", "FROM:<a@example.org> SIZE=99999999")[0], 552, "SIZE")
    tap.equal(client.docmd("VRFY", "x")[0], 500, "VRFY")
    client.quit()
    other = server.smtp(login=False)
    tap.equal(other.docmd("AUTH", "LOGIN")[0], 334, "AUTH LOGIN")
    tap.equal(other.docmd("ZGVtbw==")[0], 334, "name")
    tap.equal(other.docmd("ZGVtbw==")[0], 235, "password")


@tap.test("the server ends when its input is closed, also with sessions open")
def end():
    server = Server()
    server.pop3()
    server.smtp()
    server.stop()


@tap.test("the directory is private, and goes with the server, full as it is")
def directory():
    server = Server("--directory")
    path = server.ready["directory"]
    tap.equal(os.stat(path).st_mode & 0o7777, 0o700, "mode")
    os.makedirs(os.path.join(path, "Mail", "Inbox", "cur"))
    with open(os.path.join(path, "Mail", "Inbox", "cur", "1:2,S"), "w", encoding="ascii") as f:
        f.write("x")
    other = tap.tempdir()
    with open(os.path.join(other, "precious"), "w", encoding="ascii") as f:
        f.write("x")
    os.symlink(other, os.path.join(path, "link"))
    server.process.send_signal(signal.SIGINT)  # ^C is for the front end
    server.pop3()
    server.stop()
    tap.ok(not os.path.exists(path), path + " is still there")
    tap.equal(os.listdir(other), ["precious"], "behind a link")


@tap.test("dewey-demo takes no other arguments")
def arguments():
    result = tap.succeeds([tap.program("dewey-demo"), "--port"], status=64)
    tap.contains(result.stderr, "'--port'", "stderr")


def play(expected=0, **environment):
    """dewey --demo with nobody there; TMPDIR is looked at afterwards."""
    where = tap.tempdir()
    env = dict(os.environ, TMPDIR=where, HOME=where, **environment)
    env.pop("DEWEYRC", None)
    result = tap.succeeds([tap.program("dewey"), "--demo"], status=expected, env=env)
    tap.equal(os.listdir(where), [], "what is left behind")
    return result


@tap.test("dewey --demo without a terminal plays the whole round and says so")
def whole_round():
    result = play()
    parts = result.stdout.split("\n=== ")
    tap.equal([part[:2] for part in parts[1:]], ["1.", "2.", "3.", "4.", "5."], "steps")
    fetched, listed, letter, reply, back = parts[1:]
    # A filter leaves two of them on the server.
    tap.contains(fetched, "%d new message" % (len(os.listdir(LETTERS)) - 2), "step 1")
    tap.contains(listed, ["Счёт за ремонт лодки", "Книга ждёт вас", "Без указания кодировки",
                          "Three new rooms", "Re: Where do we walk"], "step 2")
    tap.contains(letter, ["Иван Петров <ivan@example.ru>", "заново проконопатили"], "step 3")
    tap.contains(reply, ["Re: Счёт за ремонт лодки", "> Лодку починили", "1 message sent"],
                 "step 4")
    tap.contains(back, ["1 new message", "Re: Счёт за ремонт лодки", "Приеду в субботу",
                        "\n.\n", "> Лодку починили", "The round is complete"], "step 5")
    # The agents say aloud that there is no TLS; nothing else is amiss.
    amiss = [line for line in result.stderr.splitlines() if "not encrypted" not in line]
    tap.equal(amiss, [], "stderr")


@tap.test("no control character of a letter reaches the output [M-40]")
def clean_output():
    output = play().stdout
    tap.contains(output, "Your Bank", "the list")
    bad = sorted({c for c in output if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)})
    tap.equal(bad, [], "control characters")
    tap.lacks(output, "\u202e", "output")


def locale_works(name):
    result = tap.run(["locale", "charmap"], env=dict(os.environ, LC_ALL=name))
    return result.stdout.strip() == "UTF-8" and not result.stderr


@tap.test("dewey --demo in Russian")
def russian():
    if not locale_works("ru_RU.UTF-8"):
        tap.skip("there is no locale ru_RU.UTF-8")
    translations = os.path.join(tap.tempdir(), "ru", "LC_MESSAGES")
    os.makedirs(translations)
    catalogue = os.path.join(translations, "dewey.mo")
    msgfmt = tap.tool("msgfmt", "gettext")
    tap.succeeds([msgfmt, "-o", catalogue, os.path.join(tap.TOP, "po", "ru.po")])
    result = play(LC_ALL="ru_RU.UTF-8", LANGUAGE="ru",
                  DEWEY_LOCALE=os.path.dirname(os.path.dirname(translations)))
    tap.contains(result.stdout, ["Приеду в субботу", "Счёт за ремонт лодки"], "stdout")
    tap.lacks(result.stdout, "The round is complete", "stdout")


@tap.test("an agent that is missing ends the round with its name, and nothing stays")
def broken():
    programs = tap.tempdir()
    for name in ("dewey-demo", "dewey-mime", "dewey-smtp"):
        os.symlink(tap.program(name), os.path.join(programs, name))
    tap.program("dewey-pop3")
    result = play(expected=69, DEWEY_BIN=programs)
    tap.contains(result.stdout + result.stderr, "dewey-pop3", "output")
    tap.lacks(result.stdout, "complete", "stdout")


@tap.test("without the practice server the demo says so")
def no_server():
    result = play(expected=69, DEWEY_BIN="/nonexistent")
    tap.contains(result.stderr, "dewey-demo", "stderr")


tap.main()
