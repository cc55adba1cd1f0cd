#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What lies on a server: looked at by TOP, and got, deleted or left by marks."""
import contextlib
import glob
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
import servers
import tap

USERS = {"ivan": home.SECRET}


def letter(name, sender="Olga <olga@example.org>", body="text\n", day=1):
    return ("From: %s\nTo: ivan@peer.test\nSubject: %s\nDate: Sat, %02d Nov 2025 10:00:00 +0000\n"
            "Message-ID: <%s@host>\n\n%s" % (sender, name, day, name, body)).encode()


LETTERS = [("u%d" % n, letter("letter %d" % n, day=n)) for n in range(1, 7)]


class Scene:
    """A maildrop behind TLS, a home, and the agent on the wire."""

    def __init__(self, letters=None, account=None, users=None, **options):
        authority = certs.Authority(tap.tempdir())
        self.drop = fakemail.Maildrop(users or USERS, LETTERS if letters is None else letters, **options)
        self.server = fakeserver.Server(self.drop, authority.server(), True)
        tap.cleanup(self.server.stop)
        self.home = home.Home({"pop3": "pop3s://ivan@localhost:%d" % self.server.port,
                               "tls-ca": authority.pem, **(account or {})})
        self.requests = 0

    def ask(self, do, last=("done", "failed"), **keys):
        """One request to an agent of its own; its events, the last one last."""
        wire = child.Wire(self.home, "dewey-pop3")
        self.requests += 1
        wire.send({"do": do, "id": self.requests, "account": "home", **keys})
        events = wire.until(*last)
        wire.close()
        return events

    def survey(self, **keys):
        done = self.ask("survey", **keys)[-1]
        tap.equal(done["event"], "done", done.get("text"))
        return done

    def run(self, **keys):
        done = self.ask("run", **keys)[-1]
        tap.equal(done["event"], "done", done.get("text"))
        return {key: n for key, n in done.items() if key not in ("event", "id") and n}

    def commands(self, *verbs):
        return [x for x in self.drop.lines if x.split(" ")[0] in verbs]

    def database(self, query):
        """Rows of the cache, as dewey-store(5) explains them."""
        path, = glob.glob(os.path.join(self.home.mail, ".dewey", "server", "*.db"))
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % path, uri=True)) as db:
            return db.execute(query).fetchall()

    def ids(self):
        return {uid.decode(): n for n, uid in self.database("SELECT id, uid FROM letter")}

    def subjects(self):
        """{UID: subject}, None where there is no head."""
        return {uid.decode(): subject for uid, subject in self.database(
            "SELECT uid, iif(head = 1, subject, NULL) FROM letter LEFT JOIN message USING (id)"
            " ORDER BY number")}

    def left(self):
        return [uid for uid, _ in self.drop.letters]


@tap.test("P-17: LOGIN-DELAY: a look, its marks and a fetch keep the server's time, and say when")
def delay():
    scene = Scene(capabilities=("TOP", "UIDL", "PIPELINING", "LOGIN-DELAY 600"))
    scene.survey()
    sessions = len(scene.server.connections)
    for request in ({"do": "survey"}, {"do": "run", "get": [1]}, {"do": "top", "message": 1, "lines": 1},
                    {"do": "fetch"}):
        events = scene.ask(**request)
        tap.equal((events[-1]["event"], events[-1]["code"]), ("failed", "busy"), str(request))
        tap.contains(events[-1]["text"], "the server wants 600 seconds between two log-ins")
        waits = [e["seconds"] for e in events if e["event"] == "wait"]
        tap.ok(len(waits) == 1 and 0 < waits[0] <= 600, "wait: %s" % waits)
    tap.equal(len(scene.server.connections), sessions, "somebody was there")
    with contextlib.closing(sqlite3.connect(os.path.join(scene.home.mail, ".dewey", "ledger.db"))) as db:
        db.execute("UPDATE maildrop SET visited = visited - 600")
        db.commit()
    scene.run(get=[1])
    tap.equal(len(scene.server.connections), sessions + 1)
    tap.equal(scene.ask("survey")[-1]["code"], "busy", "after the marks")


# --- looking

@tap.test("a look at the server: heads by TOP, the newest first, and nothing else [P-07]")
def survey():
    scene = Scene()
    events = scene.ask("survey")
    tap.equal({k: v for k, v in events[-1].items() if k != "id"},
              {"event": "done", "listed": 6, "heads": 6, "headless": 0, "tops": True})
    tap.equal((events[0]["event"], events[0]["done"], events[0]["total"]), ("progress", 0, 6))
    tap.equal(events[-2]["done"], 6, "the last progress")
    tap.equal(scene.commands("TOP", "RETR", "DELE"), ["TOP %d 0" % n for n in range(6, 0, -1)])
    tap.equal(scene.subjects(), {uid: "letter %s" % uid[1] for uid, _ in LETTERS})
    tap.equal(scene.left(), [uid for uid, _ in LETTERS])
    tap.equal(scene.home.folder("Inbox"), [])
    # What is known is not asked for again; what is gone goes, ids stay.
    ids = scene.ids()
    scene.drop.letters = scene.drop.letters[2:] + [("new", letter("a new one"))]
    scene.drop.lines.clear()
    tap.equal(scene.survey()["heads"], 1)
    tap.equal(scene.commands("TOP"), ["TOP 5 0"])
    tap.equal(list(scene.subjects()), ["u3", "u4", "u5", "u6", "new"])
    tap.equal({k: v for k, v in scene.ids().items() if k != "new"},
              {k: v for k, v in ids.items() if k not in ("u1", "u2")})


@tap.test("so many lines of the body with each head")
def lines():
    scene = Scene([("a", letter("a", body="one\ntwo\nthree\n"))])
    scene.survey(lines=2)
    tap.equal(scene.commands("TOP"), ["TOP 1 2"])
    tap.equal(scene.database("SELECT snippet, lines FROM message JOIN letter USING (id)"),
              [("one two", 2)])


@tap.test("letters that were fetched are known without TOP")
def known():
    scene = Scene(account={"keep": "always"})
    scene.home.run("dewey", "fetch")
    scene.drop.letters.append(("u7", letter("letter 7", day=7)))
    scene.drop.lines.clear()
    tap.equal(scene.survey()["heads"], 1)
    tap.equal(scene.commands("TOP"), ["TOP 7 0"])
    tap.equal(scene.subjects()["u3"], "letter 3")
    tap.equal(scene.database("SELECT count(*) FROM letter WHERE state = 1"), [(6,)])
    # One that was thrown away here is looked at like any other.
    os.unlink(scene.home.paths("Inbox")[0])
    scene.home.run("dewey", "list", "Inbox")


@tap.test("a server without TOP: sizes alone, and it is said [P-07]")
def no_top():
    refused = fakemail.Fault("TOP .*", "-ERR what is that")
    for capabilities in ((), ("UIDL", "PIPELINING")):
        scene = Scene(account={"password": "s3cret"}, users={"ivan": "s3cret"},
                      capabilities=capabilities, faults=[refused])
        done = scene.survey()
        tap.equal((done["tops"], done["headless"], done["listed"]), (False, 6, 6))
        tap.equal(len(scene.commands("TOP")), 3, "tries")
        tap.equal(set(scene.subjects().values()), {None})
        tap.equal(scene.database("SELECT tops FROM look"), [(0,)])
        sizes = {uid: len(data.replace(b"\n", b"\r\n")) for uid, data in LETTERS}
        tap.equal({u.decode(): n for u, n in scene.database("SELECT uid, size FROM letter")}, sizes)
    # CAPA says nothing of it, and it is there all the same.
    scene = Scene(capabilities=("UIDL",))
    tap.equal(scene.survey()["heads"], 6)


@tap.test("TOP is refused for one letter: the others are shown")
def one_refused():
    scene = Scene(faults=[fakemail.Fault("TOP 4 0", "-ERR not this one")])
    tap.equal(scene.survey()["headless"], 1)
    tap.equal([u for u, s in scene.subjects().items() if s is None], ["u4"])


@tap.test("10,000 letters: the first screen is there while the rest is on its way; cancel")
def many():
    letters = [("u%d" % n, letter("letter %d" % n)) for n in range(2000)]
    scene = Scene(letters, faults=[fakemail.Fault("TOP 1900 0", "hang")])
    wire = child.Wire(scene.home, "dewey-pop3")
    wire.send({"do": "survey", "id": 1, "account": "home"})
    event = wire.event()
    tap.equal((event["done"], event["total"]), (0, 2000))
    event = wire.event()
    tap.ok(32 <= event["done"] <= 100, "first batch: %d" % event["done"])
    tap.equal(len([s for s in scene.subjects().values() if s]), event["done"])
    tap.equal(scene.subjects()["u1999"], "letter 1999")
    wire.send({"do": "cancel", "id": 1})
    tap.equal(wire.until("failed")[-1]["code"], "cancelled")
    wire.close()
    tap.ok(len([s for s in scene.subjects().values() if s]) >= event["done"], "heads went")


@tap.test("the connection is cut in the middle of a look: what came stays")
def cut():
    scene = Scene(faults=[fakemail.Fault("TOP 3 0", "cut:40", 1)])
    tap.equal(scene.ask("survey")[-1]["event"], "failed")
    tap.equal([u for u, s in scene.subjects().items() if s], ["u4", "u5", "u6"])
    scene.drop.lines.clear()
    tap.equal(scene.survey()["heads"], 3)
    tap.equal(scene.commands("TOP"), ["TOP %d 0" % n for n in (3, 2, 1)])


@tap.test("the first lines of a letter, by its id: found again by UID")
def top():
    scene = Scene()
    scene.survey()
    ids = scene.ids()
    done = scene.ask("top", letter=ids["u2"], lines=5)[-1]
    tap.equal(home.read(done["path"]), LETTERS[1][1])
    tap.equal(scene.commands("UIDL")[-1], "UIDL 2", "no listing where the number is still right")
    scene.drop.letters = scene.drop.letters[1:]
    done = scene.ask("top", letter=ids["u2"], lines=5)[-1]
    tap.equal(home.read(done["path"]), LETTERS[1][1])
    scene.drop.letters = scene.drop.letters[1:]
    failed = scene.ask("top", letter=ids["u2"], lines=5)[-1]
    tap.contains(failed["text"], "no such letter")


# --- marks

@tap.test("get, get and delete, delete: one session, durable before DELE [P-57]")
def marks():
    scene = Scene()
    scene.survey()
    ids = scene.ids()
    scene.drop.lines.clear()
    events = scene.ask("run", get=[ids["u1"]], **{"get-delete": [ids["u2"]]},
                       delete=[ids["u3"], ids["u5"]])
    done = events[-1]
    tap.equal({k: v for k, v in done.items() if k not in ("id", "event")},
              {"new": 2, "deleted": 3, "gone": 0, "changed": 0, "large": 0, "failed": 0, "owed": 0})
    tap.equal(len([e for e in events if e["event"] == "stored"]), 2)
    tap.equal(scene.left(), ["u1", "u4", "u6"])
    tap.equal(len(scene.commands("USER", "AUTH")), 1, "sessions")
    order = scene.commands("RETR", "DELE")
    tap.ok(order.index("RETR 2") < order.index("DELE 2"), order)
    tap.equal(sorted(order), ["DELE 2", "DELE 3", "DELE 5", "RETR 1", "RETR 2"])
    tap.equal(sorted(scene.home.folder("Inbox")), sorted([LETTERS[0][1], LETTERS[1][1]]))
    tap.equal(list(scene.subjects()), ["u1", "u4", "u6"])
    # A fetch brings the rest, and nothing of that again.
    scene.home.run("dewey-pop3", "home")
    tap.equal(scene.drop.fetched, {"u1": 1, "u2": 1, "u4": 1, "u6": 1})


@tap.test("numbers are another session's: the letters are found by UID, or are gone")
def moved():
    scene = Scene()
    scene.survey()
    ids = scene.ids()
    scene.drop.letters = [x for x in scene.drop.letters if x[0] not in ("u1", "u4")]
    tap.equal(scene.run(get=[ids["u2"]], delete=[ids["u4"], ids["u5"], 99]),
              {"new": 1, "deleted": 1, "gone": 2})
    tap.equal(scene.left(), ["u2", "u3", "u6"])
    tap.equal(scene.home.folder("Inbox"), [LETTERS[1][1]])
    tap.lacks(list(scene.subjects()), "u4")


@tap.test("a UID that means another letter now: it is not deleted")
def another():
    for other in (letter("letter X", day=3), letter("letter 3", "Bob <bob@example.org>", day=3),
                  letter("letter 3", day=4), letter("letter 3", day=3, body="longer text\n")):
        for mark in ("delete", "get-delete"):
            scene = Scene()
            scene.survey()
            ids = scene.ids()
            scene.drop.letters[2] = ("u3", other)
            tap.equal(scene.run(**{mark: [ids["u3"]]}), {"changed": 1})
            tap.equal(scene.commands("DELE", "RETR"), [])
            tap.equal(len(scene.left()), 6)
            # The next look shows what it is, under an id of its own.
            scene.survey()
            tap.ok(scene.ids()["u3"] not in ids.values(), "the old id")


@tap.test("TOP fails before a deletion: the letter is left")
def unlooked():
    scene = Scene()
    scene.survey()
    scene.drop.faults.append(fakemail.Fault("TOP 3 0", "-ERR busy"))
    tap.equal(scene.run(delete=[scene.ids()["u3"], scene.ids()["u4"]]), {"deleted": 1, "failed": 1})
    tap.equal(scene.left(), ["u1", "u2", "u3", "u5", "u6"])
    scene.drop.faults.append(fakemail.Fault("DELE 1", "-ERR no"))
    tap.equal(scene.run(delete=[scene.ids()["u1"]]), {"failed": 1})


@tap.test("a server without TOP: deleted by UID and size")
def delete_without_top():
    scene = Scene(capabilities=("UIDL",), faults=[fakemail.Fault("TOP .*", "-ERR what")])
    scene.survey()
    ids = scene.ids()
    scene.drop.letters[3] = ("u4", letter("of another length"))
    tap.equal(scene.run(delete=[ids["u3"], ids["u4"]]), {"deleted": 1, "changed": 1})
    tap.equal(scene.left(), ["u1", "u2", "u4", "u5", "u6"])


@tap.test("a server without TOP, a UID that is another letter's now: got before it is deleted [P-28] [P-57]")
def reused_without_top():
    scene = Scene(account={"keep": "always"}, capabilities=("UIDL",),
                  faults=[fakemail.Fault("TOP .*", "-ERR what")])
    scene.home.run("dewey-pop3", "home")
    another = letter("of another length")
    scene.drop.letters[2] = ("u3", another)
    scene.survey()
    ids = scene.ids()
    tap.equal(scene.run(**{"get-delete": [ids["u2"], ids["u3"]]}), {"new": 1, "deleted": 2})
    tap.equal(scene.left(), ["u1", "u4", "u5", "u6"])
    tap.equal(len([x for x in scene.home.folder("Inbox") if x == another]), 1)
    # What went, and was put there again, is compared: it does not come twice.
    scene.drop.letters[:] = []
    scene.home.run("dewey-pop3", "home")
    scene.drop.letters[:] = LETTERS[:1]
    scene.survey()
    tap.equal(scene.run(get=[scene.ids()["u1"]]), {})
    tap.equal((len(scene.home.folder("Inbox")), scene.left()), (7, ["u1"]))


@tap.test("the answer to QUIT is lost: a fetch deletes what was marked, and does not bring it [P-59]")
def lost_quit():
    for keep in ("always", "never"):
        scene = Scene(account={"keep": keep}, faults=[fakemail.Fault("QUIT", "drop", 2)])
        scene.survey()
        tap.equal(scene.run(delete=[scene.ids()["u3"]]), {"owed": 1})
        tap.equal(len(scene.left()), 6)
        tap.equal(scene.database("SELECT uid FROM letter WHERE state = 3"), [])
        scene.survey()
        tap.equal(scene.database("SELECT uid FROM letter WHERE state = 3"), [(b"u3",)])
        scene.home.run("dewey-pop3", "home")
        tap.equal(scene.drop.fetched["u3"], 0, "fetched")
        tap.ok("u3" not in scene.left(), "it is still there")


@tap.test("a server that ignores DELE: what was deleted unseen does not come by a fetch [P-59]")
def ignored():
    scene = Scene(faults=[fakemail.Fault("DELE .*", "+OK of course")])
    scene.survey()
    tap.equal(scene.run(delete=[scene.ids()["u3"]]), {"deleted": 1})
    for _ in range(2):
        scene.home.run("dewey-pop3", "home")
        tap.equal(scene.drop.fetched["u3"], 0, "fetched")
    tap.equal(len(scene.home.folder("Inbox")), 5)
    # Another letter under that UID is not the one that nobody wanted.
    scene.drop.letters[2] = ("u3", letter("another"))
    scene.home.run("dewey-pop3", "home")
    tap.equal(scene.drop.fetched["u3"], 1, "fetched")


@tap.test("cut while letters come: nothing is deleted that is not durable here [P-57]")
def cut_run():
    scene = Scene(faults=[fakemail.Fault("RETR 4", "cut:30", 1)])
    scene.survey()
    ids = scene.ids()
    every = {"get-delete": [ids["u%d" % n] for n in (2, 3, 4)], "delete": [ids["u6"]]}
    failed = scene.ask("run", **every)[-1]
    tap.equal(failed["event"], "failed")
    tap.equal(len(scene.left()), 6)
    tap.equal(sorted(scene.home.folder("Inbox")), sorted([LETTERS[1][1], LETTERS[2][1]]))
    # The same again: what is here does not come twice.
    tap.equal(scene.run(**every), {"new": 1, "deleted": 4})
    tap.equal(scene.left(), ["u1", "u5"])
    tap.equal(scene.drop.fetched["u2"], 1, "fetched")
    tap.equal(len(scene.home.folder("Inbox")), 3)


@tap.test("get what was fetched and thrown away: it comes again; what is here does not")
def again():
    scene = Scene(account={"keep": "always"})
    scene.home.run("dewey", "fetch")
    scene.survey()
    ids = scene.ids()
    gone, = [p for p in scene.home.paths("Inbox") if b"letter 2" in home.read(p)]
    os.unlink(gone)
    scene.home.run("dewey", "list", "Inbox")
    tap.equal(scene.run(get=[ids["u1"], ids["u2"]]), {"new": 1})
    tap.equal(len(scene.home.folder("Inbox")), 6)


@tap.test("a letter that is too large for a fetch: left, its preview completed by a mark [P-71]")
def left():
    large = ("big", letter("big", body="x" * 70 + "\n" + "text of it\n" * 2000))
    for setting in ({"preview": "over 10K"}, {"max-size": "10K"}):
        too_large = "max-size" in setting
        for mark in ("get", "get-delete"):
            scene = Scene(LETTERS[:2] + [large], account={"keep": "always", **setting})
            scene.home.run("dewey", "fetch")
            scene.survey()
            tap.equal(scene.database("SELECT uid FROM letter WHERE state = 2"), [(b"big",)])
            tap.equal(len(scene.home.folder("Inbox")), 2)
            done = scene.run(**{mark: [scene.ids()["big"]]})
            if too_large:
                tap.equal((done, len(scene.left())), ({"large": 1}, 3))
                continue
            tap.equal(done, {"new": 1, "deleted": 1} if "delete" in mark else {"new": 1})
            tap.equal(len(scene.home.folder("Inbox")), 3)
            subjects = [json.loads(line)["subject"] for line in
                        scene.home.run("dewey", "list", "Inbox", "--json").stdout.splitlines()]
            tap.equal(sorted(subjects), ["big", "letter 1", "letter 2"])
            scene.home.run("dewey", "fetch")
            tap.equal(scene.drop.fetched["big"], 1, "fetched")


# --- by hand

def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@tap.test("dewey server: a table, and JSON with keys that stay")
def listed():
    scene = Scene(account={"keep": "always"})
    scene.home.run("dewey", "fetch")
    scene.drop.letters.append(("u7", letter("Привет", "Olga <olga@example.org>", day=7)))
    out = scene.home.run("dewey", "server").stdout.splitlines()
    tap.equal(len(out), 7)
    tap.contains(out[0], ["new", "Olga", "Привет"])
    tap.contains(out[1], ["here", "letter 6"])
    row = rows(scene.home.run("dewey", "server", "home", "--json"))[0]
    tap.equal(row.pop("id"), scene.ids()["u7"])
    tap.equal(row, {
        "account": "home", "state": "new", "size": len(scene.drop.letters[6][1]) + 7,
        "date": "2025-11-07T10:00:00Z", "from": "Olga <olga@example.org>", "to": "ivan@peer.test",
        "cc": "", "subject": "Привет", "message_id": "Привет@host"})
    tap.equal(scene.commands("RETR", "DELE"), ["RETR %d" % n for n in range(1, 7)])


@tap.test("a letter that was previewed and is deleted unseen: its preview goes too [P-71]")
def unseen_preview():
    scene = Scene([("big", letter("big", body="text of it\n" * 2000))],
                  account={"keep": "always", "preview": "over 10K"})
    scene.home.run("dewey", "fetch")
    scene.survey()
    previews = ".dewey/preview/Inbox"
    tap.equal(len(scene.home.folder(previews)), 1)
    # Nobody answers QUIT: it is owed, and no fetch brings it.
    scene.drop.faults.append(fakemail.Fault("QUIT", "drop", 1))
    scene.ask("run", delete=[scene.ids()["big"]])
    tap.equal((scene.home.folder(previews), len(scene.left())), ([], 1))
    scene.home.run("dewey", "fetch")
    tap.equal((scene.home.folder(previews), scene.left()), ([], []))
    tap.equal(scene.drop.fetched["big"], 0)


@tap.test("dewey server --get --delete: one session, what both find is taken; --dry-run says it")
def by_query():
    scene = Scene()
    asked = ("--get", "subject:1 OR subject:2", "--delete", "subject:2 OR subject:3")
    plan = rows(scene.home.run("dewey", "server", "home", "--json", "--dry-run", *asked))
    tap.equal({row["subject"]: row["do"] for row in plan},
              {"letter 1": "get", "letter 2": "take", "letter 3": "delete"})
    tap.equal(scene.commands("RETR", "DELE"), [])
    result = scene.home.run("dewey", "server", "home", *asked)
    tap.contains(result.stderr, ["2 fetched", "2 deleted"])
    tap.equal(scene.left(), ["u1", "u4", "u5", "u6"])
    tap.equal(len(scene.home.folder("Inbox")), 2)
    done, = rows(scene.home.run("dewey", "server", "--json", "--delete", "subject:4"))
    tap.equal((done["event"], done["account"], done["deleted"]), ("done", "home", 1))
    tap.equal(rows(scene.home.run("dewey", "server", "--json", "--delete", "subject:nothing")), [])
    # What is not there is said, and nothing is what JSON has of it.
    for options in (("--delete",), ("--dry-run", "--delete"), ("-n", "-g")):
        result = scene.home.run("dewey", "server", *options, "subject:nothing")
        tap.equal((result.stdout, result.stderr),
                  ("", "dewey: home: nothing on the server fits the query\n"))
    plan = scene.home.run("dewey", "server", "--json", "-n", "-d", "subject:nothing")
    tap.equal((plan.stdout, plan.stderr), ("", ""))
    scene.home.run("dewey", "server", "--delete", "larger:0")
    tap.equal(scene.home.run("dewey", "server").stderr, "dewey: home: there is nothing on the server\n")


@tap.test("dewey server: exit statuses; what was seen last is listed without the server too")
def statuses():
    scene = Scene()
    for args in (("--get", "form:x"), ("--delete", ""), ("nobody",), ("--delete", "x", "--nonsense")):
        scene.home.run("dewey", "server", *args, status=64)
    tap.equal(scene.drop.lines, [], "nobody was asked")
    scene.home.run("dewey", "server")
    scene.drop.faults.append(fakemail.Fault("DELE .*", "-ERR no"))
    scene.home.run("dewey", "server", "--delete", "subject:6", status=69)
    scene.server.stop()
    result = scene.home.run("dewey", "server", status=75)
    tap.equal(len(result.stdout.splitlines()), 6)
    result = scene.home.run("dewey", "server", "--delete", "subject:5", status=75)
    tap.equal(len(scene.left()), 6)


@tap.test("without TOP the size is what is left to choose by")
def by_size():
    scene = Scene([("a", letter("a")), ("b", letter("b", body="x" * 60 + "\n"))],
                  capabilities=("UIDL",), faults=[fakemail.Fault("TOP .*", "-ERR what")])
    result = scene.home.run("dewey", "server", "--delete", "larger:150")
    tap.contains(result.stderr, "no TOP")
    tap.equal(scene.left(), ["a"])


@tap.test("Dovecot: looked at, taken, deleted unseen; then a fetch of the rest")
def dovecot():
    authority = certs.Authority(tap.tempdir())
    server = servers.Dovecot(authority.server(), {"ivan": home.SECRET})
    server.fill("ivan", [data for _, data in LETTERS])
    place = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.pop3s_port,
                       "tls-ca": authority.pem, "keep": "always"})
    tap.equal(len(rows(place.run("dewey", "server", "--json"))), 6)
    place.run("dewey", "server", "--get", "subject:1 OR subject:2",
              "--delete", "subject:2 OR subject:3")
    tap.equal(sorted(server.letters("ivan")), sorted(data for n, (_, data) in enumerate(LETTERS, 1)
                                                     if n not in (2, 3)))
    tap.equal(sorted(place.folder("Inbox")), sorted([LETTERS[0][1], LETTERS[1][1]]))
    place.run("dewey", "fetch")
    tap.equal(sorted(place.folder("Inbox")), sorted(data for n, (_, data) in enumerate(LETTERS, 1)
                                                    if n != 3))
    states = [row["state"] for row in rows(place.run("dewey", "server", "--json"))]
    tap.equal(states, ["here"] * 4)


tap.main()
