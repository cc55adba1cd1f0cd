#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""From a key to the next letter on the screen, in the front end itself (tests/bench/paint.c).

    tests/bench/paint.py               all kinds of letters, LETTERS of each
    tests/bench/paint.py --only html   those whose name has this word
    tests/bench/paint.py --letters 10  of each
    tests/bench/paint.py --prefix 'perf record -g'   before the program

Kinds are made here, of words of our own: plain text of 2 KB, 100 KB and 1 MB, HTML of
100 KB and 1 MB, a short text with 1 MB attached; and letters of real lists as they stand
in ../shared/corpus.  "ahead" is the next letter of one that was looked at, which is parsed
by then; "cold" is one of which nothing is known, as after a jump.  One frame is 16.7 ms.
Nothing is drawn on a terminal: what ncurses makes of it is measured by list.py."""
import argparse
import glob
import gzip
import mailbox
import os
import random
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tools"))
sys.path.insert(0, HERE)
import tap
import timing

CORPUS = os.path.join(tap.TOP, "..", "shared", "corpus")
WORDS = ("lake mill bridge letter Saturday winter ferry island harbour window morning "
         "озеро мельница мост письмо суббота зима остров окно утро the and of on to").split()
LETTERS, REAL = 40, 300


def prose(octets, dice, line="\n"):
    out, had = [], 0
    while had < octets:
        words = " ".join(dice.choice(WORDS) for _ in range(60))
        out.append(words + line)
        had += len(out[-1].encode())
    return "\n".join(out)


def head(kind, number, of="text/plain; charset=utf-8", encoding="8bit"):
    return ("From: Vera <vera@example.org>\nTo: Ivan <ivan@example.org>\nSubject: %s %d\n"
            "Date: Wed, 25 Feb 2026 %02d:%02d:00 +0000\nMessage-ID: <%s.%d@example.org>\n"
            "MIME-Version: 1.0\nContent-Type: %s\nContent-Transfer-Encoding: %s\n\n"
            % (kind, number, number // 60, number % 60, kind.replace(" ", "."), number, of,
               encoding))


def text(octets):
    return lambda kind, number, dice: head(kind, number) + prose(octets, dice)


def page(octets):
    def make(kind, number, dice):
        rows = ["<tr><td><a href='https://example.org/%d'>%s</a></td><td style='color:#333'><p>"
                "%s</p></td></tr>" % (i, dice.choice(WORDS), prose(600, dice))
                for i in range(octets // 720)]
        return head(kind, number, "text/html; charset=utf-8") + \
            "<html><body><table>%s</table></body></html>" % "\n".join(rows)
    return make


def attached(octets):
    def make(kind, number, dice):
        lines = "\n".join("%076x" % dice.getrandbits(304) for _ in range(octets // 77))
        return head(kind, number, "multipart/mixed; boundary=b", "7bit") + \
            "--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n--b\nContent-Type: " \
            "application/octet-stream\nContent-Disposition: attachment; filename=x.bin\n" \
            "Content-Transfer-Encoding: base64\n\n%s\n--b--\n" % (prose(2000, dice), lines)
    return make


KINDS = {
    "text of 2 KB": text(2000), "text of 100 KB": text(100000), "text of 1 MB": text(1000000),
    "HTML of 100 KB": page(100000), "HTML of 1 MB": page(1000000), "1 MB attached": attached(1000000),
}


def real():
    """Letters of lists, the first ones of each mailbox of the corpus."""
    found = []
    for name in sorted(glob.glob(os.path.join(CORPUS, "list-*", "*.gz"))):
        with tempfile.NamedTemporaryFile() as plain, gzip.open(name) as packed:
            plain.write(packed.read())
            plain.flush()
            for number, letter in enumerate(mailbox.mbox(plain.name)):
                if number >= REAL // 2:
                    break
                found.append(letter.as_bytes())
    return found[:REAL]


def fill(mail, folder, letters):
    for part in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(mail, folder, part))
    for number, octets in enumerate(letters):
        with open(os.path.join(mail, folder, "cur", "%d.bench:2,S" % (1772000000 + number)),
                  "wb") as file:
            file.write(octets)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--prefix", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dewey-paint-") as place:
        mail, rc = os.path.join(place, "Mail"), os.path.join(place, "deweyrc")
        os.mkdir(mail)
        with open(rc, "w", encoding="ascii") as file:
            file.write("[dewey]\nmail = %s\nthreads = no\nundo = 0\n" % mail)
        folders = [kind for kind in KINDS if chosen.only in kind]
        for kind in folders:
            dice = random.Random(kind)
            fill(mail, kind, [KINDS[kind](kind, n, dice).encode() for n in range(chosen.letters)])
        lists = real() if chosen.only in "real lists" else []
        if lists:
            fill(mail, "real lists", lists)
            folders.append("real lists")
        environment = {**os.environ, "HOME": place, "DEWEY_BIN": tap.BIN}
        subprocess.run([os.path.join(tap.BIN, "dewey"), "-c", rc, "count", "lake"],
                       env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*shlex.split(chosen.prefix), timing.bench_program("paint"), rc, *folders],
                       env=environment, check=True)


if __name__ == "__main__":
    main()
