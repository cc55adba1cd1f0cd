# SPDX-License-Identifier: MIT
"""What the tests of log-ins share: one of the two agents, a server, a home.

    scene = Scene("pop3", {"PLAIN": sasl.plain()}, auth="scram")
    scene.logs_in(); scene.tried(); scene.fails("words", EX_NOPERM)
"""
import certs
import fakeserver
import home
import sasl
import tap

LETTER = "From: ivan@peer.test\nTo: jones@b.test\nSubject: x\n\nbody\n"
EX_UNAVAILABLE, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = 69, 76, 77, 78
BOTH = ("pop3", "smtp")


class Scene:
    """A server of one of the two protocols, and a home with an account there."""

    def __init__(self, service, handlers, tls=True, most=None, options=None, **account):
        authority = certs.Authority(tap.tempdir())
        pair = authority.server()
        self.service = service
        self.place = (sasl.Drop(handlers, [LETTER.encode()], **(options or {}))
                      if service == "pop3" else sasl.Sink(handlers, **(options or {})))
        self.server = fakeserver.Server(self.place, implicit=tls,
                                        context=pair.context(maximum=most) if tls else None)
        tap.cleanup(self.server.stop)
        url = "%s%s://ivan@localhost:%d" % (service, "s" if tls else "+insecure", self.server.port)
        settings = {service: url, "tls-ca": authority.pem, "password": "s3cret"}
        settings.update({k.replace("auth", service + "-auth").replace("_", "-"): v
                         for k, v in account.items()})
        self.home = home.Home(settings)

    def run(self, *args):
        if self.service == "pop3":
            return self.home.run("dewey-pop3", *args, "home", status=None)
        return self.home.run("dewey-smtp", *args, "-t", "-i", input=LETTER, status=None)

    def logs_in(self):
        """It does, and the letter gets through."""
        result = self.run()
        count = len(self.home.folder("Inbox")) if self.service == "pop3" else len(self.place.letters)
        tap.equal(count, 1, "letters\n" + result.stderr)
        return result

    def fails(self, words, status=None):
        """It does not; words stand in what is said.  SMTP's letter stays queued,
        so its exit status says nothing."""
        result = self.run()
        tap.contains(result.stderr, words)
        tap.equal(self.place.lines.count("STAT") + sum(x.startswith("MAIL") for x in self.place.lines),
                  0, "went on")
        if status and self.service == "pop3":
            tap.equal(result.returncode, status, "exit status\n" + result.stderr)
        self.server.settle()
        return result

    def tried(self):
        return [x.name for x in self.place.exchanges]
