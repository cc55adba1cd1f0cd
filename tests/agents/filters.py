#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Filters over what has come: what they do, once each, and what becomes of a letter when
one fails."""
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import home
import tap

EX_TEMPFAIL = 75
PASSING = b"From: %s <%s@example.org>\nTo: ivan@peer.test\nSubject: about %s\n" \
    b"Message-ID: <%s@example.org>\nDate: Mon, 2 Feb 2026 10:00:00 +0000\n%s\ntext of %s\n"


def letter(name, more=b""):
    name = name.encode()
    return PASSING % (name, name, name, name, more, name)


class Scene:
    """A maildrop with these letters, and a dotfile with these filters."""

    def __init__(self, names, filters, letters=None):
        authority = certs.Authority(tap.tempdir())
        self.drop = fakemail.Maildrop({"ivan": home.SECRET}, letters or [letter(n) for n in names])
        server = fakeserver.Server(self.drop, authority.server(), True)
        tap.cleanup(server.stop)
        self.account = {"pop3": "pop3s://ivan@localhost:%d" % server.port,
                        "smtp": "smtps://ivan@localhost:1", "tls-ca": authority.pem}
        self.home = home.Home(self.account)
        self.filters(filters)

    def filters(self, text):
        self.home.write(self.account, text.replace("$HOME", self.home.path))

    def run(self, *args, **options):
        return self.home.run("dewey", *args, **options)

    def agent(self):
        return self.home.run("dewey-pop3", "home")

    def names(self, folder):
        """The senders of what lies there."""
        return sorted(data.split(b" ", 2)[1].decode() for data in self.home.folder(folder))

    def rows(self, query):
        return {row["from"].split()[0]: row for row in
                map(json.loads, self.run("search", "--json", query).stdout.splitlines())}

    def due(self):
        return self.home.ledger("SELECT base FROM filter_due")


LISTS = """
[filter lists]
match = from:anna
do = move Lists/a, mark read, tag friends, stop
[filter rest]
match = subject:about
do = tag seen
"""


@tap.test("P-76: move, mark, tag and stop, in their order, by dewey fetch")
def fetch():
    scene = Scene(["anna", "boris"], LISTS)
    scene.run("fetch")
    tap.equal((scene.names("Lists/a"), scene.names("Inbox")), (["anna"], ["boris"]))
    rows = scene.rows("about")
    tap.equal((rows["anna"]["tags"], rows["anna"]["flags"]), (["friends"], ["seen"]))
    tap.equal((rows["boris"]["tags"], rows["boris"]["flags"]), (["seen"], []))
    tap.equal(scene.due(), [])
    # What filters did is one entry each.
    tap.equal(scene.home.ledger("SELECT kind, about FROM journal ORDER BY id"),
              [(7, "lists"), (7, "rest")])


@tap.test("P-76: what an agent alone brought is filtered by the next start; old mail is not")
def agent_alone():
    scene = Scene(["anna"], "")
    scene.agent()
    scene.filters(LISTS)
    scene.run("filter")
    tap.equal(scene.names("Lists/a"), [])
    scene = Scene(["anna", "boris"], LISTS)
    scene.agent()
    tap.equal((len(scene.due()), scene.names("Inbox")), (2, ["anna", "boris"]))
    scene.run("filter")
    tap.equal((scene.due(), scene.names("Lists/a")), ([], ["anna"]))
    # A letter that a person took back is left alone.
    scene.run("move", "Inbox", "from:anna")
    scene.run("filter")
    scene.run("fetch")
    tap.equal(scene.names("Inbox"), ["anna", "boris"])


@tap.test("P-76: without filters nothing is noted")
def none():
    scene = Scene(["anna"], "")
    scene.agent()
    tap.equal(scene.due(), [])


@tap.test("filters over old mail, dry first")
def on_demand():
    scene = Scene(["anna", "boris"], "")
    scene.run("fetch")
    scene.filters(LISTS)
    result = scene.run("filter", "--dry-run", "lists")
    tap.contains(result.stdout, "lists: move Lists/a, mark read, tag friends, stop  about anna")
    tap.contains(result.stderr, "1 letter would be filtered, nothing was changed")
    tap.equal((scene.names("Inbox"), scene.home.ledger("SELECT * FROM journal")),
              (["anna", "boris"], []))
    scene.run("filter", "rest", "from:boris")
    rows = scene.rows("about")
    tap.equal((rows["anna"]["tags"], rows["boris"]["tags"]), ([], ["seen"]))
    scene.run("filter", "in:Inbox")
    tap.equal(scene.names("Lists/a"), ["anna"])
    text = scene.run("filter", "--list").stdout
    tap.contains(text, [" 1  lists: 1 letter", " 2  rest: 2 letters", "do = tag seen"])
    rows = [json.loads(line) for line in scene.run("filter", "--list", "--json").stdout.splitlines()]
    tap.equal([(row["filter"], row["hits"], row["failures"]) for row in rows],
              [("lists", 1, 0), ("rest", 2, 0)])


MIXED = """
[filter all]
match = from:anna
do = tag friends +todo, mark read, copy Copies, move Lists/a, mark flagged, tag -todo +moved
"""


@tap.test("P-76: what a filter moved, tagged, marked and copied is taken back by one undo, to the file")
def mixed():
    scene = Scene(["anna", "boris"], MIXED)
    scene.agent()
    scene.run("search", "about")
    scene.run("tag", "+before", "from:anna")
    before = scene.home.paths("Inbox")
    scene.run("filter")
    row = scene.rows("from:anna in:Lists/a")["anna"]
    tap.equal((sorted(row["tags"]), sorted(row["flags"])),
              (["before", "friends", "moved"], ["flagged", "seen"]))
    tap.equal(scene.names("Copies"), ["anna"])
    scene.run("undo")
    tap.equal((scene.home.paths("Inbox"), scene.names("Copies"), scene.names("Lists/a")),
              (before, [], []))
    row = scene.rows("from:anna")["anna"]
    tap.equal((row["tags"], row["flags"]), (["before"], []))
    # It is not done again, and a new index says the same.
    os.unlink(os.path.join(scene.home.mail, ".dewey", "index.db"))
    scene.run("filter")
    tap.equal((scene.home.paths("Inbox"), scene.rows("from:anna")["anna"]["tags"]),
              (before, ["before"]))


PIPE = """
[filter spam]
match = subject:about
do = pipe $HOME/judge 'with, comma', tag spam, move Spam, stop
no = 1 2
limit = %d
[filter rest]
match = subject:about
do = tag seen
"""


def judge(scene, text):
    path = os.path.join(scene.home.path, "judge")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)


@tap.test("P-76: a program gets the letter and its words without a shell; its status decides")
def pipe():
    scene = Scene(["anna", "boris"], PIPE % 30)
    judge(scene, 'echo "$1" >>%s/said\ngrep -q "^From: anna" && exit 0\nexit 2\n' % scene.home.path)
    scene.run("fetch")
    tap.equal((scene.names("Spam"), scene.names("Inbox")), (["anna"], ["boris"]))
    rows = scene.rows("about")
    tap.equal((rows["anna"]["tags"], rows["boris"]["tags"]), (["spam"], ["seen"]))
    tap.equal(home.read(scene.home.path + "/said"), b"with, comma\n" * 2)


@tap.test("P-76: a program that fails, crashes, hangs or is missing leaves the letter in the inbox")
def failing():
    for text, words, limit in [("echo 'no \033[2J words' >&2; exit 3", "exit status 3: no", 30),
                               ("kill -SEGV $$", "signal 11 ended it", 30),
                               ("sleep 1000 & wait", "was not done in 1 second", 1),
                               (None, "judge", 30)]:
        scene = Scene(["anna"], PIPE % limit)
        if text:
            judge(scene, text)
        result = scene.run("fetch")
        tap.contains(result.stderr, ["the filter 'spam' failed with \"about anna\"", words,
                                     "the letter stays in Inbox"])
        tap.lacks(result.stderr, "\033")
        tap.equal((scene.names("Inbox"), scene.rows("about")["anna"]["tags"], scene.due()),
                  (["anna"], [], []))
        tap.contains(scene.run("filter", "--list").stdout, "failed 1 time")


@tap.test("P-76: killed while a program runs, it is not run again, and the letter stays")
def killed():
    scene = Scene(["anna"], PIPE % 30)
    fifo = os.path.join(scene.home.path, "fifo")
    os.mkfifo(fifo)
    judge(scene, "echo run >>%s/runs; echo $$ >%s; exec sleep 1000\n" % (scene.home.path, fifo))
    scene.agent()
    command = scene.home.command("dewey", "filter")
    process = subprocess.Popen(command, env=scene.home.environment(), start_new_session=True)
    with open(fifo, encoding="utf-8") as file:
        program = int(file.read())
    tap.cleanup(os.kill, program, signal.SIGKILL)
    process.send_signal(signal.SIGKILL)
    process.wait()
    result = scene.run("filter", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "the program was cut off")
    tap.equal(home.read(scene.home.path + "/runs"), b"run\n")
    tap.equal((scene.names("Inbox"), scene.due()), (["anna"], []))


@tap.test("P-76: copied, and sent on once, however often the filter runs")
def once():
    scene = Scene(["anna"], "[filter on]\nmatch = from:anna\n"
                            "do = copy Copies, forward-to clara@example.org\n")
    scene.run("fetch")
    for _ in range(2):
        scene.run("filter", "on", "in:Inbox")
    tap.equal((len(scene.home.folder("Copies")), len(scene.home.folder("Inbox"))), (1, 1))
    tap.equal(scene.home.ledger("SELECT address FROM recipient"), [("clara@example.org",)])
    path = scene.home.ledger("SELECT file FROM outbox")[0][0]
    data = home.read(os.path.join(scene.home.mail, ".dewey", "outbox", path))
    tap.contains(data.decode(), ["Resent-To: clara@example.org", "Subject: about anna"])


@tap.test("P-76: reports and answers of machines are never sent on")
def loops():
    more = b"Auto-Submitted: auto-replied\n"
    scene = Scene([], "[filter on]\nmatch = subject:about\ndo = forward-to clara@example.org\n",
                  [letter("robot", more)])
    result = scene.run("fetch")
    tap.contains(result.stderr, "not sent on, because a machine wrote it")
    tap.equal(scene.home.ledger("SELECT * FROM outbox"), [])


tap.main()
