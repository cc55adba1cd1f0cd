#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The test tools prove themselves: with Python's own POP3 and SMTP clients."""
import os
import poplib
import smtplib
import socket
import ssl
import sys

sys.path.insert(0, os.path.dirname(__file__))
import certs
import fakemail
import fakeserver
import tap


def talk(port, text):
    """Sends text, ends its side, and returns all that came."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(text)
        sock.shutdown(socket.SHUT_WR)
        got = b""
        while True:
            data = sock.recv(65536)
            if not data:
                return got
            got += data


def trust(authority, host=True):
    context = ssl.create_default_context(cafile=authority.pem)
    context.check_hostname = host
    context.hostname_checks_common_name = False
    return context


@tap.test("a script that is followed")
def followed():
    script = fakeserver.Script("# greet\nS: +OK hi\nC: USER a\nS-raw: +OK\\x20\\x41\\r\\n\n"
                               "C~ PASS .*\nDATA\nEOF\n")
    server = fakeserver.Server([script])
    got = talk(server.port, b"USER a\r\nPASS b\r\n..one\r\n.\r\n")
    server.check()
    tap.equal(got, b"+OK hi\r\n+OK A\r\n")
    tap.equal(server.connections[0].blocks, [b".one\r\n"])


@tap.test("a script that is not followed is told with its line")
def not_followed():
    for said, wanted in ((b"USER b\r\n", "script:2: C USER a: got 'USER b'"),
                         (b"USER a\n", "does not end with CRLF"), (b"", "the client closed")):
        server = fakeserver.Server([fakeserver.Script("S: +OK\nC: USER a")])
        talk(server.port, said)
        server.settle()
        server.stop()
        tap.contains("\n".join(server.problems()), wanted)


@tap.test("connections without a script, and scripts without a connection, are told")
def unused():
    server = fakeserver.Server([fakeserver.Script("S: +OK"), fakeserver.Script("S: +OK")])
    talk(server.port, b"")
    server.stop()
    tap.contains("\n".join(server.problems()), "connection 2 was not made")
    server = fakeserver.Server([])
    talk(server.port, b"")
    server.settle()
    server.stop()
    tap.contains("\n".join(server.problems()), "has no script")


@tap.test("by hand: the port, the mismatch, the exit status, the transcript")
def by_hand():
    where = tap.tempdir()
    script, transcript = os.path.join(where, "s"), os.path.join(where, "t")
    with open(script, "w", encoding="ascii") as file:
        file.write("S: +OK hi\nC: QUIT\n")
    for said, status in ((b"QUIT\r\n", 0), (b"NOOP\r\n", 1)):
        with tap.subprocess.Popen(
                [sys.executable, os.path.join(os.path.dirname(__file__), "fakeserver.py"),
                 "--transcript", transcript, script], stdin=tap.subprocess.PIPE,
                stdout=tap.subprocess.PIPE, text=True) as server:
            port = int(server.stdout.readline().split()[1])
            talk(port, said)
            output, _ = server.communicate()
        tap.equal(server.returncode, status, output)
    with open(transcript, encoding="ascii") as file:
        tap.equal(file.read(), "S: +OK hi\nC: NOOP\n")


@tap.test("good certificates are good, bad ones are refused")
def certificates():
    authority = certs.Authority(tap.tempdir())
    pairs = {"good": authority.server(), **{k: authority.bad(k) for k in certs.BAD}}
    for kind, pair in pairs.items():
        with fakeserver.Server([fakeserver.Script("S: +OK\nEOF")], pair, implicit=True) as server:
            host = "127.0.0.1" if kind == "address as a DNS name" else "localhost"
            sock = socket.create_connection(("127.0.0.1", server.port))
            try:
                trust(authority).wrap_socket(sock, server_hostname=host).close()
                verdict = "accepted"
            except ssl.SSLError:
                verdict = "refused"
            sock.close()
            tap.equal(verdict, "accepted" if kind == "good" else "refused", kind)


@tap.test("octets of a secret are found in TLS, bare and in base64")
def secrets():
    server = fakeserver.Server([fakeserver.Script("C~ .*"), fakeserver.Script("C~ .*")])
    talk(server.port, b"AUTH PLAIN AGl2YW4AczNjcmV0\r\n")
    talk(server.port, b"PASS s3cret\r\n")
    server.check()
    tap.ok(server.saw(b"s3cret"), "not seen")
    for conn in server.connections:
        server.connections = [conn]
        tap.ok(server.saw(b"s3cret"), "not seen")
    tap.ok(not server.saw(b"another"), "seen")


def pop3(drop, authority, pair):
    server = fakeserver.Server(drop, pair)
    tap.cleanup(server.stop)
    client = poplib.POP3("127.0.0.1", server.port)
    client.stls(trust(authority, False))
    client.user("ivan")
    client.pass_("secret")
    return client


@tap.test("the maildrop: everything a client asks, deleted at QUIT only")
def maildrop():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    drop = fakemail.Maildrop({"ivan": "secret"}, [b"Subject: 1\n\n.dot\nend", b"Subject: 2\n\n2\n"])
    client = pop3(drop, authority, pair)
    tap.equal(client.stat(), (2, 42))
    tap.equal(client.retr(1)[1], [b"Subject: 1", b"", b".dot", b"end"])
    tap.equal(len(client.uidl()[1]), 2)
    tap.equal(client.top(2, 0)[1][:2], [b"Subject: 2", b""])
    client.dele(1)
    client.close()
    tap.equal(len(drop.letters), 2)
    client = pop3(drop, authority, pair)
    client.dele(1)
    client.quit()
    tap.equal([data for _, data in drop.letters], [b"Subject: 2\n\n2\n"])


@tap.test("the maildrop: faults strike as often as told")
def maildrop_faults():
    authority = certs.Authority(tap.tempdir())
    pair = authority.server()
    drop = fakemail.Maildrop({"ivan": "secret"}, [b"Subject: 1\n\nbody\n"], faults=[
        fakemail.Fault("NOOP", "-ERR no", 1), fakemail.Fault("RETR 1", "cut:9", 1),
        fakemail.Fault("QUIT", "done-drop")])
    client = pop3(drop, authority, pair)
    for wanted in (b"-ERR no", b"+OK"):
        client._putcmd("NOOP")  # pylint: disable=protected-access
        tap.equal(client._getline()[0], wanted)  # pylint: disable=protected-access
    try:
        tap.fail("got %r" % client.retr(1))
    except (poplib.error_proto, OSError, EOFError):
        pass
    client = pop3(drop, authority, pair)
    tap.equal(client.retr(1)[1][0], b"Subject: 1")
    client.dele(1)
    try:
        client.quit()
        tap.fail("QUIT was answered")
    except (poplib.error_proto, OSError, EOFError):
        pass
    tap.equal(drop.letters, [])


@tap.test("the sink: AUTH, refused recipients, each mailbox once, a lost reply to the dot")
def sink():
    authority = certs.Authority(tap.tempdir())
    place = fakemail.Sink({"ivan": "secret"}, refused={"green@b.test": "550 No such user here"},
                          faults=[fakemail.Fault(r"\.", "done-drop", 1)])
    server = fakeserver.Server(place, authority.server())
    tap.cleanup(server.stop)

    def send(recipients):
        client = smtplib.SMTP("127.0.0.1", server.port)
        client.starttls(context=trust(authority, False))
        client.login("ivan", "secret")
        return client.sendmail("smith@a.test", recipients, "Subject: x\n\n.dot\n")

    try:
        send(["jones@b.test"])
        tap.fail("the dot was answered")
    except smtplib.SMTPServerDisconnected:
        pass
    refused = send(["jones@b.test", "green@b.test", "brown@b.test"])
    tap.equal(refused, {"green@b.test": (550, b"No such user here")})
    tap.equal(len(place.mailboxes["jones@b.test"]), 2)
    tap.equal(place.mailboxes["brown@b.test"], [b"Subject: x\r\n\r\n.dot\r\n"])
    tap.equal(len(place.mailboxes["green@b.test"]), 0)


@tap.test("the proxy records both directions")
def proxy():
    server = fakeserver.Server([fakeserver.Script("S: +OK\nC: A\nS: +B\nEOF")])
    between = fakeserver.Proxy(server.port)
    with socket.create_connection(("127.0.0.1", between.port)) as sock:
        sock.sendall(b"A\r\n")
        with sock.makefile("rb") as file:
            tap.equal([file.readline(), file.readline()], [b"+OK\r\n", b"+B\r\n"])
    server.check()
    between.stop()
    tap.equal((between.to_server, between.to_client), ([b"A\r\n"], [b"+OK\r\n+B\r\n"]))


@tap.test("the Russian locales of ./bootstrap are seen")
def locales():
    if not os.path.isdir(tap.LOCALES):
        tap.skip("./bootstrap check makes them")
    for name, octet in (("ru_RU.UTF-8", b"\xd1\x84"), ("ru_RU.KOI8-R", b"\xc6")):
        code = "import locale, time; locale.setlocale(locale.LC_ALL, ''); " \
            "print(time.strftime('%B', (2026, 2, 1, 0, 0, 0, 0, 0, 0)))"
        result = tap.succeeds([sys.executable, "-X", "utf8=0", "-c", code], binary=True,
                              env={**os.environ, "LC_ALL": name})
        tap.contains(result.stdout.lower(), octet, name)
    tap.succeeds([sys.executable, "-c", "import locale; locale.setlocale(locale.LC_ALL, '')"])


tap.main()
