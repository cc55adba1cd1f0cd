# SPDX-License-Identifier: MIT
"""Servers with a memory, for tests: a POP3 maildrop and an SMTP sink.

    drop = fakemail.Maildrop({"ivan": "secret"}, [b"Subject: one\\n\\nbody\\n", ...])
    with fakeserver.Server(drop, pair) as server: ...
    drop.letters, drop.fetched["uid1"]

    sink = fakemail.Sink({"ivan": "secret"})
    with fakeserver.Server(sink, pair) as server: ...
    sink.mailboxes["jones@beta.example"]           # a list of letters (bytes, CRLF)

Both take faults, tried in order on each command line:

    Fault("RETR 3", "drop")              close instead of a reply
    Fault("RETR .*", "-ERR busy", 1)     this reply instead, one time
    Fault(r"\\.", "done-drop")            do it, then close instead of the reply

("." stands for the end of DATA, and of the last chunk of BDAT.)  what: "drop", "reset", "hang", "done-drop",
"done-hang", "cut:N" (do it; close after N octets of the reply; the reply to
RETR is all of the letter), a function(conn) in place of the command, or
else the text of the reply.
"""
import base64
import collections
import hashlib
import re
import threading

import fakeserver


class Fault:
    def __init__(self, command, what, times=None):
        self.command, self.what, self.times = re.compile(command, re.I), what, times

    def take(self, line):
        """Whether it strikes now."""
        if self.times == 0 or not self.command.fullmatch(line):
            return False
        if self.times:
            self.times -= 1
        return True


class _Closing(Exception):
    """The connection ends here."""


class _Session:
    """What both protocols share: the loop, the faults, AUTH PLAIN and LOGIN."""
    verbs = {}

    def __init__(self, place, conn):
        self.place, self.conn = place, conn
        self.user, self.budget = None, None

    def run(self):
        try:
            self.greet()
            while True:
                self.command(self.conn.line())
        except (_Closing, fakeserver.Gone):
            pass

    def command(self, line):
        self.place.lines.append(line)
        self.with_faults(line, lambda: self.dispatch(line))

    def with_faults(self, line, act):
        fault = next((f for f in self.place.faults if f.take(line)), None)
        if fault is None:
            return act()
        if callable(fault.what):
            return fault.what(self.conn)
        if fault.what in ("drop", "reset"):
            self.conn.close(reset=fault.what == "reset")
            raise _Closing()
        if fault.what == "hang":
            return self.conn.wait()
        if fault.what.startswith(("done-", "cut:")):
            return self.spoil(fault.what, act)
        return self.reply(fault.what)

    def spoil(self, what, act):
        self.budget = int(what[4:]) if what.startswith("cut:") else 0
        try:
            act()
        except _Closing:
            if what == "done-hang":
                self.conn.wait()
            raise

    def send(self, data):
        if self.budget is None:
            return self.conn.send(data)
        self.conn.send(data[:self.budget])
        self.budget -= len(data)
        if self.budget <= 0:
            raise _Closing()
        return None

    def reply(self, text):
        self.send((text + "\r\n").encode("utf-8", "surrogateescape"))

    def dispatch(self, line):
        verb, _, rest = line.partition(" ")
        function = self.verbs.get(verb.upper())
        if function is None:
            self.reply(self.unknown)
        else:
            function(self, rest)

    # --- SASL: ask(text) sends a challenge and returns the answer, decoded
    def ask(self, challenge, prompt):
        self.reply(prompt + base64.b64encode(challenge.encode()).decode())
        answer = self.conn.line()
        return None if answer == "*" else base64.b64decode(answer).decode()

    def sasl(self, rest, prompt):
        """True if the log-in is right; self.user is set."""
        name, _, initial = rest.partition(" ")
        name = name.upper()
        if name not in self.place.mechanisms:
            return False
        first = base64.b64decode(initial).decode() if initial not in ("", "=") else None
        if name == "PLAIN":
            text = first if first is not None else self.ask("", prompt)
            _, user, secret = (text or "\0\0").split("\0")
        else:
            user = first if first is not None else self.ask("Username:", prompt)
            secret = self.ask("Password:", prompt) if user is not None else None
        return self.check(user, secret)

    def check(self, user, secret):
        if self.place.users.get(user) != secret or secret is None:
            return False
        self.user = user
        return True


class _Place:
    """A handler for fakeserver.Server: the state that all connections share."""
    session = None

    def __init__(self, users, tls=True, mechanisms=("PLAIN", "LOGIN"), faults=()):
        self.users, self.tls, self.mechanisms = users, tls, mechanisms
        self.faults, self.lines, self.lock = list(faults), [], threading.Lock()

    def __call__(self, conn):
        self.session(self, conn).run()


class _Pop3(_Session):
    unknown = "-ERR unknown command"

    def __init__(self, place, conn):
        super().__init__(place, conn)
        self.name, self.deleted = None, set()

    def greet(self):
        self.reply(self.place.greeting)

    def listing(self, lines):
        self.reply("+OK")
        self.send("".join(line + "\r\n" for line in lines).encode() + b".\r\n")

    def capa(self, _):
        if not self.place.capabilities:
            return self.reply(self.unknown)
        return self.listing(self.place.capabilities_now(self.conn.secure))

    def stls(self, _):
        if self.conn.secure or not self.place.tls or not self.conn.context:
            return self.reply("-ERR not here")
        self.reply("+OK begin")
        self.conn.starttls()

    def user_name(self, rest):
        self.name = rest
        self.reply("+OK")

    def password(self, rest):
        self.logged_in(self.check(self.name, rest))

    def auth(self, rest):
        self.logged_in(self.sasl(rest, "+ "))

    def logged_in(self, good):
        if good:
            self.letters = list(self.place.letters)
        self.reply("+OK logged in" if good else "-ERR [AUTH] invalid user or password")

    def known(self, rest):
        """The index of a letter that is there, else a reply and None."""
        index = int(rest.split(" ")[0]) - 1 if re.match(r"\d+( |$)", rest) else -1
        if self.user is None or not 0 <= index < len(self.letters) or index in self.deleted:
            self.reply("-ERR no such letter")
            return None
        return index

    def present(self):
        return [n for n in range(len(self.letters)) if n not in self.deleted]

    def table(self, rest, value):
        if rest:
            index = self.known(rest)
            return None if index is None else self.reply("+OK %s %s" % (rest, value(index)))
        if self.user is None:
            return self.reply("-ERR log in first")
        return self.listing("%d %s" % (n + 1, value(n)) for n in self.present())

    def size(self, index):
        uid, data = self.letters[index]
        return self.place.sizes.get(uid, len(_crlf(data)))

    def stat(self, _):
        if self.user is None:
            return self.reply("-ERR log in first")
        here = self.present()
        return self.reply("+OK %d %d" % (len(here), sum(self.size(n) for n in here)))

    def list(self, rest):
        self.table(rest, self.size)

    def uidl(self, rest):
        self.table(rest, lambda n: self.letters[n][0])

    def retr(self, rest):
        index = self.known(rest)
        if index is None:
            return
        uid, data = self.letters[index]
        self.place.fetched[uid] += 1
        self.send(b"+OK\r\n" + _stuffed(data) + b".\r\n")

    def top(self, rest):
        index = self.known(rest)
        if index is None:
            return
        head, _, body = self.letters[index][1].partition(b"\n\n")
        lines = body.split(b"\n")[:int(rest.split(" ")[1])]
        self.send(b"+OK\r\n" + _stuffed(head + b"\n\n" + b"\n".join(lines)) + b".\r\n")

    def dele(self, rest):
        index = self.known(rest)
        if index is not None:
            self.deleted.add(index)
            self.reply("+OK")

    def rset(self, _):
        self.deleted.clear()
        self.reply("+OK")

    def noop(self, _):
        self.reply("+OK")

    def quit(self, _):
        with self.place.lock:
            for n in self.deleted:
                self.place.take_out(self.letters[n])
        self.reply("+OK bye")
        raise _Closing()

    verbs = {"CAPA": capa, "STLS": stls, "USER": user_name, "PASS": password, "AUTH": auth,
             "STAT": stat, "LIST": list, "UIDL": uidl, "RETR": retr, "TOP": top, "DELE": dele,
             "RSET": rset, "NOOP": noop, "QUIT": quit}


class Maildrop(_Place):
    """letters: bytes, or (uid, bytes); line ends are sent as CRLF.  Letters are
    deleted at QUIT only.  .fetched counts RETR by uid, .lines has every command;
    .sizes[uid] is what LIST says instead of the truth."""
    session = _Pop3

    def __init__(self, users, letters, capabilities=("TOP", "UIDL", "PIPELINING"),
                 greeting="+OK ready", **options):
        super().__init__(users, **options)
        self.capabilities, self.greeting = capabilities, greeting
        self.fetched, self.sizes = collections.Counter(), {}
        self.letters = [x if isinstance(x, tuple) else (_uid(n, x), x)
                        for n, x in enumerate(letters)]

    def take_out(self, letter):
        """One letter; others may bear the same UID."""
        at = next((n for n, x in enumerate(self.letters) if x is letter), None)
        if at is not None:
            self.letters = self.letters[:at] + self.letters[at + 1:]

    def capabilities_now(self, secure):
        lines = [*self.capabilities, "USER", "SASL " + " ".join(self.mechanisms)]
        return lines + ([] if secure or not self.tls else ["STLS"])


def _uid(number, letter):
    return "%d-%s" % (number, hashlib.sha256(letter).hexdigest()[:16])


def _crlf(data):
    data = re.sub(rb"\r?\n", b"\r\n", data)
    return data if not data or data.endswith(b"\r\n") else data + b"\r\n"


def _stuffed(data):
    return re.sub(rb"(?m)^\.", b"..", _crlf(data))


class _Smtp(_Session):
    unknown = "500 5.5.1 unknown command"

    def __init__(self, place, conn):
        super().__init__(place, conn)
        self.reset()

    def greet(self):
        self.reply(self.place.greeting)

    def ehlo(self, rest):
        lines = ["sink.test greets " + rest] + self.place.capabilities_now(self.conn.secure)
        self.reset()
        self.send("".join("250%s%s\r\n" % (" " if n == len(lines) - 1 else "-", line)
                          for n, line in enumerate(lines)).encode())

    def helo(self, _):
        self.reset()
        self.reply("250 sink.test")

    def reset(self):
        self.sender, self.recipients, self.chunks = None, [], b""

    def starttls(self, _):
        if self.conn.secure or not self.place.tls or not self.conn.context:
            return self.reply("454 4.7.0 not here")
        self.reply("220 2.0.0 begin")
        self.conn.starttls()
        self.user = None
        self.reset()

    def auth(self, rest):
        good = self.sasl(rest, "334 ")
        self.reply("235 2.7.0 welcome" if good else "535 5.7.8 invalid user or password")

    def mail(self, rest):
        found = re.match(r"FROM:<([^>]*)>", rest, re.I)
        if self.place.users and self.user is None:
            return self.reply("530 5.7.0 log in first")
        if not found or self.sender is not None:
            return self.reply("503 5.5.1 not now")
        self.sender = found[1]
        return self.reply("250 2.1.0 ok")

    def rcpt(self, rest):
        found = re.match(r"TO:<([^>]+)>", rest, re.I)
        if not found or self.sender is None:
            return self.reply("503 5.5.1 not now")
        refusal = self.place.refused.get(found[1])
        if not refusal or refusal.startswith("2"):
            self.recipients.append(found[1])
        return self.reply(refusal or "250 2.1.5 ok")

    def data(self, _):
        if not self.recipients:
            return self.reply("554 5.5.1 no valid recipients")
        self.reply("354 go on")
        body = self.conn.block()
        self.with_faults(".", lambda: self.accept(body))
        return self.reset()

    def bdat(self, rest):
        """RFC 3030: what comes is read in any case; "." is the last chunk's end."""
        count, _, last = rest.partition(" ")
        chunk = self.conn.octets(int(count))
        if not self.recipients or "CHUNKING" not in self.place.capabilities:
            return self.reply("503 5.5.1 not now")
        self.chunks += chunk
        if last.upper() != "LAST":
            return self.reply("250 2.0.0 %s octets" % count)
        body = self.chunks
        self.with_faults(".", lambda: self.accept(body))
        return self.reset()

    def accept(self, body):
        with self.place.lock:
            self.place.letters.append((self.sender, list(self.recipients), body))
            for recipient in self.recipients:
                self.place.mailboxes[recipient].append(body)
        self.reply("250 2.0.0 queued")

    def bdat(self, rest):
        count, last = re.fullmatch(r"(\d+)( LAST)?", rest, re.I).groups()
        body = self.chunks = self.chunks + self.conn.octets(int(count))
        if not self.recipients:
            return self.reply("503 5.5.1 no valid recipients")
        if not last:
            return self.reply("250 2.0.0 so far")
        self.with_faults(".", lambda: self.accept(body))
        return self.reset()

    def rset(self, _):
        self.reset()
        self.reply("250 2.0.0 ok")

    def noop(self, _):
        self.reply("250 2.0.0 ok")

    def quit(self, _):
        self.reply("221 2.0.0 bye")
        raise _Closing()

    verbs = {"EHLO": ehlo, "HELO": helo, "STARTTLS": starttls, "AUTH": auth, "MAIL": mail,
             "RCPT": rcpt, "DATA": data, "BDAT": bdat, "RSET": rset, "NOOP": noop, "QUIT": quit}


class Sink(_Place):
    """Takes letters; with users, only after AUTH.  refused: {address: reply to
    RCPT}, which takes it all the same if it is 2yz.  .letters has (sender,
    recipients, bytes), .mailboxes the bytes by address, .lines every command."""
    session = _Smtp

    def __init__(self, users=None, capabilities=("8BITMIME", "SIZE 10000000", "ENHANCEDSTATUSCODES"),
                 greeting="220 sink.test ESMTP", refused=None, **options):
        super().__init__(users or {}, **options)
        self.capabilities, self.greeting, self.refused = capabilities, greeting, refused or {}
        self.letters, self.mailboxes = [], collections.defaultdict(list)

    def capabilities_now(self, secure):
        lines = list(self.capabilities)
        if self.users:
            lines.append("AUTH " + " ".join(self.mechanisms))
        return lines + ([] if secure or not self.tls else ["STARTTLS"])
