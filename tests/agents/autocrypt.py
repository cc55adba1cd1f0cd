#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The key that a letter brings along, as dewey-mime finds it (Autocrypt, level 1)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import mimewire
import tap

KEY, OTHER = "A" * 80, "B" * 80
GOOD = "addr=jones@peer.test; prefer-encrypt=mutual; keydata=" + KEY

ROWS = [
    ("the usual one", [GOOD], KEY, True),
    ("nothing is preferred", ["addr=jones@peer.test; keydata=" + KEY], KEY, False),
    ("folded, and the address in capitals",
     ["addr=Jones@Peer.Test;\n keydata=" + KEY[:40] + "\n " + KEY[40:]], KEY, False),
    ("an attribute that may be ignored",
     ["addr=jones@peer.test; _note=x; keydata=" + KEY], KEY, False),
    ("one that may not", ["addr=jones@peer.test; type=x; keydata=" + KEY], None, False),
    ("of somebody else", ["addr=smith@peer.test; keydata=" + KEY], None, False),
    ("of somebody else, and one of the sender",
     ["addr=smith@peer.test; keydata=" + OTHER, GOOD], KEY, True),
    ("two of the sender", [GOOD, "addr=jones@peer.test; keydata=" + OTHER], None, False),
    ("no key", ["addr=jones@peer.test"], None, False),
    ("no base64", ["addr=jones@peer.test; keydata=" + KEY + "<x>"], None, False),
    ("escapes", ["addr=jones@peer.test; keydata=\x1b[31m" + KEY], None, False),
    ("far too long", ["addr=jones@peer.test; keydata=" + "A" * 200000], None, False),
    ("none", [], None, False),
]


def letter(fields, sender="Jones <jones@peer.test>"):
    lines = ["From: " + sender, "To: ivan@peer.test", "Subject: x"]
    return "\n".join(lines + ["Autocrypt: " + field for field in fields] + ["", "text", ""]).encode()


@tap.test("Autocrypt: the only field of the only sender's address counts, and all of it is known")
def rows():
    worker = mimewire.Worker()
    tap.cleanup(worker.close)
    for name, fields, key, mutual in ROWS:
        found = worker.read(letter(fields))
        tap.equal((found.get("autocrypt-key"), found.get("autocrypt-mutual", False)),
                  (key, mutual), name)
    found = worker.read(letter([GOOD], "Jones <jones@peer.test>, Smith <smith@peer.test>"))
    tap.equal(found.get("autocrypt-key"), None, "of two senders")


tap.main()
