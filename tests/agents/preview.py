#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: letters that are too large to come unasked, their previews, and
the rest of them."""
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import home
import servers
import tap
from pop3scene import EX_CONFIG, LETTERS, Scene

PREVIEWS = ".dewey/preview/Inbox"
LINES = b"".join(b"line %d\n" % n for n in range(1, 5000))
BIG = b"From: a@b.test\nSubject: big\nMessage-ID: <big@b.test>\n\n" + LINES
HEAD = b"From: a@b.test\nSubject: big\nMessage-ID: <big@b.test>\n\n" + b"".join(
    LINES.splitlines(True)[:20])
PREVIEW, SKIPPED, STORED, DEL_DONE = 5, 6, 1, 4


def states(place):
    return [state for state, in place.ledger("SELECT state FROM uid ORDER BY id")]


def mixed(count=3, **account):
    """Small letters with a big one among them, its UID is "big"."""
    letters = [("small%d" % n, LETTERS[n]) for n in range(count)]
    letters.insert(1, ("big", BIG))
    return Scene(letters, account=account)


def rest(scene, *ids, end="done"):
    """Asks for the rest of these rows, as the front end does."""
    wire = child.Wire(scene.home, "dewey-pop3")
    wire.send({"do": "fetch", "id": 1, "account": "home", "only": list(ids)})
    events = wire.until("done", "failed")
    wire.close()
    tap.equal(events[-1]["event"], end, json.dumps(events[-1]))
    return events


def big_row(scene):
    return scene.home.ledger("SELECT id FROM uid WHERE uid = CAST('big' AS BLOB)")[0][0]


def listed(scene):
    """What dewey lists in the Inbox: {subject: (partial, size)}."""
    out = scene.home.run("dewey", "--json", "list", "Inbox").stdout
    rows = [json.loads(line) for line in out.splitlines()]
    return {row["subject"]: (row["partial"], row["size"]) for row in rows}


@tap.test("over the size of 'preview' TOP comes instead of RETR, once [P-71] [P-72]")
def over():
    scene = mixed(preview="over 10K")
    result = scene.fetch()
    tap.contains(result.stderr, "3 new letters, 1 preview")
    tap.equal(scene.home.folder(PREVIEWS), [HEAD])
    tap.equal(scene.home.folder("Inbox"), LETTERS[:3])
    tap.equal(scene.commands("TOP"), ["TOP 2 20"])
    tap.equal(scene.drop.fetched["big"], 0)
    tap.equal(states(scene.home).count(PREVIEW), 1)
    size = len(BIG.replace(b"\n", b"\r\n"))
    tap.equal(listed(scene)["big"], (True, size))
    tap.equal(listed(scene)["1"], (False, len(LETTERS[0])))
    scene.fetch()
    tap.equal(len(scene.commands("TOP")), 1)
    tap.equal(len(scene.commands("RETR")), 3)


@tap.test("TOP goes in the pipeline among RETR, also for all letters of a maildrop [P-55]")
def pipelined():
    letters = [(str(n), b"Subject: %d\n\n%s" % (n, LINES[:2000])) for n in range(300)]
    scene = Scene(letters, account={"preview": "all"})
    scene.fetch()
    tap.equal(len(scene.home.folder(PREVIEWS)), 300)
    tap.equal((scene.home.folder("Inbox"), sum(scene.drop.fetched.values())), ([], 0))
    tap.equal(states(scene.home), [PREVIEW] * 300)


@tap.test("keep never deletes a letter of which a preview is here [P-72]")
def kept():
    for keep in ("never", "1 days"):
        scene = mixed(preview="over 10K", keep=keep)
        scene.fetch()
        scene.fetch(env={**scene.home.environment(), "DEWEY_CLOCK": "4000000000"})
        tap.ok("big" in [uid for uid, _ in scene.drop.letters], "deleted: keep = " + keep)
        tap.equal(scene.commands("DELE 2"), [])


@tap.test("the rest is fetched alone, when it is asked for, in the place of the preview [P-72]")
def whole():
    scene = mixed(preview="over 10K", keep="never")
    scene.fetch()
    tap.equal([uid for uid, _ in scene.drop.letters], ["big"])
    preview, = scene.home.paths(PREVIEWS)
    base = os.path.basename(preview)
    moved = os.path.join(scene.home.mail, ".dewey/preview/Lists/x")
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(moved, part))
        os.makedirs(os.path.join(scene.home.mail, "Lists/x", part))
    os.rename(preview, os.path.join(moved, "cur", base + ":2,FS"))
    scene.drop.letters.append(("new", LETTERS[4]))
    events = rest(scene, big_row(scene))
    tap.equal((events[-1]["new"], events[-1]["listed"], events[-1]["deleted"]), (1, 1, 1))
    stored = next(e for e in events if e["event"] == "stored")
    tap.equal((stored["folder"], stored["name"]), ("Lists/x", base))
    tap.equal([os.path.basename(p) for p in scene.home.paths("Lists/x")], [base + ":2,FS"])
    tap.equal(scene.home.folder("Lists/x"), [BIG])
    tap.equal(scene.home.paths(".dewey/preview/*"), [])
    tap.equal([uid for uid, _ in scene.drop.letters], ["new"])
    tap.equal(scene.drop.fetched["new"], 0)


@tap.test("the rest of a letter that has gone from the server: nothing came, and it says so")
def vanished():
    scene = mixed(preview="over 10K")
    scene.fetch()
    scene.drop.letters = []
    events = rest(scene, big_row(scene))
    tap.equal((events[-1]["new"], events[-1]["listed"]), (0, 0))
    tap.equal(scene.home.folder(PREVIEWS), [HEAD])
    tap.ok(scene.home.ledger("SELECT gone FROM uid WHERE state = 5")[0][0], "not noted as gone")


@tap.test("over max-size never comes, not even when it is asked for [P-71]")
def too_large():
    scene = mixed(**{"max-size": "10K"})
    scene.fetch()
    tap.equal(scene.home.folder(PREVIEWS), [HEAD])
    events = rest(scene, big_row(scene))
    tap.equal((events[-1]["new"], events[-1]["large"], events[-1]["listed"]), (0, 1, 1))
    tap.equal(scene.drop.fetched["big"], 0)


@tap.test("without TOP no preview and no RETR: counted and told [P-72]")
def no_top():
    for settings in ({"preview": "over 10K"}, {"max-size": "10K"}):
        scene = mixed(**settings)
        scene.drop.capabilities = ["UIDL"]
        result = scene.fetch()
        tap.contains(result.stderr, "1 letter")
        tap.contains(result.stderr, "left on the server")
        tap.equal(scene.commands("TOP") + scene.commands("RETR 2"), [])
        tap.equal(scene.home.folder("Inbox"), LETTERS[:3])
        tap.equal(scene.home.paths(PREVIEWS), [])


@tap.test("TOP refused for one letter: the others come, it is told")
def refused():
    scene = mixed(preview="over 10K")
    scene.drop.faults.append(fakemail.Fault("TOP 2 .*", "-ERR no"))
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), LETTERS[:3])
    tap.equal((scene.drop.fetched["big"], scene.home.paths(PREVIEWS)), (0, []))


@tap.test("LIST says little, RETR sends more than max-size: dropped, marked, previewed [P-71] [P-44]")
def liar():
    scene = mixed(**{"max-size": "20K", "keep": "never"})
    scene.drop.sizes["big"] = 100
    result = scene.fetch()
    tap.contains(result.stderr, "though the server said less")
    tap.equal(sorted(scene.home.folder("Inbox")), LETTERS[:3])
    tap.equal(scene.home.folder(PREVIEWS), [HEAD])
    tap.equal(scene.drop.fetched["big"], 1)
    tap.equal([uid for uid, _ in scene.drop.letters], ["big"])
    size = scene.home.ledger("SELECT sent FROM uid WHERE state = 5")[0][0]
    tap.ok(size > 20 * 1024, "size %d" % size)
    scene.fetch()
    tap.equal((scene.drop.fetched["big"], len(scene.commands("TOP"))), (1, 1))
    events = rest(scene, big_row(scene))
    tap.equal((events[-1]["new"], events[-1]["large"]), (0, 1))


@tap.test("the same without TOP: marked, and not tried again until max-size is raised [P-71]")
def liar_without_top():
    scene = mixed(**{"max-size": "20K"})
    scene.drop.capabilities = ["UIDL"]
    scene.drop.sizes["big"] = 100
    scene.fetch()
    scene.fetch()
    tap.equal(scene.drop.fetched["big"], 1)
    tap.equal(states(scene.home).count(SKIPPED), 1)
    with open(scene.home.rc, encoding="utf-8") as file:
        text = file.read()
    with open(scene.home.rc, "w", encoding="utf-8") as file:
        file.write(text.replace("20K", "20M"))
    scene.fetch()
    tap.equal((scene.drop.fetched["big"], len(scene.home.folder("Inbox"))), (2, 4))
    tap.equal(states(scene.home), [STORED] * 4)


@tap.test("a letter of more than max-size without a UID: told to mend the dotfile")
def nameless():
    scene = mixed(**{"max-size": "20K", "keep": "never"})
    scene.drop.sizes["big"] = 100
    scene.drop.faults += [fakemail.Fault("UIDL", "-ERR what?"), fakemail.Fault("TOP .*", "-ERR")]
    scene.drop.capabilities = ["PIPELINING"]
    result = scene.fetch(status=EX_CONFIG)
    tap.contains(result.stderr, "max-size")
    tap.equal(scene.drop.fetched["big"], 1)


@tap.test("20 lines of any length: a preview has 64 KB at most")
def long_lines():
    letter = b"Subject: long\n\n" + b"x" * 3000000 + b"\n"
    scene = Scene([("long", letter)], account={"preview": "all"})
    scene.fetch()
    tap.equal([len(x) for x in scene.home.folder(PREVIEWS)], [65536])
    events = rest(scene, scene.home.ledger("SELECT id FROM uid")[0][0])
    tap.equal((events[-1]["new"], scene.home.folder("Inbox")), (1, [letter]))


@tap.test("sizes of more than 4 GiB, and of any: never asked for by RETR, listed as they are [P-45]")
def huge():
    for size, shown in ((5 << 30, 5 << 30), (2 ** 64 - 1, 2 ** 63 - 1)):
        scene = mixed(**{"max-size": "2G"})
        scene.drop.sizes["big"] = size
        scene.fetch()
        tap.equal(scene.drop.fetched["big"], 0)
        tap.equal(listed(scene)["big"], (True, shown))


@tap.test("a filter that says fetch goes before 'preview', and behind max-size [P-71] [P-76]")
def filtered():
    for limit, fetched in (("0", 1), ("10K", 0)):
        scene = mixed(preview="all", **{"max-size": limit})
        with open(scene.home.rc, "a", encoding="utf-8") as file:
            file.write("[filter big]\nwhen = preview\nmatch = subject:big\ndo = fetch\n")
        scene.fetch()
        tap.equal(scene.drop.fetched["big"], fetched, "max-size = " + limit)
        tap.equal(len(scene.home.folder(PREVIEWS)), 4 - fetched)


@tap.test("--rest by hand: the rest of all previews, nothing else")
def by_hand():
    scene = mixed(preview="all")
    scene.fetch()
    scene.drop.letters.append(("new", LETTERS[4]))
    result = scene.fetch("--rest")
    tap.contains(result.stderr, "4 new letters")
    tap.equal(sorted(scene.home.folder("Inbox")), sorted(LETTERS[:3] + [BIG]))
    tap.equal((scene.home.paths(PREVIEWS), scene.drop.fetched["new"]), ([], 0))


@tap.test("a large letter is told of while it comes; its size is a hint [P-44]")
def progress():
    letter = b"Subject: long\n\n" + b"a line of a letter\n" * 400000
    scene = Scene([("long", letter)], account={"preview": "over 1M"})
    scene.drop.sizes["long"] = 2000000
    scene.fetch()
    events = rest(scene, scene.home.ledger("SELECT id FROM uid")[0][0])
    octets = [e["octets"] for e in events if e["event"] == "progress"]
    tap.equal((octets[0], octets[-1]), (0, len(letter)))
    tap.ok(len(octets) > 2, "told only at the ends")
    tap.equal(scene.home.folder("Inbox"), [letter])


@tap.test("the connection breaks in the rest: the preview stays, then it comes whole [P-73]")
def broken():
    scene = mixed(preview="over 10K")
    scene.fetch()
    scene.drop.faults.append(fakemail.Fault("RETR 2", "cut:5000", 1))
    rest(scene, big_row(scene), end="failed")
    tap.equal(scene.home.folder(PREVIEWS), [HEAD])
    tap.equal((states(scene.home).count(PREVIEW), len(scene.home.folder("Inbox"))), (1, 3))
    tap.equal(os.listdir(os.path.join(scene.home.mail, "Inbox/tmp")), [])
    rest(scene, big_row(scene))
    tap.equal(sorted(scene.home.folder("Inbox")), sorted(LETTERS[:3] + [BIG]))
    tap.equal(scene.home.paths(PREVIEWS), [])


@tap.test("what is marked in the server view comes in the place of its preview [P-72]")
def marked():
    scene = mixed(preview="over 10K")
    scene.fetch()
    base = os.path.basename(scene.home.paths(PREVIEWS)[0])
    wire = child.Wire(scene.home, "dewey-pop3")
    wire.send({"do": "survey", "id": 1, "account": "home", "lines": 0})
    wire.until("done", "failed")
    name = os.listdir(os.path.join(scene.home.mail, ".dewey/server"))
    path = os.path.join(scene.home.mail, ".dewey/server",
                        next(x for x in name if x.endswith(".db")))
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as db:
        drop_id, = db.execute("SELECT id FROM letter WHERE uid = CAST('big' AS BLOB)").fetchone()
    wire.send({"do": "run", "id": 2, "account": "home", "get": [drop_id]})
    events = wire.until("done", "failed")
    tap.equal((events[-1]["event"], events[-1].get("new")), ("done", 1), json.dumps(events[-1]))
    wire.close()
    tap.equal(scene.home.paths(PREVIEWS), [])
    tap.equal([os.path.basename(p) for p in scene.home.paths("Inbox")].count(base), 1)
    tap.equal(sorted(scene.home.folder("Inbox")), sorted(LETTERS[:3] + [BIG]))


@tap.test("Dovecot: previews by TOP, then the rest, octet for octet")
def dovecot():
    authority = certs.Authority(tap.tempdir())
    server = servers.Dovecot(authority.server(), {"ivan": home.SECRET})
    server.fill("ivan", [LETTERS[0], BIG])

    class Place:
        home = None
    Place.home = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.pop3s_port,
                            "tls-ca": authority.pem, "preview": "over 10K", "keep": "never"})
    Place.home.run("dewey-pop3", "home")
    tap.equal(Place.home.folder(PREVIEWS), [HEAD])
    tap.equal(listed(Place)["big"][0], True)
    row, = Place.home.ledger("SELECT id FROM uid WHERE state = 5")
    rest(Place, row[0])
    tap.equal(sorted(Place.home.folder("Inbox")), sorted([LETTERS[0], BIG]))
    tap.equal(listed(Place)["big"], (False, len(BIG)))
    tap.equal(server.letters("ivan"), [])


tap.main()
