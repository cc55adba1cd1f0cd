#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The same promises against every POP3 server that Debian has: Dovecot, Courier,
Cyrus, GNU Mailutils, Solid POP3 and popa3d (P-02, P-15, P-43, P-48, P-57 to P-60).

Each is asked by POP3S, which is put before those that know no TLS, and by STLS
where it has that.  What comes
is compared octet for octet with what was delivered there, after what that
server itself is known to change: see popservers.py."""
import collections
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import cutproxy
import home
import popservers
import tap

SERVERS = [popservers.PeerDovecot, popservers.Courier, popservers.Cyrus, popservers.Mailutils,
           popservers.SolidPop3, popservers.Popa3d]
SECRET = "s3cret words"  # those without SASL take ASCII only (P-04)


def letter(number, body, subject=None):
    head = (b"Message-ID: <%d@a.test>\nDate: Sat, 21 Nov 2026 14:09:45 +0000\n"
            b"From: smith@a.test\nSubject: %s\n\n")
    return head % (number, subject or b"letter %d" % number) + body


PLAIN = [letter(n, b"line %d\n" % n * (n * 7 % 40 + 1)) for n in range(12)]
ODD = [
    letter(100, b".\n..\n.one\n\n.", b"dots"),
    letter(101, b"\xf0\xd2\xc9\xd7\xc5\xd4\xff\xfe\x01\x7f\n", b"=?koi8-r?B?8NLJ18XU?="),
    letter(102, b"", b"no body"),
    letter(103, b"x" * 70000 + b"\n", b"a long line"),
    letter(104, b"From the start\n>From afar\n", b"From"),
    letter(105, b"no end", b"no final newline"),
    letter(107, b"8 bit in the head\n", b"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82"),
]
NUL = letter(106, b"a\0b\n\0\n", b"NUL")


class Scene:
    """A server with letters, a proxy before its port, and a home."""

    def __init__(self, kind, letters=(), clear=False, stls=False, **account):
        authority = certs.Authority(tap.tempdir())
        self.server = kind(authority.server(), {"ivan": SECRET}, clear=clear)
        self.proxy = cutproxy.CutProxy(self.server.pop3_port if stls else self.server.port)
        tap.cleanup(self.proxy.stop)
        url = "%s://ivan@localhost:%d" % ("pop3" if stls else self.server.scheme, self.proxy.port)
        self.account = {"pop3": url, "tls-ca": authority.pem, "password": SECRET, **account}
        self.home = home.Home(self.account)
        self.wanted, self.clock = [], 1795000000
        self.fill(letters)

    def environment(self):
        """A minute later each time, for servers that want log-ins to be rare (P-17)."""
        self.clock += 60
        return {**self.home.environment(), "DEWEY_CLOCK": str(self.clock)}

    def fill(self, letters):
        self.server.fill("ivan", letters)
        self.wanted += [self.server.stored(x) for x in letters]

    def run(self, *args, status=0):
        return self.home.run("dewey-pop3", "home", *args, status=status,
                             env=self.environment())

    def check(self, left=None):
        """Everything that was ever filled in is here, once."""
        letters = map(self.server.fetched, self.home.folder("Inbox"))
        got = collections.Counter(x for x in letters if x.strip())  # empty: see Mailutils
        wanted = collections.Counter(self.wanted)
        tap.equal(([x[:300] for x in got - wanted], len(wanted - got)), ([], 0),
                  "too many; how many are lacking")
        if left is not None:
            tap.equal(self.server.count("ivan"), left, "left on the server")


def never(kind):
    scene = Scene(kind, PLAIN, keep="never")
    scene.run()
    scene.check(0)
    scene.run()
    scene.check(0)


def odd(kind):
    scene = Scene(kind, ODD + [NUL] * kind.nul, keep="never")
    scene.run()
    scene.check(0)


def always(kind):
    """10 kept: the second time no octet of them; then 2 new, and only these."""
    scene = Scene(kind, PLAIN[:10], keep="always")
    scene.run()
    scene.check(10)
    first = len(scene.proxy.to_client[-1])
    scene.run()
    second = len(scene.proxy.to_client[-1])
    scene.check(10)
    tap.ok(first - second >= sum(map(len, PLAIN[:10])),
           "the first fetch took %d octets, the second %d" % (first, second))
    scene.fill(PLAIN[10:])
    scene.run()
    scene.check(12)


def names(kind):
    """Each letter has its UID in the ledger, and the same one tomorrow."""
    scene = Scene(kind, PLAIN[:4], keep="always")
    scene.run()
    uids = scene.home.ledger("SELECT uid FROM uid ORDER BY id")
    session = popservers.client(scene.server, "ivan")
    listed = [line.split(b" ", 1)[1] for line in session.uidl()[1]]
    session.quit()
    tap.equal(len(listed), 4)
    tap.equal({uid.split(b"\1")[0] for uid, in uids}, set(listed), "UIDs")


def preview(kind):
    """TOP: the head and two lines of the body, nothing marked, nothing stored."""
    scene = Scene(kind, PLAIN[3:5])
    wire = child.Wire(scene.home, "dewey-pop3")
    wire.send({"do": "top", "id": 1, "account": "home", "message": 2, "lines": 2})
    done = wire.until("done", "failed")[-1]
    wire.close()
    tap.equal(done["event"], "done", done)
    head, body = scene.wanted[1].split(b"\n\n", 1)
    text = scene.server.top(home.read(done["path"]))
    tap.equal(text, head + b"\n\n" + b"".join(body.splitlines(True)[:2]))
    tap.equal(scene.home.folder("Inbox"), [])


def killed(kind):
    """kill -9 after so many octets from the server; then a run to the end."""
    whole = Scene(kind, PLAIN, keep="never")
    whole.run()
    octets = len(whole.proxy.to_client[-1])
    scene = Scene(kind, PLAIN, keep="never")
    for part in (0.4, 0.7, 0.9):
        agent = subprocess.Popen(scene.home.command("dewey-pop3", "home"), env=scene.environment(),
                                 stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def rule(way, before, data, agent=agent, limit=int(octets * part)):
            if way == cutproxy.TO_CLIENT and len(before) + len(data) >= limit:
                agent.send_signal(signal.SIGKILL)
            return None
        scene.proxy.rule = rule
        tap.equal(agent.wait(60), -signal.SIGKILL)
        scene.proxy.rule = None
    settled(scene)
    scene.run()
    scene.check(0)


def settled(scene):
    """Until the server has seen the end of every connection."""
    scene.proxy.server.settle()
    scene.server.settle()
    popservers.client(scene.server, "ivan").quit()


def quit_lost(kind):
    """QUIT or its reply is lost: the next session makes it good.  In clear,
    since the proxy must see QUIT."""
    for rule in (cutproxy.before_quit, cutproxy.after_quit()):
        scene = Scene(kind, PLAIN, clear=True, keep="never")
        scene.proxy.rule = rule
        scene.run(status=None)
        tap.equal(scene.proxy.cuts, 1, "cuts")
        scene.proxy.rule = None
        scene.check()
        settled(scene)
        scene.run()
        scene.check(0)
        tap.lacks(scene.proxy.to_server[-1], b"RETR", "the session after it")


def two_sessions(kind):
    """Another session is open: what the server says of it is told, or it allows
    both; afterwards everything comes."""
    scene = Scene(kind, PLAIN[:3], keep="never")
    other = popservers.client(scene.server, "ivan")
    if kind.busy:
        result = scene.run(status=75)
        tap.contains(result.stderr, kind.busy)
        tap.equal(scene.home.folder("Inbox"), [])
    else:
        scene.run()
        scene.check()
    other.quit()
    scene.run()
    scene.check(0)


def stls(kind):
    """TLS on the port of the clear: nothing else is said before it, and afterwards
    it is a session like any other.  Without STLS there is none."""
    scene = Scene(kind, PLAIN, stls=True, keep="never")
    before = [b"CAPA", b"STLS"]
    if kind.stls:
        scene.run()
        scene.check(0)
        scene.run()
        scene.check(0)
    else:
        result = scene.run(status=76)
        tap.contains(result.stderr, "STLS")
        tap.equal(scene.home.folder("Inbox"), [])
        before = [b"CAPA"]
    for sent in scene.proxy.to_server:
        clear = re.split(rb"\r\n(?=[^A-Z])|\r\n\Z", sent)[0].split(b"\r\n")
        tap.equal(clear[:len(before)], before, "said in clear")
        tap.equal([x for x in clear[len(before):] if x != b"QUIT"], [], "said in clear, too much")


def damage(ledger, how):
    """As a disk would, or a hand."""
    if how == "missing":
        os.unlink(ledger)
    elif how == "empty":
        os.truncate(ledger, 0)
    else:
        with open(ledger, "r+b") as file:
            file.seek(0 if how == "head" else 4096)
            file.write(b"x" * 4096 * (1 if how == "head" else 20))


def ledger_lost(kind):
    """All are here and are now to be deleted there; but the ledger knows nothing any more.
    Its backup is from before: what is on the server then is compared, and none is two."""
    scene = Scene(kind, PLAIN, keep="always")
    scene.run()
    account = {**scene.account, "keep": "never"}
    scene.home.write(account)
    ledger = os.path.join(scene.home.mail, ".dewey", "ledger.db")
    for end in ("-wal", "-shm"):
        if os.path.exists(ledger + end):
            os.unlink(ledger + end)
    whole = home.read(ledger)
    for how in ("missing", "empty", "head", "inside"):
        damage(ledger, how)
        done = scene.run(status=None)
        tap.ok(done.returncode != 0, "a ledger that is damaged (%s) is told to nobody" % how)
        tap.contains(done.stderr, "ledger", "what is told (%s)" % how)
        scene.check(len(PLAIN))
        for end in ("", "-wal", "-shm"):
            if os.path.exists(ledger + end):
                os.unlink(ledger + end)
        with open(ledger, "wb") as file:
            file.write(whole)
    if kind is popservers.Mailutils:
        return  # what it gives twice is not the same: it has added Status: meanwhile
    for how in ("missing", "empty", "head", "inside", "no copy"):
        repaired(scene, ledger, how)
    scene.run()
    scene.check(0)


def repaired(scene, ledger, how):
    """Mended by the command that is told.  The copy is from before the letters came, or
    there is none: they are listed as unknown, and each is here once."""
    kept = {**scene.account, "keep": "always"}
    if how == "no copy":
        with open(ledger + ".bak", "wb") as file:
            file.write(b"x" * 20000)
    damage(ledger, "head" if how == "no copy" else how)
    told = scene.run(status=None)
    tap.contains(told.stderr, "dewey fsck --repair", "the cure (%s)" % how)
    done = scene.home.run("dewey", "fsck", "--repair", env=scene.environment())
    tap.contains(done.stdout, "a new ledger was begun" if how == "no copy" else "is in its place")
    aside = [name for name in os.listdir(os.path.dirname(ledger)) if ".damaged-" in name]
    tap.ok(how == "missing" or aside, "the damaged ledger (%s) is not kept: %s" % (how, aside))
    tap.equal(scene.home.ledger("SELECT * FROM uid"), [], "of before the letters")
    scene.home.write(kept)
    scene.run()
    scene.check(len(PLAIN))
    tap.equal(len(scene.home.ledger("SELECT * FROM uid")), len(PLAIN), "rows (%s)" % how)
    scene.home.write({**kept, "keep": "never"})


CASES = [
    (ledger_lost, "the ledger is damaged, letters are to go: none is deleted; then fsck --repair [X-26, P-61]"),
    (stls, "STLS: first of all, and then everything, or nothing [P-03, T-22]"),
    (never, "keep = never: all of it, once, and the server is empty [P-57]"),
    (odd, "odd letters, octet for octet [P-42, P-43]"),
    (always, "keep = always: nothing twice, new ones only [P-07]"),
    (names, "UIDs are there and stay [P-46]"),
    (preview, "TOP [P-07, Z3]"),
    (killed, "killed three times, then to the end [P-58]"),
    (quit_lost, "QUIT or its reply is lost [P-59, P-28]"),
    (two_sessions, "another session is open [P-35, P-31]"),
]


def main():
    for kind in SERVERS:
        for case, title in CASES:
            tap.test("%s: %s" % (kind.__name__.replace("Peer", ""), title))(
                lambda case=case, kind=kind: case(kind))
    tap.main()


main()
