#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey check, the doctor: each step told, each fault with its cure."""
import json
import os
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import fakesocks
import gnupg
import hole
import home
import servers
import tap

USERS = {"ivan": home.SECRET}
LETTERS = [b"Subject: %d\n\n%d\n" % (n, n) for n in range(1, 4)]
EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG, EX_UNAVAILABLE = 75, 76, 77, 78, 69
STEPS = ["dns", "tcp", "tls", "greeting", "capa", "log-in", "stat", "uidl", "top", "quit"]
STLS_STEPS = ["dns", "tcp", "greeting", "tls", *STEPS[4:]]


class Scene:
    def __init__(self, scheme="pop3s", pair=None, drop=None, host="localhost", **settings):
        self.authority = certs.Authority(tap.tempdir())
        self.drop = drop or fakemail.Maildrop(USERS, LETTERS)
        self.server = fakeserver.Server(self.drop, pair and pair(self.authority)
                                        or self.authority.server(), scheme == "pop3s")
        tap.cleanup(self.server.stop)
        url = "%s://ivan@%s:%d" % (scheme, host, self.server.port)
        self.home = home.Home({"pop3": url, "tls-ca": self.authority.pem, **settings})

    def check(self, *args, status=0):
        """The steps as records, by name in their order."""
        result = self.home.run("dewey", "check", "--json", *args, status=status)
        events = [json.loads(line) for line in result.stdout.splitlines()]
        tap.equal(events.pop()["step"], "sandbox", "the last, of no account")
        tap.equal({e["account"] for e in events}, {"home"})
        tap.equal([e["event"] for e in events[:-1]], ["step"] * (len(events) - 1))
        tap.equal(events[-1]["event"], "failed" if status else "done", result.stdout)
        return {e["step"]: e for e in events[:-1]}

    def fails_at(self, step, status, words=(), cure=(), steps=None):
        """It works up to this step; what is needed for others is not tried."""
        order = steps or STEPS
        found = self.check(status=status)
        wanted = order[:order.index(step) + 1]
        tap.equal([s for s in found if s != "quit" or s == step], wanted)
        tap.equal([s for s in found if not found[s]["ok"]], [step])
        tap.contains(found[step]["text"], words)
        tap.contains(found[step].get("cure", ""), cure)
        return found


@tap.test("all is well: each step in its order, nothing touched, on TLS and with STLS")
def well():
    for scheme, order in (("pop3s", STEPS), ("pop3", STLS_STEPS)):
        scene = Scene(scheme)
        found = scene.check()
        tap.equal(list(found), order)
        tap.ok(all(s["ok"] and "warning" not in s and "cure" not in s for s in found.values()),
               "%s" % found)
        tap.contains(found["dns"]["text"], ["'localhost'", "127.0.0.1"])
        tap.contains(found["tcp"]["text"], ["127.0.0.1 port %d" % scene.server.port, " ms"])
        tap.contains(found["tls"]["text"], ["TLSv1.3", " days"])
        details = found["tls"]["details"]
        tap.contains(details[0], "'localhost', '127.0.0.1', '::1'")
        tap.contains(details[1], ["CN=localhost", "dewey test authority ca", "2099-12-31"])
        tap.contains(details[-1], "sha256:")
        tap.contains(found["capa"]["text"], ["TOP", "UIDL", "PIPELINING", "SASL PLAIN LOGIN"])
        tap.contains(found["log-in"]["text"], ["'ivan'", "PLAIN"])
        tap.contains(found["stat"]["text"], ["3 letters", " B"])
        tap.contains(found["uidl"]["text"], "3 letters")
        tap.equal(scene.drop.fetched, {})
        tap.equal(len(scene.drop.letters), 3)
        verbs = {line.split(" ")[0] for line in scene.drop.lines}
        tap.equal(verbs & {"RETR", "DELE"}, set())
        tap.equal(scene.home.folder("Inbox"), [])


@tap.test("for people: a line for each step, FAILED with what to do, the status of sysexits")
def words():
    scene = Scene()
    lines = scene.home.run("dewey", "check").stdout.splitlines()
    lines = lines[:lines.index("this machine:") - 1]
    tap.contains(lines[0], "home: pop3s://ivan@localhost")
    tap.equal([l.split()[0] for l in lines[1:] if l[2] != " "], STEPS)
    tap.ok(all(l.split()[1] == "ok" for l in lines[1:] if l[2] != " "), "\n".join(lines))
    scene.server.stop()
    result = scene.home.run("dewey", "check", "home", status=EX_TEMPFAIL)
    tap.contains(result.stdout, ["  tcp       FAILED", "what to do: ", scene.home.rc + ":"])
    tap.equal(result.stderr, "")


@tap.test("what keeps a fetch from its server: the account once, the place, the cure; in one line's reach")
def told():
    scene = Scene()
    scene.server.stop()
    where = "cannot connect to 'localhost' port %d: Connection refused; " % scene.server.port
    with open(scene.home.rc) as file:
        line = [n for n, text in enumerate(file, 1) if text.startswith("pop3 ")][0]
    cure = ("check scheme, host and port in %s:%d, or say 'dewey check home' to see more\n"
            % (scene.home.rc, line))
    result = scene.home.run("dewey", "fetch", status=EX_TEMPFAIL)
    tap.equal(result.stderr, "dewey: home: " + where + cure)
    result = scene.home.run("dewey-pop3", "home", status=EX_TEMPFAIL)
    tap.equal(result.stderr, "dewey-pop3: home: " + where + cure)
    result = scene.home.run("dewey", "server", status=EX_TEMPFAIL)
    tap.equal(result.stderr, "dewey: home: " + where + cure)
    # Of a proxy and a tunnel it is these that are to be checked.
    scene = Scene(proxy="socks5://localhost:%d" % scene.server.port)
    result = scene.home.run("dewey", "fetch", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "Connection refused; check 'proxy' in %s:" % scene.home.rc)
    scene = Scene(tunnel="exit 3")
    result = scene.home.run("dewey", "fetch", status=EX_TEMPFAIL)
    tap.contains(result.stderr, "exit status 3; check 'tunnel' in %s:" % scene.home.rc)
    tap.contains(scene.check(status=EX_TEMPFAIL)["tcp"]["cure"], "check 'tunnel' in ")
    # A server that begins without TLS: the words are OpenSSL's, the cure is ours.
    scene = Scene("pop3")
    scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % scene.server.port,
                      "tls-ca": scene.authority.pem, "password": home.SECRET})
    result = scene.home.run("dewey", "fetch", status=EX_PROTOCOL)
    tap.ok(result.stderr.startswith("dewey: home: cannot make a secure connection to 'localhost'"),
           result.stderr)
    tap.contains(result.stderr, [
        "the server does not speak TLS on this port; check scheme, host and port in ",
        ", or say 'dewey check home' to see more\n"])


@tap.test("the name is not known")
def dns():
    scene = Scene(host="nowhere.invalid")
    scene.fails_at("dns", EX_TEMPFAIL, "'nowhere.invalid'", [scene.home.rc, "network"])


@tap.test("nobody listens there")
def tcp():
    scene = Scene()
    scene.server.stop()
    scene.fails_at("tcp", EX_TEMPFAIL, "port %d" % scene.server.port, "995")


@tap.test("certificates: the fault, the key, and how to accept it; none is asked about")
def certificates():
    for kind in ("self-signed", "expired", "wrong host"):
        for scheme, order in (("pop3s", STEPS), ("pop3", STLS_STEPS)):
            scene = Scene(scheme, lambda ca, k=kind: ca.bad(k))
            found = scene.fails_at("tls", EX_NOPERM, certs.BAD[kind].reason,
                                   ["dewey fetch home", "tls-pin = sha256:"], order)
            tap.contains(found["tls"]["details"][-1], "sha256:")
            tap.ok(not scene.server.saw(b"ivan"), "the user was sent")


@tap.test("TLS is not what the port speaks, nor the other way round; STLS is not offered")
def no_tls():
    drop = fakemail.Maildrop(USERS, LETTERS, tls=False)
    Scene("pop3", drop=drop).fails_at("tls", EX_PROTOCOL, "STLS", "995", STLS_STEPS)
    server = fakeserver.Server(lambda conn: (conn.reply("+OK ready"), conn.wait()))
    tap.cleanup(server.stop)
    scene = Scene()
    scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % server.port})
    scene.fails_at("tls", EX_PROTOCOL, "does not speak TLS", "pop3://")
    server = fakeserver.Server(lambda conn: conn.wait())
    tap.cleanup(server.stop)
    scene.home.write({"pop3": "pop3://ivan@localhost:%d" % server.port, "timeout": "1"})
    scene.fails_at("greeting", EX_TEMPFAIL, "does not answer", "pop3s://", STLS_STEPS)


@tap.test("a certificate that expires soon, a key that is known, no TLS: warnings")
def warnings():
    def soon(ca):
        return ca.server("soon", days=("20200101000000Z", "20261201000000Z"))
    scene = Scene(pair=soon)
    clock = {**scene.home.environment(), "DEWEY_CLOCK": "1795270000"}  # 2026-11-21
    result = scene.home.run("dewey", "check", "--json", env=clock)
    tls = json.loads(result.stdout.splitlines()[2])
    tap.equal((tls["step"], tls["ok"], tls["warning"]), ("tls", True, True))
    tap.contains(tls["text"], "9 days")
    scene = Scene(pair=lambda ca: ca.self_signed())
    key = scene.check(status=EX_NOPERM)["tls"]["details"][-1].split(" ")[1]
    scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % scene.server.port, "tls-pin": key})
    tls = scene.check()["tls"]
    tap.equal((tls["ok"], tls["warning"]), (True, True))
    tap.contains(tls["text"], "self-signed")
    tls = Scene("pop3+insecure").check()["tls"]
    tap.equal((tls["ok"], tls["warning"]), (True, True))
    tap.contains(tls["cure"], "pop3s://")


def scripted(text, **settings):
    """An account in clear at a server that plays the script."""
    server = fakeserver.Server(fakeserver.Script(text))
    tap.cleanup(server.stop)
    scene = Scene()
    scene.home.write({"pop3": "pop3+insecure://ivan@localhost:%d" % server.port, "password": "ascii",
                      **settings})
    return scene


CLEAR = "S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: CAPA\nS: +OK\nS: USER\nS: .\n"
INSIDE = CLEAR + "C: USER ivan\nS: +OK\nC~ PASS .*\nS: +OK\n"
QUIT = "C: QUIT\nS: +OK\n"


@tap.test("the greeting is no good")
def greeting():
    for text, status, words in (("S: -ERR go away", EX_TEMPFAIL, "go away"),
                                ("S: 220 hello", EX_PROTOCOL, "220 hello"),
                                ("S: -ERR [SYS/PERM] never", EX_UNAVAILABLE, "never"),
                                ("CLOSE", EX_TEMPFAIL, "closed")):
        scripted(text).fails_at("greeting", status, words)


@tap.test("CAPA answered by nonsense, by -ERR (which is no fault), by an end")
def capa():
    scripted("S: +OK\nC: CAPA\nS: hello").fails_at("capa", EX_PROTOCOL, "hello")
    scripted("S: +OK\nC: CAPA\nCLOSE").fails_at("capa", EX_TEMPFAIL, "closed")
    drop = fakemail.Maildrop({"ivan": "ascii"}, LETTERS, capabilities=[])
    found = Scene(drop=drop, password="ascii").check()
    tap.equal((found["capa"]["ok"], found["capa"]["warning"]), (True, True))
    tap.equal(list(found), STEPS)


@tap.test("the log-in is refused, cannot be made, has no user: told, and QUIT follows")
def log_in():
    scene = Scene(password="wrong")
    found = scene.fails_at("log-in", EX_NOPERM, "[AUTH]", [scene.home.rc + ":"])
    tap.ok(found["quit"]["ok"], "no QUIT")
    tap.equal(scene.drop.lines[-1], "QUIT")
    Scene(password="command:exit 3").fails_at("log-in", EX_CONFIG, "status 3")
    scene = Scene()
    scene.home.write({"pop3": "pop3s://localhost:%d" % scene.server.port,
                      "tls-ca": scene.authority.pem})
    scene.fails_at("log-in", EX_CONFIG, "names no user")
    scene = Scene(**{"pop3-auth": "scram"})
    with open(scene.home.rc) as file:
        line = [n for n, text in enumerate(file, 1) if text.startswith("pop3-auth")][0]
    scene.fails_at("log-in", EX_CONFIG,
                   ["does not offer the log-in 'scram' that %s:%d wants" % (scene.home.rc, line),
                    "PLAIN LOGIN"])


@tap.test("what is wrong with tls-cert or the proxy is not blamed on scheme and port")
def blame():
    scene = Scene(**{"tls-cert": "/nonexistent.pem"})
    found = scene.fails_at("tls", EX_CONFIG, ["/nonexistent.pem", "tls-cert"])
    tap.ok("cure" not in found["tls"], "%s" % found["tls"])
    port, = servers.free_ports(1)
    scene = Scene(proxy="socks5://localhost:%d" % port)
    scene.fails_at("tcp", EX_TEMPFAIL, "port %d" % port, ["this is the proxy", scene.home.rc])


@tap.test("STAT, UIDL and TOP: refused, nonsense, or not to be had")
def commands():
    for text, step, status, words in (
            ("C: STAT\nS: -ERR [SYS/TEMP] later\n" + QUIT, "stat", EX_TEMPFAIL, "later"),
            ("C: STAT\nS: +OK many", "stat", EX_PROTOCOL, "many"),
            ("C: STAT\nCLOSE", "stat", EX_TEMPFAIL, "closed"),
            ("C: STAT\nS: +OK 1 9\nC: UIDL\nS: 1 a", "uidl", EX_PROTOCOL, "UIDL"),
            ("C: STAT\nS: +OK 1 9\nC: UIDL\nS: +OK\nS: 1 a\nS: .\nC: TOP 1 0\nCLOSE", "top",
             EX_TEMPFAIL, "closed")):
        scripted(INSIDE + text).fails_at(step, status, words)
    for text, step in (
            ("C: UIDL\nS: -ERR what\nC: TOP 1 0\nS: +OK\nS: .\n", "uidl"),
            ("C: UIDL\nS: +OK\nS: 1 a\nS: 3 c\nS: .\nC: TOP 1 0\nS: +OK\nS: .\n", "uidl"),
            ("C: UIDL\nS: +OK\nS: 1 a\nS: .\nC: TOP 1 0\nS: -ERR what\n", "top")):
        found = scripted(INSIDE + "C: STAT\nS: +OK 1 9\n" + text + QUIT).check()
        tap.equal([s for s in found if "warning" in found[s]], ["tls", step], text)
        tap.ok(found[step]["cure"], "no cure")
    found = scripted(INSIDE + "C: STAT\nS: +OK 0 0\nC: UIDL\nS: +OK\nS: .\n" + QUIT).check()
    tap.contains(found["top"]["text"], "no letter")
    scripted(INSIDE + "C: STAT\nS: +OK 0 0\nC: UIDL\nS: +OK\nS: .\nC: QUIT\nS: -ERR no\n").fails_at(
        "quit", EX_UNAVAILABLE, "no", steps=STEPS)


@tap.test("a proxy and a tunnel: what they do, and what they fail at")
def ways():
    scene = Scene()
    proxy = fakesocks.Proxy({("localhost", scene.server.port): scene.server.port})
    settings = {"pop3": "pop3s://ivan@localhost:%d" % scene.server.port,
                "tls-ca": scene.authority.pem}
    scene.home.write({**settings, "proxy": "socks5://127.0.0.1:%d" % proxy.port})
    found = scene.check()
    tap.contains(found["dns"]["text"], ["proxy", "127.0.0.1"])
    tap.contains(found["tcp"]["text"], "proxy")
    proxy.reply = 5
    scene.fails_at("tcp", EX_TEMPFAIL, "refused")
    scene.home.write({**settings, "tunnel": "echo no gate >&2; exit 3"})
    scene.fails_at("tcp", EX_TEMPFAIL, ["no gate", "status 3"])


def in_room(place, hosts, *command):
    """Runs the program where /etc/hosts has these lines."""
    path = os.path.join(place.path, "hosts")
    with open(path, "w", encoding="ascii") as file:
        file.write(hosts)
    room = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', path]
    if os.geteuid() != 0 or subprocess.run([*room, "true"], check=False,
                                           stderr=subprocess.DEVNULL).returncode:
        tap.skip("no mount namespaces here, for an /etc/hosts of our own")
    result = tap.run([*room, *place.command(*command)], env=place.environment())
    tap.equal(result.returncode, 0, result.stderr)
    return [json.loads(line) for line in result.stdout.splitlines()]


@tap.test("a host of several addresses: the dead ones are passed over [RFC 8305]")
def addresses():
    authority = certs.Authority(tap.tempdir())
    server = fakeserver.Server(fakemail.Maildrop(USERS, LETTERS),
                               authority.server(names=["DNS:mail.test"]), True)
    tap.cleanup(server.stop)
    hole.Hole("127.0.0.2", server.port)
    place = home.Home({"pop3": "pop3s://ivan@mail.test:%d" % server.port, "timeout": "60",
                       "tls-ca": authority.pem})
    # Nobody listens on ::1, and 127.0.0.2 swallows everything.
    hosts = "127.0.0.2 mail.test\n127.0.0.1 mail.test\n::1 mail.test\n"
    steps = in_room(place, hosts, "dewey", "check", "--json")
    tap.contains(steps[0]["text"], ["127.0.0.1", "127.0.0.2", "::1"])
    tap.contains(steps[1]["text"], "127.0.0.1 port %d" % server.port)
    steps = in_room(place, "127.0.0.1 mail.test\n", "dewey", "check", "--json")
    tap.equal(steps[0]["text"], "'mail.test' is 127.0.0.1")


@tap.test("--forget-key: the accepted key counts no more [T-02]")
def forget():
    scene = Scene(pair=lambda ca: ca.self_signed())
    wire = child.Wire(scene.home, "dewey-pop3")
    wire.send({"do": "fetch", "id": 1, "account": "home"})
    wire.send({"do": "answer", "id": 1, "ask": wire.until("ask")[-1]["ask"], "secret": "yes"})
    tap.equal(wire.until("done", "failed")[-1]["event"], "done")
    wire.close()
    tap.equal(scene.check()["tls"]["warning"], True)
    # The key of the other server of the account, accepted at another time.
    with sqlite3.connect(os.path.join(scene.home.mail, ".dewey", "ledger.db")) as db:
        db.execute("INSERT INTO pin VALUES ('smtp.test', 465, x'00', 'x', 1),"
                   " ('elsewhere.test', 465, x'00', 'x', 1)")
    scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % scene.server.port,
                      "smtp": "smtps://ivan@SMTP.test", "tls-ca": scene.authority.pem})
    tap.ok(not scene.check("--forget-key", status=EX_NOPERM)["tls"]["ok"], "still trusted")
    tap.equal(scene.home.ledger("SELECT host FROM pin"), [("elsewhere.test",)])


@tap.test("several accounts, one after the other; the status of the first fault")
def several():
    scene = Scene()
    scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % scene.server.port,
                      "tls-ca": scene.authority.pem},
                     "[account other]\npop3 = pop3s://x@nowhere.invalid\npassword = x\n"
                     "[account sends]\nsmtp = smtps://x@nowhere.invalid\naddress = a@b.test\n")
    result = scene.home.run("dewey", "check", status=EX_TEMPFAIL)
    heads = [line for line in result.stdout.splitlines() if line and line[0] != " "]
    tap.equal([head.split(":")[0] for head in heads],
              ["home", "other", "this machine"])


@tap.test("somebody fetches just now: busy, and no step is told")
def busy():
    scene = Scene()

    def hold(conn):
        result = scene.home.run("dewey", "check", status=EX_TEMPFAIL)
        tap.equal(result.stdout.splitlines()[0], "this machine:")
        tap.contains(result.stderr, "home")
        conn.reply("+OK 3 30")
    scene.drop.faults.append(fakemail.Fault("STAT", hold, 1))
    scene.drop.capabilities = ["UIDL"]
    scene.home.run("dewey-pop3", "home")


@tap.test("with Dovecot")
def dovecot():
    authority = certs.Authority(tap.tempdir())
    server = servers.Dovecot(authority.server(), USERS)
    server.fill("ivan", LETTERS)
    for scheme, port, order in (("pop3s", server.pop3s_port, STEPS),
                                ("pop3", server.pop3_port, STLS_STEPS)):
        scene = Scene()
        scene.home.write({"pop3": "%s://ivan@localhost:%d" % (scheme, port),
                          "tls-ca": authority.pem})
        found = scene.check()
        tap.equal(list(found), order)
        tap.contains(found["stat"]["text"], "3 letters")
        tap.ok(not any("warning" in s for s in found.values()), "%s" % found)
    scene.home.write({"pop3": "pop3s://ivan@localhost:%d" % server.pop3s_port,
                      "tls-ca": authority.pem, "password": "wrong"})
    scene.fails_at("log-in", EX_NOPERM, "[AUTH]")


@tap.test("the key of an account that signs: there, about to expire, missing")
def keys():
    ring = gnupg.Ring()
    scene = Scene(sign="yes")
    os.environ["GNUPGHOME"] = ring.path
    try:
        result = scene.home.run("dewey", "check", "--json", status=EX_CONFIG)
        found = json.loads(result.stdout.splitlines()[0])
        tap.equal((found["step"], found.get("ok", False)), ("keys", False))
        tap.contains(found["text"], "there is no OpenPGP key to sign with for 'ivan@peer.test'")
        tap.contains(found["cure"], "gpg --quick-gen-key ivan@peer.test")
        short = ring.pgp("Ivan <ivan@peer.test>", expires="10d")
        found = scene.check()["keys"]
        tap.equal((found["ok"], found["warning"]), (True, True))
        tap.contains(found["text"], [short[-16:], "expires on 20"])
        ring.pgp("Ivan P. <ivan@peer.test>")
        found = scene.check()["keys"]
        tap.equal((found["ok"], "warning" in found), (True, False))
    finally:
        del os.environ["GNUPGHOME"]


@tap.test("the key of an account that only sends is looked at as well")
def keys_of_senders():
    ring = gnupg.Ring()
    scene = Scene()
    scene.home.write({
        "pop3": "pop3s://ivan@localhost:%d" % scene.server.port, "tls-ca": scene.authority.pem},
        "[account work]\naddress = ivan@work.test\nsmtp = smtps://ivan@localhost:1\nsign = yes\n")
    os.environ["GNUPGHOME"] = ring.path
    try:
        for names, wanted in (([], [False]), (["home"], [])):
            result = scene.home.run("dewey", "check", "--json", *names,
                                    status=EX_CONFIG if wanted else 0)
            found = [json.loads(line) for line in result.stdout.splitlines()]
            tap.equal([e.get("ok", False) for e in found if e.get("account") == "work"], wanted)
        tap.contains(scene.home.run("dewey", "check", status=EX_CONFIG).stdout,
                     ["work:\n", "there is no OpenPGP key to sign with for 'ivan@work.test'"])
        ring.pgp("Ivan <ivan@work.test>")
        tap.contains(scene.home.run("dewey", "check").stdout, "work:\n")
    finally:
        del os.environ["GNUPGHOME"]


@tap.test("B-01: what the sandbox is on this machine, what the kernel lacks, and that require fails")
def sandbox():
    intruder = os.path.join(tap.BUILD, "tests", "tools", "intruder.so")
    if tap.sanitized("dewey"):
        tap.skip("built with sanitizers: the sandbox is off there")
    scene = Scene()

    def machine(*options, status=0, **environment):
        environment = dict(scene.home.environment(), LD_PRELOAD=intruder, **environment)
        said = scene.home.run("dewey", "check", "--json", *options, env=environment, status=status)
        return json.loads(said.stdout.splitlines()[-1])
    whole = machine(DEWEY_FAKE_LANDLOCK="7")
    tap.equal((whole["ok"], whole["text"], "warning" in whole), (True, "Landlock 7, seccomp", False))
    tap.contains("\n".join(whole["details"]), ["dewey-mime: no file", "dewey-pop3, dewey-smtp: the store"])
    older = machine(DEWEY_FAKE_LANDLOCK="2")
    tap.equal((older["ok"], older["warning"], older["text"]), (True, True, "Landlock 2, seccomp"))
    tap.contains("\n".join(older["details"]), "dewey-smtp: not all of it: Landlock 2 knows no network")
    off = machine("--sandbox=off")
    tap.equal((off["text"], off["cure"]), ("the programs give up nothing", "set 'sandbox = auto'"))
    none = machine("--sandbox=require", status=EX_CONFIG, DEWEY_FAKE_LANDLOCK="0")
    tap.ok(not none["ok"], "require is not met")


tap.main()
