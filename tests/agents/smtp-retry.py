#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""When dewey-smtp tries again: servers that are down, log-ins that are refused, no
network, and what is given up."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import faults
import home
import tap
from pop3scene import serve
from smtpscene import DONE, HELD, ONE_LETTER, QUEUED, UNCERTAIN, Scene, queue_letter

NOW = 1800000000


def at(scene, seconds, *args, status=0):
    """dewey-smtp, so many seconds after NOW."""
    env = {**scene.home.environment(), "DEWEY_CLOCK": str(NOW + seconds)}
    return scene.home.run("dewey-smtp", *args, status=status, env=env)


def items(scene, column):
    return [row[0] for row in scene.home.ledger("SELECT %s FROM outbox ORDER BY id" % column)]


def three(**options):
    scene = Scene(**options)
    for _ in range(3):
        queue_letter(scene)
    scene.change("UPDATE outbox SET queued = ?, due = ?, attempts = 0, first = 0", NOW, NOW)
    return scene


@tap.test("a dead server is tried once for all its letters, at S-52's steps; then all go [S-52]")
def dead_server():
    scene = three(greeting="421 4.3.2 not now")
    tried = 0
    for step, now in enumerate((0, 80, 500, 2000, 5000)):
        result = at(scene, now, "-q", status=75)
        tap.contains(result.stderr, "421 4.3.2 not now")
        tried += 1
        tap.equal(len(scene.server.connections), tried)
        tap.equal(items(scene, "attempts"), [step + 1] * 3)
        tap.contains(at(scene, now + 55, "-q", status=75).stderr, "is not tried before")
        tap.equal(len(scene.server.connections), tried, "connections too early")
        tap.contains(at(scene, now + 55, "-bp").stdout,
                     ["the server of 'home' is not tried before ", "421 4.3.2 not now"])
    tap.lacks(at(scene, 20000, "-bp").stdout, "not tried")
    scene.sink.greeting = "220 here again"
    at(scene, 20000, "-q")
    tap.equal(len(scene.server.connections), tried + 1)
    tap.equal(scene.states(), [DONE] * 3)
    tap.equal(scene.home.ledger("SELECT count(*) FROM relay"), [(0,)])


@tap.test("a server that refuses one letter and hangs up is not left alone for it: the others go [S-46, S-54]")
def one_refused():
    def refuse(conn):
        conn.send(b"354 go on\r\n552 5.3.4 not this one\r\n")
        while True:
            conn.line()
    scene = three()
    scene.sink.faults.append(fakemail.Fault("DATA", refuse, 1))
    at(scene, 0, "-q", status=67)
    tap.equal(scene.states(), [HELD, DONE, DONE])
    tap.equal(scene.home.ledger("SELECT count(*) FROM relay"), [(0,)])


@tap.test("a new letter looks again, but not before a minute, and does not speed up the others [S-52]")
def new_letter():
    scene = three(greeting="421 4.3.2 not now")
    for now in (0, 80, 500):
        at(scene, now, "-q", status=75)
    env = {**scene.home.environment(), "DEWEY_CLOCK": str(NOW + 530)}
    result = scene.home.run("dewey-smtp", "-t", input=ONE_LETTER, env=env)
    tap.contains(result.stderr, ["queued as item 4", "is not tried before"])
    tap.equal(len(scene.server.connections), 3)
    at(scene, 561, "-q", status=75)
    tap.equal(len(scene.server.connections), 4)
    at(scene, 640, "-q", status=75)
    tap.equal(len(scene.server.connections), 4, "connections: the new one has been tried now")


@tap.test("a refused password is sent once for all letters, and again when somebody says so [S-54]")
def blocked():
    authority = certs.Authority(tap.tempdir())
    sink = fakemail.Sink({"ivan": home.SECRET})
    server = serve(sink, authority.server(), True)
    scene = three()
    scene.home.write({"smtp": "smtps://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
                      "password": "command:echo wrong"})
    tap.contains(at(scene, 0, "-q", status=77).stderr, "535")
    for now in (3600, 86400, 30 * 86400):
        tap.contains(at(scene, now, "-q", status=75).stderr, "dewey send")
    tap.equal(len(server.connections), 1)
    tap.equal(scene.states(), [QUEUED] * 3)
    listed = at(scene, 30 * 86400, "-bp").stdout
    tap.contains(listed, ["is not tried again before somebody says 'dewey send'", "535"])
    tap.equal(listed.count("dewey send"), 1, "of one server, so often it is said")
    tap.equal(len(server.connections), 1, "and nobody was asked")
    scene.home.write({"smtp": "smtps://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
                      "password": "command:echo " + home.SECRET})
    env = {**scene.home.environment(), "DEWEY_CLOCK": str(NOW + 31 * 86400)}
    scene.home.run("dewey", "send", env=env)
    tap.equal(len(sink.letters), 3)


@tap.test("a password that was refused is sent again when the file that it stands in was"
          " written [S-54]")
def blocked_file():
    authority = certs.Authority(tap.tempdir())
    sink = fakemail.Sink({"ivan": home.SECRET})
    server = serve(sink, authority.server(), True)
    scene = three()
    path = os.path.join(scene.home.path, "password")
    account = {"smtp": "smtps://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
               "password": "file:" + path}
    scene.home.write(account)
    write_secret(path, "wrong")
    at(scene, 0, "-q", status=77)
    tap.contains(at(scene, 3600, "-q", status=75).stderr, "dewey send")
    write_secret(path, home.SECRET)
    at(scene, 7200, "-q")
    tap.equal(len(server.connections), 2)
    tap.equal(scene.states(), [DONE] * 3)


def write_secret(path, word):
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(
            name, flags, 0o600)) as file:
        file.write(word + "\n")


@tap.test("without a network: quiet, queued, nothing is counted, never given up [S-54]")
def offline_quiet():
    scene = Scene(account={"smtp": "smtps://ivan@192.0.2.1"})
    alone = ["unshare", "--net", *scene.home.command("dewey-smtp", "-t", "--events")]
    for now in range(0, 12 * 86400, 86400):
        env = {**scene.home.environment(), "DEWEY_CLOCK": str(NOW + now)}
        result = tap.succeeds(alone, env=env, input=ONE_LETTER)
        tap.contains(result.stdout, '"code":"offline"')
    tap.equal(set(items(scene, "attempts")), {0})
    tap.equal(set(scene.states()), {QUEUED})


@tap.test("given up after 5 days and 8 attempts: a flagged draft with the reason, one event [S-52]")
def given_up():
    scene = three(greeting="421 4.3.2 not now")
    events = []
    for now in (0, 100, 500, 2000, 5000, 20000, 40000, 4 * 86400, 5 * 86400, 5 * 86400 + 20000):
        result = at(scene, now, "-q", "--events", status=None)
        events += [json.loads(line) for line in result.stdout.splitlines()]
    gone = [event for event in events if event["event"] == "given-up"]
    tap.equal([event["item"] for event in gone], [1, 2, 3])
    tap.contains(gone[0]["text"], "given up after 5 days")
    tap.equal(scene.states(), [DONE] * 3)
    drafts = scene.home.paths("Drafts")
    tap.equal([os.path.basename(path).split(":")[1] for path in drafts], ["2,DFS"] * 3)
    for path in drafts:
        text = home.read(path)
        tap.ok(text.startswith(b"X-Dewey-Not-Sent: =?utf-8?B?"), "the reason is its first field")
        tap.contains(text, b"Subject: x\n\nbody\n")
    tap.equal(scene.home.paths("Sent"), [])


@tap.test("uncertain = retry: once more after half an hour, byte for byte the same; ask: never [S-50]")
def uncertain():
    for setting, sent in (("retry", 2), ("ask", 1)):
        scene = Scene(account={"uncertain": setting})
        queue_letter(scene, ONE_LETTER)
        scene.change("UPDATE outbox SET queued = ?, due = ?", NOW, NOW)
        scene.sink.faults.append(fakemail.Fault(r"\.", "done-drop", 2))
        at(scene, 0, "-q", status=75)
        tap.equal(scene.states(), [UNCERTAIN])
        at(scene, 1790, "-q", status=None)
        tap.equal(scene.states(), [UNCERTAIN])
        for now in (1800, 1900, 9000):
            at(scene, now, "-q", status=None)
        tap.equal(scene.states(), [UNCERTAIN])
        tap.equal(len(scene.sink.letters), sent)
        tap.equal(len(set(body for _, _, body in scene.sink.letters)), 1, "different letters")


@tap.test("a letter whose file cannot be opened for now is tried again later, one whose file is"
          " gone is held; the others go [S-52, X-25]")
def unopened():
    for fault, state in (("EIO", QUEUED), ("EMFILE", QUEUED), ("ENOENT", HELD)):
        scene = three()
        file = scene.home.ledger("SELECT file FROM outbox WHERE id = 1")[0][0]
        path = os.path.join(scene.home.mail, ".dewey", "outbox", file)
        command = faults.strace("-o", "/dev/null", "-P", path, "-e", "inject=openat:error=" + fault,
                                *scene.home.command("dewey-smtp", "-q"))
        env = {**scene.home.environment(), "DEWEY_CLOCK": str(NOW)}
        tap.contains(tap.run(command, env=env).stderr, path)
        tap.equal(scene.states(), [state, DONE, DONE], fault)
        if state == QUEUED:
            at(scene, 80, "-q")
            tap.equal(scene.states(), [DONE] * 3, fault)


@tap.test("the server was to hold it and cannot: it waits here until its time, asked once [S-16]")
def waits_here():
    scene = Scene()
    queue_letter(scene, ONE_LETTER)
    scene.change("UPDATE outbox SET queued = ?, due = ?, send_at = ?, options = 128", NOW, NOW,
                 NOW + 7200)
    tap.contains(at(scene, 0, "-q").stderr, "1 later")
    for now in (60, 7199):
        at(scene, now, "-q")
        tap.equal(scene.states(), [QUEUED])
    tap.equal(len(scene.server.connections), 1)
    at(scene, 7200, "-q")
    tap.equal(scene.states(), [DONE])
    tap.equal(scene.copies(), {"jones@b.test": 1})


@tap.test("a session that had enough letters is opened again at once; nothing waits, nothing counts")
def enough():
    scene = three()
    scene.sink.faults.append(Second("MAIL .*", "421 4.4.5 enough for one session", 1))
    at(scene, 0, "-q")
    tap.equal(scene.states(), [DONE] * 3)
    tap.equal(len(scene.server.connections), 2)
    tap.equal(items(scene, "attempts"), [1, 1, 1])


class Second(fakemail.Fault):
    """Strikes the second time."""
    seen = 0

    def take(self, line):
        self.seen += self.command.fullmatch(line) is not None
        return self.seen == 2 and super().take(line)


tap.main()
