#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every file of ../shared/corpus through dewey-mime: no crash, no hang, no
foreign control character; and what other parsers made of the same letters.

Differences from those oracles are listed with their reasons in
corpus-differences beside this file; one that is not listed fails, and so does
a listed one that is no more."""
import email
import email.header
import email.utils
import gzip
import json
import os
import re
import sys
import unicodedata
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import mimewire
import tap

LISTS = ["list-linux-man/linux-man-2020-2021.mbox.gz", "list-usrp-users/usrp-users-2020.mbox.gz"]
DIFFERENCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus-differences")

def letters_of_mbox(path):
    """mboxrd: a From_ line before each letter, one '>' taken from >From."""
    with gzip.open(path) as f:
        for letter in re.split(rb"(?m)^From .*\n", f.read())[1:]:
            yield re.sub(rb"(?m)^>(>*From )", rb"\1", letter)


def read_all(letters):
    worker, n = mimewire.Worker(), 0
    for name, data in letters:
        try:
            answer = worker.read(data)
            tap.equal(answer["event"], "done", name)
            mimewire.check_clean(answer)
        except (mimewire.Crash, OSError, tap.Failure) as error:
            raise tap.Failure("%s: %s" % (name, error)) from None
        n += 1
    tap.equal(worker.close(), 0, "exit status of the worker")
    tap.note("%d letters" % n)


@tap.test("every file of the corpus [M-10 M-11 M-12 M-40]")
def all_files():
    def letters():
        for folder, _, files in sorted(os.walk(tap.shared("corpus"))):
            for name in sorted(files):
                path = os.path.join(folder, name)
                if not name.endswith((".gz", ".md", ".json", ".xml")) and name != "SOURCE":
                    with open(path, "rb") as f:
                        yield os.path.relpath(path, tap.shared("corpus")), f.read()
    read_all(letters())


@tap.test("every letter of two mailing lists [M-40]")
def lists():
    for name in LISTS:
        path = tap.shared("corpus", name)
        read_all((name + " letter %d" % i, data)
                 for i, data in enumerate(letters_of_mbox(path)))


# The oracles.  Each yields (letter, what, theirs, ours) where they differ.

def folded(text):
    """For comparing: no white space, no quote marks, one form of each letter."""
    return re.sub(r"[\s>\u200b\ufeff]+", "", unicodedata.normalize("NFC", text or ""))


def headers_of(answer):
    return [line.partition(":")[::2] for line in answer["headers"].splitlines()]


def addresses(answer, field):
    flat = answer.get(field, [])
    return sorted((flat[i + 1].lower(), folded(flat[i])) for i in range(0, len(flat), 3))


def oracle_addresses(value):
    kind, inner = next(iter(value["Address"].items()))
    mailboxes = inner if kind == "List" else [m for g in inner for m in g["addresses"]]
    return sorted(((m["address"] or "").lower(), folded(m["name"])) for m in mailboxes)


def mail_parser_headers(oracle, answer):
    seen = set()
    for header in oracle["parts"][0]["headers"]:
        name, value = header["name"], header["value"]
        if not isinstance(name, str) or name in seen:
            continue
        seen.add(name)
        if name == "subject" and isinstance(value, dict) and "Text" in value:
            yield "subject", folded(value["Text"]), folded(answer.get("subject"))
        elif name in ("from", "to", "cc") and isinstance(value, dict) and "Address" in value:
            yield name, oracle_addresses(value), addresses(answer, name)


def attribute(part, field, name):
    for header in part["headers"]:
        if header["name"] == field and isinstance(header["value"], dict):
            for a in header["value"].get("ContentType", {}).get("attributes") or []:
                if a["name"] == name:
                    return a["value"]
    return None


def mail_parser_names(oracle, answer):
    theirs = set()
    for i in oracle["attachments"]:
        part = oracle["parts"][i]
        name = (attribute(part, "content_disposition", "filename") or
                attribute(part, "content_type", "name"))
        if name:
            theirs.add(folded(name))
    ours = {folded(p["filename"]) for p in answer["parts"] if p["filename"]}
    yield "names", sorted(theirs), sorted(theirs & ours)


def mail_parser_text(oracle, answer):
    for i in oracle["text_body"][:1]:
        body = oracle["parts"][i]["body"]
        if "Text" in body:
            theirs = folded(body["Text"])
            yield "text", theirs, theirs if theirs in folded(answer["text"]) else folded(
                answer["text"])


def mail_parser(worker):
    root = tap.shared("corpus", "mail-parser")
    for folder, _, files in sorted(os.walk(root)):
        for name in sorted(n for n in files if n.endswith(".eml")):
            path = os.path.join(folder, name)
            with open(path, "rb") as f, open(path[:-4] + ".json", encoding="utf-8") as j:
                answer, oracle = worker.read(f.read()), json.load(j)
            for check in (mail_parser_headers, mail_parser_names, mail_parser_text):
                for what, theirs, ours in check(oracle, answer):
                    if theirs != ours:
                        yield os.path.relpath(path, tap.shared("corpus")), what, theirs, ours


def leaves(element, path):
    """The leaves of mime4j's tree with IMAP's numbers; element holds a body."""
    for child in element:
        if child.tag == "multipart":
            for i, part in enumerate(child.findall("body-part")):
                number = "%s%d" % (path + "." if path else "", i + 1)
                yield from inside(part, number)
        elif child.tag in ("text-body", "binary-body"):
            yield (path + ".1" if path else "1"), child.get("name")
        elif child.tag == "message":
            yield from leaves(child, path + ".1" if path else "1")


def inside(part, number):
    for child in part:
        if child.tag in ("text-body", "binary-body"):
            yield number, child.get("name")
        elif child.tag == "message":
            yield from leaves(child, number)
        elif child.tag == "multipart":
            for i, inner in enumerate(child.findall("body-part")):
                yield from inside(inner, "%s.%d" % (number, i + 1))


def lines_of(octets):
    return re.sub(rb"\r\n?", b"\n", octets or b"").rstrip(b"\n")


def mime4j(worker):
    folder = tap.shared("corpus", "mime4j")
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".msg")):
        with open(os.path.join(folder, name), "rb") as f:
            data = f.read()
        tree = xml.etree.ElementTree.parse(os.path.join(folder, name[:-4] + "_decoded.xml"))
        answer, label = worker.read(data), "mime4j/" + name
        for number, body in leaves(tree.getroot(), ""):
            with open(os.path.join(folder, body), "rb") as f:
                theirs = lines_of(f.read())
            ours = lines_of(worker.part(data, number))
            if theirs != ours:
                yield label, "part-" + number, theirs, ours
        for field in tree.getroot().find("header") or []:
            key, _, value = (field.text or "").strip().partition(":")
            found = [v for k, v in headers_of(answer) if k.lower() == key.lower()]
            if key.lower() in ("subject", "from", "to") and "=?" not in value:
                if folded(value) not in [folded(v) for v in found]:
                    yield label, key.lower(), value, found


def libetpan(worker):
    folder = tap.shared("corpus", "libetpan", "plaintext-rendering", "data")
    for name in sorted(os.listdir(os.path.join(folder, "input"))):
        with open(os.path.join(folder, "input", name), "rb") as f:
            answer = worker.read(f.read())
        with open(os.path.join(folder, "output", name[:-4] + ".txt"), encoding="utf-8") as f:
            head, _, text = f.read().partition("\n\n")
        label = "libetpan/" + name
        for line in head.splitlines():
            key, _, value = line.partition(": ")
            if key == "Subject" and folded(value) != folded(answer.get("subject")):
                yield label, "subject", value, answer.get("subject")
        if folded(text) != folded(answer["text"]):
            yield label, "text", folded(text), folded(answer["text"])


# No answers come with these; Python's parser has read the same letters.  Where it has
# nothing, or what it could not read, there is no answer.
SECOND_READER = ["enmime", "flanker", "mikel-mail", "spamassassin-tests"]


def decoded(value):
    """None: not to be read."""
    pieces = []
    try:
        for text, charset in email.header.decode_header(str(value)):
            pieces.append(text if isinstance(text, str) else text.decode(charset or "ascii"))
    except (LookupError, UnicodeError, email.errors.HeaderParseError):
        return None
    text = "".join(pieces)
    return None if "\ufffd" in text else folded(text)


def python_addresses(letter, field):
    pairs = email.utils.getaddresses([str(v) for v in letter.get_all(field, [])])
    names = [(address.lower(), decoded(name)) for name, address in pairs if address]
    readable = all(name is not None and "\ufffd" not in address for address, name in names)
    return sorted(names) if readable else []


def python_names(letter):
    found = set()
    for part in letter.walk():
        name = part.get_filename()
        if name and decoded(name):
            found.add(decoded(name))
    return found


def python_reads(letter, answer):
    subject = decoded(letter["subject"]) if letter["subject"] else None
    if subject:
        yield "subject", subject, folded(answer.get("subject"))
    for field in ("from", "to", "cc"):
        theirs = python_addresses(letter, field)
        if theirs:
            yield field, theirs, addresses(answer, field)
    ours = {folded(p["filename"]) for p in answer["parts"] if p["filename"]}
    yield "names", sorted(python_names(letter)), sorted(python_names(letter) & ours)


def python(worker):
    for folder in SECOND_READER:
        for where, _, files in sorted(os.walk(tap.shared("corpus", folder))):
            for name in sorted(files):
                path = os.path.join(where, name)
                if name == "SOURCE" or name.endswith(".golden"):
                    continue
                with open(path, "rb") as f:
                    data = f.read()
                label = os.path.relpath(path, tap.shared("corpus"))
                answer = worker.read(data)
                for what, theirs, ours in python_reads(email.message_from_bytes(data), answer):
                    if theirs != ours:
                        yield label, what, theirs, ours


def listed():
    entries = {}
    with open(DIFFERENCES, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                letter, what, reason = line.split(None, 2)
                entries[letter, what] = reason.strip()
    return entries


@tap.test("the oracles agree, or the difference is listed with its reason")
def oracles():
    tap.shared("corpus")
    known, found, wrong = listed(), set(), []
    worker = mimewire.Worker()
    for oracle in (mail_parser, mime4j, libetpan, python):
        for letter, what, theirs, ours in oracle(worker):
            found.add((letter, what))
            if (letter, what) not in known:
                wrong.append("%s %s\n  theirs: %.300r\n    ours: %.300r" % (
                    letter, what, theirs, ours))
    worker.close()
    for letter, what in sorted(set(known) - found):
        # Other versions of Python read addresses otherwise, and may agree with us.
        if letter.split("/")[0] in SECOND_READER:
            continue
        wrong.append("%s %s: listed in corpus-differences, but there is none" % (letter, what))
    tap.ok(not wrong, "%d differences\n%s" % (len(wrong), "\n".join(wrong)))
    tap.note("%d differences are listed" % len(known))


tap.main()
