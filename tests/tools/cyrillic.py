#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes src/mime/cyrillic-pairs.def: how likely a letter follows another one in
Russian (and in Ukrainian and Bulgarian, a little), counted in russian.txt beside
this file and in po/ru.po.

It is run by hand when that text grows; the figures are tests/bench/charset.py's.

Pairs and no longer rows of letters: with so little text of our own three letters in
a row tell less than two (of 20 letters 99.3 in a hundred were right, and 99.6 with
pairs), for most of them were never seen."""
import collections
import math
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
OUT = os.path.join(TOP, "src", "mime", "cyrillic-pairs.def")

# Nought is the edge of a word; ё counts as е.
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґў"
HEAD = """/* SPDX-License-Identifier: MIT
 *
 * Made by tests/tools/cyrillic.py: ten times the natural logarithm of how likely a
 * letter follows another one in a word.  CYRILLIC_MEAN(m): of good text.
 * CYRILLIC_ROW(…): what follows one of them.  Rows and columns are the edge of a word,
 * а to я without ё, і, ї, є, ґ, ў. */
"""
PRIOR = 6     # how many pairs a letter's own share is worth
LEAST = -90   # a pair that was never seen is no worse than a strange character


def prose():
    with open(os.path.join(HERE, "russian.txt"), encoding="utf-8") as f:
        return "\n".join(line for line in f if not line.startswith(("#", "[")))


def texts_of_po():
    with open(os.path.join(TOP, "po", "ru.po"), encoding="utf-8") as f:
        return "\n".join(re.findall(r'[А-Яа-яёЁ][^"%\\]*', f.read()))


def words(text):
    return re.findall("[%s]+" % LETTERS, text.lower().replace("ё", "е"))


def count():
    pairs, singles = collections.Counter(), collections.Counter()
    for text, weight in ((prose(), 3), (texts_of_po(), 1)):
        for word in words(text):
            row = [0] + [LETTERS.index(c) + 1 for c in word] + [0]
            for before, now in zip(row, row[1:]):
                pairs[before, now] += weight
                singles[now] += weight
    return pairs, singles


def table():
    pairs, singles = count()
    size, total = len(LETTERS) + 1, sum(singles.values())
    following = [sum(pairs[a, b] for b in range(size)) for a in range(size)]

    def value(a, b):
        share = (singles[b] + 0.3) / (total + 10)
        return max(LEAST, round(10 * math.log((pairs[a, b] + PRIOR * share) /
                                             (following[a] + PRIOR))))

    rows = [[value(a, b) for b in range(size)] for a in range(size)]
    # What a word costs for each of its letters, its edges among them.
    letters = sum(n for (_, b), n in pairs.items() if b)
    mean = sum(rows[a][b] * n for (a, b), n in pairs.items()) / letters
    return rows, round(mean)


def text():
    rows, mean = table()
    out = [HEAD, "CYRILLIC_MEAN(%d)\n" % mean]
    for row in rows:
        values = ["%d" % v for v in row]
        thirds = [", ".join(values[i:i + 13]) for i in range(0, len(values), 13)]
        out.append("CYRILLIC_ROW(%s)\n" % ",\n\t".join(thirds))
    return "".join(out)


def main():
    with open(OUT, "w", encoding="utf-8") as f:
        f.write(text())


main()
