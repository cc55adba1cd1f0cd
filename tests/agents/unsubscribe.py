#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Leaving a list by one request (RFC 8058, M-64): dewey-smtp against a real server of
https, in a network of the test's own, where a public address is this machine's."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

ROOM = "DEWEY_TEST_ROOM"
ALONE = ["unshare", "--net", "--mount", "--"]
if os.geteuid() == 0 and ROOM not in os.environ and \
        subprocess.run([*ALONE, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
    os.execvpe("unshare", [*ALONE, sys.executable, "-B", *sys.argv], {**os.environ, ROOM: "yes"})

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import home
import tap
import tmuxscreen

OUTSIDE, MORE = "203.0.113.7", "2001:db8::7"
HOSTS = """127.0.0.1 localhost inside.example.com
10.1.2.3 office.example.com both.example.com
169.254.169.254 cloud.example.com
fd00::1 six.example.com
::ffff:127.0.0.1 mapped.example.com
::1 loop.example.com
%s lists.example.com both.example.com other.example.com
%s newer.example.com
""" % (OUTSIDE, MORE)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def room():
    """The network, once: loopback, an address that looks like one of the net, names."""
    if ROOM not in os.environ:
        tap.skip("a network of one's own needs root and unshare")
    if os.environ[ROOM] == "made":
        return
    os.environ[ROOM] = "made"
    fd, hosts = tempfile.mkstemp()
    with open(fd, "w", encoding="ascii") as out:
        out.write(HOSTS)
    for command in (["ip", "link", "set", "lo", "up"],
                    ["ip", "addr", "add", OUTSIDE + "/32", "dev", "lo"],
                    ["ip", "-6", "addr", "add", MORE + "/128", "dev", "lo", "nodad"],
                    ["ip", "addr", "add", "10.1.2.3/32", "dev", "lo"],
                    ["ip", "addr", "add", "169.254.169.254/32", "dev", "lo"],
                    ["ip", "-6", "addr", "add", "fd00::1/128", "dev", "lo", "nodad"]):
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    os.unlink(hosts)


class Server:
    """https on port 443 of all addresses; gives this answer to each request."""

    def __init__(self, answer=OK, names=("DNS:lists.example.com", "DNS:both.example.com",
                                         "DNS:newer.example.com")):
        room()
        authority = certs.Authority(tap.tempdir())
        self.pem, self.answer = authority.pem, answer
        self.context = authority.server(names=names, subject="/CN=x").context()
        self.requests, self.came = [], 0
        self.socket = socket.create_server(("::", 443), family=socket.AF_INET6,
                                           dualstack_ipv6=True)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        tap.cleanup(self.close)

    def close(self):
        if self.thread.is_alive():
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            try:
                raw, _ = self.socket.accept()
            except OSError:
                return
            self.came += 1
            try:
                with self.context.wrap_socket(raw, server_side=True) as c:
                    c.settimeout(30)
                    text = b""
                    while not text.endswith(b"One-Click"):
                        piece = c.recv(4096)
                        if not piece:
                            break
                        text += piece
                    self.requests.append(text)
                    c.sendall(self.answer)
            except (ssl.SSLError, OSError):
                raw.close()

    def place(self, account=None):
        os.environ["SSL_CERT_FILE"] = self.pem
        return home.Home({"smtp": "smtps://ivan@smtp.example.org", **(account or {})})


def ask(place, url):
    wire = child.Wire(place, "dewey-smtp")
    wire.send({"do": "unsubscribe", "id": 5, "account": "home", "url": url})
    last = wire.until("done", "failed")[-1]
    wire.close()
    return last


@tap.test("M-64: the request is the one of RFC 8058, and tells nothing of who asks")
def request():
    server = Server()
    done = ask(server.place(), "https://lists.example.com/leave;a=%2F?u=1&v=%41#top")
    tap.equal(done, {"event": "done", "host": "lists.example.com", "id": 5})
    tap.equal(server.requests, [
        b"POST /leave;a=%2F?u=1&v=%41 HTTP/1.1\r\nHost: lists.example.com\r\nUser-Agent: dewey\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n"
        b"Connection: close\r\n\r\nList-Unsubscribe=One-Click"])
    tap.equal(ask(server.place(), "https://lists.example.com:443")["event"], "done")
    tap.contains(server.requests[1].decode(), "POST / HTTP/1.1\r\n")
    tap.equal(ask(server.place(), "https://newer.example.com/x")["event"], "done")


@tap.test("M-64: nothing but https on its port is asked, and no host without a public name")
def addresses():
    server = Server()
    place = server.place()
    for url in ("http://lists.example.com/x", "https://lists.example.com:8443/x", "ftp://a.example.com/",
                "https://user:word@lists.example.com/x", "https://127.0.0.1/x", "https://127.1/x",
                "https://2130706433/x", "https://0x7f.0x1/x", "https://[::1]/x", "https://localhost/x",
                "https://printer/x", "https://nas.local/x", "https://a.localhost/x", "https:///x", "",
                "https://lists.example.com/x\r\nX: y", "https://lists.example.com/a b",
                "https://lists.example.com/\u0430", "file:///etc/passwd", "https://a_b.example.com/",
                "https://lists.example.com%2f@127.0.0.1/"):
        failed = ask(place, url)
        tap.equal((failed["event"], failed.get("code")), ("failed", "data"), url)
    tap.equal(server.came, 0, "connections")


@tap.test("M-64: a name that leads into this computer or a private network is not connected to")
def inside():
    server = Server(names=["DNS:*.example.com"])
    place = server.place()
    for host in ("inside", "office", "cloud", "six", "mapped", "loop"):
        failed = ask(place, "https://%s.example.com/x" % host)
        tap.equal((failed["event"], failed.get("code")), ("failed", "data"), host)
        tap.contains(failed["text"], "is this computer, or one in a network of its own", host)
    tap.equal(server.came, 0, "connections")
    tap.equal(ask(place, "https://both.example.com/x")["event"], "done", "one of two addresses")
    tap.equal(server.came, 1, "connections")


@tap.test("M-64: where the list sends on, or what else it answers, is told and not followed")
def answers():
    for answer, code, text in (
            (b"HTTP/1.1 302 Found\r\nLocation: https://lists.example.com/again\r\n\r\n", "refused",
             "sends on to another address, where dewey does not follow: 302 Found"),
            (b"HTTP/1.1 410 Gone \x1b[2J\xc2\x9b\r\n\r\n", "refused", "the server says: 410 Gone \u241b[2J"),
            (b"HTTP/1.1 503 Later\r\n\r\n", "temporary", "the server says: 503 Later"),
            (b"SSH-2.0-x\r\n", "protocol", "its answer is not one of http"),
            (b"HTTP/1.1 103 Early\r\n" + b"X: y\r\n" * 1000, "protocol", "has no end"),
            (b"HTTP/1.1 200 " + b"x" * 100000 + b"\r\n", "protocol", "is not known"),
            (b"", "network", "whether it will is not known")):
        server = Server(answer)
        failed = ask(server.place(), "https://lists.example.com/x")
        tap.equal((failed["event"], failed.get("code")), ("failed", code), answer[:40])
        tap.contains(failed["text"], text)
        tap.equal(len(server.requests), 1, "requests")
        server.close()
    server = Server(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.0 202 Accepted\r\n\r\n")
    tap.equal(ask(server.place(), "https://lists.example.com/x")["event"], "done")


@tap.test("M-64: nothing is said to a server whose certificate is for another name, or of nobody")
def certificates():
    server = Server()
    failed = ask(server.place(), "https://other.example.com/x")
    tap.equal((failed["event"], failed.get("code")), ("failed", "certificate"))
    place = server.place()
    os.environ["SSL_CERT_FILE"] = "/dev/null"
    failed = ask(place, "https://lists.example.com/x")
    tap.equal((failed["event"], failed.get("code")), ("failed", "certificate"))
    tap.equal(server.requests, [])


LETTER = """Authentication-Results: mx.example.org; dkim=pass header.d=example.com
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x;
 h=from:subject:list-unsubscribe:list-unsubscribe-post; bh=x; b=x
From: News <news@example.com>
To: ivan@peer.test
Subject: News
Date: Mon, 23 Feb 2026 16:00:00 +0000
Message-ID: <u.1@example.com>
List-Unsubscribe: <mailto:leave@example.com?subject=leave>, <https://lists.example.com/u?1>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

x
"""


@tap.test("M-64: the request is sent when a person has seen where it goes and said yes, not before")
def front_end():
    server = Server()
    place = server.place({"auth-results": "mx.example.org"})
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(place.mail, "Inbox", sub))
    with open(os.path.join(place.mail, "Inbox/new/1.1.x"), "w", encoding="ascii") as out:
        out.write(LETTER)
    t = tmuxscreen.Terminal("dewey -c %s" % place.rc, "true", {
        "SSL_CERT_FILE": server.pem, "PATH": tap.BIN + ":" + os.environ["PATH"]})
    t.wait("News")
    t.keys("Enter")
    t.wait("List-Unsub|Subject: News")
    t.keys("M-x")
    page = t.wait(r"Ask 'lists\.example\.com' to take you off the list\? \(y/n\)")
    tap.contains(page, "https://lists.example.com/u?1")
    tap.contains(" ".join(page.split()), "the letter is signed by 'example.com', as 'mx.example.org' says")
    tap.equal(server.came, 0, "connections before the answer")
    t.keys("n")
    t.wait("leave@example.com")
    t.keys("q", "n")
    t.wait("Subject: News")
    tap.equal(server.came, 0, "connections after a no")
    t.keys("M-x")
    t.wait("take you off")
    t.keys("y")
    t.wait("'lists.example.com' has taken the request to leave the list")
    tap.equal(len(server.requests), 1, "requests")


tap.main()
