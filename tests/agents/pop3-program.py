#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 as a program: told to stop, on the wire, and what a person sees."""
import json
import os
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import fakemail
import fakeserver
import home
import tap
from pop3scene import EX_TEMPFAIL, EX_UNAVAILABLE, LETTERS, Scene, clear_home, serve


@tap.test("the front end without the agents: 69, the program that is missing, and the cure")
def missing():
    scene = Scene()
    bare = tap.tempdir()
    environment = {**scene.home.environment(), "DEWEY_BIN": bare}
    for _ in range(2):
        result = scene.home.run("dewey", "fetch", status=EX_UNAVAILABLE, env=environment)
        tap.contains(result.stderr, "cannot start 'dewey-pop3'")
        tap.contains(result.stderr, "is dewey installed whole?")
        # One that is there, and cannot be run.
        with open(os.path.join(bare, "dewey-pop3"), "wb") as file:
            file.write(b"no program")
    tap.equal(scene.drop.lines, [])


# --- Waiting, and being told to stop

@tap.test("a server that says nothing: the time-out of the account [P-29]")
def silent():
    server = serve([fakeserver.Script("WAIT")])
    result = clear_home(server, timeout="1").run("dewey-pop3", "home", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "does not answer")


@tap.test("SIGTERM while the server says nothing; what had come is kept [P-60]")
def terminated():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("RETR 2", "hang", 1)])
    agent = child.start(scene.home, "dewey-pop3", "--events", "home")
    while '"done":1' not in agent.stdout.readline():
        pass
    agent.send_signal(signal.SIGTERM)
    tap.equal(agent.wait(60), EX_TEMPFAIL)
    tap.contains(agent.stderr.read(), "cancelled")
    tap.equal(scene.home.folder("Inbox"), LETTERS[:1])
    tap.equal(len(scene.drop.letters), 5)
    scene.fetch()
    tap.equal(sorted(scene.home.folder("Inbox")), LETTERS)
    tap.equal(scene.drop.letters, [])


@tap.test("the wire: fetch, its events, and end of input")
def wire():
    scene = Scene(account={"keep": "never"})
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 7, "account": "home", "new-key": {}})
    events = parent.until("done", "failed")
    tap.equal(events[-1], {"event": "done", "id": 7, "new": 5, "deleted": 5, "kept": 0,
                           "previews": 0, "large": 0, "owed": 0})
    stored = [e for e in events if e["event"] == "stored"]
    tap.equal([e["id"] for e in stored], [7] * 5)
    tap.equal({(e["folder"], e["name"]) for e in stored},
              {("Inbox", os.path.basename(p)) for p in scene.home.paths("Inbox")})
    progress = [e for e in events if e["event"] == "progress"]
    tap.equal((progress[-1]["done"], progress[-1]["total"]), (5, 5))
    parent.send({"do": "fetch", "id": 8, "account": "home"})
    tap.equal(parent.until("done", "failed")[-1]["new"], 0)
    parent.send({"do": "dance", "id": 9})
    tap.equal(parent.until("failed")[-1]["code"], "unknown-request")
    parent.send({"do": "fetch", "id": 10, "account": "nobody"})
    tap.equal(parent.until("failed")[-1]["code"], "usage")
    parent.close()


@tap.test("the wire: TOP into a file of the store [P-07]")
def wire_top():
    scene = Scene([b"Subject: x\n\none\ntwo\nthree\n"])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "top", "id": 1, "account": "home", "message": 1, "lines": 2})
    path = parent.until("done", "failed")[-1]["path"]
    tap.equal(home.read(path).rstrip(b"\n"), b"Subject: x\n\none\ntwo")
    tap.ok(path.startswith(scene.home.mail), "it lies in " + path)
    parent.send({"do": "top", "id": 2, "account": "home", "message": 9, "lines": 2})
    tap.equal(parent.until("done", "failed")[-1]["code"], "refused")
    tap.equal(scene.commands("RETR"), [])
    parent.close()


@tap.test("the wire: a password is asked for, refused, asked for again")
def wire_ask():
    scene = Scene(account={"password": "prompt:"})
    parent = child.Wire(scene.home, "dewey-pop3")
    for number, secret in ((1, "wrong"), (2, home.SECRET)):
        parent.send({"do": "fetch", "id": number, "account": "home"})
        ask = parent.until("ask")[-1]
        tap.equal((ask["id"], ask["what"]), (number, "password"))
        parent.send({"do": "answer", "id": number, "ask": ask["ask"], "secret": secret})
        last = parent.until("done", "failed")[-1]
        tap.equal(last.get("code"), "auth" if number == 1 else None)
    parent.send({"do": "fetch", "id": 3, "account": "home"})
    parent.until("ask")
    parent.send({"do": "cancel", "id": 3})
    tap.equal(parent.until("done", "failed")[-1]["code"], "cancelled")
    parent.close()


@tap.test("the wire: cancel while the server says nothing; then the next request")
def wire_cancel():
    scene = Scene(faults=[fakemail.Fault("STAT", "hang", 1)])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 1, "account": "home"})
    while "STAT" not in scene.drop.lines:
        os.sched_yield()
    parent.send({"do": "cancel", "id": 1})
    last = parent.until("done", "failed")[-1]
    tap.equal((last["code"], last["id"]), ("cancelled", 1))
    parent.send({"do": "fetch", "id": 2, "account": "home"})
    tap.equal(parent.until("done", "failed")[-1]["new"], 5)
    parent.close()


@tap.test("the wire: SIGTERM ends an agent that waits for requests, and one that works")
def wire_terminated():
    scene = Scene(faults=[fakemail.Fault("STAT", "hang", 1)])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.agent.send_signal(signal.SIGTERM)
    tap.equal(parent.agent.wait(60), -signal.SIGTERM)
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 1, "account": "home"})
    while "STAT" not in scene.drop.lines:
        os.sched_yield()
    parent.agent.send_signal(signal.SIGTERM)
    tap.equal(parent.until("done", "failed")[-1]["code"], "cancelled")
    tap.equal(parent.agent.wait(60), 0)


@tap.test("two agents on one account: the second is busy [P-31]")
def busy():
    scene = Scene(faults=[fakemail.Fault("STAT", "hang", 1)])
    agent = child.start(scene.home, "dewey-pop3", "home")
    while "STAT" not in scene.drop.lines:
        os.sched_yield()
    result = scene.fetch(status=EX_TEMPFAIL)
    tap.contains(result.stderr, str(agent.pid))
    agent.kill()
    agent.wait()
    scene.fetch()
    tap.equal(len(scene.home.folder("Inbox")), 5)


# --- What a person sees

@tap.test("the server's words are harmless on a terminal [P-37]")
def words():
    server = serve([lambda conn: conn.send(b"-ERR \x1b]0;x\x07\x1b[2J \x9b31m \xc2\x9b31m \xe2\x80\xae"
                                           + b"z" * 500 + b"\r\n")])
    result = clear_home(server).run("dewey-pop3", "home", status=EX_TEMPFAIL, binary=True)
    text = result.stderr.decode("utf-8")  # What is not UTF-8 at all fails here.
    for character in "\x1b\x07\x9b\u202e":
        tap.lacks(text, character)
    tap.ok(len(result.stderr) < 1000, "too long")


@tap.test("the trace shows the dialogue and no secret [T-30]")
def trace():
    scene = Scene()
    result = scene.fetch("--trace")
    tap.contains(result.stderr, ["C: AUTH PLAIN ***", "C: UIDL", "S: +OK", "C: QUIT"])
    tap.lacks(result.stderr, home.SECRET)
    tap.ok(not re.search("AUTH PLAIN [A-Za-z0-9]", result.stderr), "the response is shown")


@tap.test("--dry-run changes nothing, here and there")
def dry_run():
    scene = Scene(account={"keep": "never"})
    result = scene.fetch("--dry-run")
    tap.contains(result.stderr, "would fetch 5, delete 5")
    tap.equal((len(scene.drop.letters), scene.home.folder("Inbox")), (5, []))
    tap.equal(scene.commands("RETR") + scene.commands("DELE"), [])


@tap.test("--events: one object a line, and one end, also where it fails")
def events():
    scene = Scene()
    for name, status, end in (("home", 0, "done"), ("work", 64, "failed")):
        result = scene.home.run("dewey-pop3", "--events", name, status=status)
        names = [json.loads(line)["event"] for line in result.stdout.splitlines()]
        tap.equal((names[0], names[-1], names.count(end)), ("hello", end, 1))


@tap.test("wrong command lines")
def usage():
    scene = Scene()
    for args in ((), ("home", "work"), ("--wire", "home"), ("--nonsense", "home"), ("--wire", "--rest"),
                 ("--wire", "--dry-run"), ("--wire", "--events")):
        scene.home.run("dewey-pop3", *args, status=64)
    tap.contains(scene.home.run("dewey", "server", "--nonsense", status=64).stderr,
                 "see 'dewey server --help'")
    tap.contains(scene.home.run("dewey-pop3", "work", status=64).stderr, "home")


@tap.test("an option that there is not: in our words, with the nearest one or the help")
def unknown_options():
    scene = Scene()
    for args, words in ((("--zz",), "dewey: unknown option '--zz'; see 'dewey --help'"),
                        (("--verson",), "dewey: unknown option '--verson'; did you mean '--version'?"),
                        (("list", "--limt", "3", "Inbox"),
                         "dewey: unknown option '--limt'; did you mean '--limit'?"),
                        (("list", "-y", "Inbox"),
                         "dewey: unknown option '-y'; see 'dewey list --help'"),
                        (("list", "--limit", "x", "Inbox"),
                         "dewey: '--limit' has no value, or a wrong one; see 'dewey list --help'")):
        tap.equal(scene.home.run("dewey", *args, status=64).stderr, words + "\n")


@tap.test("dewey list of Sent and Drafts: whom the letters go to, as the list on the screen")
def other_side():
    scene = Scene()
    for folder in ("Sent", "Drafts", "Archive"):
        for sub in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(scene.home.mail, folder, sub), exist_ok=True)
        with open(os.path.join(scene.home.mail, folder, "cur", "1.x.y:2,S"), "w",
                  encoding="utf-8") as file:
            file.write("From: Ivan <ivan@peer.test>\nTo: Green <green@peer.test>\n"
                       "Subject: Plans\nDate: Mon, 23 Feb 2026 11:00:00 +0000\n\nText\n")
        line = scene.home.run("dewey", "list", folder).stdout
        if folder == "Archive":
            tap.contains(line, " Ivan ")
        else:
            tap.contains(line, " to Green ")


@tap.test("--help of a sub-command: its own name, options, a sentence and an example")
def helps():
    scene = Scene()
    path = os.path.join(os.environ["top_srcdir"], "ui", "cli-commands.def")
    with open(path, encoding="utf-8") as file:
        names = re.findall(r'^CLI\("(\w+)"', file.read(), re.M)
    tap.ok(len(names) >= 10, "%s" % names)
    for name in names:
        text = scene.home.run("dewey", name, "--help").stdout
        tap.contains(text, ["  dewey %s [OPTION…]" % name, "--config=FILE",
                            "Example:\n  dewey %s" % name])
        tap.ok(re.search(r"\n\n[A-Z][^\n]+\.\n['A-Z][^\n]+\.\n\n", text), text)
        tap.equal([line for line in text.splitlines() if len(line) > 90], [])
    tap.contains(scene.home.run("dewey", "check", "--help").stdout, "--forget-key")
    tap.contains(scene.home.run("dewey", "server", "--help").stdout, ["--get=QUERY", "--dry-run"])


tap.main()
