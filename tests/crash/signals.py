#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""SIGTERM, SIGINT and SIGHUP at any moment of a fetch: what is whole stays, the
rest is rolled back, the agent ends; the front end gives the terminal back as it
was (P-60, P-73, X-24).

DEWEY_SIGNALS is how many instants are tried for each signal (6; "make crash":
60), DEWEY_SEED repeats a choice."""
import collections
import os
import pty
import random
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cutproxy
import fakemail
import fakeserver
import home
import tap

INSTANTS = int(os.environ.get("DEWEY_SIGNALS", "6"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
LETTERS = [b"Subject: %d\n\n%s" % (n, b"a line of text\n" * n * 20) for n in range(12)]
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
EX_TEMPFAIL = 75


class Scene:
    def __init__(self):
        self.drop = fakemail.Maildrop({"ivan": home.SECRET}, [])
        server = fakeserver.Server(self.drop)
        tap.cleanup(server.stop)
        self.proxy = cutproxy.CutProxy(server.port)
        tap.cleanup(self.proxy.stop)

    def place(self):
        self.drop.letters = [(str(n), data) for n, data in enumerate(LETTERS)]
        return home.Home({"pop3": "pop3+insecure://ivan@localhost:%d" % self.proxy.port,
                          "keep": "never"})

    def signalled(self, place, number, way, octets):
        """A run that gets the signal when so many octets went that way."""
        agent = subprocess.Popen(place.command("dewey-pop3", "home"), stdin=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, env=place.environment(), text=True)

        def rule(this_way, before, data):
            if this_way == way and len(before) < octets <= len(before) + len(data):
                agent.send_signal(number)
        self.proxy.rule = rule
        words = agent.communicate(timeout=60)[1]
        self.proxy.rule = None
        self.proxy.server.settle()
        return agent.returncode, words

    def rolled_back(self, place):
        here, left = place.folder("Inbox"), [data for _, data in self.drop.letters]
        tap.ok(set(here) <= set(LETTERS), "half a letter in the Inbox")
        tap.equal(len(here), len(set(here)), "letters here, and different ones")
        tap.equal(set(LETTERS) - set(left) - set(here), set(), "lost")
        tap.equal(os.listdir(os.path.join(place.mail, "Inbox", "tmp")), [], "left in tmp")

    def completed(self, place):
        place.run("dewey-pop3", "home")
        tap.equal(collections.Counter(place.folder("Inbox")), collections.Counter(LETTERS))
        tap.equal(self.drop.letters, [], "left on the server")


def instants(scene):
    place = scene.place()
    place.run("dewey-pop3", "home")
    ends = {cutproxy.TO_SERVER: len(scene.proxy.to_server[-1]),
            cutproxy.TO_CLIENT: len(scene.proxy.to_client[-1])}
    every = [(way, n) for way, end in ends.items() for n in range(1, end + 1, max(end // 200, 1))]
    return random.Random(SEED).sample(every, min(INSTANTS, len(every)))


@tap.test("a signal in the midst of a fetch: rolled back or done, and the next run completes"
          " [P-60, P-73, X-24]")
def fetching():
    scene = Scene()
    chosen, ends = instants(scene), collections.Counter()
    for number in SIGNALS:
        for way, octets in chosen:
            place = scene.place()
            try:
                status, words = scene.signalled(place, number, way, octets)
                ends[status] += 1
                tap.ok(status in (0, EX_TEMPFAIL), "exit status %d\n%s" % (status, words))
                if status:
                    scene.rolled_back(place)
                scene.completed(place)
            except tap.Failure as failure:
                raise tap.Failure("%s after %d octets %s (seed %s): %s" % (
                    number.name, octets, way, SEED, failure)) from None
    tap.note("exit status: %s" % ", ".join("%d: %d" % x for x in sorted(ends.items())))
    tap.ok(ends[EX_TEMPFAIL] > 0, "every run was over before its signal")


SHELL = """stty -g >before; echo $$ >shell
"$DEWEY_BIN/dewey" --demo
stty -g >after"""


def on_a_terminal(place, number):
    """dewey --demo below a shell on a terminal of its own gets the signal once
    it has drawn; what it wrote."""
    child, terminal = pty.fork()
    if child == 0:
        for inherited in SIGNALS:  # what runs in the background has SIGINT ignored
            signal.signal(inherited, signal.SIG_DFL)
        os.chdir(place)
        os.execve("/bin/sh", ["sh", "-c", SHELL],
                  {**os.environ, "TERM": "xterm", "DEWEY_BIN": tap.BIN, "HOME": place})
    written, sent, late = b"", False, time.monotonic() + 120
    while True:
        if not select.select([terminal], [], [], 60)[0] or time.monotonic() > late:
            for pid in [*children(child), child]:
                os.kill(pid, signal.SIGKILL)
            tap.fail("it does not end\n%r" % written[-500:])
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            break
        written += data
        if not sent and b"Peter" in written:
            sent = True
            for pid in children(child):
                os.kill(pid, number)
    os.waitpid(child, 0)
    os.close(terminal)
    return written


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return [int(x) for x in file.read().split()]


@tap.test("a signal to the front end: the terminal is as it was [X-24]")
def terminal():
    tap.program("dewey")
    for number in SIGNALS:
        place = tap.tempdir()
        written = on_a_terminal(place, number)
        before = home.read(os.path.join(place, "before"))
        after = home.read(os.path.join(place, "after"))
        tap.equal(after, before, "modes of the terminal after " + number.name)
        leaves = written.rfind(b"\x1b[?1049l")
        tap.ok(leaves > written.rfind(b"\x1b[?1049h") >= 0, "the screen before it is not shown again")


tap.main()
