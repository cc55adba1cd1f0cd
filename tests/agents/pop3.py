#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3: status lines, order, and the bodies of letters."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import home
import tap
from pop3scene import EX_PROTOCOL, EX_TEMPFAIL, LETTERS, LOGIN, Scene, listing, scripted


# --- Status lines and order

@tap.test("a status line that is neither +OK nor -ERR is an error [Z1]")
def odd_indicators():
    for odd in ("+\u041e\u041a", "+Ok", "+OKAY", "+ok", "+Do you care", "OK", "", "-Err no"):
        _, result = scripted("S: %s ready\nEOF" % odd if odd else "S-raw: \\r\\n\nEOF", EX_PROTOCOL)
        tap.contains(result.stderr, "greet")
        text = LOGIN + "C: CAPA\nS: +OK\nS: .\nC: STAT\nS: %s\nEOF" % (odd or "x")
        _, result = scripted(text, EX_PROTOCOL)
        tap.contains(result.stderr, "neither +OK nor -ERR")


@tap.test("-ERR as greeting: nothing is sent, and nobody is asked for a password [P-01, P-35]")
def greeting():
    for line, status in (("-ERR go away", EX_TEMPFAIL), ("-ERR [SYS/PERM] never", 69),
                         ("-ERR [AUTH] who are you", EX_TEMPFAIL), ("-ERR [IN-USE] busy", EX_TEMPFAIL)):
        _, result = scripted("S: %s\nEOF" % line, status, password="command:echo asked >&2; false")
        tap.contains(result.stderr, line)
        tap.lacks(result.stderr, "asked")


@tap.test("octets that nobody asked for end the session [P-26]")
def unsolicited():
    _, result = scripted("S: +OK ready\nC: CAPA\nS-raw: +OK\\r\\nUSER\\r\\n.\\r\\n+OK too much\\r\\n\nEOF",
                         EX_PROTOCOL)
    tap.contains(result.stderr, "without being asked")


@tap.test("nonsense between letters: what is stored stays, nothing is deleted [P-27]")
def nonsense():
    place, _ = scripted(LOGIN + listing("ab") + """C: RETR 1
S: +OK
S: Subject: a
S: .
C: RETR 2
S: +Oops
EOF""", EX_PROTOCOL, keep="never")
    tap.equal(place.folder("Inbox"), [b"Subject: a\n"])
    # Nothing is under way, and QUIT would delete the first: it is not sent.
    letters = "".join("C: RETR %d\nS: +OK\nS: Subject: %s\nS: .\n" % x for x in ((1, "a"), (2, "b")))
    place, _ = scripted(LOGIN + listing("ab") + letters + "C: DELE 1\nS: +OK\nC: DELE 2\nS: +Oops\nEOF",
                        EX_PROTOCOL, keep="never")
    tap.equal(sorted(place.folder("Inbox")), [b"Subject: a\n", b"Subject: b\n"])


@tap.test("a session cut short leaves its deletions to the next, without RETR [P-28]")
def owed():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("DELE 3", "drop", 1)])
    scene.fetch(status=EX_TEMPFAIL)
    tap.equal(len(scene.drop.letters), 5)
    scene.fetch()
    tap.equal(scene.drop.letters, [])
    tap.equal(sorted(scene.drop.fetched.values()), [1] * 5)
    tap.equal(scene.home.folder("Inbox"), LETTERS)


# --- Bodies

@tap.test("a letter ends at CRLF dot CRLF and nowhere else [P-41, P-43]")
def endings():
    wire = r"Subject: x\r\n\r\na\n.\nb\r.\rc\x00d\r\r\n...e\r\n.\r\n"
    place, _ = scripted(LOGIN + listing("a") + "C: RETR 1\nS-raw: +OK\\r\\n" + wire
                        + "\nC: QUIT\nS: +OK\n", 0)
    tap.equal(place.folder("Inbox"), [b"Subject: x\n\na\n.\nb\r.\rc\x00d\r\n..e\n"])


@tap.test("sizes are hints: too small, too big, zero, and no number [P-44, P-45]")
def sizes():
    for size in ("1", "0", "9999999", "99999999999999999999", "-5", "1e3"):
        place, _ = scripted(LOGIN + listing("a", [size]) +
                            "C: RETR 1\nS: +OK\nS: Subject: a\nS: .\nC: QUIT\nS: +OK\n", 0)
        tap.equal(place.folder("Inbox"), [b"Subject: a\n"])


@tap.test("no room for a letter: it is not asked for, those before it are done with [P-57, P-63]")
def no_room():
    place, _ = scripted(LOGIN + listing("abc", ["10", "18446744073709551615", "10"]) +
                             "C: RETR 1\nS: +OK\nS: Subject: a\nS: .\nC: DELE 1\nS: +OK\n"
                             "C: QUIT\nS: +OK\n", EX_TEMPFAIL, keep="never")
    tap.equal(place.folder("Inbox"), [b"Subject: a\n"])


@tap.test("endless lists and lines are refused [P-02, P-40, P-45]")
def endless():
    scripted("S: +OK\nC: CAPA\nS-raw: +OK\\r\\n" + "X-TAG\\r\\n" * 300 + "\nEOF", EX_PROTOCOL)
    scripted("S-raw: +OK %s\nEOF" % ("x" * 9000), EX_PROTOCOL)
    scripted(LOGIN + "C: CAPA\nS: -ERR\nC: STAT\nS: +OK 9999999999 1\nEOF", EX_PROTOCOL)


@tap.test("rows that make no sense are passed over [P-45]")
def odd_rows():
    text = (LOGIN + """C: CAPA
S: -ERR
C: STAT
S: +OK 3 30
C: UIDL
S: +OK
S: 0 zero
S: -1 minus
S: 1 a
S: 1 again
S: 99 beyond
S: 4000000000 far beyond
S: nonsense
S: 3 c
S: 2 late
S: .
C: LIST
S: +OK
S: 1 10
S: 3 10
S: .
C: RETR 1
S: +OK
S: Subject: a
S: .
C: RETR 3
S: +OK
S: Subject: c
S: .
C: QUIT
S: +OK
""")
    place, _ = scripted(text, 0)
    tap.equal(place.folder("Inbox"), [b"Subject: a\n", b"Subject: c\n"])


tap.main()
