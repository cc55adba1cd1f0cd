#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The log-ins of both agents against real servers: Dovecot, and Postfix that
asks Dovecot who may log in."""
import ctypes
import http.server
import json
import os
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakeserver
import home
import kerberos
import sasl
import servers
import tap

LETTER = "From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\nbody\n"
EX_NOPERM, EX_CONFIG = 77, 78


class Pair:
    """A Dovecot, a Postfix beside it, and homes with accounts on both."""

    def __init__(self, settings, users=None, postfix=True):
        self.authority = certs.Authority(tap.tempdir())
        pair = self.authority.server()
        self.dovecot = servers.Dovecot(pair, users or {"ivan": "secret"}, settings)
        self.dovecot.fill("ivan", [LETTER.encode()])
        self.postfix = servers.Postfix(pair, self.dovecot) if postfix else None
        self.environment = {}

    def home(self, service, auth, **account):
        """pop3s and smtps; "-stls" in service: STLS or STARTTLS."""
        ports = {"pop3": ("pop3s", self.dovecot.pop3s_port),
                 "pop3-stls": ("pop3", self.dovecot.pop3_port)}
        if self.postfix:
            ports.update({"smtp": ("smtps", self.postfix.smtps_port),
                          "smtp-stls": ("smtp", self.postfix.port)})
        scheme, port = ports[service]
        kind = service.split("-")[0]
        return home.Home({kind: "%s://ivan@localhost:%d" % (scheme, port), kind + "-auth": auth,
                          "tls-ca": self.authority.pem, "password": "secret",
                          **{k.replace("_", "-"): v for k, v in account.items()}})

    def run(self, place, service, status):
        options = {"status": status, "env": {**place.environment(), **self.environment}}
        if service.startswith("pop3"):
            return place.run("dewey-pop3", "--trace", "home", **options)
        return place.run("dewey-smtp", "--trace", "-t", "-i", input=LETTER, **options)

    def logs_in(self, service, auth, mechanism, **account):
        """The letter comes or goes, and the mechanism is that one."""
        place = self.home(service, auth, **account)
        before = len(self.postfix.letters("jones")) if self.postfix else 0
        result = self.run(place, service, 0)
        tap.contains(result.stderr, "C: " + mechanism)
        tap.lacks(result.stderr, "secret")
        if service.startswith("pop3"):
            tap.equal(place.folder("Inbox"), [LETTER.encode()], "the Inbox\n" + result.stderr)
        else:
            self.postfix.wait("jones", before + 1)
        return result

    def fails(self, service, auth, words, status, **account):
        place = self.home(service, auth, **account)
        result = self.run(place, service, status if service.startswith("pop3") else None)
        tap.contains(result.stderr, words)
        return result


ALL = ("pop3", "pop3-stls", "smtp", "smtp-stls")


@tap.test("Dovecot and Postfix: SCRAM, PLAIN, LOGIN, CRAM-MD5, USER [T-40, T-43, T-48]")
def passwords():
    pair = Pair("auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256")
    for service in ALL:
        for auth, mechanism in (("auto", "AUTH SCRAM-SHA-256"), ("plain", "AUTH PLAIN"),
                                ("login", "AUTH LOGIN"), ("cram-md5", "AUTH CRAM-MD5")):
            pair.logs_in(service, auth, mechanism)
        for auth in ("auto", "plain", "cram-md5"):
            pair.fails(service, auth, "cannot log in as '", EX_NOPERM, password="wrong")
    pair.logs_in("pop3", "user", "USER ivan")


@tap.test("Dovecot: SCRAM-SHA-1 where it is the best, with a password that has to be prepared [T-40, T-43]")
def sha1():
    pair = Pair("auth_mechanisms = plain scram-sha-1", {"ivan": "IX тайна é"})
    pair.logs_in("pop3", "auto", "AUTH SCRAM-SHA-1", password="\u2168 тайна e\u0301")
    pair.logs_in("smtp", "auto", "AUTH SCRAM-SHA-1", password="\u2168 тайна e\u0301")


@tap.test("Dovecot: a password of 4,000 octets by every way there is [T-45, Z6]")
def long_password():
    secret = "x" * 4000
    pair = Pair("auth_mechanisms = plain login cram-md5 scram-sha-256", {"ivan": secret})
    for service in ("pop3", "smtp"):
        for auth in ("scram", "plain", "login", "cram-md5"):
            pair.logs_in(service, auth, "AUTH " + ("SCRAM" if auth == "scram" else auth.upper()),
                         password=secret)


@tap.test("Dovecot: APOP [T-60]")
def apop():
    pair = Pair("auth_mechanisms = plain apop", postfix=False)
    pair.logs_in("pop3", "apop", "APOP ivan ***")
    pair.fails("pop3", "apop", "[AUTH]", EX_NOPERM, password="wrong")
    pair.fails("pop3-stls", "apop", "without a timestamp", EX_CONFIG)


EXTERNAL = """
auth_mechanisms = plain external
ssl_ca = <%(ca)s
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
ssl_cert_username_field = commonName
passdb {
  driver = static
  mechanisms = external
  args = nopassword
}
"""


@tap.test("Dovecot: EXTERNAL with a client certificate, TLS and STLS; another one's is refused [T-40]")
def external():
    authority = certs.Authority(tap.tempdir())
    mine = authority.server("mine", [], "/CN=ivan", usage="clientAuth")
    other = authority.server("other", [], "/CN=olga", usage="clientAuth")
    pair = Pair(EXTERNAL % {"ca": authority.pem}, postfix=False)
    for service in ("pop3", "pop3-stls"):
        for auth in ("auto", "external"):
            pair.logs_in(service, auth, "AUTH EXTERNAL", tls_cert=mine.cert, tls_key=mine.key,
                         password="command:false" if auth == "external" else "secret")
        pair.fails(service, "external", "[AUTH]", EX_NOPERM, tls_cert=other.cert, tls_key=other.key)


OAUTH = """
auth_mechanisms = plain oauthbearer xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = %(conf)s
}
"""
OAUTH_CONF = """
introspection_mode = get
introspection_url = http://127.0.0.1:%d/?token=
username_attribute = username
active_attribute = active
active_value = true
"""


class Introspection(http.server.BaseHTTPRequestHandler):
    """Says of which user a token is: "good" and what begins so are ivan's."""

    def do_GET(self):  # pylint: disable=invalid-name
        token = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)["token"][0]
        good = token.startswith("good")
        body = json.dumps({"active": "true" if good else "false", "username": "ivan"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def introspection():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tap.cleanup(server.server_close)
    tap.cleanup(server.shutdown)
    return server.server_address[1]


@tap.test("Dovecot: OAUTHBEARER and XOAUTH2; a token that has run out is renewed [T-41, T-45, T-46]")
def oauth():
    conf = os.path.join(tap.tempdir(), "oauth2.conf")
    with open(conf, "w", encoding="ascii") as file:
        file.write(OAUTH_CONF % introspection())
    for names, mechanism in (("oauthbearer xoauth2", "OAUTHBEARER"), ("xoauth2", "XOAUTH2")):
        pair = Pair((OAUTH % {"conf": conf}).replace("oauthbearer xoauth2", names, 1))
        for service in ("pop3", "smtp"):
            result = pair.logs_in(service, "oauth", "AUTH " + mechanism + "\n", password="good")
            tap.equal(result.stderr.count("C: AUTH"), 1)
            pair.logs_in(service, "oauth", "AUTH " + mechanism, password="good" + "t" * 5000)
            flag = os.path.join(tap.tempdir(), "flag")
            result = pair.logs_in(
                service, "oauth", "AUTH " + mechanism,
                password="command:if [ -e %s ]; then echo good; else echo old; touch %s; fi"
                % (flag, flag))
            tap.equal(result.stderr.count("C: AUTH"), 2)
            result = pair.fails(service, "oauth", "the server does not take the token", EX_NOPERM,
                                password="old")
            tap.equal(result.stderr.count("C: AUTH"), 1)


def need_gssapi():
    if b"#define HAVE_GSSAPI" not in home.read(os.path.join(tap.BUILD, "config.h")):
        tap.skip("built without GSSAPI (package libkrb5-dev)")


GSSAPI = """
auth_mechanisms = plain gssapi
auth_krb5_keytab = %(keytab)s
auth_gssapi_hostname = localhost
import_environment = TZ KRB5_CONFIG=%(config)s KRB5RCACHENAME=none:
"""


@tap.test("GSSAPI with a ticket of an MIT KDC, POP3 and SMTP, TLS and STLS [P-10, T-40, T-47]")
def gssapi():
    need_gssapi()
    kdc = kerberos.Kdc({"ivan": "secret", "olga": "other"}, ["pop/localhost", "smtp/localhost"])
    pair = Pair(GSSAPI % {"keytab": kdc.keytab, "config": kdc.config})
    pair.environment = kdc.environment
    pair.fails("pop3", "gssapi", ["there is no Kerberos ticket", "try 'kinit'"], EX_CONFIG)
    kdc.kinit("ivan")
    for service in ALL:
        pair.logs_in(service, "gssapi", "AUTH GSSAPI", password="command:echo asked; false")
    # Never unasked, though there is a ticket.
    pair.logs_in("pop3", "auto", "AUTH PLAIN")
    kdc.kinit("olga")
    pair.fails("pop3", "gssapi", "[AUTH]", EX_NOPERM)


class Buffer(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_void_p)]

    @classmethod
    def of(cls, data):
        return cls(len(data), ctypes.cast(ctypes.create_string_buffer(data, len(data) + 1),
                                          ctypes.c_void_p))

    def octets(self):
        return ctypes.string_at(self.value, self.length) if self.length else b""


class Acceptor:
    """A server's side of GSSAPI by the library itself, that offers what it likes."""

    def __init__(self, offer, wrap=True):
        self.gss = ctypes.CDLL("libgssapi_krb5.so.2")
        self.offer, self.wrap, self.context = offer, wrap, ctypes.c_void_p()

    def call(self, function, *args):
        minor = ctypes.c_uint32()
        major = getattr(self.gss, function)(ctypes.byref(minor), *args)
        tap.ok(major in (0, 1), "%s: %x %d" % (function, major, minor.value))
        return major

    def __call__(self, x):
        token, more = x.first(), 1
        while more:
            received, answer = Buffer.of(token), Buffer()
            more = self.call("gss_accept_sec_context", ctypes.byref(self.context), None,
                             ctypes.byref(received), None, None, None, ctypes.byref(answer), None,
                             None, None)
            token = x.ask(answer.octets())
        tap.equal(token, b"")
        offer = Buffer.of(self.offer)
        wrapped = Buffer()
        if self.wrap:
            self.call("gss_wrap", self.context, 0, 0, ctypes.byref(offer), None,
                      ctypes.byref(wrapped))
        answer = x.ask(wrapped.octets() if self.wrap else self.offer)
        if answer is None:
            return "-ERR cancelled"
        sealed, text = Buffer.of(answer), Buffer()
        self.call("gss_unwrap", self.context, ctypes.byref(sealed), ctypes.byref(text), None, None)
        x.choice = text.octets()
        return True


@tap.test("GSSAPI: no layer is chosen; an offer that is too short, or is none, is cancelled [T-47, T-40]")
def short_offer():
    need_gssapi()
    kdc = kerberos.Kdc({"ivan": "secret"}, ["pop/localhost"])
    kdc.kinit("ivan")
    os.environ.update(KRB5_KTNAME="FILE:" + kdc.keytab, KRB5RCACHENAME="none:", **kdc.environment)
    for offer, wrap, good in ((b"\x07\x00\x10\x00", True, True), (b"\x01\0\0\0", True, True),
                              (b"", True, False), (b"\x01", True, False),
                              (b"\x01\0\0", True, False), (b"\x06\0\x10\0", True, False),
                              (b"\x01\0\0\0", False, False), (b"x" * 300, False, False)):
        authority = certs.Authority(tap.tempdir())
        drop = sasl.Drop({"GSSAPI": Acceptor(offer, wrap)}, [LETTER.encode()])
        server = fakeserver.Server(drop, authority.server(), True)
        tap.cleanup(server.stop)
        place = home.Home({"pop3": "pop3s://ivan@localhost:%d" % server.port, "pop3-auth": "gssapi",
                           "tls-ca": authority.pem})
        result = place.run("dewey-pop3", "home", status=None)
        server.settle()
        tap.equal(len(place.folder("Inbox")), 1 if good else 0, "%r: %s" % (offer, result.stderr))
        if good:
            tap.equal(drop.exchanges[0].choice, b"\x01\0\0\0ivan")
        else:
            tap.contains(result.stderr, "security layer")
            tap.equal(drop.exchanges[0].answers[-1], None)


tap.main()
