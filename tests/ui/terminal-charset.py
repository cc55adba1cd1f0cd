#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Terminals that are not UTF-8: the reader, the editor and the command line in KOI8-R,
windows-1251, ISO-8859-1 and the locale "C"."""
import codecs
import email
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
import tmuxscreen

RELAY = os.path.join(tap.TOP, "tests", "tools", "relay.py")

# Of these, KOI8-R has ⌡ at 0x9B and windows-1251 › there, which is CSI to many a terminal.
BODY = ("Здравствуй, Ёж!\nЦена — «сорок» €… №5\nlocked ⌡31mred ›31mred ─│\n"
        "stress и\u0306 café 你好 שלום\n" + "щука " * 60 + "\nend\n")
LETTER = ("From: =?utf-8?B?0JjQstCw0L0g4oCU?= <ivan@example.org>\nTo: boris@example.org\n"
          "Subject: =?utf-8?B?0J/RgNC40LLQtdGC?= =?utf-8?B?IOKAlCDCq9C80LjRgMK7?=\n"
          "Date: Tue, 3 Mar 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n"
          "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
          "Content-Transfer-Encoding: 8bit\n\n" + BODY)
HTML = ("From: Ivan <ivan@example.org>\nTo: boris@example.org\nSubject: table\n"
        "Date: Wed, 4 Mar 2026 10:00:00 +0000\nMessage-ID: <2@example.org>\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        "<table border=1><tr><th>Щука</th><th>B</th></tr><tr><td>€</td><td>right</td></tr>"
        "<tr><td>x</td><td>right</td></tr></table>\n")


def russian(name):
    """The environment of a locale that ./bootstrap check makes; skips without it."""
    if name != "C" and not os.path.isdir(os.path.join(tap.LOCALES, name)):
        tap.skip("there is no locale %s: ./bootstrap check makes it" % name)
    return {"LOCPATH": tap.LOCALES, "LC_ALL": name, "LANGUAGE": "en"}


def new_home():
    h = home.Home({"smtp": "smtps://ivan@localhost:1"})
    folder = os.path.join(h.path, "in")
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(folder, sub))
    for number, letter in enumerate((LETTER, HTML)):
        with open(os.path.join(folder, "cur", "%d.x.y:2," % number), "wb") as file:
            file.write(letter.encode("utf-8"))
    h.run("dewey", "import", folder)
    return h


def start(h, locale, charset, editor="true\n", words=""):
    env = russian(locale)
    log = os.path.join(h.path, "raw")
    command = "%s -B %s %s %s %s -c %s %s" % (
        sys.executable, RELAY, charset, log, tap.program("dewey"), h.rc, words)
    terminal = tmuxscreen.Terminal(command, editor, env)
    terminal.raw = log
    return terminal


def no_foreign_octet(path, charset):
    """Every octet is ASCII or of the charset; from 0x80 to 0x9F there are letters alone."""
    stream = home.read(path)
    tap.ok(len(stream) > 1000, "only %d octets were recorded" % len(stream))
    stray = sorted({hex(o) for o in stream if 0x80 <= o < 0xA0 and
                    not (bytes([o]).decode(charset, "replace").isalpha())})
    tap.equal(stray, [], "controls")
    codecs.decode(stream, charset)
    tap.ok(not re.search(rb"\x1b[\]P_^X]", stream), "a string for the terminal was written")


def leave(terminal):
    terminal.type(":quit")
    terminal.keys("Enter")
    terminal.wait("left with 0")


@tap.test("M-40: the reader on a terminal of KOI8-R: its letters, stand-ins for the rest, no control")
def koi8():
    h = new_home()
    terminal = start(h, "ru_RU.KOI8-R", "KOI8-R")
    screen = terminal.wait("table")
    tap.contains(screen, 'Привет - "мир"')
    terminal.type(":limit привет")
    terminal.keys("Enter")
    terminal.wait("table", gone=True)
    terminal.wait('Привет - "мир"')
    terminal.keys("Enter")
    screen = terminal.wait("stress")
    for text in ("Здравствуй, Ёж!", 'Цена - "сорок" EUR... No5', "locked /31mred >31mred -|",
                 "stress й cafe ?? ????", "Иван - <ivan@example.org>"):
        tap.contains(screen, text)
    terminal.keys("q")
    leave(terminal)
    no_foreign_octet(terminal.raw, "koi8_r")


@tap.test("the reader on a terminal of windows-1251")
def cp1251():
    h = new_home()
    terminal = start(h, "ru_RU.CP1251", "CP1251")
    terminal.wait("table")
    terminal.type(":limit привет")
    terminal.keys("Enter")
    terminal.wait("table", gone=True)
    terminal.keys("Enter")
    screen = terminal.wait("stress")
    for text in ("Здравствуй, Ёж!", "Цена - «сорок» EUR... №5", "locked /31mred >31mred -|"):
        tap.contains(screen, text)
    terminal.keys("q")
    leave(terminal)
    no_foreign_octet(terminal.raw, "cp1251")


@tap.test("the reader on terminals of ISO-8859-1 and of ASCII: Latin letters for Cyrillic, "
          "as wide as they are")
def latin():
    for locale, charset, cafe in (("de_DE.ISO-8859-1", "ISO-8859-1", "café"), ("C", "ascii", "cafe")):
        h = new_home()
        terminal = start(h, locale, charset)
        screen = terminal.wait("table")
        tap.contains(screen, 'Privet -' if locale == "C" else "Privet - «mir»")
        terminal.keys("Home", "Enter")
        screen = terminal.wait("right")
        rows = [line for line in screen.splitlines() if "right" in line]
        tap.equal([line.index("right") for line in rows], [rows[0].index("right")] * 2,
                  "the columns of a table\n" + screen)
        terminal.keys("q")
        terminal.type(":limit stress")
        terminal.keys("Enter")
        terminal.wait("table", gone=True)
        terminal.keys("Enter")
        screen = terminal.wait("Zdravstvuy, Yozh!")
        tap.contains(screen, [cafe, "shchuka shchuka"])
        wide = [line for line in screen.splitlines() if "shchuka" in line]
        tap.ok(len(wide) > 3, "the line is not wrapped by what is printed:\n" + screen)
        tap.ok(all(line.rstrip().endswith("shchuka") for line in wide), "a word is cut:\n" + screen)
        terminal.keys("q")
        leave(terminal)
        no_foreign_octet(terminal.raw, "ascii" if locale == "C" else "latin-1")


# "Ёж - ж" in KOI8-R.
ADDS = 'printf "\\263\\326 - \\326\\n" >>"$1"\n'
KILLS = """for p in $PPID $(cut -d ' ' -f 4 /proc/$PPID/stat); do
	[ "$(cat /proc/$p/comm)" = dewey ] && kill -9 $p
done
"""


def answer(h, editor):
    terminal = start(h, "ru_RU.KOI8-R", "KOI8-R", editor)
    terminal.wait("table")
    terminal.type(":limit привет")
    terminal.keys("Enter")
    terminal.wait("table", gone=True)
    terminal.keys("Enter")
    terminal.wait("Здравствуй")
    terminal.keys("r")
    return terminal


@tap.test("the editor has the letter in the charset of the locale; untouched lines lose nothing")
def editor():
    h = new_home()
    seen = os.path.join(h.path, "seen")
    terminal = answer(h, 'cp "$1" %s; %s' % (seen, ADDS))
    terminal.wait("Ёж - ж")
    given = home.read(seen).decode("koi8_r")
    tap.contains(given, ['> Цена - "сорок" EUR... No5', "> stress й cafe ?? ????"])
    desk = os.path.join(h.mail, ".dewey", "desk")
    kept = [os.path.join(d, f) for d, _, files in os.walk(desk) for f in files]
    tap.equal([f for f in kept if ".in-" in f], [], "copies that were left")
    terminal.keys("q")
    terminal.wait("[Kk]eep|[Dd]raft")
    terminal.keys("y")
    terminal.wait("From: Иван - <ivan")
    terminal.keys("q")
    leave(terminal)
    draft = email.message_from_bytes(h.folder("Drafts")[0])
    tap.contains(draft.get_payload(decode=True).decode(), ["Ёж - ж\n", "> Цена — «сорок» €… №5", "你好 שלום"])


@tap.test("killed while the letter is in the editor: the next one, in UTF-8, reads what was typed")
def killed():
    h = new_home()
    answer(h, ADDS + KILLS).wait("left with")
    terminal = tmuxscreen.Terminal("%s -c %s" % (tap.program("dewey"), h.rc), "true\n")
    terminal.wait("was not finished")
    terminal.keys("y")
    terminal.wait("Ёж - ж")


def run(h, locale, *args, **options):
    env = {**h.environment(), **russian(locale)}
    return tap.run([tap.program("dewey").encode(), b"-c", h.rc.encode(),
                    *[a if isinstance(a, bytes) else a.encode() for a in args]],
                   env=env, binary=True, **options)


@tap.test("the command line in KOI8-R: arguments and results, --json and --raw as they are")
def commands():
    h = new_home()
    found = run(h, "ru_RU.KOI8-R", "search", "привет".encode("koi8_r"))
    tap.equal(found.returncode, 0, found.stderr)
    tap.contains(found.stdout.decode("koi8_r"), 'Привет - "мир"')
    tap.equal(found.stdout.count(b"\n"), 1)
    number = found.stdout.split()[0]
    shown = run(h, "ru_RU.KOI8-R", "show", number).stdout
    tap.contains(shown.decode("koi8_r"), ["Здравствуй, Ёж!", 'Цена - "сорок" EUR... No5'])
    tap.equal([o for o in shown if 0x80 <= o < 0xA0], [], "controls")
    lines = [line for line in shown.decode("koi8_r").splitlines() if "щука" in line]
    tap.ok(lines and max(len(line) for line in lines) <= 80, "the lines are too long")
    found = run(h, "ru_RU.KOI8-R", "search", "--json", "привет".encode("koi8_r"))
    tap.equal(json.loads(found.stdout.decode("utf-8"))["subject"], "Привет — «мир»")
    tap.contains(run(h, "ru_RU.KOI8-R", "show", "--raw", number).stdout, BODY.encode())
    wrong = run(h, "ru_RU.KOI8-R", "list", "папка".encode("koi8_r"))
    tap.ok(wrong.returncode != 0, "a folder that is not there")
    tap.contains(wrong.stderr.decode("koi8_r"), "папка")


@tap.test("the command line in the locale C: Latin letters, and arguments of UTF-8 are understood")
def plain():
    h = new_home()
    found = run(h, "C", "search", "привет")
    tap.contains(found.stdout.decode("ascii"), 'Privet - "mir"')
    shown = run(h, "C", "show", found.stdout.split()[0]).stdout.decode("ascii")
    tap.contains(shown, ["Zdravstvuy, Yozh!", "shchuka"])
    tap.ok(max(len(line) for line in shown.splitlines()) <= 80, "the lines are too long")


@tap.test("what dewey says in Russian reaches a terminal of KOI8-R in its octets")
def words():
    env = russian("ru_RU.KOI8-R")
    catalogues = tap.tempdir("dewey-po-")
    os.makedirs(os.path.join(catalogues, "ru", "LC_MESSAGES"))
    tap.succeeds(["msgfmt", "-o", os.path.join(catalogues, "ru", "LC_MESSAGES", "dewey.mo"),
                  os.path.join(tap.TOP, "po", "ru.po")])
    env.update(LANGUAGE="ru", DEWEY_LOCALE=catalogues)
    for args in (["--help"], ["list", "--help"], ["lits"]):
        result = tap.run([tap.program("dewey"), *args], env={**os.environ, **env}, binary=True)
        said = (result.stdout + result.stderr).decode("koi8_r")
        tap.ok(len(re.findall("[а-яё]", said)) > 10, said)
        tap.lacks(said, "?" if args == ["--help"] else "\ufffd", said)
        tap.equal([hex(o) for o in result.stdout + result.stderr if 0x80 <= o < 0xA0], [])


tap.main()
