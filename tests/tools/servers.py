# SPDX-License-Identifier: MIT
"""Private instances of real servers, for tests.

    authority = certs.Authority(tap.tempdir())
    dovecot = servers.Dovecot(authority.server(), {"ivan": "secret"})
    dovecot.fill("ivan", letters)              # bytes each
    dovecot.pop3_port, dovecot.pop3s_port      # STLS, implicit TLS
    dovecot.letters("ivan")                    # what is left there

    postfix = servers.Postfix(authority.server(), {"ivan": "secret"}, dovecot)
    exim = servers.Exim(authority.server(), {"ivan": "secret"})
    opensmtpd = servers.OpenSMTPD()            # neither TLS nor AUTH, see there
    servers.Exim(pair, without=["chunking"], most=5, boxes=["p1"])
    postfix.port, postfix.smtps_port           # AUTH PLAIN and LOGIN, within TLS only
    postfix.wait("jones", 1)                   # the letters jones@peer.test has, when there is one

Each MTA has the mailboxes of MAILBOXES at DOMAIN and boxes, puts later@peer.test
off (450), refuses others (550; 524 from OpenSMTPD) and relays nothing.  without:
extensions that it does not offer, of its own EXTENSIONS; most: recipients in one
transaction, 452 4.5.3 for more; everybody: no log-in, so that the wire can be read.
Servers stop after the test by themselves (tap.cleanup).  They
run in rooms (room.sh), so this needs root and the kernel's overlay mounts;
tests are skipped where that is missing.
"""
import glob
import os
import pwd
import grp
import signal
import socket
import subprocess
import time

import tap

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get("DEWEY_PEERS") or os.path.join(tap.BUILD, "peers")
DOMAIN = "peer.test"
MAILBOXES = ("jones", "brown", "ivan", "olga", "vera")

# The users the servers want, in the /etc/passwd that they see.
USERS = {"dovecot": 64101, "dovenull": 64102, "postfix": 64103, "Debian-exim": 64104,
         "opensmtpd": 64105, "opensmtpq": 64106, "vmail": 64107, "courier": 64109,
         "cyrus": 64110, "spop3d": 64111, "popa3d": 64112}
GROUPS = {"postdrop": 64108}
TRACE = {"return-path", "delivered-to", "received", "x-original-to", "envelope-to",
         "delivery-date", "x-cyrus-session-id", "x-sieve"}


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def without_trace(letter):
    """The letter without the header fields that delivery put on top."""
    lines = letter.split(b"\n")
    while lines and lines[0].split(b":")[0].decode("latin-1").lower() in TRACE:
        del lines[0]
        while lines and lines[0][:1] in (b" ", b"\t"):
            del lines[0]
    return b"\n".join(lines)


class Room:
    """One server process in its room; a subclass writes the configuration."""
    peer = None
    default_users = {"ivan": "secret"}
    EXTENSIONS = ()

    def __init__(self, users=None):
        self.users = dict(users or self.default_users)
        self.peer_path = os.path.join(PEERS, self.peer)
        self._require()
        self.state = tap.tempdir("dewey-%s-" % self.peer)
        self.mail = self.path("mail")
        for name in ("etc", "var", "var/lib", "var/spool", "run", "mail"):
            os.mkdir(self.path(name))
        os.symlink("/run", self.path("var", "run"))
        os.chown(self.mail, USERS["vmail"], USERS["vmail"])
        self._write_users()
        self.process = None

    def _require(self):
        if os.geteuid() != 0:
            tap.skip("real servers need root: sudo ./bootstrap check")
        if not os.path.exists(os.path.join(self.peer_path, "complete")):
            tap.skip("%s is not unpacked: ./bootstrap check does it" % self.peer)
        if not _overlay_works():
            tap.skip("no mount namespaces with overlay here")

    def path(self, *parts):
        return os.path.join(self.state, *parts)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def _write_users(self):
        users = [":".join([u.pw_name, "x", str(u.pw_uid), str(u.pw_gid), "", u.pw_dir, u.pw_shell])
                 for u in pwd.getpwall() if u.pw_name not in USERS]
        users += ["%s:x:%d:%d::/nonexistent:/bin/sh" % (n, i, i) for n, i in USERS.items()]
        groups = {**USERS, **GROUPS}
        lines = ["%s:x:%d:%s" % (g.gr_name, g.gr_gid, ",".join(g.gr_mem))
                 for g in grp.getgrall() if g.gr_name not in groups]
        lines += ["%s:x:%d:" % (n, i) for n, i in groups.items()]
        self.write("etc/passwd", "\n".join(users) + "\n")
        self.write("etc/group", "\n".join(lines) + "\n")

    def start(self, command, ports, greeting):
        """Starts it and waits until every port greets."""
        log = open(self.path("output"), "wb")
        self.process = subprocess.Popen(
            [os.path.join(HERE, "room.sh"), self.peer_path, self.state, *command],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        tap.cleanup(self.stop)
        for port in ports:
            self._await(port, greeting)

    def _await(self, port, greeting):
        deadline = time.monotonic() + 120
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                tap.fail("%s does not start\n%s" % (self.peer, self.log()))
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as sock:
                    if greeting is None or sock.recv(100).startswith(greeting):
                        return
            except OSError:
                pass
            time.sleep(0.02)

    def stop(self):
        """Ends every process in the room."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def log(self):
        """What the server said."""
        text = ""
        for path in [self.path("output"), *sorted(glob.glob(self.path("log*")))]:
            with open(path, encoding="utf-8", errors="backslashreplace") as file:
                text += file.read()
        return text

    # --- Maildirs below .mail, one a user
    def maildir(self, user):
        return os.path.join(self.mail, user)

    def names(self, user):
        """The paths of the letters in the user's Maildir, in order of arrival."""
        paths = glob.glob(glob.escape(self.maildir(user)) + "/new/*")
        paths += glob.glob(glob.escape(self.maildir(user)) + "/cur/*")
        return sorted(paths, key=os.path.basename)

    def letters(self, user):
        """The letters in the user's Maildir as bytes, in order of arrival."""
        found = []
        for path in self.names(user):
            with open(path, "rb") as file:
                found.append(file.read())
        return found

    def wait(self, user, count, timeout=60):
        """The same, as soon as there are count of them."""
        deadline = time.monotonic() + timeout
        while len(self.letters(user)) < count:
            if time.monotonic() > deadline:
                tap.fail("%s has %d letters, not %d\n%s"
                         % (user, len(self.letters(user)), count, self.log()))
            time.sleep(0.02)
        return self.letters(user)


_overlay = []


def _overlay_works():
    if not _overlay:
        result = subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--mount-proc",
             "mount", "-t", "overlay", "-o", "ro,lowerdir=%s:/usr" % HERE, "x", "/usr"],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        _overlay.append(result.returncode == 0)
    return _overlay[0]


class Dovecot(Room):
    """POP3 with STLS and POP3S, and an AUTH socket for Postfix; no log-in
    without TLS.  settings: more lines for dovecot.conf."""
    peer = "dovecot"

    def __init__(self, pair, users=None, settings=""):
        super().__init__(users)
        self.pop3_port, self.pop3s_port = free_ports(2)
        self.auth_socket = self.path("auth")
        self.write("users", "".join("%s:{PLAIN}%s\n" % u for u in self.users.items()))
        self.write("etc/dovecot/dovecot.conf", DOVECOT % {
            "state": self.state, "cert": pair.cert, "key": pair.key, "pop3": self.pop3_port,
            "pop3s": self.pop3s_port, "uid": USERS["vmail"], "settings": settings})
        for user in self.users:
            self._make_maildir(user)
        self.start(["/usr/sbin/dovecot", "-F"], [self.pop3_port], b"+OK")

    def _make_maildir(self, user):
        for name in ("", "cur", "new", "tmp"):
            path = os.path.join(self.maildir(user), name)
            os.makedirs(path, exist_ok=True)
            os.chown(path, USERS["vmail"], USERS["vmail"])

    def fill(self, user, letters):
        """Puts letters (bytes) into the maildrop, in this order."""
        self.number = getattr(self, "number", 0)
        for letter in letters:
            self.number += 1
            name = "1%09d.M%dP1.test" % (self.number, self.number)
            path = os.path.join(self.maildir(user), "new", name)
            with open(path, "wb") as file:
                file.write(letter)
            os.chown(path, USERS["vmail"], USERS["vmail"])


DOVECOT = """
base_dir = /run/dovecot
state_dir = /run/dovecot
log_path = %(state)s/log
protocols = pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <%(cert)s
ssl_key = <%(key)s
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
login_trusted_networks =
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:%(state)s/mail/%%u
mail_uid = %(uid)d
mail_gid = %(uid)d
first_valid_uid = 1
first_valid_gid = 1
pop3_no_flag_updates = yes
mail_max_userip_connections = 100
passdb {
  driver = passwd-file
  args = username_format=%%u %(state)s/users
}
userdb {
  driver = static
  args = uid=%(uid)d gid=%(uid)d home=%(state)s/mail/%%u
}
service auth {
  unix_listener %(state)s/auth {
    mode = 0666
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = %(pop3)d
  }
  inet_listener pop3s {
    port = %(pop3s)d
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
%(settings)s
"""


class Postfix(Room):
    """An MTA; who may log in is asked of dovecot (a running Dovecot).  settings:
    more lines for main.cf, the last of a name counts."""
    peer = "postfix"
    EXTENSIONS = ("8bitmime", "chunking", "dsn", "enhancedstatuscodes", "pipelining", "size",
                  "smtputf8")

    def __init__(self, pair, dovecot, settings="", without=(), most=None, boxes=(),
                 everybody=False):
        super().__init__(dovecot.users)
        self.port, self.smtps_port = free_ports(2)
        values = {"state": self.state, "cert": pair.cert, "key": pair.key, "domain": DOMAIN,
                  "port": self.port, "smtps": self.smtps_port, "auth": dovecot.auth_socket,
                  "uid": USERS["vmail"],
                  "who": "permit_mynetworks" if everybody else "permit_sasl_authenticated"}
        more = ["smtpd_discard_ehlo_keywords = " + ", ".join(without)]
        more += ["smtpd_recipient_limit = %d" % most] if most else []
        self.write("etc/postfix/main.cf", POSTFIX_MAIN % values + "\n".join([*more, settings, ""]))
        self.write("etc/postfix/master.cf", POSTFIX_MASTER % values)
        self.write("etc/postfix/boxes", "".join(
            "%s@%s %s/\n" % (b, DOMAIN, b) for b in (*MAILBOXES, *boxes)))
        self.write("etc/postfix/later", "later@%s 450 4.2.0 later\n" % DOMAIN)
        for name in ("var/spool/postfix", "var/lib/postfix"):
            os.mkdir(self.path(name))
        os.chown(self.path("var/lib/postfix"), USERS["postfix"], USERS["postfix"])
        self.start(["/bin/sh", "-c", POSTFIX_START], [self.port], b"220")


# "postfix check" makes the queue's folders; master stays in the foreground.
POSTFIX_START = "/usr/sbin/postfix check && exec /usr/lib/postfix/sbin/master -d"
POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = /var/spool/postfix
data_directory = /var/lib/postfix
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = /var/log.postfix
maillog_file_prefixes = /var
myhostname = mx.%(domain)s
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = %(domain)s
virtual_mailbox_base = %(state)s/mail
virtual_mailbox_maps = texthash:/etc/postfix/boxes
virtual_uid_maps = static:%(uid)d
virtual_gid_maps = static:%(uid)d
virtual_minimum_uid = 1
smtpd_tls_cert_file = %(cert)s
smtpd_tls_key_file = %(key)s
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = %(auth)s
smtpd_relay_restrictions = %(who)s, reject
smtpd_recipient_restrictions =
  check_recipient_access texthash:/etc/postfix/later, reject_unlisted_recipient, %(who)s, reject
smtpd_error_sleep_time = 0
message_size_limit = 50000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
"""
POSTFIX_MASTER = """
127.0.0.1:%(port)d inet n - n - - smtpd
127.0.0.1:%(smtps)d inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class SmtpSink(Room):
    """The sink of Postfix: takes everything, in clear, and keeps nothing.  flags
    as smtp-sink(1) has them."""
    peer = "postfix"

    def __init__(self, *flags):
        super().__init__()
        (self.port,) = free_ports(1)
        self.start(["/usr/sbin/smtp-sink", "-u", "postfix", *flags, "127.0.0.1:%d" % self.port,
                    "1024"], [self.port], b"220")


class Exim(Room):
    """settings: more lines for the main part of its configuration."""
    peer = "exim"
    EXTENSIONS = ("8bitmime", "chunking", "dsn", "pipelining", "smtputf8")
    OFF = {"8bitmime": "accept_8bitmime = false", "chunking": "chunking_advertise_hosts =",
           "dsn": "dsn_advertise_hosts =", "pipelining": "pipelining_advertise_hosts =",
           "smtputf8": "smtputf8_advertise_hosts ="}

    def __init__(self, pair, users=None, without=(), most=None, boxes=(), settings="",
                 everybody=False):
        super().__init__(users)
        boxes = (*MAILBOXES, *boxes)
        on = {"dsn": "dsn_advertise_hosts = *"}
        more = [line for name, line in self.OFF.items() if name in without]
        more += [line for name, line in on.items() if name not in without]
        more += ["recipients_max = %d" % most] if most else []
        self.port, self.smtps_port = free_ports(2)
        wanted = "".join("{and{{eq{$auth%%d}{%s}}{eq{$auth%%d}{%s}}}}" % u
                         for u in self.users.items())
        key = self._copy_key(pair)
        self.write("etc/exim4/boxes", "".join("%s:\n" % b for b in boxes))
        self.write("etc/exim4/exim4.conf", "\n".join([*more, settings]) + EXIM % {
            "state": self.state, "cert": pair.cert, "key": key, "domain": DOMAIN,
            "port": self.port, "smtps": self.smtps_port, "boxes": " : ".join(boxes),
            "who": "!hosts = 127.0.0.1" if everybody else "!authenticated = *",
            "plain": "${if or{%s}}" % (wanted % ((2, 3) * len(self.users))),
            "login": "${if or{%s}}" % (wanted % ((1, 2) * len(self.users)))})
        for name in ("var/spool/exim4", "var/log"):
            os.makedirs(self.path(name))
            os.chown(self.path(name), USERS["Debian-exim"], USERS["Debian-exim"])
        self.start(["/usr/sbin/exim4", "-bdf", "-q1m"], [self.port], b"220")

    def _copy_key(self, pair):
        """Exim reads the key as its own user."""
        with open(pair.key, encoding="ascii") as file:
            path = self.write("etc/exim4/key.pem", file.read(), 0o600)
        os.chown(path, USERS["Debian-exim"], USERS["Debian-exim"])
        return "/etc/exim4/key.pem"


EXIM = """
primary_hostname = mx.%(domain)s
daemon_smtp_ports = %(port)d : %(smtps)d
tls_on_connect_ports = %(smtps)d
local_interfaces = 127.0.0.1
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim-%%s
tls_advertise_hosts = *
tls_certificate = %(cert)s
tls_privatekey = %(key)s
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = data
host_lookup =
smtp_enforce_sync = true
message_size_limit = 50M
keep_environment =
begin acl
rcpt:
  deny %(who)s
       message = log in first
  defer local_parts = later
       message = 4.2.0 later
  require verify = recipient
  accept
data:
  accept
begin routers
boxes:
  driver = accept
  domains = %(domain)s
  local_parts = %(boxes)s
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = %(state)s/mail/${lookup{$local_part}lsearch,ret=key{/etc/exim4/boxes}}
  maildir_format
  user = vmail
  group = vmail
  create_file = anywhere
  return_path_add = false
  delivery_date_add = false
  envelope_to_add = false
begin retry
* * F,1h,1m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = %(plain)s
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = %(login)s
  server_set_id = $auth1
"""


class OpenSMTPD(Room):
    """Without TLS and so without AUTH: Debian 12's build cannot serve TLS at
    all (its key process does not work with OpenSSL 3)."""
    peer = "opensmtpd"
    EXTENSIONS = ("dsn",)

    def __init__(self, without=(), most=None, boxes=()):
        super().__init__()
        self.port, = free_ports(1)
        boxes = (*MAILBOXES, *boxes)
        self.write("etc/boxes", "".join("%s@%s vmail\n" % (b, DOMAIN) for b in boxes))
        self.write("etc/mailname", "mx.%s\n" % DOMAIN)
        self.write("etc/smtpd.conf", OPENSMTPD % {
            "state": self.state, "domain": DOMAIN, "port": self.port,
            "dsn": "no-dsn" if "dsn" in without else "",
            "most": "smtp limit max-rcpt %d" % most if most else ""})
        self._make_places()
        self.start(["/usr/sbin/smtpd", "-d"], [self.port], b"220")

    def _make_places(self):
        os.makedirs(self.path("var/lib/opensmtpd/empty"))
        os.mkdir(self.path("var/spool/smtpd"))
        os.chmod(self.path("var/spool/smtpd"), 0o711)
        for name, user, mode in (("offline", 0, 0o770), ("purge", USERS["opensmtpq"], 0o700),
                                 ("temporary", USERS["opensmtpq"], 0o700),
                                 ("incoming", USERS["opensmtpq"], 0o700),
                                 ("corrupt", USERS["opensmtpq"], 0o700),
                                 ("queue", USERS["opensmtpq"], 0o700)):
            path = self.path("var/spool/smtpd", name)
            os.mkdir(path)
            os.chmod(path, mode)
            os.chown(path, user, USERS["opensmtpq"] if name == "offline" else 0)


OPENSMTPD = """
table boxes file:/etc/boxes
smtp max-message-size 50M
%(most)s
filter later phase rcpt-to match rcpt-to { "later@%(domain)s" } reject "450 4.2.0 later"
listen on lo port %(port)d hostname mx.%(domain)s %(dsn)s filter later
action "boxes" maildir "%(state)s/mail/%%{rcpt.user}" virtual <boxes>
match from local for domain "%(domain)s" action "boxes"
"""
