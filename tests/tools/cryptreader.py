# SPDX-License-Identifier: MIT
"""A person with keys, to whom letters come, and who reads them by "dewey show"."""
import os
import re

import gnupg
import home
from cryptmail import HEAD, PLAIN, crlf, multipart, sealed


class Reader:
    """A person with keys, to whom letters come."""

    def __init__(self):
        self.ring = gnupg.Ring()
        self.home = home.Home({"smtp": "smtps://ivan@smtp.example.org"})
        self.count = 0
        self.environment = {**self.home.environment(), "GNUPGHOME": self.ring.path}

    def file(self, letter):
        self.count += 1
        path = os.path.join(self.home.path, "%d.eml" % self.count)
        with open(path, "wb") as file:
            file.write(letter)
        return path

    def import_(self, letter):
        """Its number."""
        self.home.run("dewey", "import", self.file(letter), env=self.environment)
        listed = self.home.run("dewey", "search", "--json", "", env=self.environment).stdout
        return str(max(int(n) for n in re.findall(r'"id":\s*(\d+)', listed)))

    def show(self, letter, *words):
        """What is shown, and what is told of it."""
        done = self.home.run("dewey", "show", *words, self.import_(letter), env=self.environment)
        return done.stdout, done.stderr

    def signed(self, key, inner=PLAIN, head=HEAD):
        return multipart("signed", b"application/pgp-signature", inner,
                         self.ring.gpg("--detach-sign", "--armor", "-u", key, stdin=crlf(inner)), head)

    def encrypted(self, key, inner=PLAIN, head=HEAD, *words):
        return sealed(self.ring.gpg("--encrypt", "--armor", "-r", key, *words, stdin=crlf(inner)),
                      head)
