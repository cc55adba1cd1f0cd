#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp as a sendmail: what CHECKLIST 2.8 asks, row by row."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
from smtpscene import LETTER, Scene

EX_USAGE, EX_DATAERR, EX_CONFIG = 64, 65, 78


@tap.test("what is missing is added, what is there is left alone")
def completion():
    scene = Scene()
    scene.send("To: a@b\n\nx\n", args=("-t", "-F", "Other, Name"))
    data = scene.sink.letters[0][2].decode()
    tap.ok(re.search(r'(?m)^From: "Other, Name" <ivan@peer.test>\r$', data), data)
    tap.ok(re.search(r"(?m)^Message-ID: <[a-z2-7]{25}@peer.test>\r$", data), data)
    tap.ok(re.search(r"(?m)^Date: \w{3}, \d+ \w{3} \d{4} [\d:]{8} [+-]\d{4}\r$", data), data)
    scene.send("From a@b Mon\nFrom: =?utf-8?q?x?= <y@z>\nDate: d\nMessage-Id: <i@d>\nTo: a@b\n\nx\n")
    tap.equal(scene.sink.letters[1][2],
              b"From: =?utf-8?q?x?= <y@z>\r\nDate: d\r\nMessage-Id: <i@d>\r\nTo: a@b\r\n\r\nx\r\n")
    scene.send("hello\n", args=("a@b",))
    tap.ok(scene.sink.letters[2][2].endswith(b"\r\n\r\nhello\r\n"), "no header")


@tap.test("senders, recipients and status of the command line")
def face():
    rows = [
        (("a@b", "c@d"), LETTER, 0, ("ivan@peer.test", ["a@b", "c@d"])),
        (("-t", "x@y"), "To: a@b\n\n", 0, ("ivan@peer.test", ["x@y", "a@b"])),
        (("-oi", "-f", "", "a@b"), "\nx\n", 0, ("", ["a@b"])),
        (("-fz@z", "a@b"), "\nx\n", 0, ("z@z", ["a@b"])),
        (("a@B", "a@b", "A@b"), "\nx\n", 0, ("ivan@peer.test", ["a@B", "A@b"])),
        (("a@пример.рф",), "\nx\n", 0, ("ivan@peer.test", ["a@xn--e1afmkfd.xn--p1ai"])),
        (("<@a,@b:c@d>",), "\nx\n", 0, ("ivan@peer.test", ["c@d"])),
        (("-t",), "Subject: x\n\n", EX_USAGE, None),
        ((), "To: a@b\n\n", EX_USAGE, None),
        (("-bs",), "", EX_USAGE, None),
        (("root",), "\nx\n", EX_DATAERR, None),
        (("--", "-f"), "\nx\n", EX_DATAERR, None),
        (("a@b\r\nRCPT TO:<x@y>",), "\nx\n", EX_DATAERR, None),
        (("-f", "a b@c", "a@b"), "\nx\n", EX_DATAERR, None),
        (("-a", "nobody", "a@b"), "\nx\n", EX_USAGE, None),
    ]
    for args, letter, status, envelope in rows:
        scene = Scene()
        result = scene.send(letter, status=status, args=args)
        tap.equal([x[:2] for x in scene.sink.letters], [envelope] if envelope else [], str(args))
        if status:
            tap.ok(result.stderr.startswith("dewey-smtp: "), "a reason for %s" % (args,))
            tap.ok(not os.path.exists(scene.home.mail + "/.dewey/ledger.db") or not scene.states(),
                   "nothing is queued")
    empty = home.Home({"smtp": None, "pop3": "pop3s://ivan@localhost"})
    empty.run("dewey-smtp", "a@b", input="\nx\n", status=EX_CONFIG)


@tap.test("a lone dot ends the letter, but not with -i")
def lone_dot():
    scene = Scene()
    scene.send("To: a@b\n\nx\n.\ny\n", args=("-t",))
    scene.send("To: a@b\n\nx\n.\ny\n", args=("-t", "-oi"))
    tap.ok(scene.sink.letters[0][2].endswith(b"\r\n\r\nx\r\n"), "without -i")
    tap.ok(scene.sink.letters[1][2].endswith(b"\r\n\r\nx\r\n.\r\ny\r\n"), "with -i")


tap.main()
