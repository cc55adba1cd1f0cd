#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How often the charset of a Russian letter is found, beside uchardet and enca.

    tests/bench/charset.py [--letters N] [--seed N] [--texts PATH ...] [--mail PATH ...]
                           [--show N] [--right]
    tests/bench/charset.py --languages [--letters N]

Makes N letters (2,000) of 20 to 2,000 characters in six encodings, whose label is
missing or wrong, and prints for each range of lengths the share that dewey-mime shows
as it was written.  uchardet and enca are given the same octets, and are right when
the charset they name reads them as written.  They see no label, and a wrong one is
no help to us either.

The texts are made of words below, which tests/tools/cyrillic.py does not count.  With
--texts they are cut out of files instead (UTF-8; a directory: all below it, also
*.gz), as many as have Russian: what other people wrote.  With --mail the files are
letters or mboxes, and their plain text is taken where its label decodes it.

--languages takes other languages, without a label: texts of 20 to 300 characters of the
translations that this machine has in /usr/share/locale, N (100) of each.

top_builddir or DEWEY_BIN says where the programs are; make check-programs first."""
import argparse
import email
import gettext
import glob
import gzip
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import mimewire

ENCODINGS = {"koi8-r": "koi8-r", "windows-1251": "cp1251", "cp866": "cp866",
             "iso-8859-5": "iso8859-5", "mac-cyrillic": "mac-cyrillic", "utf-8": "utf-8"}
LABELS = [None, None, None, "iso-8859-1", "us-ascii", "x-unknown"] + list(ENCODINGS)
LENGTHS = [20, 30, 40, 60, 80, 120, 200, 500, 1000, 2001]

WHO = """я|мы|наш сосед|бригадир|Лидия Фёдоровна|мой племянник|вахтёр|почтальон|Григорий|хозяйка
гостиницы|новый стажёр|директор музея|тренер|сторож|Зинаида|младшая дочь|капитан|агроном|проводница
Тимур|экскурсовод|бухгалтер|оба брата|каждый третий|водитель автобуса|кто-то из гостей""".replace(
    "\n", "|").split("|")
WHEN = """вчера|позавчера|сегодня днём|на прошлой неделе|перед самым обедом|в начале декабря|уже давно|в
четверг|после выходных|неожиданно|к нашему удивлению|зимой|в половине восьмого|едва рассвело|однажды|с
утра пораньше|между делом|накануне праздника""".replace("\n", " ").split("|")
DID = """принесла|отыскал|потеряли|чинит|забыла упомянуть|обещал доставить|рассматривает|заказали|просит
вернуть|сфотографировала|измерил|похвалил|считает лишним|хочет обменять|давно не видел|упаковал|случайно
разбила|отнёс в кладовую|собирается купить|перекрасили|описывает|ищет""".replace("\n", " ").split("|")
WHAT = """зонт|старую лодку|ящик гвоздей|четыре чертежа|глобус|фотоаппарат|лыжи и палки|рыжего
котёнка|самодельный приёмник|тетрадь в клетку|медный чайник|шахматную доску|билеты на паром|бочку
мёда|микроскоп|шерстяной плед|ведомость|подшивку журналов|гербарий|щётку|ёлочные игрушки|аккордеон|цепь
от велосипеда|эскиз обложки|югославский сервиз|объявление о пропаже""".replace("\n", " ").split("|")
WHERE = """на чердаке|у самой реки|в гараже|под лестницей|возле рынка|за городом|на втором
этаже|неподалёку от мельницы|в Костроме|по дороге в Выборг|среди книг|в вагоне|на Васильевском
острове|рядом с аптекой|в Хабаровске|у бабушки|через дорогу|в шкафу""".replace("\n", " ").split("|")
TAIL = """но толку пока мало|и все остались довольны|хотя никто не просил|чему я, признаться, рад|а
дальше видно будет|поэтому ужинать сели поздно|если верить записке|и это очень кстати|так что не
волнуйтесь|да и цена невысока|вот только дождь мешает|что бы там ни говорили""".replace(
    "\n", " ").split("|")
FORMS = ["{when} {who} {did} {what} {where}", "{who} {when} {did} {what}", "{who} {did} {what}, {tail}",
         "{where} {who} {did} {what}, {tail}", "{when} {where} {who} {did} {what}, {tail}"]
END = [". ", ". ", ". ", "! ", "? ", "... ", ".\n", ".\n\n"]


def sentence(dice):
    words = {"who": WHO, "when": WHEN, "did": DID, "what": WHAT, "where": WHERE, "tail": TAIL}
    text = dice.choice(FORMS).format(**{k: dice.choice(v) for k, v in words.items()})
    if dice.random() < 0.1:
        text += " (%d руб.)" % dice.randrange(100, 9999)
    if dice.random() < 0.05:
        text = text.upper()
    return text[0].upper() + text[1:] + dice.choice(END)


def made(dice, length):
    text = ""
    while len(text) < length:
        text += sentence(dice)
    return text[:length].strip()


def russian(text):
    """Its paragraphs with more Russian letters than others."""
    for part in re.split(r"\n\s*\n", text):
        part = re.sub(r"[ \t]+", " ", part)
        if len(re.findall("[А-Яа-яё]", part)) * 2 > len(part):
            yield part


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            yield from (os.path.join(folder, name) for name in sorted(names))


def texts_of(paths):
    out = []
    for path in files(paths):
        try:
            with (gzip.open if path.endswith(".gz") else open)(path, "rb") as f:
                out += russian(f.read().decode("utf-8"))
        except (OSError, UnicodeDecodeError, EOFError):
            continue
    return "\n\n".join(out)


def letters_in(octets):
    """The letter of a file, or those of an mbox."""
    if not octets.startswith(b"From "):
        return [octets]
    return re.split(rb"(?m)^From .*\n", octets)[1:]


def plain_text(letter):
    for part in email.message_from_bytes(letter).walk():
        if part.get_content_type() == "text/plain":
            try:
                yield part.get_payload(decode=True).decode(part.get_content_charset("utf-8"))
            except (LookupError, UnicodeError, ValueError):
                continue


def texts_of_mail(paths):
    out = []
    for path in files(paths):
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as f:
            for letter in letters_in(f.read()):
                for text in plain_text(letter):
                    out += russian(text)
    # The same words are quoted again and again.
    return "\n\n".join(dict.fromkeys(out))


def cut(dice, text, length):
    """From a word's beginning, with as much Russian in it as a letter has."""
    while True:
        at = text.find(" ", dice.randrange(len(text) - length - 100)) + 1
        piece = text[at:at + length].strip()
        if len(re.findall("[А-Яа-яё]", piece)) * 2 > length:
            return piece


class Letter:
    def __init__(self, dice, text, right):
        while True:
            self.encoding = dice.choice(list(ENCODINGS))
            self.label = self.encoding if right else dice.choice(
                [x for x in LABELS if x != self.encoding])
            self.octets = text.encode(ENCODINGS[self.encoding], "replace")
            if len(self.octets.decode(ENCODINGS[self.encoding])) == len(text):
                break
        self.text = self.octets.decode(ENCODINGS[self.encoding])

    def source(self):
        label = "; charset=" + self.label if self.label else ""
        return (b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain" +
                label.encode() + b"\nContent-Transfer-Encoding: 8bit\n\n" + self.octets + b"\n")


def folded(text):
    return re.sub(r"[\s\u00a0>]+", "", text)


def ours(letters):
    worker = mimewire.Worker()
    for letter in letters:
        answer = worker.read(letter.source(), ("text",))
        yield folded(answer["text"]) == folded(letter.text), answer["charset"]
    worker.close()


def others(letters, command, name_of):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, letter in enumerate(letters):
            paths.append(os.path.join(folder, "%05d" % i))
            with open(paths[-1], "wb") as f:
                f.write(letter.octets)
        answers = {}
        for i in range(0, len(paths), 500):
            done = subprocess.run(command + paths[i:i + 500], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, check=False)
            for line in done.stdout.splitlines():
                path, _, name = line.partition(": ")
                answers[path] = name_of(name.strip())
        for path, letter in zip(paths, letters):
            name = answers.get(path, "unknown")
            try:
                yield letter.octets.decode(name) == letter.text, name
            except (LookupError, UnicodeDecodeError):
                yield False, name


def enca_name(name):
    return {"x-mac-cyrillic": "mac-cyrillic", "IBM866": "cp866"}.get(name, name)


def share(letters, right, least, most):
    of = [good for letter, (good, _) in zip(letters, right) if least <= len(letter.text) < most]
    return "%6.2f %%" % (100 * sum(of) / len(of)) if of else "       -"


LANGUAGES = {"pl": "cp1250 iso8859-2", "cs": "cp1250 iso8859-2", "sk": "cp1250 iso8859-2",
             "hu": "cp1250 iso8859-2", "hr": "cp1250", "sl": "cp1250", "ro": "iso8859-2",
             "tr": "iso8859-9", "lt": "cp1257", "lv": "cp1257", "de": "cp1252", "fr": "cp1252",
             "es": "cp1252", "pt": "cp1252", "it": "cp1252", "sv": "cp1252", "is": "cp1252",
             "fi": "cp1252", "et": "cp1252", "uk": "cp1251", "bg": "cp1251", "el": "iso8859-7"}


def translations(language):
    out = []
    for path in sorted(glob.glob("/usr/share/locale/%s/LC_MESSAGES/*.mo" % language)):
        with open(path, "rb") as f:
            try:
                words = gettext.GNUTranslations(f)._catalog  # pylint: disable=protected-access
            except (OSError, ValueError, IndexError):
                continue
        out += [re.sub(r"\s+", " ", text).strip() for key, text in words.items()
                if key and isinstance(text, str)]
    return sorted(set(out))


def in_language(dice, texts, encoding, wanted):
    for text in dice.sample(texts, len(texts)):
        # The comma below came after the charsets.
        text = text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))[:dice.randrange(30, 300)].strip()
        if len(text) < 20 or sum(ord(c) > 127 for c in text) < 2 or wanted == 0:
            continue
        letter = Letter(dice, "x", True)
        letter.text, letter.label = text, None
        try:
            letter.octets = text.encode(encoding)
        except UnicodeError:
            continue
        wanted -= 1
        yield letter


def languages(dice, wanted):
    print("language  charset     letters    dewey uchardet")
    for language, encodings in LANGUAGES.items():
        texts = translations(language)
        for encoding in encodings.split():
            letters = list(in_language(dice, texts, encoding, wanted))
            right = [list(ours(letters)), list(others(letters, ["uchardet"], str))]
            print("%-9s %-11s %7d %s" % (language, encoding, len(letters), " ".join(
                share(letters, r, 0, 1000) for r in right)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int)
    parser.add_argument("--languages", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", nargs="+")
    parser.add_argument("--mail", nargs="+")
    parser.add_argument("--right", action="store_true", help="labels are right: nothing is lost")
    parser.add_argument("--show", type=int, default=0, help="print so many that we miss")
    wish = parser.parse_args()
    dice, letters = random.Random(wish.seed), []
    if wish.languages:
        languages(dice, wish.letters or 100)
        return
    source = (texts_of(wish.texts) if wish.texts else
              texts_of_mail(wish.mail) if wish.mail else None)
    if source is not None and len(source) < 5000:
        sys.exit("too little Russian there: %d characters" % len(source))
    for i in range(wish.letters or 2000):
        step = i % (len(LENGTHS) - 1)
        length = dice.randrange(LENGTHS[step], LENGTHS[step + 1])
        text = cut(dice, source, length) if source else made(dice, length)
        if len(text) >= 20:
            letters.append(Letter(dice, text, wish.right))
    columns = [("dewey", list(ours(letters))),
               ("uchardet", list(others(letters, ["uchardet"], str))),
               ("enca", list(others(letters, ["enca", "-L", "russian", "-m"], enca_name)))]
    print("characters   letters " + " ".join("%8s" % name for name, _ in columns))
    for least, most in list(zip(LENGTHS, LENGTHS[1:])) + [(20, 80), (80, 2001)]:
        n = sum(least <= len(letter.text) < most for letter in letters)
        print("%4d to %4d %9d %s" % (least, most - 1, n, " ".join(
            share(letters, right, least, most) for _, right in columns)))
    missed = [(letter, name) for letter, (good, name) in zip(letters, columns[0][1]) if not good]
    for letter, name in missed[:wish.show]:
        print("%s labelled %s read as %s: %r" % (letter.encoding, letter.label, name, letter.text))


main()
