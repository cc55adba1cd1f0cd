#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 against servers that play by the rules, and servers that do not."""
import json
import os
import re
import resource
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
import tap

USERS = {"ivan": home.SECRET}
LETTERS = [b"Subject: %d\n\n.dot %d\n" % (n, n) for n in range(1, 6)]
EX_IOERR, EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = 74, 75, 76, 77, 78

# A session up to the listing, in clear.
LOGIN = """S: +OK ready
C: CAPA
S: +OK
S: USER
S: .
C: USER ivan
S: +OK
C~ PASS .*
S: +OK
"""
LISTING = """C: CAPA
S: -ERR
C: STAT
S: +OK %(count)d 100
C: UIDL
S: +OK
%(uids)sS: .
C: LIST
S: +OK
%(sizes)sS: .
"""


def listing(uids, sizes=None):
    sizes = sizes or [10] * len(uids)
    return LISTING % {
        "count": len(uids),
        "uids": "".join("S: %d %s\n" % (n, u) for n, u in enumerate(uids, 1)),
        "sizes": "".join("S: %d %s\n" % (n, s) for n, s in enumerate(sizes, 1))}


def clear_home(server, **account):
    """An account without TLS, for scripts that are read by people; the secret
    is ASCII, for USER and PASS."""
    return home.Home({"pop3": "pop3+insecure://ivan@127.0.0.1:%d" % server.port,
                      "password": "s3cret", **account})


def serve(handlers, pair=None, implicit=False):
    server = fakeserver.Server(handlers, pair, implicit)
    tap.cleanup(server.stop)
    return server


def scripted(text, status, **account):
    """One run against one script; the script must be kept to."""
    server = serve([fakeserver.Script(text)])
    place = clear_home(server, **account)
    result = place.run("dewey-pop3", "home", status=status)
    server.check()
    return place, result


class Scene:
    """A maildrop behind TLS, and a home."""

    def __init__(self, letters=None, account=None, **options):
        authority = certs.Authority(tap.tempdir())
        self.drop = fakemail.Maildrop(USERS, LETTERS if letters is None else letters, **options)
        self.server = serve(self.drop, authority.server(), True)
        self.home = home.Home({"pop3": "pop3s://ivan@localhost:%d" % self.server.port,
                               "tls-ca": authority.pem, **(account or {})})

    def fetch(self, *args, **options):
        return self.home.run("dewey-pop3", *args, "home", **options)

    def commands(self, verb):
        return [x for x in self.drop.lines if x.startswith(verb)]


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
                             "C: QUIT\nS: +OK\n", EX_IOERR, keep="never")
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


# --- UIDs and deletions

@tap.test("equal UIDs: every copy is fetched, and none a second time [P-48]")
def duplicates():
    copies = [("same", LETTERS[0]), ("same", LETTERS[0]), ("other", LETTERS[1])]
    scene = Scene(copies)
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], LETTERS[0], LETTERS[1]])
    scene.fetch()
    tap.equal(len(scene.commands("RETR")), 3)


@tap.test("no UIDL: fetched only to be deleted, else refused with the reason [P-47]")
def no_uidl():
    bare = LOGIN + """C: CAPA
S: -ERR
C: STAT
S: +OK 1 10
C: UIDL
S: -ERR what?
C: LIST
S: +OK
S: 1 10
S: .
"""
    _, result = scripted(bare + "EOF", EX_CONFIG, keep="always")
    tap.contains(result.stderr, "keep = never")
    place, _ = scripted(bare + "C: RETR 1\nS: +OK\nS: Subject: a\nS: .\nC: DELE 1\nS: +OK\n"
                        "C: QUIT\nS: +OK\n", 0, keep="never")
    tap.equal(place.folder("Inbox"), [b"Subject: a\n"])


@tap.test("a UID that is given to another letter: that one is fetched before it is deleted [P-49]")
def reused():
    for missed in (False, True):
        scene = Scene([("1", LETTERS[0])], account={"keep": "never"})
        scene.fetch()
        if missed:
            scene.drop.letters = []
            scene.fetch()
        scene.drop.letters = [("1", LETTERS[1])]
        scene.fetch()
        tap.equal(scene.home.folder("Inbox"), LETTERS[:2])
        tap.equal(scene.drop.letters, [])


@tap.test("a deletion that the server forgot is made good, and no second copy is kept [P-60]")
def forgotten_deletion():
    scene = Scene([("1", LETTERS[0])], account={"keep": "never"})
    scene.fetch()
    scene.drop.letters = [("1", LETTERS[0])]
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), LETTERS[:1])
    tap.equal(scene.drop.letters, [])


@tap.test("no UIDL and a session cut short: no second copy, and two that are equal stay two [P-47]")
def no_uidl_twice():
    letters = [LETTERS[0], LETTERS[1], LETTERS[0]]
    cut = [fakemail.Fault("QUIT", "drop", 2), fakemail.Fault("UIDL", "-ERR what?")]
    scene = Scene(letters[:2], account={"keep": "never"}, capabilities=["TOP"], faults=cut)
    scene.fetch()
    scene.drop.letters.append(("x", LETTERS[0]))
    scene.fetch()
    scene.fetch()
    tap.equal(sorted(scene.home.folder("Inbox")), sorted(letters))
    tap.equal(scene.drop.letters, [])


@tap.test("-ERR inside the window belongs to the right letter [P-56]")
def err_in_window():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("RETR 2", "-ERR gone")])
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), [LETTERS[0], *LETTERS[2:]])
    tap.equal(scene.commands("DELE"), ["DELE 1", "DELE 3", "DELE 4", "DELE 5"])
    tap.equal([data for _, data in scene.drop.letters], [LETTERS[1]])


@tap.test("-ERR to DELE leaves that letter for the next session [P-60]")
def err_to_dele():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("DELE 2", "-ERR locked", 1)])
    scene.fetch()
    tap.equal([data for _, data in scene.drop.letters], [LETTERS[1]])
    scene.fetch()
    tap.equal(scene.drop.letters, [])
    tap.equal(len(scene.commands("RETR")), 5)


def lost_quit(what, deleted):
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("QUIT", what, 1)])
    result = scene.fetch()
    tap.contains(result.stderr, "did not confirm")
    tap.equal(len(scene.drop.letters), 0 if deleted else 5)
    states = {state for (state,) in scene.home.ledger("SELECT state FROM uid")}
    tap.equal(states, {3}, "DEL_UNKNOWN")
    scene.fetch()
    tap.equal(scene.drop.letters, [])
    tap.equal(len(scene.commands("RETR")), 5)
    tap.equal(scene.home.folder("Inbox"), LETTERS)
    states = {state for (state,) in scene.home.ledger("SELECT state FROM uid")}
    tap.equal(states, {4}, "DEL_DONE")


@tap.test("QUIT answered -ERR, cut off before, cut off after: no second copy [P-59]")
def quits():
    lost_quit("-ERR some deleted messages not removed", False)
    lost_quit("drop", False)
    lost_quit("done-drop", True)


@tap.test("a letter that cannot be written: no DELE for it, the next run resumes [P-63]")
def disk_full():
    big = b"Subject: big\n\n" + b"x" * 70 * 1000 + b"\n"
    letters = [LETTERS[0], big * 40, LETTERS[2]]
    scene = Scene(letters, account={"keep": "never"})
    limit = 1 << 20
    scene.fetch(status=EX_IOERR, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (limit, limit)))
    tap.equal(len(scene.drop.letters), 3)
    scene.fetch()
    tap.equal(scene.home.folder("Inbox"), letters)
    tap.equal(scene.drop.letters, [])
    tap.equal(scene.commands("DELE").count("DELE 2"), 1)


# --- The pipeline

@tap.test("a server that answers nothing until 1000 commands have come [P-55]")
def deaf():
    count = 1000

    def handler(conn):
        conn.reply("+OK")
        for text in ("+OK\r\nPIPELINING\r\nSASL PLAIN\r\nUIDL\r\n.", "+OK"):
            conn.line()
            conn.reply(text)
        for text in ("+OK\r\nPIPELINING\r\nUIDL\r\n.", "+OK %d 1" % count,
                     "+OK\r\n%s\r\n." % "\r\n".join("%d u%d" % (n, n) for n in range(1, count + 1)),
                     "+OK\r\n."):
            conn.line()
            conn.reply(text)
        tap.equal([conn.line() for _ in range(count)], ["RETR %d" % n for n in range(1, count + 1)])
        for n in range(1, count + 1):
            conn.send(b"+OK\r\nSubject: %d\r\n\r\n.\r\n" % n)
        tap.equal(conn.line(), "QUIT")
        conn.reply("+OK")

    server = serve([handler])
    place = clear_home(server)
    place.run("dewey-pop3", "home")
    server.check()
    tap.equal(sorted(place.folder("Inbox")),
              sorted(b"Subject: %d\n\n" % n for n in range(1, count + 1)))


@tap.test("without PIPELINING every command waits for its reply; log-in and QUIT always do [P-18, P-55]")
def one_by_one():
    def handler(conn):
        maildrop = fakemail.Maildrop({"ivan": "s3cret"}, LETTERS, capabilities=["UIDL"])
        original = conn.line

        def line():
            text = original()
            tap.equal(conn.pending, b"", "sent ahead of the reply to " + text)
            return text
        conn.line = line
        maildrop(conn)

    server = serve([handler])
    clear_home(server, keep="never").run("dewey-pop3", "home")
    server.check()


@tap.test("EXPIRE 0: one letter at a time [P-56]")
def expire():
    scene = Scene(capabilities=["UIDL", "PIPELINING", "EXPIRE 0"],
                  faults=[fakemail.Fault("RETR 1", lambda conn: (
                      tap.equal(conn.pending, b"", "sent ahead"), conn.reply("-ERR no")))])
    scene.fetch()
    scene.server.check()
    tap.equal(len(scene.home.folder("Inbox")), 4)


# --- TLS and log-in

@tap.test("STLS stripped, refused, or without TLS behind it: nothing is sent [T-20, T-22, T-23]")
def stripped():
    authority = certs.Authority(tap.tempdir())
    for text in ("S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: SASL PLAIN\nS: .\nEOF",
                 "S: +OK\nC: CAPA\nS: -ERR\nEOF",
                 "S: +OK logged in\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: -ERR no\nEOF",
                 "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK\nCLOSE",
                 "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS-raw: +OK\\r\\n+OK more\\r\\n\nWAIT",
                 "S: +OK\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS-raw: +OK\\r\\n+O\nWAIT"):
        server = serve([fakeserver.Script(text)], authority.server())
        place = home.Home({"pop3": "pop3://ivan@localhost:%d" % server.port,
                           "tls-ca": authority.pem, "password": "command:echo asked >&2; echo x"})
        result = place.run("dewey-pop3", "home", status=EX_PROTOCOL)
        tap.lacks(result.stderr, "asked", text)
        server.settle()
        for conn in server.connections:
            tap.lacks(conn.raw_received, b"ivan")
            tap.lacks(conn.raw_received, b"AUTH")


@tap.test("what was said before TLS does not count after it [T-25]")
def forgotten():
    authority = certs.Authority(tap.tempdir())
    server = serve([fakeserver.Script("""S: +OK
C: CAPA
S: +OK
S: STLS
S: SASL PLAIN
S: PIPELINING
S: .
C: STLS
S: +OK
TLS
C: CAPA
S: +OK
S: USER
S: .
C: USER ivan
S: +OK
C: PASS s3cret
S: +OK
C: CAPA
S: +OK
S: .
C: STAT
S: +OK 0 0
C: UIDL
S: +OK
S: .
C: LIST
S: +OK
S: .
C: QUIT
S: +OK
""")], authority.server())
    place = home.Home({"pop3": "pop3://ivan@localhost:%d" % server.port,
                       "tls-ca": authority.pem, "password": "s3cret"})
    place.run("dewey-pop3", "home")
    server.check()


@tap.test("only what the server blames on the log-in is one [P-16, P-25]")
def refused_log_in():
    for tag, words, status in (("", "-ERR no", EX_NOPERM), ("", "-ERR [SYS/TEMP] wait", EX_TEMPFAIL),
                               ("S: AUTH-RESP-CODE\n", "-ERR no", EX_TEMPFAIL),
                               ("S: AUTH-RESP-CODE\n", "-ERR [AUTH] no", EX_NOPERM),
                               ("", "-ERR [IN-USE] no", EX_TEMPFAIL)):
        text = "S: +OK\nC: CAPA\nS: +OK\n%sS: SASL PLAIN LOGIN\nS: .\nC~ AUTH PLAIN .*\nS: %s\nEOF"
        _, result = scripted(text % (tag, words), status)
        tap.contains(result.stderr, words)


@tap.test("LOGIN, a long secret, and a challenge that makes no sense [T-45]")
def mechanisms():
    done = "C: CAPA\nS: -ERR\nC: STAT\nS: +OK 0 0\nC: UIDL\nS: +OK\nS: .\nC: LIST\nS: +OK\nS: .\nC: QUIT\nS: +OK\n"
    capa = "S: +OK\nC: CAPA\nS: +OK\nS: SASL %s\nS: .\n"
    scripted(capa % "LOGIN" + "C: AUTH LOGIN\nS: + VXNlcm5hbWU6\nC: aXZhbg==\nS: + UGFzc3dvcmQ6\n"
             "C: czNjcmV0\nS: +OK\n" + done, 0)
    scripted(capa % "PLAIN" + "C: AUTH PLAIN\nS: +\nC~ .{270,}\nS: +OK\n" + done, 0, password="x" * 220)
    scripted(capa % "LOGIN" + "C: AUTH LOGIN\nS: + what?\nC: *\nS: -ERR\nEOF", EX_PROTOCOL)


# --- Waiting, and being told to stop

@tap.test("a server that says nothing: the time-out of the account [P-29]")
def silent():
    server = serve([fakeserver.Script("WAIT")])
    result = clear_home(server, timeout="1").run("dewey-pop3", "home", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "does not answer")


@tap.test("SIGTERM while the server says nothing; what had come is kept [P-60]")
def terminated():
    scene = Scene(account={"keep": "never"}, faults=[fakemail.Fault("RETR 2", "hang", 1)])
    agent = child.start(scene.home, "dewey-pop3", "--events", "home")
    while '"done":1' not in agent.stdout.readline():
        pass
    agent.send_signal(signal.SIGTERM)
    tap.equal(agent.wait(60), EX_TEMPFAIL)
    tap.contains(agent.stderr.read(), "cancelled")
    tap.equal(scene.home.folder("Inbox"), LETTERS[:1])
    tap.equal(len(scene.drop.letters), 5)
    scene.fetch()
    tap.equal(sorted(scene.home.folder("Inbox")), LETTERS)
    tap.equal(scene.drop.letters, [])


@tap.test("the wire: fetch, its events, and end of input")
def wire():
    scene = Scene(account={"keep": "never"})
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 7, "account": "home", "new-key": {}})
    events = parent.until("done", "failed")
    tap.equal(events[-1], {"event": "done", "id": 7, "new": 5, "deleted": 5, "kept": 0, "owed": 0})
    stored = [e for e in events if e["event"] == "stored"]
    tap.equal([e["id"] for e in stored], [7] * 5)
    tap.equal({(e["folder"], e["name"]) for e in stored},
              {("Inbox", os.path.basename(p)) for p in scene.home.paths("Inbox")})
    progress = [e for e in events if e["event"] == "progress"]
    tap.equal((progress[-1]["done"], progress[-1]["total"]), (5, 5))
    parent.send({"do": "fetch", "id": 8, "account": "home"})
    tap.equal(parent.until("done", "failed")[-1]["new"], 0)
    parent.send({"do": "dance", "id": 9})
    tap.equal(parent.until("failed")[-1]["code"], "unknown-request")
    parent.send({"do": "fetch", "id": 10, "account": "nobody"})
    tap.equal(parent.until("failed")[-1]["code"], "usage")
    parent.close()


@tap.test("the wire: TOP into a file of the store [P-07]")
def wire_top():
    scene = Scene([b"Subject: x\n\none\ntwo\nthree\n"])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "top", "id": 1, "account": "home", "message": 1, "lines": 2})
    path = parent.until("done", "failed")[-1]["path"]
    tap.equal(home.read(path).rstrip(b"\n"), b"Subject: x\n\none\ntwo")
    tap.ok(path.startswith(scene.home.mail), "it lies in " + path)
    parent.send({"do": "top", "id": 2, "account": "home", "message": 9, "lines": 2})
    tap.equal(parent.until("done", "failed")[-1]["code"], "refused")
    tap.equal(scene.commands("RETR"), [])
    parent.close()


@tap.test("the wire: a password is asked for, refused, asked for again")
def wire_ask():
    scene = Scene(account={"password": "prompt:"})
    parent = child.Wire(scene.home, "dewey-pop3")
    for number, secret in ((1, "wrong"), (2, home.SECRET)):
        parent.send({"do": "fetch", "id": number, "account": "home"})
        ask = parent.until("ask")[-1]
        tap.equal((ask["id"], ask["what"]), (number, "password"))
        parent.send({"do": "answer", "id": number, "ask": ask["ask"], "secret": secret})
        last = parent.until("done", "failed")[-1]
        tap.equal(last.get("code"), "auth" if number == 1 else None)
    parent.send({"do": "fetch", "id": 3, "account": "home"})
    parent.until("ask")
    parent.send({"do": "cancel", "id": 3})
    tap.equal(parent.until("done", "failed")[-1]["code"], "cancelled")
    parent.close()


@tap.test("the wire: cancel while the server says nothing; then the next request")
def wire_cancel():
    scene = Scene(faults=[fakemail.Fault("STAT", "hang", 1)])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 1, "account": "home"})
    while "STAT" not in scene.drop.lines:
        os.sched_yield()
    parent.send({"do": "cancel", "id": 1})
    last = parent.until("done", "failed")[-1]
    tap.equal((last["code"], last["id"]), ("cancelled", 1))
    parent.send({"do": "fetch", "id": 2, "account": "home"})
    tap.equal(parent.until("done", "failed")[-1]["new"], 5)
    parent.close()


@tap.test("the wire: SIGTERM ends an agent that waits for requests, and one that works")
def wire_terminated():
    scene = Scene(faults=[fakemail.Fault("STAT", "hang", 1)])
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.agent.send_signal(signal.SIGTERM)
    tap.equal(parent.agent.wait(60), -signal.SIGTERM)
    parent = child.Wire(scene.home, "dewey-pop3")
    parent.send({"do": "fetch", "id": 1, "account": "home"})
    while "STAT" not in scene.drop.lines:
        os.sched_yield()
    parent.agent.send_signal(signal.SIGTERM)
    tap.equal(parent.until("done", "failed")[-1]["code"], "cancelled")
    tap.equal(parent.agent.wait(60), 0)


@tap.test("two agents on one account: the second is busy [P-31]")
def busy():
    scene = Scene(faults=[fakemail.Fault("STAT", "hang", 1)])
    agent = child.start(scene.home, "dewey-pop3", "home")
    while "STAT" not in scene.drop.lines:
        os.sched_yield()
    result = scene.fetch(status=EX_TEMPFAIL)
    tap.contains(result.stderr, str(agent.pid))
    agent.kill()
    agent.wait()
    scene.fetch()
    tap.equal(len(scene.home.folder("Inbox")), 5)


# --- What a person sees

@tap.test("the server's words are harmless on a terminal [P-37]")
def words():
    server = serve([lambda conn: conn.send(b"-ERR \x1b]0;x\x07\x1b[2J \x9b31m \xc2\x9b31m \xe2\x80\xae"
                                           + b"z" * 500 + b"\r\n")])
    result = clear_home(server).run("dewey-pop3", "home", status=EX_TEMPFAIL, binary=True)
    text = result.stderr.decode("utf-8")  # What is not UTF-8 at all fails here.
    for character in "\x1b\x07\x9b\u202e":
        tap.lacks(text, character)
    tap.ok(len(result.stderr) < 1000, "too long")


@tap.test("the trace shows the dialogue and no secret [T-30]")
def trace():
    scene = Scene()
    result = scene.fetch("--trace")
    tap.contains(result.stderr, ["C: AUTH PLAIN ***", "C: UIDL", "S: +OK", "C: QUIT"])
    tap.lacks(result.stderr, home.SECRET)
    tap.ok(not re.search("AUTH PLAIN [A-Za-z0-9]", result.stderr), "the response is shown")


@tap.test("--dry-run changes nothing, here and there")
def dry_run():
    scene = Scene(account={"keep": "never"})
    result = scene.fetch("--dry-run")
    tap.contains(result.stderr, "would fetch 5, delete 5")
    tap.equal((len(scene.drop.letters), scene.home.folder("Inbox")), (5, []))
    tap.equal(scene.commands("RETR") + scene.commands("DELE"), [])


@tap.test("--events: one object a line, and one end, also where it fails")
def events():
    scene = Scene()
    for name, status, end in (("home", 0, "done"), ("work", 64, "failed")):
        result = scene.home.run("dewey-pop3", "--events", name, status=status)
        names = [json.loads(line)["event"] for line in result.stdout.splitlines()]
        tap.equal((names[0], names[-1], names.count(end)), ("hello", end, 1))


@tap.test("wrong command lines")
def usage():
    scene = Scene()
    for args in ((), ("home", "work"), ("--wire", "home"), ("--nonsense", "home")):
        scene.home.run("dewey-pop3", *args, status=64)
    tap.contains(scene.home.run("dewey-pop3", "work", status=64).stderr, "home")


tap.main()
