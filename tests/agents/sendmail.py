#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dewey-smtp as a sendmail: what CHECKLIST 2.8 asks, row by row."""
import os
import pwd
import re
import signal
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import child
import fakeserver
import home
import servers
import tap
from pop3scene import serve
from smtpscene import HELD, LETTER, ONE_LETTER, QUEUED, Scene, queue_letter

EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_NOUSER, EX_NOHOST, EX_UNAVAILABLE = 64, 65, 66, 67, 68, 69
EX_SOFTWARE, EX_CANTCREAT, EX_IOERR, EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = \
    70, 73, 74, 75, 76, 77, 78
LOGIN = pwd.getpwuid(os.getuid()).pw_name


@tap.test("what is missing is added, what is there is left alone [2.8 stdin, 2.8 -f]")
def completion():
    scene = Scene()
    scene.send("To: a@b\n\nx\n", args=("-t", "-F", "Other, Name"))
    data = scene.sink.letters[0][2].decode()
    tap.ok(re.search(r'(?m)^From: "Other, Name" <ivan@peer.test>\r$', data), data)
    tap.ok(re.search(r"(?m)^Message-ID: <[a-z2-7]{25}@peer.test>\r$", data), data)
    tap.ok(re.search(r"(?m)^Date: \w{3}, \d+ \w{3} \d{4} [\d:]{8} [+-]\d{4}\r$", data), data)
    scene.send("From a@b Mon\nFrom: =?utf-8?q?x?= <y@z>\nDate: d\nMessage-Id: <i@d>\nTo: a@b\n\nx\n",
               args=("-t", "-F", "Nobody"))
    tap.equal(scene.sink.letters[1][2],
              b"From: =?utf-8?q?x?= <y@z>\r\nDate: d\r\nMessage-Id: <i@d>\r\nTo: a@b\r\n\r\nx\r\n")
    scene.send("hello\n", args=("a@b",))
    tap.ok(scene.sink.letters[2][2].endswith(b"\r\n\r\nhello\r\n"), "no header")
    scene.send("Date:\nMessage-ID: \n \nfrom:\nTo: a@b\n\nx\n")
    fields = re.findall(r"(?m)^([^\s:]+):(.*)\r$", scene.sink.letters[3][2].decode())
    tap.equal([(name, value != "") for name, value in fields],
              [(name, True) for name in ("Date", "Message-ID", "From", "To")], "empty fields")
    tap.equal(scene.home.ledger("SELECT count(*) FROM outbox WHERE message_id LIKE '%@peer.test'"),
              [(3,)])


@tap.test("senders, recipients and status of the command line [2.8 recipients, 2.8 -t, 2.8 -f, S-68]")
def face():
    rows = [
        (("a@b", "c@d"), LETTER, 0, ("ivan@peer.test", ["a@b", "c@d"])),
        (("-t", "x@y"), "To: a@b\n\n", 0, ("ivan@peer.test", ["x@y", "a@b"])),
        (("-oi", "-f", "", "a@b"), "\nx\n", 0, ("", ["a@b"])),
        (("-fz@z", "a@b"), "\nx\n", 0, ("z@z", ["a@b"])),
        (("-r", "z@z", "--", "-f@b.test", "-oQ@b.test"), "\nx\n", 0,
         ("z@z", ["-f@b.test", "-oQ@b.test"])),
        (("-f", "<>", "a@b"), "\nx\n", 0, ("", ["a@b"])),
        (("a@B", "a@b", "A@b"), "\nx\n", 0, ("ivan@peer.test", ["a@B", "A@b"])),
        (("a@пример.рф",), "\nx\n", 0, ("ivan@peer.test", ["a@xn--e1afmkfd.xn--p1ai"])),
        (("<@a,@b:c@d>",), "\nx\n", 0, ("ivan@peer.test", ["c@d"])),
        (("-t",), "Subject: x\n\n", EX_USAGE, None),
        ((), "To: a@b\n\n", EX_USAGE, None),
        (("-bs",), "", EX_USAGE, None),
        (("nobody-here",), "\nx\n", EX_DATAERR, None),
        (("--", "-f"), "\nx\n", EX_DATAERR, None),
        (("a@b\r\nRCPT TO:<x@y>",), "\nx\n", EX_DATAERR, None),
        (("-f", "a b@c", "a@b"), "\nx\n", EX_DATAERR, None),
        (("-a", "nobody", "a@b"), "\nx\n", EX_USAGE, None),
    ]
    for args, letter, status, envelope in rows:
        scene = Scene()
        result = scene.send(letter, status=status, args=args)
        tap.equal([x[:2] for x in scene.sink.letters], [envelope] if envelope else [], str(args))
        if status:
            tap.ok(result.stderr.startswith("dewey-smtp: "), "a reason for %s" % (args,))
            tap.ok(not os.path.exists(scene.home.mail + "/.dewey/ledger.db") or not scene.states(),
                   "nothing is queued")
    empty = home.Home({"smtp": None, "pop3": "pop3s://ivan@localhost"})
    empty.run("dewey-smtp", "a@b", input="\nx\n", status=EX_CONFIG)


@tap.test("a lone dot ends the letter, but not with -i [2.8 -i]")
def lone_dot():
    scene = Scene()
    scene.send("To: a@b\n\nx\n.\ny\n", args=("-t",))
    scene.send("To: a@b\n\nx\n.\ny\n", args=("-t", "-oi"))
    tap.ok(scene.sink.letters[0][2].endswith(b"\r\n\r\nx\r\n"), "without -i")
    tap.ok(scene.sink.letters[1][2].endswith(b"\r\n\r\nx\r\n.\r\ny\r\n"), "with -i")


@tap.test("a person types: the lone dot ends it at once, a signal leaves nothing behind")
def typed():
    scene = Scene()
    agent = child.start(scene.home, "dewey-smtp", "-t")
    agent.stdin.write("To: a@b\nSubject: typed\n\nx\n.\n")
    agent.stdin.flush()
    tap.equal(agent.wait(60), 0, "with the input still open")
    tap.ok(scene.sink.letters[0][2].endswith(b"\r\n\r\nx\r\n"), "the letter")
    agent = child.start(scene.home, "dewey-smtp", "-t")
    agent.stdin.write("To: a@b\nSubject: never mind\n\n")
    agent.stdin.flush()
    place = os.path.join(scene.home.mail, ".dewey", "outbox")
    while not os.listdir(place):  # it has read the header
        tap.equal(agent.poll(), None, "exit status")
    agent.send_signal(signal.SIGINT)
    tap.equal(agent.wait(60), EX_TEMPFAIL, "exit status")
    tap.equal(len(scene.states()), 1, "letters in the outbox")
    tap.equal(os.listdir(place), [], "files")


# --- names without a domain

@tap.test("'root' and others without a domain: whose they are is known, or it is an error")
def local_names():
    scene = Scene()
    letter = "From: %s (Cron Daemon)\nTo: %s\nSubject: x\n\nx\n" % (LOGIN, LOGIN)
    scene.send(letter, args=("-i", "-FCronDaemon", "-B8BITMIME", "-oem", LOGIN))
    sender, recipients, data = scene.sink.letters[0]
    tap.equal((sender, recipients), ("ivan@peer.test", ["ivan@peer.test"]))
    tap.contains(data, [b"\r\nFrom: Cron Daemon <ivan@peer.test>\r\n",
                        b"\r\nTo: %s <ivan@peer.test>\r\n" % LOGIN.encode()])
    result = scene.send("\nx\n", EX_DATAERR, args=("nobody-here",))
    tap.contains(result.stderr, ["'nobody-here' has no domain", "local = ADDRESS", "deweyrc"])
    rc = home.read(scene.home.rc).decode()
    with open(scene.home.rc, "w", encoding="utf-8") as file:
        file.write(rc.replace("[dewey]\n", "[dewey]\nlocal = admin@peer.test\n"))
    scene.send("To: www-data, a@b\n\nx\n", args=("-t", "-f", "www-data", "root"))
    tap.equal(scene.sink.letters[1][:2], ("admin@peer.test", ["admin@peer.test", "a@b"]))
    tap.contains(scene.sink.letters[1][2], b"To: www-data <admin@peer.test>, a@b\r\n")


# --- options that ask something of the server

@tap.test("options about how a sendmail of old does its work: taken, or refused with a reason [2.8 -bs]")
def other_options():
    scene = Scene()
    scene.send(args=("-t", "-om", "-oem", "-oee", "-odb", "-odq", "-oi", "-v", "-m", "-n", "-h", "3",
                     "-G", "-L", "x", "-Ac", "-U", "-em", "-bm"))
    tap.equal(len(scene.sink.letters), 1)
    for option in ("-bs", "-bd", "-bi", "-bt", "-C/etc/x", "-OTimeout=1", "-X/tmp/x", "-Nsometimes",
                   "-Rall", "-Va b", "-BBINARYMIME"):
        result = scene.send(status=EX_USAGE, args=("-t", option))
        tap.ok(result.stderr.startswith("dewey-smtp: "), "a reason for " + option)
    tap.equal(len(scene.states()), 1)


@tap.test("-N -R -V -B and --require-tls lie in the outbox with the letter [S-14, S-17]")
def kept():
    scene = Scene()
    scene.home.write({"smtp": "smtp+insecure://127.0.0.1:%d" % servers.free_ports(1)[0]})
    rows = [((), 0, None), (("-Nfailure,delay", "-Rhdrs", "-Vx+1"), 2 + 4 + 32 + 256, "x+1"),
            (("-N", "never", "-Rfull"), 8 + 16 + 256, None), (("-B8BITMIME",), 512, None),
            (("--require-tls",), 64, None)]
    for args, _, _ in rows:
        scene.send(args=("-t", *args))
    tap.equal(scene.home.ledger("SELECT options, envid FROM outbox ORDER BY id"),
              [(bits, envid) for _, bits, envid in rows])


@tap.test("-N -R -V -B reach a server that knows them, and no other, which is said [2.8 -B, S-14, S-17]")
def asked():
    scene = Scene(capabilities=("DSN", "8BITMIME"))
    letter = "To: a@b\nSubject: Счёт\n\nПривет\n"
    scene.send(letter, args=("-t", "-Nfailure,delay", "-Rhdrs", "-Vx+1=2", "-B8BITMIME"))
    scene.send(letter, args=("-t", "-N", "never", "-Rfull", "-B7BIT"))
    scene.send(letter)
    lines = [x for x in scene.sink.lines if x[:4] in ("MAIL", "RCPT")]
    for line, words in zip(lines, (["BODY=8BITMIME", "RET=HDRS", "ENVID=x+2B1+3D2"],
                                   ["NOTIFY=FAILURE,DELAY"], ["BODY=8BITMIME", "RET=FULL"],
                                   ["NOTIFY=NEVER"], ["BODY=8BITMIME"])):
        tap.equal(sorted(w for w in line.split(" ")[2:] if not w.startswith("ORCPT=")), sorted(words))
    tap.ok(re.fullmatch("RCPT TO:<a@b>( ORCPT=.*)?", lines[5]), lines[5])
    scene = Scene({"notify": "success, delay", "return": "headers"}, capabilities=("DSN",))
    scene.send("To: a@b\n\nx\n")
    scene.send("To: a@b\n\nx\n", args=("-t", "-Nnever"))
    lines = [x for x in scene.sink.lines if x[:4] in ("MAIL", "RCPT")]
    for line, word in zip(lines, ("RET=HDRS", "NOTIFY=SUCCESS,DELAY", "RET=HDRS", "NOTIFY=NEVER")):
        tap.contains(line.split(" "), word)
    plain = Scene()
    result = plain.send(letter, args=("-t", "-Nfailure", "-Rfull", "-Vx"))
    tap.contains(result.stderr, ["Счёт", "without delivery reports"])
    tap.ok(not re.search("RET=|ENVID=|NOTIFY=|ORCPT=", "\n".join(plain.sink.lines)), "DSN")
    result = plain.send(letter, EX_UNAVAILABLE, args=("-t", "--require-tls"))
    tap.contains(result.stderr, "REQUIRETLS")
    tap.equal(len(plain.sink.letters), 1)


# --- later, and the queue

@tap.test("--at: the letter waits, and goes with -q once its time has come")
def later():
    scene = Scene()
    result = scene.send(args=("-t", "--at", "завтра в 9"))
    tap.contains(result.stderr, ["queued as item 1", "tomorrow 09:00", "dewey-smtp -q"])
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.sink.letters, [])
    scene.make_due()
    scene.home.run("dewey-smtp", "-q")
    tap.equal(len(scene.sink.letters), 1)
    result = scene.send("", EX_USAGE, args=("-t", "--at=at some time"))
    tap.contains(result.stderr, "some")
    tap.equal(len(scene.states()), 1)


@tap.test("--server-holds: the server waits where it can; else the letter waits here [S-16]")
def server_holds():
    asked = ("-t", "--server-holds", "--at", "in 2 hours")
    soon = Scene(capabilities=("FUTURERELEASE 86400 2036-01-01T00:00:00Z",))
    result = soon.send(args=asked)
    tap.lacks(result.stderr, "dewey-smtp -q")
    tap.ok(any(re.search(r" HOLD(FOR=7\d\d\d|UNTIL=)", x) for x in soon.sink.lines), soon.sink.lines)
    tap.equal(len(soon.sink.letters), 1)
    for scene in (Scene(), Scene(capabilities=("FUTURERELEASE 60 2036-01-01T00:00:00Z",))):
        result = scene.send(args=asked)
        tap.contains(result.stderr, ["queued as item 1", "dewey-smtp -q"])
        tap.equal((scene.sink.letters, scene.states()), ([], [QUEUED]))
        scene.home.run("dewey-smtp", "-q")
        tap.equal(scene.sink.letters, [])
    tap.contains(scene.send(status=EX_USAGE, args=("-t", "--server-holds")).stderr, "--at")


def mailq(scene, name="mailq"):
    path = os.path.join(scene.home.path, name)
    if not os.path.exists(path):
        os.symlink(tap.program("dewey-smtp"), path)
    args = [] if name == "mailq" else ["-bp"]
    return tap.succeeds([path, *args],
                        env={**scene.home.environment(), "DEWEYRC": scene.home.rc}).stdout


@tap.test("mailq: states, times, who has it and what was said, nothing of it an escape; status 0 [2.8 -bp]")
def queue_list():
    scene = Scene(refused={"green@b.test": "550 5.1.1 No such user\x1b[2J",
                           "late@b.test": "450 4.2.0 mailbox busy"})
    tap.equal(mailq(scene), "Mail queue is empty\n")
    scene.send("To: jones@b.test, green@b.test\nSubject: Счёт\x1b[2J\n\nx\n", EX_NOUSER)
    scene.send("To: late@b.test\nSubject: second\n\nx\n")
    scene.send("To: a@b\nSubject: third\n\nx\n", args=("-t", "--at", "tomorrow 9:00"))
    # What the ledger has is not always what was checked on its way there.
    scene.change("UPDATE recipient SET reply = reply || ? WHERE reply LIKE '450%'", "\x1b[2J")
    scene.change("UPDATE outbox SET error = error || ? WHERE id = 2", "\x1b[2J")
    for name in ("mailq", "sendmail"):
        listed = mailq(scene, name)
        tap.lacks(listed, "\x1b")
        first, second, third = re.split(r"(?m)^(?=\d)", listed)[1:]
        tap.contains(first, ["1  held", "home  <ivan@peer.test>", "    Счёт", "sent: jones@b.test",
                             "refused: green@b.test  550 5.1.1 No such user", "tried 1 time"])
        tap.contains(second, ["2  waiting", "    second", "tried 1 time", "to be sent today",
                              "later: late@b.test  450 4.2.0 mailbox busy"])
        tap.contains(third, ["3  waiting", "to be sent tomorrow 09:00", "waiting: a@b",
                             "-- 3 letters, "])


# --- several at once, and letters sent on

@tap.test("twelve programs at once: each letter is queued, and goes once [S-53]")
def at_once():
    scene = Scene()
    agents = [child.start(scene.home, "dewey-smtp", "p%d@b.test" % n) for n in range(12)]
    for agent in agents:
        agent.stdin.write("Subject: x\n\nx\n")
        agent.stdin.close()
    tap.equal([agent.wait(120) for agent in agents], [0] * 12, "exit status")
    scene.home.run("dewey-smtp", "-q")
    tap.equal(scene.copies(), {"p%d@b.test" % n: 1 for n in range(12)})


@tap.test("a letter sent on: the newest Resent block alone says who reads it, no octet is changed [S-63]")
def resent():
    scene = Scene()
    letter = ("Resent-From: ivan@peer.test\nResent-To: a@b\nResent-Bcc: c@d\nResent-Date: x\n"
              "Resent-To: older@b\nFrom: x@y\nTo: first@b\nDate: d\nMessage-ID: <i@y>\n"
              "DKIM-Signature: v=1;\n  b=x\n\n x \n")
    scene.send(letter)
    _, recipients, data = scene.sink.letters[0]
    tap.equal(recipients, ["a@b", "c@d"])
    tap.equal(data.decode(), letter.replace("Resent-Bcc: c@d\n", "").replace("\n", "\r\n"))


# --- exit status

@tap.test("status 66: no letter, or what cannot be read; nothing else is read in its place")
def no_input():
    scene = Scene()
    tap.contains(scene.send("", EX_NOINPUT, args=("a@b",)).stderr, "no letter on standard input")
    command = scene.home.command("dewey-smtp", "a@b")
    env = scene.home.environment()
    with subprocess.Popen(command, stdin=os.open("/", os.O_RDONLY), stderr=subprocess.PIPE,
                          env=env) as agent:
        tap.contains(agent.communicate()[1], b"standard input cannot be read")
        tap.equal(agent.returncode, EX_NOINPUT, "a directory")
    for closed in ("<&-", "<&- >&-", "<&- >&- 2>&-"):
        tap.succeeds(["sh", "-c", 'exec "$@" ' + closed, "sh", *command], EX_NOINPUT, env=env)
    tap.equal(scene.sink.letters, [])
    scene.send()
    tap.equal(len(scene.sink.letters), 1, "the store is whole")


@tap.test("status 67, 68 and 69: no such user, no such domain, the letter refused [S-40, S-46]")
def refusals():
    rows = [({"a@b": "550 5.1.1 no such user"}, EX_NOUSER),
            ({"a@b": "550 5.1.2 no such domain"}, EX_NOHOST),
            ({"a@b": "550 5.1.2 no such domain", "c@d": "550 5.1.1 no"}, EX_NOUSER),
            ({"a@b": "450 4.2.0 later", "c@d": "450 4.2.0 later"}, 0)]
    for refused, status in rows:
        scene = Scene(refused=refused)
        scene.send("To: a@b, c@d\n\nx\n", status)
    scene = Scene(capabilities=("SIZE 1000",))
    scene.send(LETTER + ("x" * 49 + "\n") * 40, status=EX_UNAVAILABLE)
    tap.equal(scene.states(), [HELD])


@tap.test("--tls-optional: TLS-Required: No, once, and before what the dotfile wants of all [S-17]")
def tls_optional():
    for letter in (LETTER, "TLS-Required: No\n" + LETTER):
        scene = Scene(account={"require-tls": "yes"})
        scene.send(letter, args=("-t", "--tls-optional"))
        (sent,) = scene.sink.letters
        tap.equal(sent[2].lower().count(b"tls-required: no\r\n"), 1)
        tap.equal(scene.home.ledger("SELECT options & 64 FROM outbox"), [(0,)])
    result = Scene().send(status=EX_USAGE, args=("-t", "--tls-optional", "--require-tls"))
    tap.contains(result.stderr, "exclude each other")
    scene = Scene()
    scene.send()
    tap.lacks(scene.sink.letters[0][2].lower(), b"tls-required")


def answered(lines, status, url="smtp+insecure://"):
    """A letter that lies in the outbox, and what -q says of this server."""
    scene = Scene()
    queue_letter(scene, ONE_LETTER)
    server = serve([fakeserver.Script(lines)])
    scene.home.write({"smtp": "%s127.0.0.1:%d" % (url, server.port)})
    scene.home.run("dewey-smtp", "-q", status=status)
    tap.equal(scene.home.ledger("SELECT count(*) FROM recipient WHERE state = 0"), [(1,)])
    tap.equal(len(os.listdir(os.path.join(scene.home.mail, ".dewey", "outbox"))), 1)


@tap.test("status 76: no SMTP, or no TLS; 77: the log-in; the letter stays in the outbox [2.8 exit]")
def protocol_and_login():
    answered("S: 220 x\nC~ EHLO .*\nS: hello\n", EX_PROTOCOL)
    answered("S: +OK POP3\n", EX_PROTOCOL)
    answered("S: 220 x\nC~ EHLO .*\nS: 250 x\n", EX_PROTOCOL, "smtp://")
    answered("S: 220 x\nC~ EHLO .*\nS: 250-x\nS: 250 AUTH PLAIN\nC~ AUTH PLAIN .*\nS: 535 5.7.8 no\n"
             "C: QUIT\nS: 221 x\n", EX_NOPERM, "smtp+insecure://ivan@")


@tap.test("status 70: the front end is of another version; nothing is done [2.8 exit]")
def version():
    scene = Scene()
    result = tap.succeeds(scene.home.command("dewey-smtp", "--wire"), EX_SOFTWARE,
                          input='{"do":"hello","version":999}\n', env=scene.home.environment())
    tap.contains(result.stdout, '"version"')
    tap.equal(scene.server.connections, [])


@tap.test("status 73: the queue cannot be made; 74: the disk cannot be written; nothing is queued [2.8 exit]")
def disk():
    scene = Scene()
    blocked = home.Home({"smtp": "smtp+insecure://127.0.0.1:%d" % scene.server.port})
    with open(blocked.mail, "wb"):
        pass
    result = blocked.run("dewey-smtp", "-t", input=LETTER, status=EX_CANTCREAT)
    tap.contains(result.stderr, "dewey-smtp: ")
    scene.send()
    limit = 'ulimit -f 4096; exec "$@"'  # 512 octets each
    result = tap.succeeds(["bash", "-c", limit, "sh", *scene.home.command("dewey-smtp", "a@b")],
                          EX_IOERR, input="\n" + "x" * 79 + "\n" + ("y" * 79 + "\n") * 60000,
                          env=scene.home.environment())
    tap.contains(result.stderr, "the letter is not queued: write: File too large")
    tap.equal(len(scene.states()), 1)
    tap.equal(os.listdir(os.path.join(scene.home.mail, ".dewey", "outbox")), [])


@tap.test("status 75: another program keeps the store for itself; nothing is queued")
def busy():
    scene = Scene()
    scene.send()
    place = os.path.join(scene.home.mail, ".dewey")
    db = sqlite3.connect(os.path.join(place, "ledger.db"), isolation_level=None)
    tap.cleanup(db.close)
    db.execute("BEGIN EXCLUSIVE")
    result = scene.send(status=EX_TEMPFAIL)
    db.execute("ROLLBACK")
    tap.contains(result.stderr, "the letter is not queued")
    tap.equal((len(scene.states()), os.listdir(os.path.join(place, "outbox"))), (1, []))
    scene.send()
    tap.equal(len(scene.sink.letters), 2)


@tap.test("status 0 without a network: queued; 77 and 78 only where a person has to act [S-54]")
def unsent():
    scene = Scene()
    scene.home.write({"smtp": "smtps://nowhere.invalid"})
    tap.contains(scene.send().stderr, "queued as item 1")
    tap.equal(scene.states(), [QUEUED])
    with open(scene.home.rc, "a", encoding="utf-8") as file:
        file.write("nonsense\n")
    scene.send(status=EX_CONFIG)
    tap.equal(scene.states(), [QUEUED])


# --- size

@tap.test("a letter of 100 MB goes into the queue in a few megabytes of memory")
def large():
    scene = Scene()
    scene.home.write({"smtp": "smtp+insecure://127.0.0.1:%d" % servers.free_ports(1)[0]})
    if tap.sanitized("dewey-smtp"):
        tap.skip("AddressSanitizer needs memory of its own")
    line = b"x" * 75 + b"\r\n"
    agent = subprocess.Popen(scene.home.command("dewey-smtp", "-i", "a@b"), stdin=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=scene.home.environment())
    with agent.stdin as pipe:
        pipe.write(b"Subject: large\r\n\r\n")
        for _ in range(1400):
            pipe.write(line * 1000)
    _, status, usage = os.wait4(agent.pid, 0)
    agent.returncode = os.waitstatus_to_exitcode(status)
    tap.equal(agent.returncode, 0)
    [(size,)] = scene.home.ledger("SELECT size FROM outbox")
    tap.ok(size > 1400 * 1000 * 76, "size %d" % size)
    tap.ok(usage.ru_maxrss < 40 * 1024, "%d KB of memory" % usage.ru_maxrss)


tap.main()
