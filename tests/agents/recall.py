#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a search finds, beside a straight scan of the decoded text of every letter of
../shared/corpus: whatever has the word, in any of its forms, is found."""
import json
import os
import random
import re
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import mimewire
import tap

SAMPLED = 150
WORD = re.compile(r"[^\W_]+")
LETTERS = re.compile(r"[a-zà-öø-ÿ]+|[а-яё]+", re.I)
PAIR = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]{2}")
# Each of them finds whatever has any of them.
FORMS = [
    "договор договора договору договором договоре договоры договоров договорам договорами",
    "письмо письма письму письмом письме письмам письмами",
    "сообщение сообщения сообщению сообщений сообщениям сообщениями",
    "connect connects connected connecting connection connections",
    "message messages", "address addresses addressed", "report reports reported reporting",
    "attach attached attachment attachments", "problem problems",
]
# Letters of ours, so that there is something to be found whatever the corpus has.
OURS = ["Подписан договор", "О договорах и ёлках", "всем договорам конец", "with a connection",
        "> they were connected\n\nno\n-- \nThe Connections Ltd."]


def folded(text):
    """As words are compared: small, ё is е, Latin without marks."""
    plain = []
    for c in unicodedata.normalize("NFKC", text).lower().replace("ё", "е"):
        base = unicodedata.normalize("NFD", c)[0]
        plain.append(base if "a" <= base <= "z" else c)
    return "".join(plain)


def letters():
    top = tap.shared("corpus")
    for where, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            if name.endswith((".eml", ".txt", ".msg")) or "lists" in where:
                with open(os.path.join(where, name), "rb") as file:
                    yield file.read().replace(b"\r\n", b"\n")


class Mail:
    """A store of letters, and what dewey-mime reads in each."""

    def __init__(self):
        self.home, self.words = home.Home({"pop3": "pop3+insecure://ivan@127.0.0.1:9"}), {}
        folder = os.path.join(self.home.mail, "Inbox")
        for name in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(folder, name))
        worker = mimewire.Worker()
        ours = [("Subject: x\nContent-Type: text/plain; charset=utf-8\n\n" + t).encode()
                for t in OURS]
        for data in ours + [d for d in letters() if not d.startswith(b"From ")]:
            self.add(worker, folder, data)
        worker.close()

    def add(self, worker, folder, data):
        try:
            answer = worker.read(data, ("words",))
        except (mimewire.Crash, OSError):
            return
        name = "%d.letter.host" % (1600000000 + len(self.words))
        text = answer.get("words") or ""
        self.words[name] = {folded(w) for w in WORD.findall(text)}
        with open(os.path.join(folder, "cur", name + ":2,S"), "wb") as file:
            file.write(data)

    def scan(self, forms):
        return {name for name, words in self.words.items() if words & forms}

    def search(self, word):
        out = self.home.run("dewey", "search", "--json", '"%s"' % word).stdout
        lines = out.decode().splitlines() if isinstance(out, bytes) else out.splitlines()
        return {os.path.basename(json.loads(line)["path"]).split(":")[0] for line in lines}

    def expect(self, word, forms):
        missing = self.scan(forms) - self.search(word)
        tap.equal(sorted(missing), [], "letters that '%s' does not find" % word)


@tap.test("every word of the corpus finds all letters that have it")
def words():
    mail = Mail()
    tap.ok(len(mail.words) > 300, "letters: %d" % len(mail.words))
    every = sorted({w for words in mail.words.values() for w in words
                    if LETTERS.fullmatch(w) and 3 < len(w) < 25})
    chosen = random.Random(5).sample(every, SAMPLED)
    chosen += [w for w in every if "а" <= w[0] <= "я"][:SAMPLED // 3]
    for word in chosen:
        mail.expect(word, {word})


@tap.test("two characters of Chinese or Japanese find all letters that have them together")
def pairs():
    mail = Mail()
    every = sorted({w[i:i + 2] for words in mail.words.values() for w in words
                    for i in range(len(w) - 1) if PAIR.fullmatch(w[i:i + 2])})
    tap.ok(len(every) > 20, "pairs: %d" % len(every))
    for pair in random.Random(9).sample(every, min(len(every), SAMPLED // 3)):
        having = {name for name, words in mail.words.items() if any(pair in w for w in words)}
        tap.equal(sorted(having - mail.search(pair)), [], "letters '%s' does not find" % pair)


@tap.test("each form of a word finds the letters that have another")
def forms():
    mail = Mail()
    for group in FORMS:
        group = [folded(w) for w in group.split()]
        for word in group:
            mail.expect(word, set(group))
    tap.ok(len(mail.scan({"договор", "договорах", "договорам"})) >= 3, "Russian letters")


tap.main()
