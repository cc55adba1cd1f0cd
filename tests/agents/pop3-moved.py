#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-pop3 and an account whose server, port or log-in is changed in the dotfile: what
lies here does not come a second time, and nothing is lost for it."""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import home
import tap
from pop3scene import serve

HOST = "pop.nowhere.test"
RELAY = """
import os, select, socket, sys
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
while True:
    for source in select.select([0, sock], [], [])[0]:
        data = os.read(0, 65536) if source == 0 else sock.recv(65536)
        if not data:
            sys.exit(0)
        sock.sendall(data) if source == 0 else os.write(1, data)
"""


def letter(n, body=b"text\n"):
    return (b"Message-ID: <%d@peer.test>\nDate: Sat, 21 Nov 2026 10:%02d:00 +0000\n"
            b"From: a@peer.test\nSubject: letter %d\n\n" % (n, n % 60, n) + body)


MAIL = [letter(n) for n in range(6)]


def named(mail, prefix):
    return [("%s-%d" % (prefix, n), data) for n, data in enumerate(mail)]


class Deaf(fakemail._Pop3):
    """A server that closes at QUIT, without an answer and without deleting."""
    def quit(self, _):
        raise fakemail._Closing()

    verbs = {**fakemail._Pop3.verbs, "QUIT": quit}


class Place(fakemail.Maildrop):
    """A maildrop, and the server of it."""

    def __init__(self, letters, **options):
        super().__init__({"ivan": "s3cret", "olga": "s3cret"}, letters, **options)
        self.port = serve(self).port

    def commands(self, verb):
        return [x for x in self.lines if x.startswith(verb)]


class Mover:
    """A person with one account, which goes through a command to whatever place it is at."""

    def __init__(self, **account):
        self.relay = os.path.join(tap.tempdir(), "relay.py")
        with open(self.relay, "w", encoding="utf-8") as file:
            file.write(RELAY)
        self.account, self.home = account, home.Home()

    def settings(self, place, host=HOST, port=110, user="ivan"):
        return {"pop3": "pop3+insecure://%s@%s:%d" % (user, host, port), "password": "s3cret",
                "tunnel": "exec %s %s %d" % (sys.executable, self.relay, place.port),
                **self.account}

    def at(self, place, *args, status=0, prefix=(), **where):
        """A session there.  Its stderr."""
        del place.lines[:]
        self.home.write(self.settings(place, **where))
        command = [*prefix, *self.home.command("dewey-pop3", *args, "home")]
        result = tap.run(command, env=self.home.environment())
        if status is not None:
            tap.equal(result.returncode, status, result.stderr)
        return result.stderr

    def inbox(self):
        return sorted(self.home.folder("Inbox"))

    def keys(self):
        """{key: number of letters}"""
        return dict(self.home.ledger("SELECT account, (SELECT count(*) FROM uid WHERE"
                                     " maildrop = maildrop.id) FROM maildrop".replace(
                                         "maildrop = maildrop.id", "uid.maildrop = maildrop.id")))


# --- another port --------------------------------------------------------------------

@tap.test("another port of the same host: all that was known stays known [P-11]")
def port():
    place, mover = Place(named(MAIL, "uid")), Mover()
    mover.at(place)
    for number in (995, 110, 995):
        place.letters.append(("new-%d-%d" % (number, len(place.letters)), letter(
            len(place.letters))))
        mover.at(place, port=number)
        tap.equal((place.commands("RETR"), place.commands("TOP")),
                  (["RETR %d" % len(place.letters)], []))
        tap.equal(mover.keys(), {"home|%s|%d|ivan" % (HOST, number): len(place.letters)})
    tap.equal(mover.inbox(), sorted(x for _, x in place.letters))


@tap.test("another port, as it is seen by a dry run: nothing comes, and nothing is changed [P-11]")
def port_dry():
    place, mover = Place(named(MAIL, "uid")), Mover()
    mover.at(place)
    before = mover.keys()
    mover.at(place, "--dry-run", port=995)
    tap.equal(mover.keys(), before)
    tap.equal(place.commands("RETR"), [])


@tap.test("another port: what is owed to the server is done there [P-11] [P-58]")
def port_owed():
    place, mover = Place(named(MAIL, "uid")), Mover(keep="never")
    place.session = Deaf
    mover.at(place, status=None)
    tap.equal((len(place.letters), mover.inbox()), (6, sorted(MAIL)))
    del place.session
    mover.at(place, port=995)
    tap.equal((place.letters, place.commands("RETR"), mover.inbox()), ([], [], sorted(MAIL)))


@tap.test("another port of this machine may be another server: equal UIDs, and all come [P-11]")
def loopback():
    for host in ("localhost", "127.0.0.1", "[::1]"):
        mover, others = Mover(), [letter(n) for n in range(20, 26)]
        mover.at(Place(named(MAIL, "uid")), host=host)
        mover.at(Place(named(others, "uid")), host=host, port=1110)
        tap.equal((mover.inbox(), len(mover.keys())), (sorted(MAIL + others), 2))


# --- another server ------------------------------------------------------------------

@tap.test("another host with the same letters: none comes again, new ones do, told once [P-11]")
def same_letters():
    old, mover = Place(named(MAIL, "old")), Mover()
    mover.at(old)
    new = Place(named([letter(70)] + MAIL[::-1], "new"))
    told = mover.at(new, host="pop3.nowhere.test")
    tap.contains(told, "of 7 letters there 6 were recognised")
    tap.equal(new.commands("RETR"), ["RETR 1"])
    tap.equal({x.split()[2] for x in new.commands("TOP")}, {"0"})
    again = mover.at(new, host="pop3.nowhere.test")
    tap.lacks(again, "recognised")
    tap.equal(new.commands("RETR") + new.commands("TOP"), [])
    tap.equal(mover.inbox(), sorted(MAIL + [letter(70)]))


@tap.test("another host, and a look at it first: what lies here is not new there [P-11]")
def looked_at():
    mover, new = Mover(), Place(named([letter(70)] + MAIL, "new"))
    mover.at(Place(named(MAIL, "old")))
    mover.home.write(mover.settings(new, host="pop3.nowhere.test"))
    rows = [json.loads(x) for x in
            mover.home.run("dewey", "server", "home", "--json").stdout.splitlines()]
    tap.equal(sorted(x["state"] for x in rows), ["here"] * 6 + ["new"], rows)
    tap.contains(mover.at(new, host="pop3.nowhere.test"), "6 were recognised")
    tap.equal((new.commands("RETR"), mover.inbox()), (["RETR 1"], sorted(MAIL + [letter(70)])))


@tap.test("another host: letters without a head of their own and a server without TOP [P-11]")
def by_content():
    mail = [b"Subject: bare\n\nnumber %d\n" % n for n in range(6)]
    mover = Mover()
    mover.at(Place(named(mail, "old")))
    new = Place(named(mail, "new"), capabilities=("UIDL",))
    new.session = type("NoTop", (fakemail._Pop3,), {
        "verbs": {k: f for k, f in fakemail._Pop3.verbs.items() if k != "TOP"}})
    for _ in range(2):
        mover.at(new, host="pop3.nowhere.test")
        tap.equal(mover.inbox(), sorted(mail))
    tap.equal(new.commands("RETR"), [])


@tap.test("another host, equal UIDs, other letters: all come, none is deleted unseen [P-11]")
def colliding():
    for keep in ("always", "never"):
        others = [letter(n) for n in range(20, 26)]
        old, mover = Place(named(MAIL, "uid")), Mover(keep=keep)
        old.session = Deaf
        mover.at(old, status=0 if keep == "always" else None)
        new = Place(named(others, "uid"))
        mover.at(new, host="pop3.nowhere.test")
        tap.equal(mover.inbox(), sorted(MAIL + others))
        tap.equal(len(new.commands("RETR")), 6)
        tap.equal(len(new.letters), 6 if keep == "always" else 0)


@tap.test("another host and keep = never, a delete is owed: only what was recognised goes [P-11] [P-57]")
def owed():
    old, mover = Place(named(MAIL, "old")), Mover(keep="never")
    old.session = Deaf
    mover.at(old, status=None)
    new = Place(named(MAIL[:3] + [letter(30)], "new"))
    mover.at(new, host="pop3.nowhere.test")
    tap.equal((new.letters, mover.inbox()), ([], sorted(MAIL + [letter(30)])))
    mover.account["keep"] = "always"
    new.letters = named([letter(40)], "late")
    mover.at(new, host="pop3.nowhere.test")
    tap.equal((len(new.letters), new.commands("DELE")), (1, []))


@tap.test("another log-in of the same host: its letters are its own [P-11]")
def login():
    others = [letter(n) for n in range(20, 26)]
    mover = Mover()
    mover.at(Place(named(MAIL, "uid")))
    mover.at(Place(named(others + MAIL[:1], "uid")), user="olga")
    tap.equal(mover.inbox(), sorted(MAIL + others))


@tap.test("there and back: neither the old letters nor those of meanwhile come twice [P-11]")
def back():
    old, mover = Place(named(MAIL, "old")), Mover()
    mover.at(old)
    new = Place(named(MAIL[2:] + [letter(50)], "new"))
    mover.at(new, host="pop3.nowhere.test")
    old.letters += named([letter(50), letter(60)], "late")
    for place, where in ((old, HOST), (new, "pop3.nowhere.test"), (old, HOST)):
        mover.at(place, host=where)
        tap.equal(len(place.commands("RETR")), 0 if where != HOST or place.seen else 1)
        place.seen = True
        tap.equal(mover.inbox(), sorted(MAIL + [letter(50), letter(60)]))


Place.seen = False


@tap.test("two accounts do not know of each other's letters, whatever is alike [P-11]")
def two_accounts():
    place, mover = Place(named(MAIL, "uid")), Mover()
    second = ("[account second]\naddress = i@peer.test\npassword = s3cret\ninbox = Other\n"
              "pop3 = pop3+insecure://ivan@%s:%d\ntunnel = exec %s %s %d\n")
    mover.at(place)
    mover.home.write(mover.settings(place, port=995),
                     second % (HOST, 110, sys.executable, mover.relay, place.port))
    mover.home.run("dewey-pop3", "second")
    mover.home.run("dewey-pop3", "home")
    tap.equal((sorted(mover.home.folder("Other")), mover.inbox()), (sorted(MAIL), sorted(MAIL)))
    tap.equal(set(mover.keys()), {"home|%s|995|ivan" % HOST, "second|%s|110|ivan" % HOST})


# --- in between ------------------------------------------------------------------------

@tap.test("killed at any sync of a move: the next session ends it, each letter is here once [P-11] [P-58]")
def killed():
    if not shutil.which("strace"):
        tap.skip("there is no strace")
    first = Mover()
    first.at(Place(named(MAIL, "old")))
    for where in ({"port": 995}, {"host": "pop3.nowhere.test"}):
        for n in range(1, 40):
            mover, place = Mover(), Place(named(MAIL[::-1] + [letter(80)], "old"
                                                if "port" in where else "new"))
            if "port" in where:
                place.letters = named(MAIL + [letter(80)], "old")
            shutil.rmtree(mover.home.mail, ignore_errors=True)
            shutil.copytree(first.home.mail, mover.home.mail)
            place_status = mover.at(place, status=None, prefix=(
                "strace", "-f", "-qq", "-o", "/dev/null",
                "-e", "trace=fdatasync,fsync",
                "-e", "inject=fdatasync,fsync:signal=KILL:when=%d" % n), **where)
            whole = mover.inbox() == sorted(MAIL + [letter(80)])
            mover.at(place, **where)
            tap.equal(mover.inbox(), sorted(MAIL + [letter(80)]), "n = %d" % n)
            mover.at(place, **where)
            tap.equal(place.commands("RETR"), [], place_status)
            if whole and n > 6:
                break
        tap.ok(n > 6, "only %d syncs were hit" % n)


tap.main()
