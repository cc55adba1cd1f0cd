# SPDX-License-Identifier: MIT
"""The programs that tests/bench/pop3.py compares, each set up to keep what it
fetches on the server and to deliver into a Maildir below a home of its own.

    peer = peers.find("mpop")
    peer.set_up(home, server)          # an empty home with its dotfile
    peer.command(home, server)         # what is run
    peer.arrived(home)                 # letters in its Maildir

A server is anything with the members port, user, tls and ca."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap

from timing import OWNER, bench_program

PASSWORD = "secret"


class Peer:
    """name; program: what must be installed; slow: one round is enough; keeps:
    knows what it has fetched; piped: asks for many letters at a time."""
    name, program, package = "", None, None
    slow, keeps, piped, terminal = False, True, False, False
    inbox = "md"

    def installed(self):
        return not self.program or shutil.which(self.program) is not None

    def dotfile(self, home, server):
        """(name, text) of the dotfile, or None."""

    def set_up(self, home, server):
        shutil.rmtree(home, ignore_errors=True)
        for part in ("", "cur", "new", "tmp"):
            os.makedirs(os.path.join(home, self.inbox, part), exist_ok=True)
        self.configure(home, server)

    def configure(self, home, server):
        """The dotfile alone: what was fetched and remembered stays."""
        made = self.dotfile(home, server)
        if made:
            path = os.path.join(home, made[0])
            with open(path, "w", encoding="utf-8") as file:
                file.write(made[1])
            os.chmod(path, 0o600)
        for folder, folders, files in os.walk(home):
            for name in [""] + folders + files:
                os.chown(os.path.join(folder, name), OWNER, OWNER, follow_symlinks=False)

    def arrived(self, home):
        """How many letters there are."""
        return sum(len(os.listdir(os.path.join(home, self.inbox, part)))
                   for part in ("new", "cur"))


class Floor(Peer):
    name, piped = "floor", True

    def command(self, home, server):
        new = ["-n", str(server.new)] if server.new else []
        return [bench_program("pop3_floor"), *(["-t"] if server.tls else []), *new, "127.0.0.1",
                str(server.port), server.user, PASSWORD, os.path.join(home, "md")]


class Discard(Floor):
    """The same, and nothing is written: the server and the way."""
    name = "floor, discarding"

    def command(self, home, server):
        return super().command(home, server)[:-1]


class DeweyPop3(Peer):
    name, piped, inbox = "dewey-pop3", True, "Mail/Inbox"

    def dotfile(self, home, server):
        url = ("pop3s://%s@localhost:%d" if server.tls else "pop3+insecure://%s@127.0.0.1:%d")
        return "deweyrc", "\n".join([
            "[dewey]", "mail = %s/Mail" % home, "[account home]", "name = Ivan",
            "address = ivan@peer.test", "password = " + PASSWORD, "keep = always",
            "pop3 = " + url % (server.user, server.port),
            "tls-ca = " + server.ca if server.tls else "", ""])

    def command(self, home, server):
        return [tap.program("dewey-pop3"), "-c", home + "/deweyrc", "home"]


class DeweyFetch(DeweyPop3):
    name = "dewey fetch"

    def command(self, home, server):
        return [tap.program("dewey"), "fetch", "-c", home + "/deweyrc"]


class Mpop(Peer):
    name = program = package = "mpop"
    piped = True

    def dotfile(self, home, server):
        tls = "tls on\ntls_starttls off\ntls_trust_file %s\n" % server.ca if server.tls \
            else "tls off\n"
        return "mpoprc", (
            "defaults\nhost %s\nport %d\nuser %s\npassword %s\nauth user\n%skeep on\n"
            "uidls_file %s/uidls\ndelivery maildir %s/md\npipelining on\naccount a\n" % (
                "localhost" if server.tls else "127.0.0.1", server.port, server.user, PASSWORD,
                tls, home, home))

    def command(self, home, server):
        return ["mpop", "-C", home + "/mpoprc", "-Q", "a"]


class Getmail(Peer):
    name, program, package, slow = "getmail", "getmail", "getmail6", True

    def dotfile(self, home, server):
        return "getmailrc", (
            "[retriever]\ntype = SimplePOP3%sRetriever\nserver = %s\nport = %d\nusername = %s\n"
            "password = %s\ntimeout = 60\n%s[destination]\ntype = Maildir\npath = %s/md/\n"
            "[options]\ndelete = false\nread_all = false\nverbose = 0\n" % (
                "SSL" if server.tls else "", "localhost" if server.tls else "127.0.0.1",
                server.port, server.user, PASSWORD,
                "ca_certs = %s\n" % server.ca if server.tls else "", home))

    def command(self, home, server):
        return ["getmail", "--getmaildir=" + home, "-q"]


class Fdm(Peer):
    name = program = package = "fdm"
    slow = True

    def dotfile(self, home, server):
        return "fdm.conf", (
            "set lock-types flock\nset lock-file \"%s/lock\"\nset maximum-size 200M\n"
            "account \"a\" %s server \"%s\" port %d user \"%s\" pass \"%s\" new-only "
            "cache \"%s/cache\" %skeep\naction \"m\" maildir \"%s/md\"\nmatch all action \"m\"\n"
            % (home, "pop3s" if server.tls else "pop3",
               "localhost" if server.tls else "127.0.0.1", server.port, server.user, PASSWORD,
               home, "no-verify " if server.tls else "", home))

    def command(self, home, server):
        return ["fdm", "-f", home + "/fdm.conf", "-l", "fetch"]


class Fetchmail(Peer):
    """Its letters go to a program each; the cheapest one that stores them."""
    name = program = package = "fetchmail"
    slow = True

    def dotfile(self, home, server):
        deliver = os.path.join(home, "deliver")
        with open(deliver, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nexec cat >%s/md/new/$$.$PPID\n" % home)
        os.chmod(deliver, 0o755)
        return "fetchmailrc", (
            "set no bouncemail\npoll %s service %d protocol pop3 uidl timeout 600\n"
            "user %s password %s keep %s mda \"%s\"\n" % (
                "localhost" if server.tls else "127.0.0.1", server.port, server.user, PASSWORD,
                "ssl sslcertfile %s" % server.ca if server.tls else "sslproto ''", deliver))

    def command(self, home, server):
        return ["fetchmail", "-f", home + "/fetchmailrc", "-i", home + "/ids", "--pidfile",
                home + "/pid", "-s"]


class Mutt(Peer):
    name = program = package = "mutt"
    keeps, terminal = False, True

    def dotfile(self, home, server):
        return "muttrc", (
            "set mbox_type=Maildir spoolfile=%s/md folder=%s record='' header_cache='' quit=yes "
            "sleep_time=0 pop_delete=no pop_last=no ssl_starttls=no ssl_force_tls=no\n"
            "set pop_host='%s://%s:%d' pop_user=%s pop_pass=%s certificate_file=%s "
            "ssl_ca_certificates_file=%s\n" % (
                home, home, "pops" if server.tls else "pop",
                "localhost" if server.tls else "127.0.0.1", server.port, server.user, PASSWORD,
                server.ca, server.ca))

    def command(self, home, server):
        return ["mutt", "-n", "-F", home + "/muttrc", "-e", 'push "<fetch-mail><exit>"']


ALL = [Floor(), Discard(), DeweyPop3(), DeweyFetch(), Mpop(), Fdm(), Mutt(), Getmail(),
       Fetchmail()]


def find(name):
    return next(p for p in ALL if p.name == name)
