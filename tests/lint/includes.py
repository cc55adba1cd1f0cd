#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who includes whom: HACKING is the rule, this reads it."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap

# Which sources may include a system library: regular expressions for both.
LIBRARIES = (
    (r"openssl/.*", r"src/net/.*"),
    (r"n?curses\w*/?.*|term\.h", r"ui/(screen|draw|theme)[\w-]*\.[ch]"),
    (r"gmime/.*", r"src/mime/(?!client\.).*"),
    (r"cmark\.h", r"src/compose/markdown\.c"),
    (r"gpgme\.h", r"src/crypt/(?!client\.|result\.|codec\.).*"),
    (r"sqlite3\.h", r"src/store/.*"),
    (r"libxml/.*|uchardet.*", r"src/mime/(?!client\.).*"),
    (r"libstemmer\.h", r"src/store/.*"),
    (r"gssapi/.*|stringprep\.h", r"src/net/.*"),
)


def arrows(text):
    """The pairs (from, to) of the block that follows "Who may include whom"."""
    block = text.split("Who may include whom", 1)[1].split("\n\n")[1]
    pairs = set()
    for clause in re.split(r"\n|\s{2,}", re.sub(r"\([^)]*\)", "", block)):
        words = [w for w in re.split(r"[\s,]+", clause) if w]
        if not words:
            continue
        sign = next(s for s in ("->", "<-") if s in words)
        left, right = words[:words.index(sign)], words[words.index(sign) + 1:]
        sources, targets = (left, right) if sign == "->" else (right, left)
        pairs |= {(s, t) for s in sources for t in targets}
    return pairs


def folder(path):
    """src/net/tls.c, and net/tls.h as it is included, are of "net"."""
    parts = re.sub(r"^src/", "", path).split("/")
    return parts[0]


def allowed(source, header, pairs):
    own, other = folder(source), folder(header)
    wanted = {(own, other), ("everything", other), (own, header)}
    return own == other or bool(wanted & pairs)


def includes(path):
    text = tree.without_comments(tree.read(path))
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found[1], found[2]


def all_includes():
    for path in tree.files(".c", ".h"):
        for number, kind, name in includes(path):
            yield path, number, kind, name


@tap.test("folders include only what HACKING lists")
def folders():
    pairs = arrows(tree.read("HACKING"))
    tap.ok(("pop3", "net") in pairs, "HACKING was not understood")
    problems = []
    for path, number, kind, name in all_includes():
        if kind == '"' and name != "config.h" and not name.endswith(".def"):
            if "/" not in name:
                problems.append("%s:%d: %s is included without its folder" % (path, number, name))
            elif not allowed(path, name, pairs):
                problems.append("%s:%d: %s includes %s" % (path, number, folder(path), name))
    tree.none(problems, "arrows that HACKING does not list")


@tap.test("each library has the folders it may be used in")
def libraries():
    problems = []
    for path, number, kind, name in all_includes():
        for library, users in LIBRARIES:
            if kind == "<" and re.fullmatch(library, name) and not re.fullmatch(users, path):
                problems.append("%s:%d: <%s>" % (path, number, name))
    tree.none(problems, "libraries outside of their folders")


@tap.test("a source begins with base/base.h or its own header, a header is guarded")
def first():
    problems = []
    for path in tree.files(".c"):
        kinds = [(kind, name) for _, kind, name in includes(path)]
        if kinds and kinds[0][0] != '"':
            problems.append("%s: the first include is <%s>" % (path, kinds[0][1]))
    for path in tree.files(".h"):
        if not re.search(r"^#ifndef (\w+_H)\n#define \1$", tree.read(path), re.M):
            problems.append("%s: no guard" % path)
    tree.none(problems, "files that begin otherwise")


@tap.test("the rule itself: an arrow against it is seen")
def rule():
    pairs = arrows(tree.read("HACKING"))
    for source, header, wanted in (
            ("src/pop3/session.c", "net/conn.h", True), ("ui/main.c", "net/conn.h", False),
            ("ui/main.c", "mime/client.h", True), ("ui/main.c", "mime/parse.h", False),
            ("src/base/path.c", "config/account.h", False), ("src/store/x.c", "base/base.h", True),
            ("src/smtp/x.c", "agent/agent.h", True), ("src/agent/x.c", "pop3/policy.h", False),
            ("src/net/x.c", "agent/agent.h", False), ("ui/x.c", "agent/agent.h", False),
            ("src/net/x.c", "store/store.h", False), ("src/demo/x.c", "net/conn.h", False)):
        tap.equal(allowed(source, header, pairs), wanted, "%s includes %s" % (source, header))


tap.main()
