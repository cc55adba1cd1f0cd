# SPDX-License-Identifier: MIT
"""Mail servers with log-ins of all kinds, for tests.

    drop = sasl.Drop({"SCRAM-SHA-256": sasl.Scram("s3cret")}, [letter])
    sink = sasl.Sink({"XOAUTH2": handler})
    drop.exchanges[0].answers          # what the client said, decoded

handler(exchange) is called for AUTH with the mechanism's name; it asks, and
returns True (logged in), False (user or secret is wrong), or the server's reply
in words.  Everything else is as in fakemail.
"""
import base64
import hashlib
import hmac

import fakemail


class Exchange:
    """One AUTH: .name, .initial (bytes, or None), .answers (bytes each)."""

    def __init__(self, session, name, initial):
        self.session, self.name, self.answers = session, name, []
        self.with_command = bool(initial)
        self.initial = None
        if initial:
            self.initial = base64.b64decode("" if initial == "=" else initial, validate=True)
            self.answers.append(self.initial)

    def say(self, line):
        """A raw line, and the client's raw line; "*" is None."""
        self.session.reply(line)
        answer = self.session.conn.line()
        return None if answer == "*" else answer

    def ask(self, challenge):
        answer = self.say(self.session.prompt + base64.b64encode(challenge).decode())
        if answer is None:
            self.answers.append(None)
            return None
        self.answers.append(base64.b64decode(answer, validate=True))
        return self.answers[-1]

    def first(self):
        """The initial response, asked for unless it came."""
        return self.initial if self.initial is not None else self.ask(b"")


def _auth(session, rest):
    name, _, initial = rest.partition(" ")
    handler = session.place.handlers.get(name.upper())
    if handler is None:
        session.reply(session.no_mechanism)
        return
    exchange = Exchange(session, name.upper(), initial)
    session.place.exchanges.append(exchange)
    verdict = handler(exchange)
    if isinstance(verdict, str):
        session.reply(verdict)
    elif verdict:
        session.user = "ivan"
        session.welcome()
    else:
        session.reply(session.refusal)


class _Pop3(fakemail._Pop3):  # pylint: disable=protected-access
    prompt = "+ "
    no_mechanism = "-ERR no such mechanism"
    refusal = "-ERR [AUTH] no"
    verbs = {**fakemail._Pop3.verbs, "AUTH": _auth}

    def welcome(self):
        self.letters = list(self.place.letters)
        self.reply("+OK in")


class _Smtp(fakemail._Smtp):  # pylint: disable=protected-access
    prompt = "334 "
    no_mechanism = "504 5.5.4 no such mechanism"
    refusal = "535 5.7.8 no"
    verbs = {**fakemail._Smtp.verbs, "AUTH": _auth}

    def welcome(self):
        self.reply("235 2.7.0 in")


class Drop(fakemail.Maildrop):
    session = _Pop3

    def __init__(self, handlers, letters, **options):
        options.setdefault("mechanisms", tuple(handlers))
        super().__init__({}, letters, **options)
        self.handlers, self.exchanges = handlers, []


class Sink(fakemail.Sink):
    session = _Smtp

    def __init__(self, handlers, **options):
        options.setdefault("mechanisms", tuple(handlers))
        super().__init__({"ivan": None}, **options)
        self.handlers, self.exchanges = handlers, []


# --- Mechanisms

def plain(secret="s3cret"):
    return lambda x: x.first() == b"\0ivan\0" + secret.encode()


def login(secret="s3cret"):
    return lambda x: (x.ask(b"Username:"), x.ask(b"Password:")) == (b"ivan", secret.encode())


def refusing(reply):
    """Says no at once."""
    return lambda x: reply


class Scram:
    """A server of SCRAM.  first, final: functions that change what it says;
    early: says yes after that many answers; has_plus: it knows that it offers
    -PLUS (T-44); binding: the octets that -PLUS has to be bound to."""

    def __init__(self, secret="s3cret", first=None, final=None, early=None, has_plus=False,
                 binding=None):
        self.secret, self.change_first, self.change_final = secret, first, final
        self.early, self.has_plus, self.binding = early, has_plus, binding

    def __call__(self, x):
        digest = {"1": "sha1", "256": "sha256", "512": "sha512"}[x.name.split("-")[2]]
        message = x.first().decode()
        flag, authzid, bare = message.split(",", 2)
        x.flag = flag
        if self.early == 1:
            return True
        if flag == "y" and self.has_plus:
            x.ask(b"e=server-does-support-channel-binding")
            return False
        nonce = bare.split(",r=")[1]
        server_first = "r=%s,s=%s,i=%d" % (
            nonce + "0123456789", base64.b64encode(b"salt of the test").decode(), 4096)
        if self.change_first:
            server_first = self.change_first(server_first, nonce)
        final = x.ask(server_first.encode())
        if final is None:
            return "-ERR cancelled" if x.session.prompt == "+ " else "501 5.7.0 cancelled"
        if self.early == 2:
            return True
        return self._finish(x, digest, bare, server_first, final.decode(), flag + "," + authzid)

    def _finish(self, x, digest, bare, server_first, final, header):
        without, proof = final.rsplit(",p=", 1)
        message = ",".join([bare, server_first, without]).encode()
        salted = hashlib.pbkdf2_hmac(digest, self.secret.encode(), b"salt of the test", 4096)
        key = hmac.new(salted, b"Client Key", digest).digest()
        wanted = hmac.new(hashlib.new(digest, key).digest(), message, digest).digest()
        bound = (header + ",").encode() + (self.binding or b"")
        good = base64.b64decode(proof) == bytes(a ^ b for a, b in zip(key, wanted))
        good = good and without.split(",")[0] == "c=" + base64.b64encode(bound).decode()
        server = hmac.new(salted, b"Server Key", digest).digest()
        signature = base64.b64encode(hmac.new(server, message, digest).digest()).decode()
        text = "v=" + signature if good else "e=invalid-proof"
        if self.change_final:
            text = self.change_final(text)
        x.finished = x.ask(text.encode())
        if x.finished is None:
            return "-ERR cancelled" if x.session.prompt == "+ " else "501 5.7.0 cancelled"
        return good and x.finished == b""
