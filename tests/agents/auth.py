#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The log-ins of both agents, against servers that do as a test wants."""
import base64
import hmac
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import child
import fakemail
import fakeserver
import home
import sasl
import tap
from authscene import BOTH, EX_CONFIG, EX_NOPERM, EX_PROTOCOL, EX_UNAVAILABLE, LETTER, Scene
from pop3scene import EMPTY


# --- The order

@tap.test("what is chosen unasked, and what only by name [T-40, P-15]")
def order():
    every = {"CRAM-MD5": sasl.refusing("no"), "GSSAPI": sasl.refusing("no"),
             "NTLM": sasl.refusing("no"), "DIGEST-MD5": sasl.refusing("no"),
             "XOAUTH2": sasl.refusing("no"), "EXTERNAL": sasl.refusing("no")}
    for service in BOTH:
        scene = Scene(service, {**every, "LOGIN": sasl.login(), "PLAIN": sasl.plain()})
        scene.logs_in()
        tap.equal(scene.tried(), ["PLAIN"])
        scene = Scene(service, {**every, "LOGIN": sasl.login()})
        scene.logs_in()
        tap.equal(scene.tried(), ["LOGIN"])
        scene = Scene(service, {**every, "LOGIN": sasl.login(), "PLAIN": sasl.plain()}, auth="login")
        scene.logs_in()
        scene = Scene(service, {**every, "PLAIN": sasl.plain()}, auth="scram",
                      password="command:echo asked >&2; echo x")
        result = scene.fails(["'scram'", "PLAIN"], EX_CONFIG)
        tap.equal(scene.tried(), [])
        tap.lacks(result.stderr, "asked", "the password was fetched")
    scene = Scene("smtp", every)
    scene.fails("safe to try unasked")


@tap.test("a mechanism that the server does not have after all: the next one, once [P-25]")
def next_one():
    no = {"pop3": "-ERR no such thing", "smtp": "504 5.5.4 no such thing"}
    for service in BOTH:
        scene = Scene(service, {"SCRAM-SHA-256": sasl.refusing(no[service]), "PLAIN": sasl.plain()})
        scene.logs_in()
        tap.equal(scene.tried(), ["SCRAM-SHA-256", "PLAIN"])
        scene = Scene(service, {"SCRAM-SHA-512": sasl.refusing(no[service]),
                                "SCRAM-SHA-256": sasl.refusing(no[service]),
                                "SCRAM-SHA-1": sasl.refusing(no[service]), "PLAIN": sasl.plain()})
        scene.fails("no such thing")
        tap.equal(scene.tried(), ["SCRAM-SHA-512", "SCRAM-SHA-256"])
    scene = Scene("pop3", {"SCRAM-SHA-256": sasl.refusing("-ERR no")})
    scene.place.users["ivan"] = "s3cret"
    scene.logs_in()
    tap.contains(scene.place.lines, ["USER ivan", "PASS s3cret"])


@tap.test("a secret that was refused is not tried again by another mechanism [P-25]")
def once():
    for service in BOTH:
        for first in ("PLAIN", "SCRAM-SHA-256"):
            handler = {"PLAIN": sasl.plain("x"), "SCRAM-SHA-256": sasl.Scram("x")}[first]
            scene = Scene(service, {first: handler, "LOGIN": sasl.login()})
            scene.place.users["ivan"] = "s3cret"
            scene.fails("cannot log in as '", EX_NOPERM)
            tap.equal(scene.tried(), [first])
    # Without a code nobody knows what was wrong, and the secret was in it.
    scene = Scene("pop3", {"PLAIN": sasl.refusing("-ERR what"), "LOGIN": sasl.login()})
    scene.fails("what", EX_NOPERM)
    tap.equal(scene.tried(), ["PLAIN"])
    # [AUTH] before any secret was out is an unknown user.
    scene = Scene("pop3", {"SCRAM-SHA-256": sasl.refusing("-ERR [AUTH] who"), "PLAIN": sasl.plain()})
    scene.fails("who", EX_NOPERM)
    tap.equal(scene.tried(), ["SCRAM-SHA-256"])


@tap.test("the trace shows no secret and nothing made of it [T-30]")
def trace():
    for service in BOTH:
        for name, handler in (("PLAIN", sasl.plain()), ("LOGIN", sasl.login()),
                              ("CRAM-MD5", lambda x: bool(x.ask(b"<1@x>"))),
                              ("SCRAM-SHA-256", sasl.Scram()), ("XOAUTH2", lambda x: bool(x.first()))):
            auth = {"XOAUTH2": "oauth", "CRAM-MD5": "cram-md5"}.get(name, "auto")
            scene = Scene(service, {name: handler}, auth=auth)
            result = scene.run("--trace")
            tap.contains(result.stderr, ["AUTH " + name, "***"])
            for answer in [b"s3cret"] + scene.place.exchanges[0].answers:
                if answer and not answer.startswith((b"ivan", b"y,,n=")):
                    tap.lacks(result.stderr, base64.b64encode(answer).decode())
            tap.lacks(result.stderr, "s3cret")


@tap.test("after the log-in the secret is nowhere in the program any more, nor in its arguments [T-30]")
def wiped():
    if os.geteuid() != 0:
        tap.skip("only root can look into the program")
    # Long, for what is freed loses its first octets by itself.
    secret = "".join(chr(65 + n * n % 57) if chr(65 + n * n % 57).isalnum() else "x"
                     for n in range(120))
    for service in BOTH:
        for name, auth in (("PLAIN", "plain"), ("LOGIN", "login"), ("SCRAM-SHA-256", "scram"),
                           ("XOAUTH2", "oauth"), ("CRAM-MD5", "cram-md5"), ("USER", "user")):
            if (service, name) == ("smtp", "USER"):
                continue
            handler = {"PLAIN": sasl.plain(secret), "LOGIN": sasl.login(secret),
                       "SCRAM-SHA-256": sasl.Scram(secret), "XOAUTH2": lambda x: bool(x.first()),
                       "CRAM-MD5": lambda x: bool(x.ask(b"<1@x>")), "USER": None}[name]
            seen = {}

            def look(conn, seen=seen):
                pid = seen["pid"]
                seen["memory"] = child.memory(pid)
                status = home.read("/proc/%d/status" % pid).decode()
                seen["locked"] = int(re.search(r"VmLck:\s*(\d+)", status)[1])
                for what in ("cmdline", "environ"):
                    seen["memory"] += home.read("/proc/%d/%s" % (pid, what))
                conn.reply("-ERR no" if service == "pop3" else "451 no")
            faults = [fakemail.Fault("STAT|MAIL .*", look)]
            path = os.path.join(tap.tempdir(), "secret")
            with open(path, "w", encoding="ascii") as file:
                file.write(secret)
            os.chmod(path, 0o600)
            scene = Scene(service, {name: handler} if handler else {}, auth=auth,
                          password="file:" + path, options={"faults": faults})
            scene.place.users["ivan"] = secret
            args = ("home",) if service == "pop3" else ("-t", "-i")
            program = subprocess.Popen(
                scene.home.command("dewey-" + service, *args), env=scene.home.environment(),
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            seen["pid"] = program.pid
            said = program.communicate(LETTER.encode())[1]
            tap.ok("memory" in seen, "no log-in: " + said.decode(errors="replace"))
            tap.ok(b"ivan" in seen["memory"], "the memory was not read")
            tap.ok(seen["locked"] > 0 or tap.sanitized("dewey-" + service),
                   "the secret could have been swapped out")
            for whole in (secret.encode(), base64.b64encode(b"\0ivan\0" + secret.encode()),
                          base64.b64encode(secret.encode())):
                for part in (whole[40:80], whole[-40:]):
                    tap.ok(part not in seen["memory"], "%s %s: %r is there" % (service, name, part))


# --- Lines

@tap.test("the initial response goes with the command where the line has room [T-45]")
def initial_response():
    for service, most in (("pop3", 255), ("smtp", 512)):
        # AUTH PLAIN, the base64 of NUL ivan NUL secret, CRLF.
        room = (most - len("AUTH PLAIN \r\n")) // 4 * 3 - len("\0ivan\0")
        for length, fits in ((room, True), (room + 1, False), (4000, False)):
            scene = Scene(service, {"PLAIN": sasl.plain("x" * length)}, password="x" * length)
            scene.logs_in()
            tap.equal(scene.place.exchanges[0].with_command, fits, "%s %d" % (service, length))
            tap.ok(all(len(x) + 2 <= most for x in scene.place.lines), "a line is too long")


@tap.test("a challenge that cannot be one is cancelled [T-45]")
def garbage():
    for service in BOTH:
        prompt = "+ " if service == "pop3" else "334 "
        for name, text in (("LOGIN", "Username:"), ("CRAM-MD5", "!!!!"), ("CRAM-MD5", ""),
                           ("CRAM-MD5", "PDFAeD4"), ("CRAM-MD5", "PDFAeD5="), ("CRAM-MD5", "\x1b[2J")):
            answers = []

            def ask(x, text=text, answers=answers):
                answers.append(x.say(prompt + text))
                return "-ERR cancelled" if service == "pop3" else "501 5.7.0 cancelled"
            scene = Scene(service, {name: ask}, auth=name.lower())
            scene.fails("log", EX_PROTOCOL)
            tap.equal(answers, [None], name + " " + text)


@tap.test("challenges of servers that are known to be odd: +, +OK, text behind + [1.9, T-32]")
def odd_challenges():
    long = "p" * 300  # too long for the command, so that the server has to ask
    for prompt in ("+", "+OK", "+OK go on", "+ go ahead", "+ "):
        scene = Scene("pop3", {"PLAIN": lambda x: x.say(prompt) == base64.b64encode(
            b"\0ivan\0" + long.encode()).decode()}, password=long)
        result = scene.logs_in()
        tap.lacks(result.stderr, "go ")
        scene = Scene("pop3", {"XOAUTH2": lambda x: bool(x.say(prompt))}, auth="oauth")
        scene.logs_in()
    for prompt in ("+", "+OK", "+OK go on", "+ VXNlcm5hbWU6"):
        scene = Scene("pop3", {"LOGIN": lambda x: (x.say(prompt), x.say(prompt)) ==
                               ("aXZhbg==", "czNjcmV0")})
        scene.logs_in()
    for prompt in ("334", "334 ", "334 go ahead"):
        scene = Scene("smtp", {"XOAUTH2": lambda x: bool(x.say(prompt))}, auth="oauth")
        scene.logs_in()


@tap.test("a server's prompt is never what a person is asked [T-32]")
def prompts():
    for service in BOTH:
        scene = Scene(service, {"LOGIN": lambda x: bool(x.ask(b"Your PIN of the bank:"))},
                      password="prompt:")
        result = scene.run()
        tap.lacks(result.stderr, "PIN")
        tap.contains(result.stderr, "no password: ")


@tap.test("lines of 60 KiB in both directions [T-45, Z6]")
def long_lines():
    for service in BOTH:
        token, big = "t" * 40000, b"x" * 45000
        scene = Scene(service, {"XOAUTH2": lambda x: token.encode() in x.first() and x.ask(big) == b""
                                and False},
                      auth="oauth", password="command:printf %%s '%s'" % token)
        scene.fails("xxxx", EX_NOPERM)
        scene = Scene(service, {"CRAM-MD5": lambda x: bool(x.ask(b"c" * 45000))}, auth="cram-md5")
        scene.logs_in()
        scene = Scene(service, {"CRAM-MD5": lambda x: bool(x.ask(b"c" * 60000))}, auth="cram-md5")
        scene.fails("octets", EX_PROTOCOL)


# --- OAuth

def tokens(scene_path, *values):
    """A command that gives one token after the other, the last for ever."""
    lines = " ".join("'%s'" % v for v in values)
    return ("command:set -- %s; n=$(cat %s/n 2>/dev/null || echo 1); echo $((n + 1)) >%s/n; "
            "[ $n -gt $# ] && n=$#; shift $((n - 1)); echo \"$1\"" % (lines, scene_path, scene_path))


def bearer(good, status=b'{"status":"invalid_\x1b[2Jtoken","schemes":"bearer"}'):
    def handler(x):
        first = x.first()
        token = first.split(b"auth=Bearer ")[1].split(b"\x01")[0].decode()
        x.token = token
        if token == good:
            return True
        x.last = x.ask(status)
        return False
    return handler


@tap.test("OAuth: always in two steps; a refused token is answered, renewed once, and then it is over [T-46]")
def oauth():
    answer = {"XOAUTH2": b"", "OAUTHBEARER": b"\x01"}
    for service in BOTH:
        for name in answer:
            place = tap.tempdir()
            scene = Scene(service, {name: bearer("new"), "PLAIN": sasl.plain()}, auth="oauth",
                          password=tokens(place, "old", "new"))
            scene.logs_in()
            first, second = scene.place.exchanges
            tap.equal((first.token, second.token), ("old", "new"))
            tap.equal(first.last, answer[name])
            tap.ok(not first.with_command and not second.with_command, "in the command")
            scene = Scene(service, {name: bearer("never"), "PLAIN": sasl.plain()}, auth="oauth",
                          password=tokens(tap.tempdir(), "a", "b", "c"))
            result = scene.fails(["invalid_", "token"], EX_NOPERM)
            tap.lacks(result.stderr, "\x1b")
            tap.lacks(result.stderr, "schemes")
            tap.equal([x.token for x in scene.place.exchanges], ["a", "b"])


@tap.test("OAuth: the same token again is not sent; a refusal without a challenge counts as well [T-46, P-25]")
def oauth_same():
    for service in BOTH:
        place = tap.tempdir()
        scene = Scene(service, {"XOAUTH2": bearer("never")}, auth="oauth",
                      password=tokens(place, "same"))
        scene.fails("token", EX_NOPERM)
        tap.equal(len(scene.place.exchanges), 1)
        tap.equal(home.read(os.path.join(place, "n")), b"3\n", "the command ran twice")
        scene = Scene(service, {"XOAUTH2": lambda x: b"Bearer good" in x.first()}, auth="oauth",
                      password=tokens(tap.tempdir(), "bad", "good"))
        scene.logs_in()
        tap.equal(len(scene.place.exchanges), 2)


@tap.test("OAuth: what OAUTHBEARER says, and that no password goes by it unasked [T-40, T-46]")
def oauth_words():
    scene = Scene("pop3", {"XOAUTH2": bearer("t"), "OAUTHBEARER": bearer("t")}, auth="oauth",
                  password="t")
    scene.logs_in()
    tap.equal(scene.tried(), ["OAUTHBEARER"])
    tap.equal(scene.place.exchanges[0].answers,
              [b"n,a=ivan,\x01host=localhost\x01port=%d\x01auth=Bearer t\x01\x01" % scene.server.port])
    scene = Scene("smtp", {"XOAUTH2": bearer("t")}, auth="oauth", password="two words")
    scene.fails("no token may hold")
    tap.equal(scene.tried(), [])


# --- CRAM-MD5, APOP

@tap.test("CRAM-MD5, by name only, with a long password [T-48]")
def cram():
    for service in BOTH:
        for secret in ("s3cret", "длинный пароль" * 10):
            proof = hmac.new(secret.encode(), b"<1@x>", "md5").hexdigest().encode()
            scene = Scene(service, {"CRAM-MD5": lambda x, proof=proof: x.ask(b"<1@x>") == b"ivan " + proof},
                          auth="cram-md5", password=secret)
            scene.logs_in()


APOP = """S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
C: CAPA
S: +OK
S: SASL PLAIN
S: .
"""


def apop_home(script, scheme="pop3s", user="mrose", **account):
    authority = certs.Authority(tap.tempdir())
    server = fakeserver.Server([fakeserver.Script(script)], authority.server(), scheme == "pop3s")
    tap.cleanup(server.stop)
    return server, home.Home({"pop3": "%s://%s@localhost:%d" % (scheme, user, server.port),
                              "tls-ca": authority.pem, "password": "tanstaaf",
                              "pop3-auth": "apop", **account})


@tap.test("APOP: by name, inside TLS, the example of RFC 1939 [T-60, P-05]")
def apop():
    server, place = apop_home(APOP + "C: APOP mrose c4c9334bac560ecc979e58001b3e22fb\nS: +OK\n" + EMPTY)
    place.run("dewey-pop3", "home")
    server.check()
    server, place = apop_home(APOP + "C~ APOP .*\nS: -ERR [AUTH] no\nC: QUIT\nS: +OK\nEOF")
    result = place.run("dewey-pop3", "--trace", "home", status=EX_NOPERM)
    tap.lacks(result.stderr, "c4c9334b")
    server.check()


@tap.test("APOP: a timestamp that was there before is told [T-60]")
def old_stamp():
    script = APOP + "C~ APOP .*\nS: +OK\n" + EMPTY
    other = script.replace("<1896.", "<1897.")
    authority = certs.Authority(tap.tempdir())
    server = fakeserver.Server([fakeserver.Script(x) for x in (script, script, other, script)],
                               authority.server(), True)
    tap.cleanup(server.stop)
    place = home.Home({"pop3": "pop3s://mrose@localhost:%d" % server.port, "password": "x",
                       "tls-ca": authority.pem, "pop3-auth": "apop"})
    told = ["same timestamp" in place.run("dewey-pop3", "home").stderr for _ in range(4)]
    tap.equal(told, [False, True, False, False])
    server.check()


@tap.test("APOP: not without TLS, not with a timestamp of before TLS, not with any other text [T-60, T-21]")
def no_apop():
    server, place = apop_home(APOP + "EOF", "pop3+insecure")
    tap.contains(place.run("dewey-pop3", "home", status=EX_CONFIG).stderr, "inside TLS only")
    server.check()
    server, place = apop_home(APOP.replace("S: SASL PLAIN", "S: STLS") + "C: STLS\nS: +OK\nTLS\n"
                              "C: CAPA\nS: +OK\nS: .\nEOF", "pop3")
    tap.contains(place.run("dewey-pop3", "home", status=EX_CONFIG).stderr, "without a timestamp")
    server.check()
    for stamp in ("", "<x>", "<a@b", "<a\\x80b@c>", "<a b@c>", "<%s@b>" % ("a" * 250), "<a@b><c@d>"):
        script = APOP.replace("S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>",
                              "S-raw: +OK hi %s\\r\\n" % stamp)
        server, place = apop_home(script + "EOF")
        result = place.run("dewey-pop3", "home", status=EX_CONFIG)
        tap.contains(result.stderr, "without a timestamp")
        server.check()


# --- USER and PASS

@tap.test("USER and PASS by name; what cannot stand in them is not sent [P-04, P-25, Z6]")
def user_pass():
    hello = "S: +OK\nC: CAPA\nS: +OK\nS: SASL PLAIN SCRAM-SHA-256\nS: USER\n%sS: .\n"
    server, place = apop_home(hello % "" + "C: USER mrose\nS: +OK\nC: PASS with  spaces\nS: +OK\n"
                              + EMPTY, **{"pop3-auth": "user", "password": "with  spaces"})
    place.run("dewey-pop3", "home")
    server.check()
    for secret in ("пароль", "x" * 249):
        server, place = apop_home(hello % "" + "EOF", **{"pop3-auth": "user", "password": secret})
        place.run("dewey-pop3", "home", status=EX_CONFIG)
        server.check()
    # No PASS where USER was refused.
    server, place = apop_home(hello % "" + "C: USER mrose\nS: -ERR [AUTH] who\nC: QUIT\nS: +OK\nEOF",
                              **{"pop3-auth": "user"})
    place.run("dewey-pop3", "home", status=EX_NOPERM)
    server.check()
    server, place = apop_home(hello % "S: UTF8 USER\n" + "C: UTF8\nS: +OK\nC: USER mrose\nS: +OK\n"
                              "C: PASS пароль\nS: -ERR [AUTH] no\nC: QUIT\nS: +OK\nEOF",
                              **{"pop3-auth": "user", "password": "пароль"})
    place.run("dewey-pop3", "home", status=EX_NOPERM)
    server.check()


@tap.test("in clear the password goes only where the server says that it takes one [P-15, P-04]")
def not_blindly():
    script = "S: +OK\nC: CAPA\nS: +OK\nS: SASL NTLM X-FOO\n%sS: .\n"
    server = fakeserver.Server([fakeserver.Script(script % "" + "EOF")])
    tap.cleanup(server.stop)
    account = {"password": "command:echo asked >&2; echo tanstaaf"}
    place = home.Home({"pop3": "pop3+insecure://mrose@localhost:%d" % server.port, **account})
    result = place.run("dewey-pop3", "home", status=EX_UNAVAILABLE)
    tap.contains(result.stderr, "offers no way to log in")
    tap.lacks(result.stderr, "asked")
    server.check()
    # Inside TLS it is no risk to try.
    server, place = apop_home(script % "" + "C: USER mrose\nS: +OK\nC: PASS tanstaaf\nS: +OK\n" + EMPTY,
                              **{"pop3-auth": "auto"})
    place.run("dewey-pop3", "home")
    server.check()


# --- One's own certificate

@tap.test("a client certificate that cannot be used stops before anything is said [T-40, T-30]")
def bad_identity():
    directory = tap.tempdir()
    authority = certs.Authority(directory)
    mine, other = (authority.server(n, [], "/CN=ivan", usage="clientAuth") for n in ("mine", "other"))
    open_key = os.path.join(directory, "open.key")
    with open(open_key, "wb") as file:
        file.write(home.read(mine.key))
    os.chmod(open_key, 0o644)
    locked = os.path.join(directory, "locked.key")
    tap.succeeds(["openssl", "ec", "-in", mine.key, "-aes128", "-passout", "pass:x", "-out", locked])
    os.chmod(locked, 0o600)
    for cert, key, words in ((mine.cert, open_key, "chmod 600"), (mine.cert, locked, "is encrypted"),
                             (mine.cert, other.key, "belongs to another"),
                             (mine.cert, mine.cert, "chmod 600"),
                             (mine.key, mine.key, "no certificate in PEM"),
                             (mine.cert, directory + "/none", "No such file"),
                             (directory + "/none", mine.key, "No such file")):
        for service in BOTH:
            scene = Scene(service, {"EXTERNAL": sasl.refusing("no")}, tls_cert=cert, tls_key=key)
            scene.fails(words, EX_CONFIG)
            tap.equal(scene.place.lines, [])


@tap.test("EXTERNAL: the certificate is shown, the user named; refused, a password may follow [T-40, P-25]")
def external():
    directory = tap.tempdir()
    authority = certs.Authority(directory)
    mine = authority.server("mine", [], "/CN=ivan", usage="clientAuth")
    for service in BOTH:
        scene = Scene(service, {"EXTERNAL": lambda x: x.first() == b"ivan", "PLAIN": sasl.plain()},
                      tls_cert=mine.cert, tls_key=mine.key,
                      password="command:echo asked >&2; echo s3cret")
        result = scene.logs_in()
        tap.equal(scene.tried(), ["EXTERNAL"])
        tap.lacks(result.stderr, "asked")
        scene = Scene(service, {"EXTERNAL": lambda x: x.first() != b"ivan", "PLAIN": sasl.plain()},
                      tls_cert=mine.cert, tls_key=mine.key)
        scene.logs_in()
        tap.equal(scene.tried(), ["EXTERNAL", "PLAIN"])
        scene = Scene(service, {"EXTERNAL": lambda x: x.first() != b"ivan", "PLAIN": sasl.plain()},
                      tls_cert=mine.cert, tls_key=mine.key, auth="external")
        scene.fails("cannot log in")
        tap.equal(scene.tried(), ["EXTERNAL"])


tap.main()
