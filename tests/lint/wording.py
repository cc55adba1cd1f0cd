#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Messages begin in lower case and have no full stop (HACKING)."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tree
from tree import tap

SPEAKERS = (r"g_set_error|g_set_error_literal|g_prefix_error|g_propagate_prefixed_error|"
            r"report_(?:error|warning|info)|\w+_fail|fail_\w+|mistakes_say")
# Names that are written with a capital wherever they stand.
NAMES = ("Maildir", "OpenSSL", "SQLite", "GMime", "Inbox", "Sent", "Drafts", "Trash", "Archive",
         "Message-ID", "Content-Type", "From", "To", "Cc", "Bcc", "Date")
EXAMPLES = (("cannot open '%s': %s", True), ("TLS is not offered", True), ("'%s' is empty", True),
            ("Maildir names", True), ("wait…", True), ("Cannot open", False),
            ("it is gone.", False), ("A letter", False), (": %s", True), ("reply: ", True))


def mistake(text):
    """What is wrong with a message, or None."""
    word = re.match(r"[\w-]*", text)[0]
    capital = len(word) > 0 and word[0].isupper() and (len(word) == 1 or word[1:2].islower())
    if capital and word not in NAMES:
        return "begins with a capital"
    if text.endswith(".") and not text.endswith("..."):
        return "ends with a full stop"
    if text.endswith(("!", "\\n")):
        return "ends with an exclamation mark or a new line"
    return None


@tap.test("every message")
def messages():
    problems, count = [], 0
    for path in tree.files(".c"):
        text = tree.without_comments(tree.read(path))
        for line, name, arguments in tree.calls(text, SPEAKERS):
            for literal in tree.literals(arguments):
                count += 1
                wrong = mistake(literal)
                if wrong:
                    problems.append("%s:%d: %s: \"%s\" %s" % (path, line, name, literal, wrong))
    tap.ok(count > 20, "only %d messages were found" % count)
    tree.none(problems, "messages worded otherwise than HACKING says")


@tap.test("no text to translate is cut by a format macro, which xgettext does not see")
def macros():
    tree.none(["%s: %s" % (path, found) for path in tree.files(".c")
               for found in re.findall(r'\b(?:_|N_|P_)\("[^"]*%"\s*\w+',
                                       tree.without_comments(tree.read(path)))],
              "texts that a translator never gets whole")


@tap.test("the rule itself, by examples")
def rule():
    for text, good in EXAMPLES:
        tap.equal(mistake(text) is None, good, text)


@tap.test("C is read rightly: calls, comments, joined strings")
def reading():
    text = tree.without_comments('/* g_set_error(x, "No.") */ g_set_error(e, D, C,\n'
                                 '\t_("a (\\"b\\") "\n\t"c %" PRIu64 " d"), f(")"));')
    found = list(tree.calls(text, SPEAKERS))
    tap.equal(len(found), 1)
    tap.equal(tree.literals(found[0][2])[0].replace('\\"', "'"), "a ('b') c %d d")


tap.main()
