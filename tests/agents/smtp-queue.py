#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp and its queue: by hand, on the wire, and two at once."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import home
import servers
import tap
from pop3scene import serve
from smtpscene import DONE, LETTER, QUEUED, SENDING, Scene, queue_letter


@tap.test("no server: queued, durable, status 0; mailq shows it; -q sends it")
def offline():
    scene = Scene()
    port = scene.server.port
    scene.home.write({"smtp": "smtp+insecure://127.0.0.1:%d" % servers.free_ports(1)[0]})
    result = scene.send("To: a@b\nSubject: Счёт\x1b[2J\n\nx\n")
    tap.contains(result.stderr, "queued as item 1")
    os.symlink(tap.program("dewey-smtp"), os.path.join(scene.home.path, "mailq"))
    env = {**scene.home.environment(), "DEWEYRC": scene.home.rc}
    listed = tap.succeeds([os.path.join(scene.home.path, "mailq")], env=env)
    tap.contains(listed.stdout, ["waiting", "a@b", "Счёт"])
    tap.lacks(listed.stdout, "\x1b")
    scene.home.write({"smtp": "smtp+insecure://127.0.0.1:%d" % port})
    scene.make_due()
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.copies(), {"a@b": 1})
    tap.contains(tap.succeeds([os.path.join(scene.home.path, "mailq")], env=env).stdout, "empty")


@tap.test("the whole queue goes through one session")
def one_session():
    scene = Scene()
    for _ in range(5):
        queue_letter(scene)
    scene.home.run("dewey-smtp", "-q")
    tap.equal(len(scene.sink.letters), 5)
    tap.equal(len(scene.server.connections), 1)
    tap.equal(len(scene.home.folder("Sent")), 5)


@tap.test("the wire: a letter sent, its events, unknown requests, end of input")
def wire():
    scene = Scene()
    parent = child.Wire(queue_letter(scene), "dewey-smtp")
    parent.send({"do": "send", "id": 7, "account": "home", "new-key": {}})
    events = parent.until("done", "failed")
    tap.equal([e["event"] for e in events], ["progress", "sent", "done"])
    tap.equal(events[0], {"event": "progress", "id": 7, "done": 0, "total": 1, "item": 1})
    tap.equal(events[-1], {"event": "done", "id": 7, "sent": 1, "refused": 0, "deferred": 0,
                           "uncertain": 0})
    parent.send({"do": "dance", "id": 8})
    tap.equal(parent.until("failed")[-1]["code"], "unknown-request")
    parent.send({"do": "send", "id": 9, "account": "nobody"})
    tap.equal(parent.until("failed")[-1]["code"], "usage")
    parent.close()


@tap.test("the wire: the password is asked for, once")
def wire_ask():
    authority = certs.Authority(tap.tempdir())
    sink = fakemail.Sink({"ivan": home.SECRET})
    server = serve(sink, authority.server(), True)
    scene = Scene()
    scene.home.write({"smtp": "smtps://ivan@localhost:%d" % server.port, "tls-ca": authority.pem,
                      "password": "prompt:"})
    queue_letter(scene)
    parent = child.Wire(scene.home, "dewey-smtp")
    for secret, last in (("wrong", "failed"), (home.SECRET, "done")):
        parent.send({"do": "send", "id": 1, "account": "home"})
        ask = parent.until("ask")[-1]
        tap.equal(ask["what"], "password")
        parent.send({"do": "answer", "id": 1, "ask": ask["ask"], "secret": secret})
        event = parent.until("done", "failed")[-1]
        tap.equal(event["event"], last)
        if last == "failed":
            tap.equal((event["code"], event["retry"]), ("auth", "ask"))
            tap.contains(event["server"], "535")
    tap.equal(len(sink.letters), 1)
    parent.close()


@tap.test("the wire: cancel while the server says nothing; after the dot it is too late [S-53]")
def wire_cancel():
    scene = Scene()
    parents = []

    def hang(conn):
        parents[0].send({"do": "cancel", "id": 1})
        conn.wait()

    def late(conn):
        parents[0].send({"do": "cancel", "id": 2})
        parents[0].send({"do": "dance", "id": 3})
        conn.reply("250 x")
    scene.sink.faults += [fakemail.Fault("DATA", hang, 1), fakemail.Fault(r"\.", late, 1)]
    parents.append(child.Wire(queue_letter(scene), "dewey-smtp"))
    parents[0].send({"do": "send", "id": 1, "account": "home"})
    tap.equal(parents[0].until("done", "failed")[-1]["code"], "cancelled")
    tap.equal(scene.states(), [QUEUED])
    parents[0].send({"do": "send", "id": 2, "account": "home"})
    events = parents[0].until("done", "failed")
    tap.contains([e["event"] for e in events], "sent")
    tap.equal(scene.states(), [DONE])


@tap.test("two turns a letter: the next MAIL leaves with the last dot; cancel puts that letter back [S-12]")
def ahead():
    scene = Scene(capabilities=("PIPELINING", "8BITMIME", "SIZE 10000000"))
    for _ in range(3):
        queue_letter(scene)
    scene.home.run("dewey-smtp", "-q")
    tap.equal(len(scene.sink.letters), 3)
    parents = []

    def stop(conn):
        parents[0].send({"do": "cancel", "id": 1})
        parents[0].send({"do": "dance", "id": 2})
        conn.reply("250 x")
    for _ in range(2):
        queue_letter(scene)
    scene.change("UPDATE outbox SET attempts = 0, first = 0")
    scene.sink.faults.append(fakemail.Fault(r"\.", stop, 1))
    parents.append(child.Wire(scene.home, "dewey-smtp"))
    parents[0].send({"do": "send", "id": 1, "account": "home"})
    parents[0].until("done", "failed")
    parents[0].close()
    tap.equal(scene.states()[3:], [DONE, QUEUED])
    tap.equal(scene.home.ledger("SELECT attempts, error FROM outbox WHERE id = 5"), [(0, None)])
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.states(), [DONE] * 5)


@tap.test("what was sent lies in Sent before a large letter begins, which may take hours [S-55]")
def before_large():
    class Second(fakemail.Fault):
        seen = 0

        def take(self, line):
            self.seen += bool(self.command.fullmatch(line))
            return self.seen == 2
    scene = Scene(capabilities=("PIPELINING", "8BITMIME"))
    copies = []

    def look(conn):
        copies.append((scene.states(), len(scene.home.paths("Sent"))))
        conn.close()
    queue_letter(scene)
    queue_letter(scene, LETTER + ("x" * 70 + "\n") * 20000)
    scene.sink.faults.append(Second("DATA", look))
    scene.home.run("dewey-smtp", "-q", status=None)
    tap.equal(copies[0], ([DONE, SENDING], 1))


@tap.test("two at once: the second leaves its letter to the first, which sends it [S-53]")
def busy():
    scene = Scene()

    def second(conn):
        result = scene.send("To: late@b.test\n\ny\n")
        tap.contains(result.stderr, "queued as item 2")
        conn.reply("250 x")
    queue_letter(scene)
    scene.sink.faults.append(fakemail.Fault("RCPT TO:<jones.*", second, 1))
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.states(), [DONE, DONE])
    tap.equal(scene.copies().get("late@b.test"), 1)


tap.main()
