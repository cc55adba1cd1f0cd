# SPDX-License-Identifier: MIT
"""What was said between dewey-smtp and a server, octet by octet and in order.

    log = wirelog.WireLog(server.port)         # a proxy, in clear
    ... a home that sends to log.port ...
    for session in log.sessions():
        session.check()                        # the rules of the wire, or tap.Failure
        session.transactions                   # [Transaction]: sender, recipients, octets, reply

check() knows: no blank behind the colon of MAIL and RCPT (Z5); commands end with
CRLF and are ASCII; more than one at a time only where PIPELINING was offered, and
nothing but MAIL and RCPT behind another, DATA and chunks when all has been answered
(S-12, S-42);
neither a bare CR nor a bare LF, nor NUL, in a letter, and no Bcc (S-62, S-70); only
what is asked for on request (VRFY, EXPN, HELP, TURN, SEND, SOML, SAML) is not
said (S-19)."""
import re

import fakeserver
import tap

COMMANDS = ("EHLO", "HELO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT")
TO_CLIENT, TO_SERVER = range(2)


class WireLog(fakeserver.Proxy):
    def __init__(self, port):
        self.logs = {}
        super().__init__(port)
        tap.cleanup(self.stop)

    def _step(self, source, sink, record, conn):
        before = len(record[conn.number])
        log = self.logs.setdefault(conn.number, [])
        try:
            data = source.recv(65536)
            # Noted before it is passed on: what answers it comes later.
            log.append((TO_CLIENT if record is self.to_client else TO_SERVER, data))
            record[conn.number] += data
            sink.sendall(data)
        except OSError:
            return False
        return len(record[conn.number]) > before

    def sessions(self):
        self.server.settle()
        return [Session(log) for _, log in sorted(self.logs.items())]


class Transaction:
    def __init__(self, sender):
        self.sender, self.octets, self.reply = sender, b"", None
        self.recipients = {}  # address: the code of the reply

    def got(self):
        """Who has the letter now."""
        taken = (self.reply or 0) // 100 == 2
        return [who for who, code in self.recipients.items() if taken and code // 100 == 2]


class Session:
    def __init__(self, log):
        self.offered, self.transactions, self.problems, self.flights = set(), [], [], []
        # What the server owes a reply to; it begins with its greeting.
        self.owed, self.said, self.heard = [b"CONNECT"], b"", b""
        self.letter, self.wants = b"", None  # of a body: what ends it; a number of octets
        self.resets = []  # what was open when RSET was said; MAIL may stand behind it
        for way, data in log:
            if way == TO_CLIENT:
                self._hears(data)
            else:
                self.flights.append(data)
                self._says(data)

    # --- the server
    def _hears(self, data):
        self.heard += data
        while found := re.match(rb"(?:(\d{3})-[^\n]*\r\n)*(\d{3})(?: [^\n]*)?\r\n", self.heard):
            self.heard = self.heard[found.end():]
            if self.owed:
                self._reply(self.owed.pop(0), int(found[2]), found[0].decode("utf-8", "replace"))
            else:
                self.problems.append("a reply to nothing: %r" % found[0])

    def _reply(self, command, code, text):
        verb = command[:4].upper()
        now = next((t for t in self.transactions if t.reply is None), None)
        if verb == b"EHLO":
            self.offered = {line[4:].split(" ")[0].upper() for line in text.split("\r\n")[1:-1]}
        elif verb == b"RCPT" and now:
            now.recipients[_path(command)] = code
        elif verb == b"DATA" and code == 354:
            self.wants = b"\r\n.\r\n"
        elif verb == b"RSET":
            ended = self.resets.pop(0)
            if ended and ended.reply is None:
                ended.reply = 0
        elif verb in (b"DATA", b"MAIL") and code >= 400 and now:
            now.reply = now.reply or code
        elif verb == b"DOT" or verb == b"BDAT" and (b" LAST" in command.upper() or code >= 400):
            now.reply = code

    # --- the client
    def _says(self, data):
        self.said += data
        while self.said:
            if isinstance(self.wants, int):
                if len(self.said) < self.wants:
                    return
                self._keep_chunk()
            elif self.wants:
                end = (b"\r\n" + self.said).find(self.wants)
                if end < 0:
                    return
                self._keep(self.said[:end], end + 3)
            elif b"\n" not in self.said:
                return
            else:
                line, self.said = self.said.split(b"\n", 1)
                self._command(line + b"\n")

    def _keep_chunk(self):
        now = next(t for t in self.transactions if t.reply is None)
        now.octets += self.said[:self.wants]
        self.said, self.wants = self.said[self.wants:], None

    def _keep(self, stuffed, used):
        now = next(t for t in self.transactions if t.reply is None)
        now.octets = re.sub(rb"(?m)^\.", b"", stuffed)
        self.said, self.wants = self.said[used:], None
        self.owed.append(b"DOT")

    def _command(self, line):
        verb = line[:4].upper().decode("latin-1").strip()
        if self.owed:
            self._rule("PIPELINING" in self.offered, "behind another that is not answered", line)
            chunks = verb == "BDAT" and all(x[:4].upper() == b"BDAT" for x in self.owed)
            self._rule(chunks or verb in ("MAIL", "RCPT", "RSET"), "may not stand behind another", line)
        self._rule(verb in COMMANDS, "nobody asked for", line)
        self._rule(re.fullmatch(rb"[\x20-\x7e]+\r\n", line), "not a line of ASCII", line)
        if verb in ("MAIL", "RCPT"):
            self._rule(re.match(rb"(MAIL FROM|RCPT TO):<", line), "not as RFC 5321 has it", line)
        if verb == "RSET":
            self.resets.append(next((t for t in self.transactions if t.reply is None), None))
        if verb == "MAIL":
            self.transactions.append(Transaction(_path(line)))
        if verb == "BDAT":
            self.wants = int(line.split()[1])
        self.owed.append(line)

    def _rule(self, good, text, line):
        if not good:
            self.problems.append("%s: %r" % (text, line))

    def check(self):
        tap.equal(self.problems, [], "what is wrong on the wire")
        for t in self.transactions:
            if re.search(rb"(?<!\r)\n|\r(?!\n)|\0", t.octets):
                tap.fail("a bare CR, LF or a NUL in a letter: %r" % t.octets[:2000])
            head = t.octets.split(b"\r\n\r\n", 1)[0]
            tap.ok(not re.search(rb"(?im)^(resent-)?bcc[ \t]*:", head), "a Bcc: %r" % head)


def _path(line):
    found = re.search(rb"<([^>]*)>", line)
    return found[1].decode("utf-8", "replace") if found else ""


def times(sessions):
    """{address: how many letters it has got}, by the server's replies."""
    found = {}
    for session in sessions:
        for t in session.transactions:
            for who in t.got():
                found[who] = found.get(who, 0) + 1
    return found
