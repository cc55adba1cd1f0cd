#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Programs that send through a sendmail, with dewey-smtp in its place and Postfix
behind it: git, mutt, s-nail and cron.  What they hand in is what arrives, octet by
octet, at those whom they name, once [2.8]."""
import collections
import email
import email.policy
import os
import pwd
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import caller
import certs
import home
import servers
import tap

DOMAIN = "@" + servers.DOMAIN
PEOPLE = ("jones", "brown", "olga", "vera", "ivan")


class Scene:
    """Postfix, a home that sends through it, and what others take for sendmail."""

    def __init__(self, **account):
        authority = certs.Authority(tap.tempdir())
        pair = authority.server()
        self.server = servers.Postfix(pair, servers.Dovecot(pair))
        self.home = home.Home({"smtp": "smtp://ivan@localhost:%d" % self.server.port,
                               "tls-ca": authority.pem, "password": "secret", **account})
        self.sendmail = caller.Recorder(self.home)

    def run(self, command, status=0, **options):
        env = {**self.home.environment(), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
               "GIT_CONFIG_GLOBAL": "/dev/null", "EMAIL": "ivan" + DOMAIN, "TERM": "dumb"}
        options.update(env=env, cwd=self.home.path)
        return (tap.run(command, **options) if status is None
                else tap.succeeds(command, status, **options))

    def arrived(self, wanted):
        """{mailbox: [letter]}, when each has as many as wanted says; (envelope sender,
        recipient, octets) each."""
        found = {}
        for user in PEOPLE:
            letters = self.server.wait(user, wanted[user]) if wanted[user] else \
                self.server.letters(user)
            found[user] = [(trace(data, "Return-Path").strip("<>"), trace(data, "X-Original-To"),
                            servers.without_trace(data)) for data in letters]
        return found


def trace(data, name):
    """The topmost field of that name, which Postfix has put there."""
    return re.search(rb"(?mi)^%s: *(.*)$" % name.encode(), data).group(1).decode()


def parsed(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def message_id(data):
    return str(parsed(data)["Message-ID"])


def recipients(call):
    """The words behind the options, as these programs write them."""
    return [a for a in call.args if "@" in a and not a.startswith("-")]


def settled(data):
    """As octets arrive: line ends, and one at the end."""
    data = data.replace(b"\r\n", b"\n")
    return data if data.endswith(b"\n") else data + b"\n"


def check(scene, envelopes, added=(), sender="ivan" + DOMAIN):
    """What arrived against what was handed in: envelope by envelope, octet by octet.
    envelopes: the people each letter goes to; added: fields that dewey-smtp adds."""
    calls = scene.sendmail.calls()
    tap.equal([c.status for c in calls], [0] * len(envelopes), "exit status")
    wanted = collections.Counter(p for people in envelopes for p in people)
    found = scene.arrived(wanted)
    handed = {}
    for call, people in zip(calls, envelopes):
        handed[subject_and_id(call.letter)] = settled(call.letter)
    for user in PEOPLE:
        letters = found[user]
        tap.equal(len(letters), wanted[user], "letters of " + user)
        for mail_from, rcpt, data in letters:
            tap.equal((mail_from, rcpt), (sender, user + DOMAIN), "envelope")
            whole = data
            for name in added:
                whole, n = re.subn(rb"(?m)\A((?:[\w-]+: .*\n)*?)%s: .*\n" % name.encode(), rb"\1",
                                   whole)
                tap.equal(n, 1, name + " was added")
            tap.equal(whole, handed[subject_and_id(whole)], "octets for " + user)
    for people, call in zip(envelopes, calls):
        key = subject_and_id(call.letter)
        have = [u for u in PEOPLE
                if any(subject_and_id(d) == key for _, _, d in found[u])]
        tap.equal(sorted(have), sorted(people), "who has '%s'" % (key,))
    tap.equal(len(scene.home.folder("Sent")), len(envelopes), "Sent copies")
    tap.equal(set(scene.home.recipients().values()), {"sent"})


def subject_and_id(data):
    """What tells these letters apart, whether there is a Message-ID or not."""
    head = data.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    return re.search(rb"(?mi)^Subject: .*(\n[ \t].*)*", head).group(0)


# --- git

NAMES = ("Иван Петров", "Ольга Ёлкина", "Джонс Бэйкер")


def repository(scene, patches):
    """A tree of so many commits with Russian names and texts, and its patches."""
    def git(*words, author=None):
        who = author or "Иван Петров"
        name = ["-c", "user.name=" + who, "-c", "user.email=ivan" + DOMAIN]
        return scene.run([tap.tool("git", "git"), *name, *words]).stdout
    git("init", "-q", "-b", "main", ".")
    git("commit", "-q", "--allow-empty", "-m", "root")
    for n in range(patches):
        with open(os.path.join(scene.home.path, "текст"), "a", encoding="utf-8") as file:
            file.write("строка %d\n.\nFrom here\n..%s\n" % (n, "ё" * n))
        git("add", "текст")
        git("commit", "-q", "-m", "Правка %d: ещё одна строка, и о том, что длинная тема "
            "переносится\n\nПодробно.\n.\nКонец." % n, author=NAMES[n % 3])
    git("format-patch", "-q", "-%d" % patches, "--cover-letter", "-o", "out",
        "--to=Джонс <jones%s>" % DOMAIN, "--to=brown" + DOMAIN, "--cc=Ольга <olga%s>" % DOMAIN)
    place = os.path.join(scene.home.path, "out")
    names = sorted(os.listdir(place))
    cover = os.path.join(place, names[0])
    text = home.read(cover).decode().replace("*** SUBJECT HERE ***", "Тридцать правок")
    with open(cover, "w", encoding="utf-8") as file:
        file.write(text.replace("*** BLURB HERE ***", "О чём это."))
    return [os.path.join("out", name) for name in names]


def send_email(scene, files, *more, status=0):
    if tap.run(["perl", "-MMail::Address", "-e1"]).returncode != 0 or \
            not os.path.exists("/usr/lib/git-core/git-send-email"):
        tap.skip("git send-email is not there (packages git-email, libmailtools-perl)")
    return scene.run(["git", "-c", "user.name=Иван Петров", "-c", "user.email=ivan" + DOMAIN,
                      "send-email", "--sendmail-cmd=" + scene.sendmail.path, "--quiet",
                      "--confirm=never", "--from=Иван Петров <ivan%s>" % DOMAIN,
                      "--suppress-cc=all", *more, *files], status)


@tap.test("git send-email: 30 patches and a cover letter, Russian names, To, Cc and Bcc")
def git_series():
    scene = Scene()
    files = repository(scene, 30)
    tap.equal(len(files), 31)
    send_email(scene, files, "--to=jones" + DOMAIN, "--to=brown" + DOMAIN,
               "--cc=olga" + DOMAIN, "--bcc=vera" + DOMAIN, "--bcc=ivan" + DOMAIN)
    calls = scene.sendmail.calls()
    for call in calls:
        tap.lacks(call.letter.split(b"\n\n")[0], b"vera" + DOMAIN.encode(), "what git hands over")
        tap.equal(sorted(set(recipients(call))), sorted(p + DOMAIN for p in PEOPLE))
    check(scene, [PEOPLE] * 31)
    first = message_id(calls[0].letter)
    tap.equal([str(parsed(c.letter)["In-Reply-To"]) for c in calls[1:]], [first] * 30)
    tap.contains(scene.home.ledger("SELECT subject FROM outbox WHERE id = 3")[0][0],
                 "[PATCH 02/30] Правка 1: ещё одна строка, и о том, что длинная тема")
    tap.equal([row[0] for row in scene.home.ledger("SELECT message_id FROM outbox ORDER BY id")],
              [message_id(c.letter).strip("<>") for c in calls])


@tap.test("git send-email: its envelope sender is ours")
def git_sender():
    scene = Scene()
    files = repository(scene, 1)
    send_email(scene, files[1:], "--to=jones" + DOMAIN, "--envelope-sender=vera" + DOMAIN)
    tap.contains(scene.sendmail.calls()[0].args, "vera" + DOMAIN)
    check(scene, [("jones", "brown")], sender="vera" + DOMAIN)


@tap.test("git send-email stops where a letter is refused, and says what was said")
def git_refused():
    scene = Scene()
    files = repository(scene, 2)
    result = send_email(scene, files[1:], "--to=green" + DOMAIN, status=None)
    tap.ok(result.returncode != 0, "git goes on")
    tap.contains(result.stderr, ["'green%s' was refused" % DOMAIN, "550 5.1.1"])
    tap.equal([c.status for c in scene.sendmail.calls()], [67])


# --- mutt

MUTTRC = """
set realname = "Иван Петров"
set from = "ivan@peer.test"
set use_envelope_from = {envelope}
set sendmail = "{sendmail} -oem -oi"
set sendmail_wait = 0
set copy = no
set charset = utf-8
set send_charset = "utf-8"
set hostname = "peer.test"
set folder = "{home}"
set record = ""
"""
BODY = "Привет!\n.\n..\nFrom here\n-- \nИван\n"


def mutt(scene, *words, status=0, envelope="no"):
    path = os.path.join(scene.home.path, "muttrc")
    with open(path, "w", encoding="utf-8") as file:
        file.write(MUTTRC.format(sendmail=scene.sendmail.path, home=scene.home.path,
                                 envelope=envelope))
    return scene.run([tap.tool("mutt", "mutt"), "-n", "-F", path, *words], status, input=BODY)


@tap.test("mutt: To, Cc, Bcc, an attachment with a Russian name, its envelope sender")
def mutt_letters():
    scene = Scene()
    paper = os.path.join(scene.home.path, "счёт.txt")
    with open(paper, "w", encoding="utf-8") as file:
        file.write("сто рублей\n")
    mutt(scene, "-s", "Письмо", "-c", "Ольга <olga%s>" % DOMAIN, "-b", "vera" + DOMAIN,
         "-a", paper, "--", "jones" + DOMAIN)
    mutt(scene, "-s", "Второе", "-b", "vera" + DOMAIN, "--", "jones" + DOMAIN, "brown" + DOMAIN,
         envelope="yes")
    calls = scene.sendmail.calls()
    tap.contains(calls[0].args, ["-oem", "-oi", "--"])
    tap.contains(calls[1].args, ["-f", "ivan" + DOMAIN])
    check(scene, [("jones", "olga", "vera"), ("jones", "brown", "vera")])
    names = [p.get_filename() for p in parsed(calls[0].letter).walk()]
    tap.contains(names, "счёт.txt")
    tap.equal(parsed(scene.server.letters("jones")[0])["Bcc"], None)


@tap.test("mutt is told when a recipient is refused")
def mutt_refused():
    scene = Scene()
    result = mutt(scene, "-s", "x", "--", "green" + DOMAIN, "jones" + DOMAIN, status=1)
    tap.contains(result.stderr + result.stdout, "67")
    tap.equal(scene.sendmail.calls()[0].status, 67)
    tap.equal(len(scene.server.wait("jones", 1)), 1)


# --- s-nail

def s_nail(scene, *words, status=0, body=BODY):
    return scene.run([tap.tool("s-nail", "s-nail"), "-:/", "-Sv15-compat",
                      "-Smta=" + scene.sendmail.path, "-Ssendwait",
                      "-Sfrom=Иван Петров <ivan%s>" % DOMAIN, "-Sttycharset=utf-8",
                      "-Ssendcharsets=utf-8", *words], status, input=body)


@tap.test("s-nail: To, Cc, Bcc, Russian text, its envelope sender")
def s_nail_letters():
    scene = Scene()
    s_nail(scene, "-s", "Письмо", "-c", "olga" + DOMAIN, "-b", "vera" + DOMAIN, "jones" + DOMAIN)
    s_nail(scene, "-s", "Второе", "-r", "ivan" + DOMAIN, "jones" + DOMAIN, "brown" + DOMAIN)
    check(scene, [("jones", "olga", "vera"), ("jones", "brown")])
    tap.equal(parsed(scene.server.letters("jones")[0])["Bcc"], None)


@tap.test("s-nail is told when a recipient is refused")
def s_nail_refused():
    scene = Scene()
    s_nail(scene, "-s", "x", "green" + DOMAIN, status=4)
    tap.equal(scene.sendmail.calls()[0].status, 67)


# --- cron

class Cron(servers.Room):
    """Runs a user's @reboot jobs at once, and mails what they write to its user."""
    peer = "cron"

    def __init__(self, scene, *lines):
        super().__init__()
        self.peer_path = self._with_sendmail(scene)
        login = pwd.getpwuid(os.getuid()).pw_name
        self.write("etc/pam.d/cron", "".join("%s sufficient pam_permit.so\n" % kind for kind in
                                             ("auth", "account", "session")))
        self.write("var/spool/cron/crontabs/" + login, "".join(
            line + "\n" for line in ("HOME=" + scene.home.path, "DEWEYRC=" + scene.home.rc, *lines)),
            0o600)
        self.start(["/usr/sbin/cron", "-f"], [], None)

    def _with_sendmail(self, scene):
        """cron's package with our program at the place where cron looks for it."""
        place = self.path("package")
        shutil.copytree(self.peer_path, place, symlinks=True)
        path = os.path.join(place, "usr", "sbin", "sendmail")
        with open(path, "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\nDEWEY_BIN=%s exec %s "$@"\n' % (tap.BIN, scene.sendmail.path))
        os.chmod(path, 0o755)
        return place


@tap.test("cron: what a job writes comes to whose job it is, from the account's address")
def cron():
    scene = Scene(name="Иван Петров")
    room = Cron(scene, "@reboot echo Отчёт; echo .; echo конец")
    [letter] = [servers.without_trace(x) for x in scene.server.wait("ivan", 1)]
    [call] = scene.sendmail.wait(1)
    tap.contains(call.args, ["-i", "-oem"])
    tap.equal(parsed(letter).get_payload(decode=True).decode(), "Отчёт\n.\nконец\n")
    tap.contains(str(parsed(letter)["From"]), "<ivan%s>" % DOMAIN)
    tap.contains(str(parsed(letter)["To"]), "<ivan%s>" % DOMAIN)
    room.stop()


tap.main()
