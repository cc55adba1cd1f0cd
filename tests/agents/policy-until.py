#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""keep = until deleted: what is gone here goes there, and only that."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap
from policyscene import Scene, letter, letters


@tap.test("until deleted: Trash, no folder, and back; nothing is fetched twice [P-61]")
def until_deleted():
    scene = Scene(letters(5), keep="until deleted")
    scene.fetch()
    tap.equal(len(scene.there()), 5)
    paths = scene.home.paths("Inbox")
    scene.move(paths[0], "Trash")
    os.unlink(paths[1])
    scene.fetch()
    tap.equal(scene.there(), letters(3, 3))
    scene.fetch()
    tap.equal(scene.there(), letters(3, 3))
    tap.equal(len(scene.commands("RETR")), 5)


@tap.test("until deleted: moved and renamed by another program is not deleted [X-10]")
def until_deleted_renamed():
    scene = Scene(letters(4), keep="until deleted")
    scene.fetch()
    paths = scene.home.paths("Inbox")
    scene.move(paths[0], "Archive")
    scene.move(paths[1], "Archive", "1700000000.1234_5.elsewhere:2,RS")
    scene.move(paths[2], "Inbox", "1700000001.1234_6.elsewhere:2,S")
    for _ in range(2):
        scene.fetch()
        tap.equal(len(scene.there()), 4)
    tap.equal(scene.commands("DELE"), [])


@tap.test("until deleted: a store that was emptied deletes nothing, is told once, and can be meant")
def emptied():
    scene = Scene(letters(25), keep="until deleted")
    scene.fetch()
    for path in scene.home.paths("Inbox")[:21]:
        os.unlink(path)
    tap.contains(scene.fetch().stderr, ["of 25 letters", "21", "--delete-gone home"])
    tap.equal(len(scene.there()), 25)
    tap.lacks(scene.fetch().stderr, "--delete-gone")
    # Fewer than twenty now, but in doubt as before.
    scene.drop.letters = scene.drop.letters[:8] + scene.drop.letters[21:]
    scene.fetch()
    scene.fetch()
    tap.equal(len(scene.there()), 12)
    scene.fetch("--delete-gone")
    tap.equal(len(scene.there()), 4)


@tap.test("until deleted: three letters and a store without any letter: nothing is deleted")
def emptied_small():
    scene = Scene(letters(3), keep="until deleted")
    scene.fetch()
    for path in scene.home.paths("Inbox"):
        os.unlink(path)
    scene.fetch()
    scene.fetch()
    tap.equal(len(scene.there()), 3)
    # A new letter does not make the store look alive.
    scene.drop.letters.append(("new", letter(4)))
    scene.fetch()
    scene.fetch()
    tap.equal(len(scene.there()), 4)


@tap.test("until deleted: a store that is not there, and one without its ledger, delete nothing")
def unmounted():
    scene = Scene(letters(3), keep="until deleted")
    scene.fetch()
    os.rename(scene.home.mail, scene.home.mail + ".away")
    scene.fetch()
    tap.equal((len(scene.there()), len(scene.inbox())), (3, 3))
    shutil.rmtree(scene.home.mail)
    os.rename(scene.home.mail + ".away", scene.home.mail)
    scene.fetch()
    tap.equal((len(scene.there()), len(scene.inbox())), (3, 3))


@tap.test("until deleted: what was moved to a folder that is away, or cannot be read, is not gone [X-10]")
def moved_away():
    scene = Scene(letters(6), keep="until deleted")
    scene.fetch()
    for folder in ("Old", "Lists/debian"):
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(scene.home.mail, folder, part))
    paths = scene.home.paths("Inbox")
    scene.move(paths[0], "Old")
    scene.fetch()
    old, lists = (os.path.join(scene.home.mail, name) for name in ("Old", "Lists"))
    os.rename(old, scene.home.mail + ".away")
    scene.fetch()
    tap.equal(len(scene.there()), 6)
    os.rename(scene.home.mail + ".away", old)
    scene.move(paths[1], "Lists/debian")
    os.chmod(lists, 0)
    # root reads it all the same, unless that is taken away.
    tap.succeeds(["setpriv", "--bounding-set=-dac_override,-dac_read_search",
                  *scene.home.command("dewey-pop3", "home")], env=scene.home.environment())
    os.chmod(lists, 0o700)
    tap.equal(len(scene.there()), 6)
    scene.fetch()
    tap.equal(len(scene.there()), 6)
    os.unlink(scene.home.paths("Inbox")[0])
    scene.fetch()
    tap.equal(len(scene.there()), 5)


@tap.test("until deleted: the index is neither needed nor believed")
def no_index():
    scene = Scene(letters(3), keep="until deleted")
    scene.fetch()
    scene.home.run("dewey", "list", "Inbox")
    scene.move(scene.home.paths("Inbox")[0], "Archive")
    scene.fetch()
    tap.equal(len(scene.there()), 3)
    os.unlink(os.path.join(scene.home.mail, ".dewey", "index.db"))
    scene.fetch()
    tap.equal(len(scene.there()), 3)


tap.main()
