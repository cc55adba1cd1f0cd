#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey show: a letter on paper is the letter of the screen [M-43, M-61]."""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap

TESTS = os.path.join(tap.TOP, "tests")
RULE = "─" * 80


class Place:
    """A store into which letters come one by one."""

    def __init__(self):
        self.home = home.Home({"name": "Ivan Petrov", "address": "ivan@example.org",
                               "smtp": "smtps://ivan@smtp.example.org"})
        self.count = 0

    def take(self, path):
        """Its number."""
        self.home.run("dewey", "import", "--again", path)
        self.count += 1
        return str(self.count)

    def letter(self, text):
        path = os.path.join(self.home.path, "letter.eml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return self.take(path)

    def show(self, number, *words, status=0):
        return self.home.run("dewey", "show", *words, number, status=status).stdout


def screens():
    """The letters that are compared on screens: their names, and the rows of the first one
    below the row about the sender."""
    for path in sorted(glob.glob(os.path.join(TESTS, "golden", "*.t"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name, rows in re.findall(r"(?m)^open (\S+)\nscreen\n((?:\|.*\n)+)", text):
            # There are no keys on paper.
            rows = [row[1:] for row in rows.splitlines() if not row.startswith("|press ")]
            yield name, rows[2:-2], rows[-2].strip() == "all"


@tap.test("what is shown of each letter of the compared screens is what stands on these")
def same():
    place, seen = Place(), 0
    for name, rows, whole in screens():
        shown = place.show(place.take(os.path.join(TESTS, name)), "--width", "80").splitlines()
        first = next(i for i, line in enumerate(shown) if line.startswith(rows[0]))
        body = [plain(line) for line in shown[first:]]
        rows = "\n".join(plain(row) for row in rows).rstrip("\n").split("\n")
        tap.equal(body[:len(rows)], rows, name)
        left = "\n".join(body[len(rows):]).strip()
        tap.ok(not whole or not left or left.startswith("["), "%s: %s" % (name, left))
        seen += 1
    tap.ok(seen >= 40, str(seen))


def plain(line):
    """As a row of a screen, on which what turns the direction of text is left out, and tones."""
    return re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\U0001f3fb-\U0001f3ff]", "", line).strip()


@tap.test("M-43: several senders, and a name that poses as an address: told above the header")
def senders():
    place = Place()
    shown = place.show(place.letter(
        "From: \"boss@example.org\" <a@one.example>, Anna <b@two.example>\n"
        "Reply-To: c@three.example\nTo: ivan@example.org\nSubject: x\n\n! signed by Anna\n"))
    head, body = shown.split(RULE)
    tap.contains(head, ["! several senders: a@one.example, b@two.example\n",
                        "! poses as 'boss@example.org'\n",
                        "<a@one.example> (under the name of another address), Anna <b@two.example>",
                        "Reply to: <c@three.example>"])
    tap.equal(body.strip(), "! signed by Anna")


@tap.test("--width: no line is longer, quotes keep their marks; 80 columns where it is not given")
def width():
    place = Place()
    words = "a word and another one " * 20
    number = place.letter("From: Anna <anna@example.net>\nTo: ivan@example.org\nSubject: %s\n\n"
                          "> > %s\n\n%s\n" % (words, words, words))
    for columns in (20, 33, 80, 200):
        lines = place.show(number, "--width", str(columns)).splitlines()
        tap.ok(max(map(len, lines)) <= columns, str(columns))
        tap.ok(max(map(len, lines)) > columns - 10, str(columns))
        quoted = [line for line in lines if line.startswith(">")]
        tap.ok(quoted and all(line.startswith("> > a") or re.match("> > [a-z]", line)
                              for line in quoted), str(quoted))
    tap.equal(place.show(number), place.show(number, "-w", "80"))
    for wrong in ("19", "1001", "-1"):
        place.show(number, "--width=" + wrong, status=64)


@tap.test("M-61: links are listed whole with their texts, one that poses as another is told")
def links():
    place = Place()
    long = "https://example.net/" + "x" * 200
    shown = place.show(place.letter(
        "From: a@example.net\nSubject: x\nContent-Type: text/html\n\n<p>See <a href=\"%s\">this"
        "</a> and <a href=\"https://evil.example/\">https://bank.example/</a></p>\n" % long))
    tap.contains(shown, "See this [1] and https://bank.example/ [2]")
    tap.contains(shown, "\n[1] %s\n    this\n[2] https://evil.example/\n    https://bank.example/\n"
                        "    ! the text looks like another address" % long)


@tap.test("what is attached is listed by the numbers that --part takes, a letter with its size")
def attached():
    place = Place()
    inner = "From: c@example.net\nSubject: inner\n\n" + "inside\n" * 100
    number = place.letter(
        "From: a@example.net\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        "text\n--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=t.csv\n\n"
        "1,2\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n%s\n--b--\n"
        % inner)
    shown = place.show(number)
    tap.contains(shown, "\nAttached: 2: t.csv (text/csv, 3 B)\n"
                        "          3: (no name) (message/rfc822, %d B)\n" % len(inner))
    tap.equal(place.show(number, "--part", "2"), "1,2")
    tap.equal(place.show(number, "--part", "3").rstrip(), inner.rstrip())


tap.main()
