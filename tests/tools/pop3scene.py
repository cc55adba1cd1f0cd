# SPDX-License-Identifier: MIT
"""What the tests of dewey-pop3 share: scripts of a session, a maildrop behind
TLS, and a home whose account is there.

    scripted(LOGIN + listing(["a", "b"]) + "C: RETR 1 ...", 0, keep="never")
    scene = Scene(letters, account={"keep": "never"}, capabilities=["UIDL"])
    scene.fetch(); scene.drop.letters; scene.home.folder("Inbox")
"""
import certs
import fakemail
import fakeserver
import home
import tap

USERS = {"ivan": home.SECRET}
LETTERS = [b"Subject: %d\n\n.dot %d\n" % (n, n) for n in range(1, 6)]
EX_UNAVAILABLE, EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = 69, 75, 76, 77, 78

# A session up to the listing, in clear.
LOGIN = """S: +OK ready
C: CAPA
S: +OK
S: USER
S: .
C: USER ivan
S: +OK
C~ PASS .*
S: +OK
"""
# The rest of one, with an empty maildrop, behind the log-in.
EMPTY = """C: CAPA
S: +OK
S: .
C: STAT
S: +OK 0 0
C: UIDL
S: +OK
S: .
C: LIST
S: +OK
S: .
C: QUIT
S: +OK
"""
LISTING = """C: CAPA
S: -ERR
C: STAT
S: +OK %(count)d 100
C: UIDL
S: +OK
%(uids)sS: .
C: LIST
S: +OK
%(sizes)sS: .
"""


def listing(uids, sizes=None):
    sizes = sizes or [10] * len(uids)
    return LISTING % {
        "count": len(uids),
        "uids": "".join("S: %d %s\n" % (n, u) for n, u in enumerate(uids, 1)),
        "sizes": "".join("S: %d %s\n" % (n, s) for n, s in enumerate(sizes, 1))}


def clear_home(server, **account):
    """An account without TLS, for scripts that are read by people; the secret
    is ASCII, for USER and PASS."""
    return home.Home({"pop3": "pop3+insecure://ivan@127.0.0.1:%d" % server.port,
                      "password": "s3cret", **account})


def serve(handlers, pair=None, implicit=False):
    server = fakeserver.Server(handlers, pair, implicit)
    tap.cleanup(server.stop)
    return server


def scripted(text, status, **account):
    """One run against one script; the script must be kept to."""
    server = serve([fakeserver.Script(text)])
    place = clear_home(server, **account)
    result = place.run("dewey-pop3", "home", status=status)
    server.check()
    return place, result


class Scene:
    """A maildrop behind TLS, and a home."""

    def __init__(self, letters=None, account=None, sections="", **options):
        authority = certs.Authority(tap.tempdir())
        self.drop = fakemail.Maildrop(USERS, LETTERS if letters is None else letters, **options)
        self.server = serve(self.drop, authority.server(), True)
        self.settings = {"pop3": "pop3s://ivan@localhost:%d" % self.server.port,
                         "tls-ca": authority.pem, **(account or {})}
        self.home = home.Home(self.settings, sections)

    def fetch(self, *args, **options):
        return self.home.run("dewey-pop3", *args, "home", **options)

    def commands(self, verb):
        return [x for x in self.drop.lines if x.startswith(verb)]
