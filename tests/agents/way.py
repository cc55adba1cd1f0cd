#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The ways to a server: a proxy, a command, as both agents take them."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import fakemail
import fakeserver
import fakesocks
import home
import tap

USERS = {"ivan": home.SECRET}
LETTER = b"From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\nbody\n"
EX_TEMPFAIL, EX_NOPERM, EX_CONFIG = 75, 77, 78
NAMES = ("DNS:mail.nowhere.test", "IP:192.0.2.1", "IP:2001:db8:0:0:0:0:0:1")


class Scene:
    """A server that no resolver knows, and an account that gets there by a way.
    way(port): the settings that lead to the server on the port."""

    def __init__(self, scheme, way, host="mail.nowhere.test", port=1234, names=NAMES):
        self.pop3 = scheme.startswith("pop3")
        authority = certs.Authority(tap.tempdir())
        self.place = (fakemail.Maildrop(USERS, [LETTER]) if self.pop3
                      else fakemail.Sink(USERS))
        self.server = fakeserver.Server(self.place, authority.server(names=names),
                                        scheme.endswith("s"))
        tap.cleanup(self.server.stop)
        url = "%s://ivan@%s:%d" % (scheme, host, port)
        self.settings = {"tls-ca": authority.pem, "pop3" if self.pop3 else "smtp": url}
        self.home = home.Home({**self.settings, **way(self.server.port)})

    def run(self, status=0, *args):
        if self.pop3:
            return self.home.run("dewey-pop3", *args, "home", status=status)
        result = self.home.run("dewey-smtp", *args, "-t", "-i", status=None, input=LETTER.decode())
        tap.equal((status == 0, "queued" not in result.stderr), (status == 0,) * 2, result.stderr)
        return result

    def check_arrived(self):
        if self.pop3:
            tap.equal(self.home.folder("Inbox"), [LETTER])
        else:
            tap.equal(len(self.place.letters), 1)

    def check_nothing_sent(self):
        self.server.settle()
        tap.ok(not self.server.saw(home.SECRET.encode()), "the secret was sent")
        tap.ok(not self.server.saw(b"ivan"), "the user was sent")


SCHEMES = ("pop3s", "pop3", "smtps", "smtp")


# --- proxy --------------------------------------------------------------------------

def by_proxy(proxies, written="", where=("mail.nowhere.test", 1234), **options):
    """The way of a Scene; the proxy is put into proxies."""
    def way(port):
        proxies.append(fakesocks.Proxy({where: port}, **options))
        return {"proxy": "socks5://%slocalhost:%d" % (written, proxies[-1].port)}
    return way


@tap.test("through a SOCKS5 proxy, which looks up the name; TLS is with the server")
def proxy():
    for scheme in SCHEMES:
        proxies = []
        scene = Scene(scheme, by_proxy(proxies))
        scene.run()
        scene.check_arrived()
        tap.equal(proxies[0].asked, [("name", "mail.nowhere.test", 1234)])
        tap.lacks(proxies[0].server.connections[0].received, home.SECRET.encode())


@tap.test("a proxy and addresses: they are sent as such")
def addresses():
    for host, url in (("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "[2001:db8::1]")):
        proxies = []
        scene = Scene("pop3s", by_proxy(proxies, where=(host, 1234)), url)
        scene.run()
        scene.check_arrived()
        tap.equal(proxies[0].asked, [("address", host, 1234)])


@tap.test("a reply of the proxy with any kind of address, and the greeting behind it")
def bound():
    for kind in (b"\x01" + b"\0" * 6, b"\x04" + b"\0" * 18, b"\x03\x05a.bcd\0\0"):
        scene = Scene("pop3+insecure", by_proxy([], bound=kind))
        scene.run()
        scene.check_arrived()


@tap.test("user and password of a proxy (RFC 1929), and that they are not shown")
def login():
    proxies = []
    scene = Scene("pop3s", by_proxy(proxies, "me%40x:p%3Aw%25@", login=("me@x", "p:w%")))
    result = scene.run(0, "--trace")
    scene.check_arrived()
    tap.equal(proxies[0].logins, [("me@x", "p:w%")])
    tap.lacks(result.stderr + result.stdout, "p:w")


@tap.test("a proxy that refuses: its reason is told for each of its codes")
def refusals():
    cases = [(1, EX_TEMPFAIL, "does not say why"), (2, EX_CONFIG, "rules"),
             (3, EX_TEMPFAIL, "network"), (4, EX_TEMPFAIL, "not known"),
             (5, EX_TEMPFAIL, "refused"), (6, EX_TEMPFAIL, "TTL"),
             (7, EX_CONFIG, "command"), (8, EX_CONFIG, "address"), (99, EX_TEMPFAIL, "code 99")]
    for reply, status, words in cases:
        scene = Scene("pop3s", by_proxy([], reply=reply))
        tap.contains(scene.run(status).stderr, ["'localhost'", "'mail.nowhere.test'", words])
        scene.check_nothing_sent()
    wrong = Scene("pop3s", by_proxy([], "me:no@", login=("me", "yes")))
    tap.contains(wrong.run(EX_CONFIG).stderr, "user or password")
    without = Scene("pop3s", by_proxy([], login=("a", "b")))
    tap.contains(without.run(EX_CONFIG).stderr, "socks5://USER:PASSWORD@")
    smtp = Scene("smtps", by_proxy([], reply=5))
    tap.contains(smtp.run(1).stderr, "the server refused the connection")


@tap.test("what is no SOCKS5 proxy, hangs up or says nothing")
def no_proxy():
    cases = [(b"220 sink.test ESMTP\r\n", EX_CONFIG, "SOCKS5"), (b"\x04\x00", EX_CONFIG, "SOCKS5"),
             (b"\x05\x07", EX_CONFIG, "SOCKS5"), (b"", EX_TEMPFAIL, "closed"),
             (b"\x05\x00\x05\x00\x00\x09\x00", EX_CONFIG, "SOCKS5"),
             (None, EX_TEMPFAIL, "'localhost' does not answer")]
    for octets, status, words in cases:
        def speak(conn, octets=octets):
            if octets is None:
                conn.wait()
            conn.read()
            conn.send(octets)
            if octets:
                conn.wait()
        server = fakeserver.Server(speak)
        tap.cleanup(server.stop)
        scene = Scene("pop3s", lambda _, p=server.port: {
            "proxy": "socks5://localhost:%d" % p, "timeout": "1"})
        tap.contains(scene.run(status).stderr, words)


# --- tunnel ----------------------------------------------------------------------------

RELAY = """
import os, select, socket, sys
print("relay to", *sys.argv[2:], file=sys.stderr, flush=True)
with open(os.path.join(os.path.dirname(sys.argv[0]), "pid"), "w") as file:
    file.write(str(os.getpid()))
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
while True:
    for source in select.select([0, sock], [], [])[0]:
        data = os.read(0, 65536) if source == 0 else sock.recv(65536)
        if not data:
            sys.exit(0)
        sock.sendall(data) if source == 0 else os.write(1, data)
"""


def by_relay(directory, more="%h %p 100%%"):
    path = os.path.join(directory, "relay.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(RELAY)
    return lambda port: {"tunnel": "exec %s %s %d %s" % (sys.executable, path, port, more)}


def is_alive(directory):
    with open(os.path.join(directory, "pid"), encoding="ascii") as file:
        return os.path.exists("/proc/" + file.read())


@tap.test("through a command: host and port in it, its stderr shown, its end with ours")
def tunnel():
    for scheme in SCHEMES:
        directory = tap.tempdir()
        scene = Scene(scheme, by_relay(directory))
        result = scene.run()
        scene.check_arrived()
        tap.contains(result.stderr, "relay to mail.nowhere.test 1234 100%")
        tap.ok(not is_alive(directory), "the command still runs")


@tap.test("through a command: the certificate must be the URL's host's")
def tunnel_name():
    for scheme in SCHEMES:
        scene = Scene(scheme, by_relay(tap.tempdir()), names=("DNS:localhost", "IP:127.0.0.1"))
        tap.contains(scene.run(EX_NOPERM).stderr, ["'mail.nowhere.test'", "'localhost'"])
        scene.check_nothing_sent()


@tap.test("a command that ends early: exit status, signal and last words are told")
def tunnel_ends():
    cases = [("echo first >&2; echo no such gate >&2; exit 7", ["status 7", "no such gate"]),
             ("exit 9", ["status 9", "'tunnel'"]),
             ("/nonexistent/program", ["status 127", "not found"]),
             ("kill -KILL $$", ["signal 9"])]
    for scheme in ("pop3s", "pop3", "smtps", "smtp"):
        for command, words in cases:
            scene = Scene(scheme, lambda _, c=command: {"tunnel": c})
            tap.contains(scene.run(EX_TEMPFAIL).stderr, words, scheme + " " + command)


@tap.test("a command that does not end with its input is ended")
def tunnel_stubborn():
    directory = tap.tempdir()
    relay = by_relay(directory)(0)["tunnel"].replace("exec ", "").replace(" 0 ", " %d ")

    def way(port):
        return {"tunnel": "%s; touch %s/over; trap 'touch %s/told; exit' TERM; "
                          "while :; do sleep 1 & wait $!; done"
                          % (relay.replace("%d", str(port)), directory, directory)}
    scene = Scene("pop3s", way)
    scene.run()
    scene.check_arrived()
    tap.ok(os.path.exists(directory + "/over"), "the relay did not end first")
    tap.ok(os.path.exists(directory + "/told"), "it was not told by SIGTERM")


@tap.test("much on stderr does not hold up a command")
def tunnel_loud():
    directory = tap.tempdir()
    relay = by_relay(directory)

    def way(port):
        return {"tunnel": "yes gate | head -n 100000 >&2; " + relay(port)["tunnel"]}
    scene = Scene("pop3s", way)
    scene.run()
    scene.check_arrived()


tap.main()
