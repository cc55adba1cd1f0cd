#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""smtp = command:PROGRAM ARGS: letters that go through a program instead of to a
server."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import home
import tap
from smtpscene import DONE, HELD, LETTER, QUEUED, UNCERTAIN, Scene

EX_NOUSER, EX_UNAVAILABLE, EX_TEMPFAIL, EX_CONFIG = 67, 69, 75, 78

TAKER = """#!/bin/sh
dir=%s
n=$(ls "$dir" | wc -l)
mkdir "$dir/$n"
for word; do printf '%%s\\n' "$word"; done >"$dir/$n/argv"
cat >"$dir/$n/stdin"
%s
"""


class Place:
    """A home that sends through a program, which keeps what it is given."""

    def __init__(self, args="", script="exit 0", name="taker", body=TAKER, **account):
        self.directory = tap.tempdir()
        self.program = os.path.join(tap.tempdir(), name)
        with open(self.program, "w", encoding="utf-8") as file:
            file.write(body % (self.directory, script))
        os.chmod(self.program, 0o755)
        self.home = home.Home({"smtp": "command:%s %s" % (self.program, args), **account})

    def send(self, letter=LETTER, status=0, args=("-t", "-i"), **options):
        return self.home.run("dewey-smtp", *args, input=letter, status=status, **options)

    def runs(self):
        """(words, letter) for each time it was run."""
        found = []
        for n in sorted(os.listdir(self.directory), key=int):
            found.append((home.read(os.path.join(self.directory, n, "argv")).decode().split("\n")[:-1],
                          home.read(os.path.join(self.directory, n, "stdin"))))
        return found

    def states(self):
        return [row[0] for row in self.home.ledger("SELECT state FROM outbox ORDER BY id")]

    def set_script(self, script):
        with open(self.program, "w", encoding="utf-8") as file:
            file.write(TAKER % (self.directory, script))


@tap.test("the recipients are arguments, the letter has LF, dots as they are, and no Bcc [S-62, S-70]")
def arguments():
    place = Place("--from=%f '%% two words'")
    place.send("From: ivan@peer.test\nTo: a@пример.рф\nBcc: -x@b\nDate: d\nMessage-ID: <i@d>\n\n"
               "one\r\n.\n..two\rthree")
    (words, letter), = place.runs()
    tap.equal(words, ["--from=ivan@peer.test", "% two words", "--", "a@xn--e1afmkfd.xn--p1ai", "-x@b"])
    tap.equal(letter, "From: ivan@peer.test\nTo: a@пример.рф\nDate: d\nMessage-ID: <i@d>\n\n"
                      "one\n.\n..two\nthree\n".encode())
    tap.equal(place.states(), [DONE])
    tap.contains(place.home.folder("Sent")[0], b"Bcc: -x@b")


@tap.test("-t: the program reads the recipients, so Bcc goes along, and a dot is text [S-62]")
def reads():
    for name, args, wanted in (("taker", "-t", ["-oi", "-t"]), ("taker", "-ti", ["-ti"]),
                               ("taker", "-toi", ["-toi"]),
                               ("taker", "--read-recipients", ["-oi", "--read-recipients"]),
                               ("sendmail", "-a x", ["-oi", "-a", "x", "--", "a@b", "c@d"]),
                               ("taker", "-a x", ["-a", "x", "--", "a@b", "c@d"])):
        place = Place(args, name=name)
        place.send("To: a@b\nBcc: c@d\n\n.\n")
        (words, letter), = place.runs()
        tap.equal(words, wanted)
        tap.equal(b"\nBcc: c@d\n" in letter, "t" in words[-1].replace("taker", ""), "Bcc in the letter")
        tap.ok(letter.endswith(b"\n\n.\n"), "the dot")


@tap.test("-t and other recipients than in the letter: nobody gets it [S-41]")
def reads_others():
    place = Place("-t")
    result = place.send("To: a@b\n\nx\n", args=("c@d",), status=EX_UNAVAILABLE)
    tap.contains(result.stderr, "take '-t' out")
    tap.equal(place.runs(), [])
    tap.equal(place.states(), [HELD])


@tap.test("each exit status is a state, and its words are told")
def statuses():
    rows = [(64, HELD), (65, HELD), (66, HELD), (67, HELD), (68, HELD), (69, HELD), (70, HELD),
            (71, QUEUED), (72, HELD), (73, QUEUED), (74, QUEUED), (75, QUEUED), (76, HELD),
            (77, HELD), (78, HELD), (1, HELD), (126, HELD), (127, HELD), (255, HELD)]
    for code, state in rows:
        place = Place(script="echo first >&2; printf 'no \\033[2Jsuch' >&2; exit %d" % code)
        result = place.send(status=None)
        tap.equal(place.states(), [state], "state after %d" % code)
        tap.contains(result.stderr, ["status %d" % code, "such"], "the words of %d" % code)
        tap.lacks(result.stderr, "\033")
        tap.lacks(result.stderr, "first")
        tap.equal(set(place.home.recipients().values()) == {"failed"}, code in (67, 68),
                  "recipients after %d" % code)
        tap.equal(place.home.folder("Sent"), [])


@tap.test("a program that is killed, or says yes without reading: nobody knows [S-50]")
def uncertain():
    for script in ("kill -9 $$", "kill $$"):
        place = Place(script=script)
        place.send(status=EX_TEMPFAIL)
        tap.equal(place.states(), [UNCERTAIN], "state after " + script)
        place.home.run("dewey-smtp", "-q")
        tap.equal(len(place.runs()), 1, "runs")
    place = Place(body="#!/bin/sh\n# %s\n%s\n")
    place.send(status=EX_TEMPFAIL)
    tap.equal(place.states(), [UNCERTAIN])


@tap.test("a program that is not there: held, and its name is told")
def missing():
    place = Place()
    os.unlink(place.program)
    result = place.send(status=EX_UNAVAILABLE)
    tap.contains(result.stderr, ["cannot run", place.program])
    tap.equal(place.states(), [HELD])


@tap.test("put off, it goes later, the same letter; refused, to the corrected one alone [S-41, S-44]")
def again():
    place = Place(script="exit 75")
    place.send()
    place.set_script("exit 67")
    scene = Scene.__new__(Scene)
    scene.home = place.home
    scene.make_due()
    place.home.run("dewey-smtp", "-q", status=EX_NOUSER)
    tap.equal(set(place.home.recipients().values()), {"failed"})
    place.set_script("exit 0")
    scene.change("UPDATE recipient SET state = 2 WHERE address <> 'green@b.test'")
    scene.correct("green@b.test", "verdi@b.test")
    place.home.run("dewey-smtp", "-q")
    runs = place.runs()
    tap.equal([words for words, _ in runs], [["--", "jones@b.test", "green@b.test", "brown@b.test"]] * 2
              + [["--", "verdi@b.test"]])
    tap.equal(len({letter for _, letter in runs}), 1, "the same bytes")
    tap.equal(place.states(), [DONE])


@tap.test("killed while the program runs: it has the whole letter, and that is not known [S-51]")
def killed():
    place = Place(script=": >$0.began; read x <$0.go")
    for name in (".began", ".go"):
        os.mkfifo(place.program + name)
    place.home.write({"smtp": "smtp+insecure://127.0.0.1:9"})
    place.send("To: a@b\n\n" + "x\n" * 200000)
    place.home.write({"smtp": "command:" + place.program})
    scene = Scene.__new__(Scene)
    scene.home = place.home
    scene.make_due()
    agent = child.start(place.home, "dewey-smtp", "-q")
    home.read(place.program + ".began")
    agent.kill()
    agent.wait()
    with open(place.program + ".go", "wb"):
        pass
    place.home.run("dewey-smtp", "-q")
    tap.equal(place.states(), [UNCERTAIN])
    (_, letter), = place.runs()
    tap.ok(letter.endswith(b"\nx\n") and len(letter) > 400000, "the whole letter")


@tap.test("dewey-smtp is such a program: the letter goes through both, once")
def itself():
    scene = Scene()
    second = home.Home({"smtp": "command:%s -c %s -f %%f" % (
        tap.program("dewey-smtp"), scene.home.rc)})
    second.run("dewey-smtp", "-t", "-i", input=LETTER)
    tap.equal(scene.copies(), {n + "@b.test": 1 for n in ("jones", "green", "brown")})
    scene.sink.refused["green@b.test"] = "550 no"
    second.run("dewey-smtp", "-t", "-i", input="To: green@b.test\n\nx\n", status=EX_NOUSER)


@tap.test("what the dotfile may not say; no server, no questions")
def dotfile():
    place = home.Home({"smtp": "command:"})
    tap.contains(place.run("dewey-smtp", "a@b", input="\nx\n", status=EX_CONFIG).stderr,
                 ["is not a command", "deweyrc:"])
    place = home.Home({"smtp": "command:a 'b"})
    place.run("dewey-smtp", "a@b", input="\nx\n", status=EX_CONFIG)
    place = Place()
    tap.contains(place.home.run("dewey-smtp", "--verify", "a@b", status=EX_CONFIG).stderr,
                 "through a program")


tap.main()
