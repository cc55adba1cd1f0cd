#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey export and import, both ways: by themselves, and beside mutt, formail and Python."""
import collections
import glob
import json
import mailbox
import os
import pty
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
EX_USAGE = 64
NOWHERE = {"pop3": "pop3s://ivan@pop.invalid"}
FLAGS = ["", "S", "FS", "RS", "PS", "DS", "T", "F", "DFPRST"]


def corpus():
    """Letters of all shapes as they lie in a store, each once."""
    paths = glob.glob(os.path.join(TOP, "tests", "mail", "*.eml"))
    shared = os.path.join(TOP, "..", "shared", "corpus")
    paths += sorted(glob.glob(shared + "/*/*.eml") + glob.glob(shared + "/*/*/*.eml"))[:400]
    letters = {home.read(path).replace(b"\r\n", b"\n"): None for path in sorted(paths)}
    # Those that an mbox has trouble with.
    letters.update(dict.fromkeys([
        b"Subject: quoted\n\nFrom here\n>From there\n>>From far\n\nFrom ivan@x Mon Jan  5 10:00:00 2026\nX: 1\n\n",
        b"From ivan@x Mon Jan  5 10:00:00 2026\nSubject: an envelope inside\n\nx\n",
        b"Status: RO\nSubject: own\nX-Status: F\nStatus: O\n\nx\n",
        b"X-Mozilla-Status: 0009\nSubject: own\n\nx\n",
        b"Subject: own lengths\nContent-Length: 2\nLines: 1\n\nx\n",
        b"Subject: wrong length\nContent-Length: 1\n\nxyz\n",
        b"Subject: header only\n", b"\nno header\n", b"Subject: empty body\n\n",
        b"Subject: many lines\n\n\n\n\nx\n\n\n\n", b"Subject: long\n\n" + b"x" * 300000 + b"\n",
        b"Subject: no newline\n\nFrom x", b"Subject: NUL\0\nX: \0y\n\n\0\nz\0",
        b"Subject: CR\r\nX: y\n\r\nFrom x\r\n\r\n", b"Subject: CR\n\nx\r\n\r\ny\r\n\r\n",
        b"Subject: CRLF\r\n\r\nx\r\n\r\nFrom y\r\n", b"Subject: CR at the end\n\nx\r",
        b"Subject: lone\rCR\n\nx\ry\n", b"\r\nno header\r\n", b">From x\nSubject: z\n\ny\n",
        b"Status: R\nX-Status: A\n\nown marks at the end\n",
        b"X-IMAP: 1 2\nSubject: DON'T DELETE THIS MESSAGE\n\nit is one all the same\n",
        b"Subject: own marks and lengths\nStatus: R\nX-Status: A\nContent-Length: 2\n\nx\n", b"Subject: octets\n\n" + bytes(range(14, 256)) + b"\n"]))
    return [letter for letter in letters if letter]


def filled(letters, folder="Inbox"):
    place = home.Home(NOWHERE)
    place.run("dewey", "count", "is:unread")
    for i, letter in enumerate(letters):
        flags = FLAGS[i % len(FLAGS)]
        where = "new/%d.a%d.x" % (i, i) if i % 5 == 0 else "cur/%d.a%d.x:2,%s" % (i, i, flags)
        with open(os.path.join(place.mail, folder, where), "wb") as file:
            file.write(letter)
    return place


def picture(place, folder="Inbox", flags=True, mend=lambda letter: letter):
    """The letters of a folder with where they lie and their flags, in any order."""
    found = []
    for path in place.paths(folder):
        name = os.path.basename(path)
        mark = "new" if "/new/" in path else name.partition(":2,")[2]
        found.append((mend(home.read(path)), mark if flags else ""))
    return collections.Counter(found)


def with_newline(letter):
    return letter if letter.endswith(b"\n") else letter + b"\n"


def with_head(letter):
    """The fields of the mailbox need a line of their own."""
    return letter if re.search(rb"(\A|\n)\r?\n", letter) else with_newline(letter)


def same(got, wanted):
    for letter, mark in (got - wanted) + (wanted - got):
        tap.note("differs: %r %r" % (mark, letter[:300]))
    tap.equal(sum(((got - wanted) + (wanted - got)).values()), 0)


FORMATS = [("mboxrd", "out.mbox", with_newline), ("mboxcl2", "out.mbox", with_head),
           ("maildir", "out/", None), ("eml", "out", None)]


def carried(letter, name):
    """What a format cannot give back: a file that is one letter gets LF if all of its header
    has CRLF, and one that begins with an envelope is taken for an mbox (import_is_crlf)."""
    head = letter.partition(b"\r\n\r\n")[0] + b"\r\n"
    if name in ("maildir", "eml") and head.count(b"\n") == head.count(b"\r\n") and b"\r\n" in letter:
        return False
    return name != "eml" or not re.match(rb"From .*\d:\d", letter)


@tap.test("export and import: the same octets and flags, by mboxrd, mboxcl2, Maildir and .eml, "
          "whatever fields and line ends a letter has")
def both_ways():
    for name, path, mend in FORMATS:
        letters = [letter for letter in corpus() if carried(letter, name)]
        tap.note("%s: %d letters" % (name, len(letters)))
        tap.equal(len(letters) > 100, True)
        source = filled(letters)
        path = os.path.join(source.path, name + path)
        said = source.run("dewey", "export", "--json", "--format", name, "in:Inbox", path).stdout
        tap.equal(json.loads(said)["exported"], len(letters))
        target = home.Home(NOWHERE)
        target.run("dewey", "import", path)
        mend = mend or (lambda letter: letter)
        flags = name != "eml"
        same(picture(target, flags=flags), picture(source, flags=flags, mend=mend))
        said = target.run("dewey", "import", "--json", path).stdout
        tap.equal(json.loads(said)["imported"], 0)


@tap.test("export: what is there is not written again, an mbox that is there is not touched")
def again():
    place = filled([b"Subject: %d\n\nx\n" % i for i in range(20)])
    out = os.path.join(place.path, "out/")
    place.run("dewey", "export", "in:Inbox", out)
    os.unlink(glob.glob(out + "cur/*")[0])
    said = json.loads(place.run("dewey", "export", "--json", "in:Inbox", out).stdout)
    tap.equal((said["exported"], said["skipped"]), (1, 19))
    mbox = os.path.join(place.path, "out.mbox")
    with open(mbox, "w") as file:
        file.write("precious")
    said = place.run("dewey", "export", "in:Inbox", mbox, status=EX_USAGE).stderr
    tap.contains(said, ["out.mbox", "there already"])
    tap.equal(home.read(mbox), b"precious")
    tap.contains(place.run("dewey", "export", "in:Inbox", "x.y", status=EX_USAGE).stderr,
                 ["--format"])
    tap.contains(place.run("dewey", "export", "--format", "pst", "in:Inbox", "x", status=EX_USAGE).stderr,
                 ["pst", "mboxrd"])
    tap.equal(place.run("dewey", "export", "subject:7", "-").stdout.count("Subject: 7"), 1)


@tap.test("export: Python's mailbox reads the mbox and the Maildir")
def python():
    letters = [b"From: a@b.test\nSubject: %d\n\nFrom %d\ntext\n" % (i, i) for i in range(30)]
    place = filled(letters)
    mbox, box = os.path.join(place.path, "o.mbox"), os.path.join(place.path, "o")
    place.run("dewey", "export", "in:Inbox", mbox)
    place.run("dewey", "export", "in:Inbox", box + "/")
    found = mailbox.mbox(mbox)
    tap.equal(sorted(int(m["Subject"]) for m in found), list(range(30)))
    seen = {int(m["Subject"]) for m in found if "R" in m.get_flags()}
    maildir = mailbox.Maildir(box, create=False)
    tap.equal({int(m["Subject"]) for m in maildir if "S" in m.get_flags()}, seen)
    tap.equal(len(maildir), 30)


@tap.test("import: MH and Maildir++ as Python's mailbox writes them")
def python_writes():
    place = home.Home(NOWHERE)
    top = os.path.join(place.path, "old")
    mh = mailbox.MH(top + "-mh")
    for i in range(12):
        mh.add(b"Subject: %d\n\nx\n" % i)
    mh.set_sequences({"unseen": [2, 3, 10], "flagged": [1], "replied": [1, 12]})
    sub = mh.add_folder("sub")
    sub.add(b"Subject: below\n\nx\n")
    place.run("dewey", "import", "-f", "MH", top + "-mh")
    marks = {letter.split()[1]: mark for letter, mark in picture(place, "MH")}
    tap.equal([marks[b"%d" % i] for i in range(12)],
              ["FRS", "new", "new", "S", "S", "S", "S", "S", "S", "new", "S", "RS"])
    tap.equal(place.folder("MH/sub"), [b"Subject: below\n\nx\n"])
    box = mailbox.Maildir(top)
    box.add(b"Subject: a\n\nx\n")
    box.add_folder("Lists.debian").add(b"Subject: b\n\nx\n")
    place.run("dewey", "import", top)
    tap.equal(place.folder("Lists/debian"), [b"Subject: b\n\nx\n"])


def in_terminal(command, env):
    """Runs what wants a terminal in one; its screen is thrown away."""
    pid, screen = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, env)
    try:
        while os.read(screen, 65536):
            pass
    except OSError:
        pass
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def mutt_copies(place, source, target, kind):
    """mutt copies all letters of source into a new mailbox of this kind."""
    rc = os.path.join(place.path, "muttrc")
    with open(rc, "w") as file:
        file.write("set mbox_type=%s folder=%s confirmcreate=no confirmappend=no mark_old=no\n"
                   "set quit=yes move=no wait_key=no delete=no charset=utf-8 header_cache=''\n" % (kind, place.path))
    keys = "<tag-pattern>~A<enter><tag-prefix><copy-message><kill-line>%s<enter><exit>" % target
    env = {**place.environment(), "TERM": "xterm"}
    tap.equal(in_terminal(["mutt", "-n", "-F", rc, "-f", source, "-e", "push " + keys], env), 0)


def bare(letter):
    """Without what mutt writes into letters of a Maildir, which are taken as they are."""
    return re.sub(rb"Content-Length: .*\n(Lines: .*\n)?\n", b"\n", letter)


@tap.test("export and import: through mutt, by mbox and by Maildir, nothing is lost")
def mutt():
    tap.tool("mutt", "mutt")
    letters = [b"From: a@b.test\nDate: Mon, 5 Jan 2026 10:%02d:00 +0000\nMessage-ID: <%d@x>\n"
               b"Subject: %d\n\nFrom %d\n>From x\n\ntext\n\n" % (i, i, i, i) for i in range(40)]
    letters += [b"From: a@b.test\nMessage-ID: <in@x>\nSubject: inside\n\nx\n\n"
                b"From ivan@x Mon Jan  5 10:00:00 2026\nSubject: no letter\n\ny\n"]
    place = filled(letters)
    for name, path in (("mboxcl2", "a.mbox"), ("maildir", "a/")):
        path = os.path.join(place.path, path)
        place.run("dewey", "export", "--format", name, "in:Inbox", path)
        for kind in ("mbox", "Maildir", "MH"):
            copy = os.path.join(place.path, "%s-%s" % (name, kind))
            mutt_copies(place, path, copy, kind)
            target = home.Home(NOWHERE)
            said = json.loads(target.run("dewey", "import", "--json", copy).stdout)
            tap.equal(said["imported"], len(letters))
            mend = bare if kind == "Maildir" else lambda letter: letter
            same(picture(target, flags=False, mend=mend), picture(place, flags=False))
            seen = {letter for letter, mark in picture(place) if "S" in mark}
            tap.equal({mend(letter) for letter, mark in picture(target) if "S" in mark}, seen)


@tap.test("export: formail splits the mbox where the letters are")
def formail():
    tap.tool("formail", "procmail")
    letters = [b"From: a@b.test\nSubject: %d\n\nFrom %d\n\nFrom ivan@x Mon Jan  5 10:00:00 2026\n\n" % (i, i)
               for i in range(30)]
    place = filled(letters)
    for name in ("mboxrd", "mboxcl2"):
        path = os.path.join(place.path, name + ".mbox")
        place.run("dewey", "export", "--format", name, "in:Inbox", path)
        with open(path, "rb") as file:
            said = subprocess.run(["formail", "-s", "sh", "-c", "cat >/dev/null; echo one"],
                                  stdin=file, capture_output=True, check=True).stdout
        tap.equal(said.count(b"one"), len(letters))


@tap.test("archive: by year, tried first, and as one change that undo takes back to the very files")
def archive():
    letters = [b"From: a@b.test\nDate: Mon, 5 Jan %d 10:00:00 +0000\nSubject: %d\n\nx\n" % (year, year)
               for year in (2019, 2019, 2021, 2024)]
    letters.append(b"From: a@b.test\nDate: Mon, 5 Jan 2024 10:00:00 +0000\nSubject: kept\n\nx\n")
    place = filled([b"%sX: %d\n" % (letter, i) for i, letter in enumerate(letters)])
    said = place.run("dewey", "archive", "-n", "in:Inbox", "NOT", "subject:kept").stdout
    tap.equal(said.split(), ["2", "Archive/2019", "1", "Archive/2021", "1", "Archive/2024"])
    tap.equal(len(place.paths("Inbox")), 5)
    before = sorted(place.paths("Inbox"))
    said = json.loads(place.run("dewey", "archive", "--json", "in:Inbox", "NOT", "subject:kept").stdout)
    tap.equal(said["changed"], 4)
    tap.equal([len(place.paths("Archive/%d" % year)) for year in (2019, 2021, 2024)], [2, 1, 1])
    tap.equal(len(place.paths("Inbox")), 1)
    tap.equal(place.ledger("SELECT count(*) FROM journal"), [(1,)])
    said = json.loads(place.run("dewey", "archive", "--json", "in:Archive").stdout)
    tap.equal(said["changed"], 0)
    place.run("dewey", "undo")
    tap.equal(sorted(place.paths("Inbox")), before)
    tap.equal(place.paths("Archive/2019") + place.paths("Archive/2021"), [])


tap.main()
