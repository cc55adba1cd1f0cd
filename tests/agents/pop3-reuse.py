#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 and servers that use a UID again once its letter is gone, which RFC 1939
section 7 allows: nothing is deleted unseen, nothing is left unfetched, nothing comes twice."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import tap
from pop3scene import Scene


def letter(n, lines=0):
    return (b"From: a@peer.test\nSubject: letter %d\nMessage-ID: <%d@peer.test>\n\n" % (n, n) +
            b"line of a letter\n" * lines)


PREVIEWS = ".dewey/preview/Inbox"


def inbox(scene):
    return sorted(scene.home.folder("Inbox"))


def there(scene):
    return [data for _, data in scene.drop.letters]


def retrs(scene):
    return len(scene.commands("RETR"))


@tap.test("QUIT was lost, the letter is gone and its UID is another's: that one is fetched, not deleted [P-59] [P-28]")
def lost_quit():
    scene = Scene([("1", letter(1))], account={"keep": "never"},
                  faults=[fakemail.Fault("QUIT", "done-drop", 1)])
    scene.fetch()
    tap.equal(there(scene), [])
    scene.drop.letters.append(("1", letter(2, 20)))
    scene.fetch()
    tap.equal((inbox(scene), there(scene)), (sorted([letter(1), letter(2, 20)]), []))
    # The same again: the server did not delete, and there is nothing to compare.
    scene.drop.faults.append(fakemail.Fault("QUIT", "drop", 1))
    scene.drop.letters.append(("1", letter(3, 50)))
    scene.fetch()
    before = retrs(scene)
    scene.fetch()
    tap.equal((retrs(scene), there(scene)), (before, []))
    tap.equal(len(inbox(scene)), 3)


@tap.test("QUIT was lost, and the server has added Status: to the letter: DELE without RETR [P-59]")
def status_line():
    scene = Scene([("1", letter(1, 20))], account={"keep": "never"},
                  faults=[fakemail.Fault("QUIT", "drop", 1)])
    scene.fetch()
    uid, data = scene.drop.letters[0]
    scene.drop.letters[0] = (uid, b"Status: RO\n" + data)
    scene.fetch()
    tap.equal((retrs(scene), there(scene), inbox(scene)), (1, [], [letter(1, 20)]))


@tap.test("kept letters: a UID that was away comes back with another letter, or with its own [P-50] [P-61]")
def away():
    first = [("1", letter(1)), ("2", letter(2))]
    scene = Scene(list(first), account={"keep": "always"})
    scene.fetch()
    scene.drop.letters[:] = first[1:]
    scene.fetch()
    scene.drop.letters[:] = [("1", letter(9, 40)), first[1]]
    scene.fetch()
    tap.equal(inbox(scene), sorted([letter(1), letter(2), letter(9, 40)]))
    tap.equal(len(there(scene)), 2)
    # Its own, and the same size: not asked for.
    before = retrs(scene)
    scene.drop.letters[:] = []
    scene.fetch()
    scene.drop.letters[:] = [("1", letter(9, 40)), first[1]]
    scene.fetch()
    tap.equal(retrs(scene), before)
    # Its own, and the server says another size: compared, and left there.
    scene.drop.letters[:] = []
    scene.fetch()
    scene.drop.letters[:] = [("1", letter(9, 40)), first[1]]
    scene.drop.sizes["1"] = 9
    scene.fetch()
    tap.equal((retrs(scene), len(inbox(scene)), len(there(scene))), (before + 1, 3, 2))
    tap.equal(scene.commands("DELE"), [])
    scene.fetch()
    tap.equal(retrs(scene), before + 1)


@tap.test("kept letters: another letter of a UID that was away is not forgotten when its session is cut [P-28] [P-50]")
def away_and_cut():
    for fault, what, other in (("RETR 1", "drop", letter(9, 40)), ("TOP 1 .*", "drop", letter(9)),
                                 ("RETR 1", "drop", letter(9)), ("RETR 1", "-ERR not now", letter(9, 40))):
        first = [("1", letter(1)), ("2", letter(2))]
        scene = Scene(list(first), account={"keep": "always"})
        scene.fetch()
        scene.drop.letters[:] = first[1:]
        scene.fetch()
        scene.drop.letters[:] = [("1", other), first[1]]
        scene.drop.faults.append(fakemail.Fault(fault, what, 1))
        scene.fetch(status=None)
        tap.equal(inbox(scene), sorted([letter(1), letter(2)]), "%s was not cut" % fault)
        scene.fetch()
        tap.equal(inbox(scene), sorted([letter(1), letter(2), other]), fault)
        # Now it is known, and is neither fetched nor looked at again.
        before = len(scene.drop.lines)
        scene.fetch()
        tap.equal([x for x in scene.drop.lines[before:] if x[:4] in ("RETR", "TOP ", "DELE")], [])


@tap.test("a UID that was away comes back with a letter of the same size: its head tells [P-28] [P-50]")
def away_same_size():
    first = [("1", letter(1)), ("2", letter(2))]
    scene = Scene(list(first), account={"keep": "always"})
    scene.fetch()
    scene.drop.letters[:] = []
    scene.fetch()
    scene.drop.letters[:] = [("1", letter(9)), first[1]]
    scene.fetch()
    tap.equal(inbox(scene), sorted([letter(1), letter(2), letter(9)]))
    tap.equal((retrs(scene), len(scene.commands("TOP")), scene.commands("DELE")), (3, 2, []))
    scene.fetch()
    tap.equal((retrs(scene), len(scene.commands("TOP"))), (3, 2))


@tap.test("a UID that was away is another's, and a person asks for a preview's rest first: it comes later [P-28] [P-72]")
def away_and_rest():
    first = [("1", letter(1)), ("2", letter(2, 2000))]
    scene = Scene(list(first), account={"keep": "always", "preview": "over 10K"})
    scene.fetch()
    scene.drop.letters[:] = first[1:]
    scene.fetch()
    for other in (letter(9, 40), letter(8, 40)):
        scene.drop.letters[:] = [("1", other), first[1]]
        scene.fetch("--rest")
        tap.equal(other in inbox(scene), False)
        scene.fetch()
        tap.equal(other in inbox(scene), True, "it never came")
        scene.drop.letters[:] = first[1:]
        scene.fetch()
    tap.equal(len(inbox(scene)), 4)


@tap.test("a preview's letter went, and its UID is another's: that one is fetched [P-71] [P-72]")
def preview():
    scene = Scene([("1", letter(1, 2000))], account={"preview": "over 10K"})
    scene.fetch()
    tap.equal(len(scene.home.folder(PREVIEWS)), 1)
    scene.drop.letters[:] = []
    scene.fetch()
    scene.drop.letters[:] = [("1", letter(2))]
    scene.fetch()
    tap.equal(inbox(scene), [letter(2)])
    tap.equal(len(scene.home.folder(PREVIEWS)), 1)


@tap.test("a letter that was too large and lied is gone: its UID does not keep another away [P-71]")
def skipped():
    scene = Scene([("1", letter(1, 2000))], account={"max-size": "10K"},
                  capabilities=("UIDL", "PIPELINING"),
                  faults=[fakemail.Fault("TOP .*", "-ERR no such command")])
    scene.drop.sizes["1"] = 10
    scene.fetch()
    tap.equal(inbox(scene), [])
    scene.drop.letters[:] = []
    scene.fetch()
    scene.drop.sizes.clear()
    scene.drop.letters[:] = [("1", letter(2))]
    scene.fetch()
    tap.equal(inbox(scene), [letter(2)])


DELETE = "[filter %s]\nmatch = %s\nwhen = preview\ndo = delete on server\n"


@tap.test("rules: an empty head is nobody's, also for a query of what is not in it [P-76]")
def empty_head():
    scene = Scene([("1", letter(1))], sections=DELETE % ("strangers", "-from:anna"),
                  faults=[fakemail.Fault("TOP .*", "+OK\r\n.", 1)])
    scene.fetch()
    tap.equal((inbox(scene), there(scene), scene.commands("DELE")), ([letter(1)], [letter(1)], []))


@tap.test("rules: the head that is known of a UID is not that of another letter [P-76]")
def known_head():
    skip = "[filter spam]\nmatch = subject:1\nwhen = preview\ndo = skip\n"
    scene = Scene([("1", letter(1))], sections=skip)
    scene.fetch()
    tap.equal(inbox(scene), [])
    scene.drop.letters[:] = [("1", letter(2, 20))]
    scene.home.write(scene.settings, DELETE % ("spam", "subject:1"))
    scene.fetch()
    tap.equal((inbox(scene), there(scene)), ([letter(2, 20)], [letter(2, 20)]))


tap.main()
