# SPDX-License-Identifier: MIT
"""Private instances of further POP3 servers, as servers.py has Dovecot.

    server = popservers.Courier(authority.server(), {"ivan": "secret"})
    server.fill("ivan", letters)       # bytes each, delivered as its own MDA would
    server.scheme, server.port         # pop3s; pop3+insecure with clear=True
    server.stls, server.pop3_port      # whether pop3: works, and its port
    server.count("ivan")               # what it holds now, by a client of Python
    server.stored(letter)              # the same letter as the server is known to change it

What each of them changes is said at its class; nothing else may differ."""
import os
import poplib
import re
import smtplib
import ssl

import fakeserver
import tap
from servers import HERE, USERS, Dovecot, Room, free_ports, without_trace


def client(server, user):
    """A session of Python's own client, logged in."""
    if not server.clear:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        session = poplib.POP3_SSL("localhost", server.pop3s_port, context=context)
    else:
        session = poplib.POP3("localhost", server.pop3_port)
    session.encoding = "utf-8"
    session.user(user)
    session.pass_(server.users[user])
    return session


class PopServer:
    """What all of them can be asked; mixed into a Room."""
    pop3s_port = None
    nul = True    # takes letters with NUL
    busy = None   # its words to a second session at once; None: it allows that
    clear = False
    stls = True   # on pop3_port

    @property
    def scheme(self):
        return "pop3+insecure" if self.clear else "pop3s"

    @property
    def port(self):
        return self.pop3_port if self.clear else self.pop3s_port

    def settle(self):
        """Until nothing between a client that is gone and the server is open."""

    def count(self, user):
        session = client(self, user)
        count = session.stat()[0]
        session.quit()
        return count

    def stored(self, letter):
        """Maildirs change nothing but that a last line without an end gets one,
        on the wire."""
        return letter if letter.endswith(b"\n") or not letter else letter + b"\n"

    def fetched(self, letter):
        """What the server put on top is taken off what was fetched."""
        return letter

    def top(self, letter):
        """The same of what TOP gave."""
        return self.fetched(letter)


class PeerDovecot(PopServer, Dovecot):
    """Dovecot, one session at a time."""
    busy = "[IN-USE]"

    def __init__(self, pair, users=None, clear=False):
        self.clear = clear
        super().__init__(pair, users, "pop3_lock_session = yes\ndisable_plaintext_auth = %s\n"
                         % ("no" if clear else "yes"))


class Maildirs(PopServer, Room):
    """The mail lies in one Maildir for each user."""

    def _make_maildir(self, user):
        for name in ("", "cur", "new", "tmp"):
            path = os.path.join(self.maildir(user), name)
            os.makedirs(path, exist_ok=True)
            os.chown(path, *self.owner(user))

    def owner(self, _user):
        return USERS["vmail"], USERS["vmail"]

    def fill(self, user, letters):
        self.number = getattr(self, "number", 0)
        for letter in letters:
            self.number += 1
            name = "1%09d.M%dP1.test" % (self.number, self.number)
            path = os.path.join(self.maildir(user), "new", name)
            with open(path, "wb") as file:
                file.write(letter)
            os.chown(path, *self.owner(user))


class Accounts(PopServer, Room):
    """Those whose users are the machine's own: a row in passwd and shadow each,
    and an mbox in /var/mail."""

    def _write_users(self):
        super()._write_users()
        rows, shadow = "", ""
        for number, (user, secret) in enumerate(self.users.items()):
            rows += "%s:x:%d:%d::%s:/bin/sh\n" % (user, 64200 + number, USERS["vmail"], self.mail)
            shadow += "%s:%s:20000:0:99999:7:::\n" % (user, crypted(secret))
        with open(self.path("etc/passwd"), "a", encoding="utf-8") as file:
            file.write(rows)
        self.write("etc/shadow", shadow, 0o600)

    def owner(self, user):
        return 64200 + list(self.users).index(user), USERS["vmail"]

    def make_boxes(self):
        os.mkdir(self.path("var/mail"))
        os.chown(self.path("var/mail"), 0, USERS["vmail"])
        os.chmod(self.path("var/mail"), 0o2775)
        for user in self.users:
            self.fill(user, [])

    def fill(self, user, letters):
        path = self.path("var/mail", user)
        with open(path, "ab") as file:
            for letter in letters:
                file.write(b"From smith@a.test Sat Nov 21 14:09:45 2026\n" + self.boxed(letter))
        os.chmod(path, 0o660)
        os.chown(path, *self.owner(user))

    def boxed(self, letter):
        """As it lies in an mbox."""
        letter = letter if letter.endswith(b"\n") else letter + b"\n"
        return re.sub(rb"(?m)^(>*From )", rb">\1", letter) + b"\n"

    def stored(self, letter):
        """mboxrd, and these servers take none of the '>' off again."""
        return self.boxed(letter)[:-1]


def crypted(secret):
    """As /etc/shadow has it."""
    result = tap.succeeds([tap.tool("openssl", "openssl"), "passwd", "-6", "-stdin"],
                          input=secret + "\n")
    return result.stdout.strip()


def pem(pair):
    """Certificate and key in one text, for servers that read it as another user."""
    with open(pair.cert, encoding="ascii") as cert, open(pair.key, encoding="ascii") as key:
        return cert.read() + key.read()


class Courier(Maildirs):
    """courier-pop: POP3S, and STLS.  A letter with 8 bit in the head it wraps into
    another one, unless it was told UTF8 (P-08).  It wants 10 seconds between two
    log-ins, but does not insist."""
    peer = "courier"

    def __init__(self, pair, users=None, clear=False):
        super().__init__(users)
        self.clear = clear
        self.pop3_port, self.pop3s_port = free_ports(2)
        for name in ("run/courier/authdaemon", "var/lib/courier"):
            os.makedirs(self.path(name))
            os.chown(self.path(name), USERS["courier"], USERS["courier"])
        for user in self.users:
            self._make_maildir(user)
        self.write("pem", pem(pair))
        self._write_accounts()
        self.write("start", COURIER % {"tls": self.pop3s_port, "clear": self.pop3_port,
                                       "required": int(not clear), "state": self.state})
        self.start(["/bin/sh", self.path("start")], [self.pop3_port], b"+OK")
        self._await(self.pop3s_port, None)

    def _write_accounts(self):
        rows = ["%s\tuid=%d|gid=%d|home=%s|mail=%s|_=\n" % (
            user, USERS["vmail"], USERS["vmail"], self.mail, self.maildir(user))
            for user in self.users]
        shadow = ["%s\tpop3pw=%s\n" % (user, crypted(s)) for user, s in self.users.items()]
        self.write("courier/userdb", "".join(rows) + ".\n")
        self.write("courier/userdbshadow", "".join(shadow) + ".\n")
        self.write("courier/authdaemonrc", AUTHDAEMON)


# /etc cannot be written in the room, and the places in it are not to be chosen.
AUTHDAEMON = """
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
"""
COURIER = """
set -a
cd %(state)s/courier
mount --bind . /etc/courier
for table in userdb userdbshadow; do
    /usr/lib/courier/courier-authlib/makedatprog - $table.tmp $table.dat <$table
done
. ./authdaemonrc
/usr/lib/courier/courier-authlib/authdaemond &
until [ -S /run/courier/authdaemon/socket ]; do sleep 0.02; done
AUTHMODULES=authdaemon
COURIERTLS=/usr/bin/couriertls
TLS_CERTFILE=%(state)s/pem
TLS_VERIFYPEER=NONE
TCPD="/usr/sbin/couriertcpd -address=127.0.0.1 -nodnslookup -noidentlookup"
TCPD="$TCPD -maxprocs=40 -maxperip=40"
LOGIN="/usr/lib/courier/courier/courierpop3login /usr/lib/courier/courier/courierpop3d Maildir"
POP3_TLS=1 POP3_STARTTLS=NO POP3_TLS_REQUIRED=0 \
    $TCPD %(tls)d $COURIERTLS -server -tcpd -user=courier $LOGIN &
POP3_TLS=0 POP3_STARTTLS=YES POP3_TLS_REQUIRED=%(required)d exec $TCPD %(clear)d $LOGIN
"""


class Cyrus(PopServer, Room):
    """cyrus-pop3d: POP3S, and STLS.  Letters come by its own LMTP server, which
    puts a trace on top, refuses NUL and ends the last line."""
    peer = "cyrus"
    nul = False

    def __init__(self, pair, users=None, clear=False):
        super().__init__(users)
        self.clear = clear
        self.pop3_port, self.pop3s_port = free_ports(2)
        self.write("etc/imapd.conf", CYRUS_IMAPD % {
            "state": self.state, "clear": "yes" if clear else "no"})
        self.write("pem", pem(pair))
        self.write("etc/cyrus.conf", CYRUS % {"pop3": self.pop3_port, "pop3s": self.pop3s_port})
        for name in ("run/cyrus/proc", "run/cyrus/lock", "run/cyrus/socket", "var/spool/cyrus/mail",
                     "var/lib/cyrus/db", "var/lib/cyrus/socket"):
            os.makedirs(self.path(name))
        self.write("start", CYRUS_START + "".join(
            "printf %%s '%s' | /usr/sbin/saslpasswd2 -f /var/lib/sasldb2 -p -c -u peer.test %s\n"
            % (secret, user) for user, secret in self.users.items()) + CYRUS_MASTER)
        self.start(["/bin/sh", self.path("start")], [self.pop3_port], b"+OK")
        for user in self.users:
            client(self, user).quit()  # which makes the mailbox

    def fill(self, user, letters):
        with smtplib.LMTP(self.path("run/cyrus/socket/lmtp")) as lmtp:
            for letter in letters:
                lmtp.sendmail("smith@a.test", [user], letter.replace(b"\n", b"\r\n"))

    def fetched(self, letter):
        return without_trace(letter)


CYRUS_START = """
chown -R cyrus:mail /run/cyrus /var/spool/cyrus /var/lib/cyrus
"""
CYRUS_MASTER = """
chown cyrus /var/lib/sasldb2
exec /usr/lib/cyrus/bin/master -p /run/cyrus/pid
"""
CYRUS_IMAPD = """
configdirectory: /var/lib/cyrus
proc_path: /run/cyrus/proc
mboxname_lockpath: /run/cyrus/lock
defaultpartition: default
partition-default: /var/spool/cyrus/mail
servername: peer.test
defaultdomain: peer.test
allowplaintext: %(clear)s
popminpoll: 0
autocreate_quota: 0
munge8bit: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: /var/lib/sasldb2
sasl_mech_list: PLAIN LOGIN
tls_server_cert: %(state)s/pem
tls_server_key: %(state)s/pem
lmtpsocket: /run/cyrus/socket/lmtp
syslog_prefix: cyrus
"""
CYRUS = """
START {
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -r"
}
SERVICES {
  pop3 cmd="pop3d" listen="127.0.0.1:%(pop3)d" prefork=1
  pop3s cmd="pop3d -s" listen="127.0.0.1:%(pop3s)d" prefork=0
  lmtp cmd="lmtpd -a" listen="/run/cyrus/socket/lmtp" prefork=0
}
EVENTS {
}
"""


class Mailutils(Accounts):
    """GNU Mailutils' pop3d: POP3S and STLS; the mail lies in an mbox.  It puts
    fields of its own into each head, and TOP an empty line behind it.  Where two
    sessions are open, the one that ends last writes empty letters in place of
    those that the other deleted."""
    peer = "mailutils"

    def __init__(self, pair, users=None, clear=False):
        super().__init__(users)
        self.clear = clear
        self.pop3_port, self.pop3s_port = free_ports(2)
        self.make_boxes()
        self.write("etc/mailutils.conf", MAILUTILS % {
            "cert": pair.cert, "key": pair.key, "pop3": self.pop3_port, "pop3s": self.pop3s_port,
            "mode": "ondemand" if clear else "required"})
        self.start(["/usr/sbin/pop3d", "--foreground"], [self.pop3_port], b"+OK")
        self._await(self.pop3s_port, None)

    def stored(self, letter):
        """Its own reader of mboxes takes one '>' off again."""
        return letter if letter.endswith(b"\n") else letter + b"\n"

    def fetched(self, letter):
        head, empty, body = letter.partition(b"\n\n")
        own = rb"(?m)(\n|\A)(X-UIDL|X-UID|X-IMAPbase|Status):.*"
        return re.sub(own, b"", head) + empty + body

    def top(self, letter):
        return self.fetched(letter).replace(b"\n\n\n", b"\n\n", 1)


MAILUTILS = """
mode daemon;
tcp-wrappers { enable no; };
logging { syslog no; };
auth {
  authorization clear; authorization system;
  authentication clear; authentication generic:system;
};
mailbox { mail-spool /var/mail; };
tls {
  ssl-certificate-file %(cert)s;
  ssl-key-file %(key)s;
};
server 127.0.0.1:%(pop3)d { tls-mode %(mode)s; };
server 127.0.0.1:%(pop3s)d { tls-mode connection; };
"""


class Inetd(Accounts):
    """Servers that know no TLS and are started by inetd; POP3S is put before them."""
    peer = "small"
    stls = False

    def begin(self, pair, clear, *command):
        self.clear = clear
        self.pop3_port, = free_ports(1)
        self.front = fakeserver.TlsFront(self.pop3_port, pair)
        tap.cleanup(self.front.stop)
        self.pop3s_port = self.front.port
        self.start(["/usr/bin/python3", os.path.join(HERE, "inetd.py"), str(self.pop3_port),
                    *command], [self.pop3_port], b"+OK")

    def settle(self):
        self.front.server.settle()


class SolidPop3(Inetd, Maildirs):
    """Solid POP3, from 2000: no CAPA; here over Maildirs, where it refuses all
    service for one letter without an end to its last line."""

    def __init__(self, pair, users=None, clear=False):
        super().__init__(users)
        for user in self.users:
            self._make_maildir(user)
        os.chmod(self.mail, 0o755)
        self.write("etc/pam.d/solid-pop3d", PAM)
        self.write("etc/spop3d.conf", SOLID % self.mail)
        self.begin(pair, clear, "/usr/sbin/solid-pop3d")

    stored = Maildirs.stored

    def fill(self, user, letters):
        Maildirs.fill(self, user, map(self.stored, letters))


PAM = "auth required pam_unix.so\naccount required pam_unix.so\n"
SOLID = """<Global>
MailDropName "%s/%%s"
MailDropType maildir
</Global>
"""


class Popa3d(Inetd):
    """popa3d: no CAPA; an mbox."""

    def __init__(self, pair, users=None, clear=False):
        super().__init__(users)
        self.make_boxes()
        self.write("etc/pam.d/popa3d", PAM)
        os.makedirs(self.path("var/lib/popa3d"))
        self.begin(pair, clear, "/usr/sbin/popa3d")
