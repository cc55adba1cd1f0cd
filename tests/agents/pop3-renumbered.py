#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 and a server that has named all its letters anew: previews are recognised as
letters are, and of letters that look alike each is taken for the one of its size."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap
from pop3scene import Scene

PREVIEWS = ".dewey/preview/Inbox"


def letter(n, lines=1, body=b"line of a letter\n"):
    return (b"Message-ID: <%d@peer.test>\nDate: Sat, 21 Nov 2026 10:%02d:00 +0000\n"
            b"From: a@peer.test\nSubject: letter %d\n\n" % (n, n % 60, n) + body * lines)


def named(mail, prefix):
    return [("%s-%d" % (prefix, n), data) for n, data in enumerate(mail)]


def state_of(scene):
    """{UID: (state, size of the file)} of what is listed."""
    return {uid: (state, size) for uid, state, size in scene.home.ledger(
        "SELECT CAST(uid AS TEXT), state, size FROM uid WHERE gone = 0")}


def rename_all(scene, mail):
    scene.drop.letters = named(mail, "new")
    del scene.drop.lines[:]


@tap.test("every UID is new: previews are known by their heads, and stay what they are [P-49] [P-72]")
def previews():
    mail = [letter(n, 2000) for n in range(22)]
    scene = Scene(named(mail, "old"), account={"preview": "over 10K"})
    scene.fetch()
    tap.equal(len(scene.home.folder(PREVIEWS)), 22)
    rename_all(scene, mail + [letter(99)])
    tap.contains(scene.fetch().stderr, "22 of 23 were recognised")
    tap.equal((scene.commands("RETR"), len(scene.home.folder(PREVIEWS))), (["RETR 23"], 22))
    tap.equal({x.split()[2] for x in scene.commands("TOP")}, {"0"})
    del scene.drop.lines[:]
    scene.fetch()
    tap.equal(scene.commands("TOP") + scene.commands("RETR"), [])
    scene.fetch("--rest")
    tap.equal((scene.home.folder(PREVIEWS), sorted(scene.home.folder("Inbox"))),
              ([], sorted(mail + [letter(99)])))


@tap.test("every UID is new: of two that look alike each is the one of its size [P-49]")
def alike():
    small, large = letter(7, 5), letter(7, 3000)
    others = [letter(n) for n in range(20, 45)]
    for first, second in ((small, large), (large, small)):
        scene = Scene(named(others + [small, large], "old"), account={"preview": "over 10K"})
        scene.fetch()
        rename_all(scene, [first, second] + others)
        tap.contains(scene.fetch().stderr, "27 of 27 were recognised")
        tap.equal((scene.commands("RETR"), len(scene.home.folder(PREVIEWS))), ([], 1))
        scene.fetch("--rest")
        tap.equal((scene.home.folder(PREVIEWS), sorted(scene.home.folder("Inbox"))),
                  ([], sorted(others + [small, large])))


@tap.test("every UID is new and keep = never: a preview's letter is not deleted unseen [P-49] [P-72]")
def never():
    mail = [letter(n, 2000) for n in range(21)]
    scene = Scene(named(mail, "old"), account={"preview": "over 10K", "keep": "never"})
    scene.fetch()
    rename_all(scene, mail)
    for _ in range(3):
        scene.fetch()
    tap.equal((scene.commands("RETR"), scene.commands("DELE"), len(scene.drop.letters)),
              ([], [], 21))
    tap.equal(len(scene.home.folder(PREVIEWS)), 21)
    tap.equal({state for state, _ in state_of(scene).values()}, {5})


tap.main()
