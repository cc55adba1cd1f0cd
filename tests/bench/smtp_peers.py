# SPDX-License-Identifier: MIT
"""The programs that tests/bench/smtp.py compares.

    peer = smtp_peers.find("msmtp")
    peer.set_up(home, job)             # an empty home with its dotfile and its letters
    peer.command(home, job)            # what is run: all letters of the job
    peer.left(home)                    # letters that it knows it has not sent

A job is anything with the members port, count, letter (the path of the bytes),
body and blob (the same as a text and an attachment, for those who build the letter
themselves; blob may be None)."""
import os
import shutil
import sqlite3
import subprocess

import tap
from timing import OWNER, bench_program

SENDER, RECIPIENT = "ivan@peer.test", "jones@peer.test"


def own(home):
    for folder, folders, files in os.walk(home):
        for name in [""] + folders + files:
            os.chown(os.path.join(folder, name), OWNER, OWNER, follow_symlinks=False)


class Peer:
    """name; program: what must be installed; each: called once for each letter, so
    one round is enough."""
    name, program, package = "", None, None
    each = False

    def installed(self):
        return not self.program or shutil.which(self.program) is not None

    def write(self, home, name, text):
        path = os.path.join(home, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def set_up(self, home, job):
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        self.configure(home, job)
        own(home)

    def configure(self, home, job):
        """Its dotfile."""

    def one(self, home, job):
        """The command for one letter, and what it reads from its standard input."""

    def command(self, home, job):
        words, stdin = self.one(home, job)
        line = " ".join("'%s'" % w for w in words) + " <" + (stdin or "/dev/null")
        return ["sh", "-c", "i=0; while [ $i -lt %d ]; do %s || exit; i=$((i+1)); done"
                % (job.count, line)]

    def left(self, home):
        return 0


class Dewey(Peer):
    """All letters lie in the outbox, and are in the ledger and in Sent afterwards."""
    name = "dewey-smtp"

    def configure(self, home, job):
        self.write(home, "deweyrc", "\n".join([
            "[dewey]", "mail = %s/Mail" % home, "[account home]", "name = Ivan",
            "address = " + SENDER, "smtp = smtp+insecure://127.0.0.1:%d" % job.port, ""]))
        subprocess.run([bench_program("enqueue"), home + "/Mail", "home", str(job.count),
                        job.letter], check=True, stdout=subprocess.DEVNULL)

    def command(self, home, job):
        return [tap.program("dewey-smtp"), "-c", home + "/deweyrc", "-q"]

    def left(self, home):
        path = os.path.join(home, "Mail", ".dewey", "ledger.db")
        with sqlite3.connect(path) as db:
            left = db.execute("SELECT count(*) FROM outbox WHERE state != 5").fetchone()[0]
            copies = db.execute("SELECT count(*) FROM outbox WHERE copy = 1").fetchone()[0]
        db.close()
        return left + copies


class DeweyCalled(Dewey):
    """The same called once for each letter, as a program's sendmail."""
    name, each = "dewey-smtp, each", True

    def configure(self, home, job):
        few = type(job)(job.port, 0, job.letter, job.body, job.blob)
        super().configure(home, few)

    def one(self, home, job):
        return [tap.program("dewey-smtp"), "-c", home + "/deweyrc", "-i", "-f", SENDER,
                RECIPIENT], job.letter

    def command(self, home, job):
        return Peer.command(self, home, job)


class Syncs(Peer):
    """What the disk takes alone: so many octets appended and synced so often."""
    name = "syncs alone"

    def command(self, home, job):
        return ["python3", "-c", (
            "import os; f = os.open('%s/x', os.O_WRONLY | os.O_CREAT, 0o600)\n"
            "for i in range(%d): os.write(f, bytes(4096)); os.fdatasync(f)") % (home, job.count)]


class CurlOnce(Peer):
    name, program, package = "curl, one session", "curl", "curl"

    def configure(self, home, job):
        one = ('url = "smtp://127.0.0.1:%d/localhost"\nmail-from = "%s"\nmail-rcpt = "%s"\n'
               'upload-file = "%s"\ncrlf\n' % (job.port, SENDER, RECIPIENT, job.letter))
        self.write(home, "curl.conf", "next\n".join([one] * job.count))

    def command(self, home, job):
        return ["curl", "-s", "-S", "-K", home + "/curl.conf"]


class Curl(Peer):
    name, program, package, each = "curl", "curl", "curl", True

    def one(self, home, job):
        return ["curl", "-s", "-S", "--crlf", "--url", "smtp://127.0.0.1:%d/localhost" % job.port,
                "--mail-from", SENDER, "--mail-rcpt", RECIPIENT, "-T", job.letter], None


class Msmtp(Peer):
    name = program = package = "msmtp"
    each = True

    def configure(self, home, job):
        self.write(home, "msmtprc", "account a\nhost 127.0.0.1\nport %d\nfrom %s\nauth off\n"
                   "tls off\n" % (job.port, SENDER))

    def one(self, home, job):
        return ["msmtp", "-C", home + "/msmtprc", "-a", "a", RECIPIENT], job.letter


class SNail(Peer):
    name = program = package = "s-nail"
    each = True

    def one(self, home, job):
        settings = ["v15-compat=y", "mta=smtp://127.0.0.1:%d" % job.port, "smtp-auth=none",
                    "smtp-config=-all", "sendwait", "from=" + SENDER, "ttycharset=utf-8"]
        words = [w for s in settings for w in ("-S", s)]
        blob = ["-a", job.blob] if job.blob else []
        return ["s-nail", "-:/", *words, "-s", "bench", *blob, RECIPIENT], job.body


class Mutt(Peer):
    name = program = package = "mutt"
    each = True

    def configure(self, home, job):
        self.write(home, "muttrc", (
            "set smtp_url='smtp://127.0.0.1:%d' from=%s record='' copy=no ssl_starttls=no "
            "ssl_force_tls=no charset=utf-8 folder=%s\n" % (job.port, SENDER, home)))

    def one(self, home, job):
        blob = ["-a", job.blob, "--"] if job.blob else []
        return ["mutt", "-n", "-F", home + "/muttrc", "-s", "bench", *blob, RECIPIENT], job.body


ALL = [Dewey(), CurlOnce(), Syncs(), DeweyCalled(), Curl(), Msmtp(), SNail(), Mutt()]


def find(name):
    return next(p for p in ALL if p.name == name)
