#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Rules that look at the head of a letter before it is fetched."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import tap
from policyscene import Scene


def from_(n, sender, subject="hello", body="x\n"):
    return ("Message-ID: <%d@peer.test>\nDate: Sat, 21 Nov 2026 10:00:00 +0000\nFrom: %s\n"
            "Subject: %s\n\n%s" % (n, sender, subject, body)).encode()


RULES = """[filter friends]
match = from:anna
when = preview
do = fetch
[filter shops]
match = from:shop
when = preview
do = delete on server
[filter big]
match = larger:20K
when = preview
do = skip
account = home
"""


@tap.test("rules: the first that fits counts; deleted unseen is logged, left is asked for once [P-76]")
def rules():
    mail = [from_(1, "anna@shop.test", body="y" * 30000 + "\n"), from_(2, "offers@shop.test", "only today"),
            from_(3, "boris@peer.test", body="y" * 30000 + "\n"), from_(4, "boris@peer.test")]
    scene = Scene(mail, RULES)
    result = scene.fetch("--events")
    tap.contains(result.stderr, ["'shops' deletes unseen", "offers@shop.test", "only today"])
    events = [json.loads(line) for line in result.stdout.splitlines()]
    tap.equal([(e["filter"], e["subject"]) for e in events if e["event"] == "filtered"],
              [("shops", "only today")])
    tap.equal([events[-1][k] for k in ("new", "skipped", "filtered", "deleted")], [2, 1, 1, 1])
    text = scene.home.run("dewey", "log", "home").stdout
    tap.contains(text, [" #: filter 'shops' deletes letter 2 unseen: ", "only today"])
    tap.ok(re.search(r" #: filter '\w+' leaves letter 3 on the server: ", text), text)
    tap.equal(scene.inbox(), sorted([mail[0], mail[3]]))
    tap.equal(scene.there(), [mail[0], mail[2], mail[3]])
    tap.equal(len(scene.commands("TOP")), 4)
    tap.equal([x for x in scene.commands("TOP") if not x.endswith(" 0")], [])
    # The second visit knows all heads; what was left is left again.
    scene.forget_commands()
    scene.fetch()
    tap.equal(scene.commands("TOP") + scene.commands("RETR") + scene.commands("DELE"), [])
    # 'dewey server' says of it what the server view says.
    listed = scene.home.run("dewey", "server", "--json", "home").stdout
    tap.equal([json.loads(line)["state"] for line in listed.splitlines()],
              ["here", "left", "here"])
    # Without the rules it is a letter like others.
    scene.home.write(scene.settings)
    scene.fetch()
    tap.equal(len(scene.inbox()), 3)


@tap.test("rules: off by default, --keep and --dry-run delete nothing, a wrong query is named [P-76]")
def rules_careful():
    mail = [from_(1, "offers@shop.test"), from_(2, "anna@peer.test")]
    scene = Scene(mail)
    scene.fetch("--dry-run")
    tap.equal(scene.commands("TOP"), [])
    scene.home.write(scene.settings, RULES)
    text = scene.fetch("--dry-run", "-v").stderr
    tap.contains(text, ["would delete letter 1", "would fetch letter 2"])
    tap.lacks(text, "deletes unseen")
    scene.fetch("--keep")
    tap.equal((scene.there(), scene.inbox()), (mail, [mail[1]]))
    scene.home.write(scene.settings, "[filter odd]\nmatch = larger:much\nwhen = preview\ndo = skip\n")
    scene.drop.letters.append(("new", from_(3, "boris@peer.test")))
    with open(scene.home.rc) as file:
        line = [n for n, text in enumerate(file, 1) if text.startswith("match")][0]
    wrong = "%s:%d: 'match' of the filter 'odd': 'much' is not a size" % (scene.home.rc, line)
    tap.contains(scene.fetch(status=78).stderr, wrong)
    # Whoever reads the dotfile says so, before a server is asked.
    for command in ("check", "server", "fetch", "list Inbox"):
        text = scene.home.run("dewey", *command.split(), status=78).stderr
        tap.equal(text.count(wrong), 1, text)
    scene.home.write(scene.settings, "[view x]\nquery = form:me\n[filter odd]\n"
                     "match = from:shop body:prize\nwhen = preview\ndo = skip\n")
    text = scene.home.run("dewey", "check", status=78).stderr
    tap.contains(text, ["the query of the view 'x': unknown term 'form:'",
                        "'match' of the filter 'odd': 'body:' at 11 is not known before"])
    tap.equal(len(scene.there()), 3)


@tap.test("rules: no TOP, or a head that is not to be had: the letter is fetched [P-76]")
def rules_without_top():
    scene = Scene([from_(1, "offers@shop.test")], RULES, faults=[fakemail.Fault("TOP .*", "-ERR no")])
    scene.fetch()
    tap.equal((len(scene.inbox()), len(scene.there())), (1, 1))


tap.main()
