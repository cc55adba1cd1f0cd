# SPDX-License-Identifier: MIT
"""What the tests of dewey-pop3's decisions share: letters by number, and a scene
with a clock of its own.

    scene = Scene(letters(2), keep="3 days")
    scene.now = 1900000000
    scene.fetch(); scene.done()["new"]; scene.inbox(); scene.there()
"""
import json
import os

import pop3scene

DAY = 86400


def letter(n, more=""):
    return ("Message-ID: <%d@peer.test>\nDate: Sat, 21 Nov 2026 10:%02d:00 +0000\n"
            "Subject: letter %d\n%s\nbody of %d\n" % (n, n % 60, n, more, n)).encode()


def letters(count, begin=1):
    return [letter(n) for n in range(begin, begin + count)]


class Scene(pop3scene.Scene):
    """now: what the clock says, once it is set."""

    def __init__(self, mail, sections="", capabilities=("TOP", "UIDL", "PIPELINING"), faults=(),
                 **account):
        super().__init__(mail, account, sections, capabilities=list(capabilities), faults=faults)
        self.now = None

    def fetch(self, *args, **options):
        env = self.home.environment()
        if self.now is not None:
            env["DEWEY_CLOCK"] = str(int(self.now))
        return super().fetch(*args, env=env, **options)

    def done(self, *args, **options):
        """The last event of a run."""
        return json.loads(self.fetch("--events", *args, **options).stdout.splitlines()[-1])

    def forget_commands(self):
        self.drop.lines.clear()

    def there(self):
        return [data for _, data in self.drop.letters]

    def inbox(self):
        return sorted(self.home.folder("Inbox"))

    def move(self, path, folder, name=None):
        name = name or os.path.basename(path).split(":")[0] + ":2,S"
        os.rename(path, os.path.join(self.home.mail, folder, "cur", name))
