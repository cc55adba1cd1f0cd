#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: several letters with one UID that are not the same letter, and letters whose
listed size is not what comes: none is previewed, fetched or deleted for another."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import tap
import tmuxscreen
from pop3scene import Scene

PREVIEWS = ".dewey/preview/Inbox"
STORED, DEL_DONE, PREVIEW = 1, 4, 5


def letter(n, lines=0):
    return (b"From: a@peer.test\nSubject: letter %d\nMessage-ID: <%d@peer.test>\n\n" % (n, n) +
            b"line of a letter\n" * lines)


def subjects(letters):
    return sorted(data.split(b"\n")[1].decode().split(": ")[1] for data in letters)


def here(scene):
    """What lies here: (the letters, the previews)."""
    return subjects(scene.home.folder("Inbox")), subjects(scene.home.folder(PREVIEWS))


def there(scene):
    return [data for _, data in scene.drop.letters]


def asked(scene):
    return [x for x in scene.drop.lines if x.startswith(("RETR", "TOP"))]


# --- Letters with one UID

@tap.test("two previews of one UID, and the first letter goes: no second preview, none stands for the other [P-48] [P-72]")
def two_previews():
    first, second = letter(1, 2000), letter(2, 3000)
    scene = Scene([("X", first), ("X", second)], account={"preview": "over 10K"})
    scene.fetch()
    tap.equal(here(scene), ([], ["letter 1", "letter 2"]))
    scene.drop.letters[:] = [("X", second)]
    before = asked(scene)
    scene.fetch()
    tap.equal((asked(scene), here(scene)), (before, ([], ["letter 1", "letter 2"])))
    gone = scene.home.ledger("SELECT CAST(uid AS TEXT) FROM uid WHERE gone != 0")
    tap.equal(gone, [("X",)])
    # The rest of the one that is still there comes in its own place.
    scene.fetch("--rest")
    tap.equal(here(scene), (["letter 2"], ["letter 1"]))
    tap.equal(scene.home.folder("Inbox"), [second])


@tap.test("a letter and a preview of one UID, and keep = never: the large one does not come unasked [P-48] [P-71]")
def one_preview():
    small, large = letter(1, 3), letter(2, 3000)
    scene = Scene([("X", small), ("X", large)], account={"preview": "over 10K", "keep": "never"})
    scene.fetch()
    tap.equal((here(scene), subjects(there(scene))), ((["letter 1"], ["letter 2"]), ["letter 2"]))
    before = asked(scene)
    for _ in range(2):
        scene.fetch()
    tap.equal((asked(scene), here(scene), subjects(there(scene))),
              (before, (["letter 1"], ["letter 2"]), ["letter 2"]))
    tap.equal(len(scene.commands("DELE")), 1)


@tap.test("three letters of one UID change places: each stays what it is [P-48]")
def change_places():
    mail = [letter(1, 5), letter(2, 2000), letter(3, 9)]
    scene = Scene([("X", data) for data in mail], account={"preview": "over 10K"})
    scene.fetch()
    before = asked(scene)
    scene.drop.letters[:] = [("X", mail[2]), ("X", mail[0]), ("X", mail[1])]
    scene.fetch()
    scene.drop.letters[:] = [("X", mail[1]), ("X", letter(4, 30))]
    scene.fetch()
    tap.equal(asked(scene)[len(before):], ["RETR 2"])
    tap.equal(here(scene), (["letter 1", "letter 3", "letter 4"], ["letter 2"]))


@tap.test("letters of one UID and one size: every copy once [P-48]")
def equal_sizes():
    copy = letter(1, 2000)
    scene = Scene([("X", copy)] * 3, account={"preview": "over 10K"})
    scene.fetch()
    scene.drop.letters.pop()
    scene.fetch()
    tap.equal((len(scene.commands("TOP")), scene.commands("RETR")), (3, []))
    scene.drop.letters += [("X", copy)] * 2
    scene.fetch()
    tap.equal((len(scene.commands("TOP")), len(here(scene)[1])), (4, 4))


# --- A UID that is used again

@tap.test("the UID of a letter that is to be deleted is another letter's of that size: that one is fetched, not deleted unseen [P-28] [P-59] [P-70]")
def same_size():
    old, new = letter(1, 4), letter(2, 4)
    # QUIT was lost, the server has deleted, and gives the UID to the next letter.
    scene = Scene([("1", old)], account={"keep": "never"},
                  faults=[fakemail.Fault("QUIT", "done-drop", 1)])
    scene.fetch()
    scene.drop.letters.append(("1", new))
    scene.fetch()
    tap.equal((subjects(scene.home.folder("Inbox")), there(scene)), (["letter 1", "letter 2"], []))
    # By age; the other letters of that day go as they are.
    scene = Scene([("1", old), ("2", letter(3, 1))], account={"keep": "1 days"})
    at = 1900000000
    for n in range(3):
        scene.fetch(env={**scene.home.environment(), "DEWEY_CLOCK": str(at + n * 80000)})
        if n == 0:
            scene.drop.letters[0] = ("1", new)
    tap.equal(subjects(scene.home.folder("Inbox")), ["letter 1", "letter 2", "letter 3"])
    tap.equal((scene.commands("RETR")[2:], subjects(there(scene))), (["RETR 1"], ["letter 2"]))


# --- Sizes that lie

def delete_preview(scene, on_server="y"):
    """Deletes the only message for good, as a person does; its letter as well."""
    terminal = tmuxscreen.Terminal(" ".join(scene.home.command("dewey")), "exit 1\n")
    terminal.wait("letter 1")
    terminal.keys("d")
    terminal.wait("letter 1", gone=True)
    terminal.type(":change-folder Trash")
    terminal.keys("Enter")
    terminal.wait("letter 1")
    terminal.keys("d")
    terminal.wait("for good")
    terminal.keys("y")
    terminal.wait("still on the server")
    terminal.keys(on_server)
    terminal.wait("letter 1", gone=True)
    terminal.type(":quit")
    terminal.keys("Enter")
    terminal.wait("left with 0")


@tap.test("a preview of a letter that LIST makes small is deleted for good: it goes, and does not come again [P-71] [P-44]")
def lied_and_deleted():
    for on_server in ("y", "n"):
        scene = Scene([("X", letter(1, 3000))], account={"max-size": "10K"})
        scene.drop.sizes["X"] = 100
        scene.fetch()
        tap.equal((here(scene), scene.drop.fetched["X"]), (([], ["letter 1"]), 1))
        before = asked(scene)
        delete_preview(scene, on_server)
        scene.fetch()
        scene.fetch()
        tap.equal((asked(scene), here(scene)), (before, ([], [])))
        tap.equal(len(there(scene)), 0 if on_server == "y" else 1)


tap.main()
