# SPDX-License-Identifier: MIT
"""A sendmail for other programs that keeps what they hand in.

    sendmail = Recorder(place)         # of dewey-smtp in this home
    sendmail.path                      # for $sendmail and the like
    sendmail.calls()                   # what came, in order, once it is over: .args .letter .status .stderr
"""
import collections
import os
import time

import tap

Call = collections.namedtuple("Call", "args letter status stderr")

SCRIPT = """#!/bin/sh
n=1
until mkdir "{place}/$n" 2>/dev/null; do n=$((n + 1)); done
cd "{place}/$n"
for word; do printf '%s\\0' "$word"; done >args
cat >letter
LC_ALL=C.UTF-8 {program} -c {rc} "$@" <letter 2>stderr
echo $? >status.new
mv status.new status
cat stderr >&2
exit $(cat status)
"""


class Recorder:
    def __init__(self, place):
        self.place = tap.tempdir("dewey-calls-")
        self.path = os.path.join(tap.tempdir("dewey-sendmail-"), "sendmail")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(SCRIPT.format(place=self.place, rc=place.rc,
                                     program=tap.program("dewey-smtp")))
        os.chmod(self.path, 0o755)

    def _read(self, number, name):
        with open(os.path.join(self.place, str(number), name), "rb") as file:
            return file.read()

    def wait(self, count, timeout=60):
        """The calls, as soon as so many are over."""
        deadline = time.monotonic() + timeout
        over = [os.path.join(self.place, str(n + 1), "status") for n in range(count)]
        while not all(os.path.exists(path) for path in over):
            if time.monotonic() > deadline:
                tap.fail("not %d calls of sendmail, but %s" % (count, os.listdir(self.place)))
            time.sleep(0.02)
        return self.calls()

    def calls(self):
        numbers = sorted(int(name) for name in os.listdir(self.place))
        return [Call([a.decode() for a in self._read(n, "args").split(b"\0")[:-1]],
                     self._read(n, "letter"), int(self._read(n, "status")),
                     self._read(n, "stderr").decode()) for n in numbers]
