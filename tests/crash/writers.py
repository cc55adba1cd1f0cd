#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Several write to one store at once, at random: two dewey on terminals, a third by its
command line, all of which move, delete, mark, tag, search and undo; dewey-pop3, which
delivers from a Dovecot and deletes there what it has; a program that renames, moves,
deletes and delivers files; and mutt.  Some are killed with -9 meanwhile.  Afterwards no
letter is lost or doubled but those that the other program deleted, every one has its
octets, and the index is what the files are (X-10, X-12, X-24).

DEWEY_ROUNDS is how many steps each makes, DEWEY_SECONDS how long they go on instead;
DEWEY_KILLS is how many are killed; DEWEY_SEED repeats the choices, not the moments.
DEWEY_BIN names the programs: with those of a build with sanitizers their reports are a
failure, also those of a program on a terminal."""
import collections
import errno
import glob
import os
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import home
import ptyrun
import servers
import tap

ROUNDS = int(os.environ.get("DEWEY_ROUNDS", "10"))
SECONDS = int(os.environ.get("DEWEY_SECONDS", "0"))
KILLS = int(os.environ.get("DEWEY_KILLS", "4"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
EX_TEMPFAIL = 75  # somebody else held the store, or the account, for long
KILLED = -9
MOST = 400  # letters; then none come until some are deleted
FOLDERS = ("Inbox", "Archive", "Lists/x", "Trash")
COLOURS = ("red", "green", "blue", "grey")
LETTER = """From: Anna <anna@example.org>
Subject: number %s is %s
Message-ID: <%s@other.example.org>
Date: Mon, 2 Feb 2026 10:00:00 +0000

the text of %s
"""
# What would write letters, or open Trash, where "d" is for good.
KEYS = "\n[keys list]\n" + "".join('"%s" = cancel\n' % key for key in "ymrgLfbRACMO")


def letter(name, colour):
    return (LETTER % (name, colour, name, name)).encode()


class Writer(threading.Thread):
    """One of them; what went wrong is told when all are done."""
    def __init__(self, scene, name):
        super().__init__(name=name)
        self.scene, self.home, self.random = scene, scene.home, random.Random(SEED + name)
        self.wrong, self.steps, self.child = [], 0, None

    def run(self):
        try:
            while self.scene.go_on(self.steps):
                self.step(self.steps)
                self.steps += 1
            self.end()
        except Exception as error:  # it is told by the test, in its own thread
            self.wrong.append(repr(error))

    def end(self):
        pass

    def program(self, *words):
        child = self.child = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace", env=self.scene.environment())
        _, errors = child.communicate()
        if child.returncode not in (0, EX_TEMPFAIL, KILLED):
            self.wrong.append("%s: %d: %s" % (words, child.returncode, errors))


class Other(Writer):
    """Another program: it knows Maildirs and nothing of dewey."""
    def __init__(self, scene, name):
        super().__init__(scene, name)
        self.deleted, self.sent, self.changes = set(), [], 0

    def deliver(self, i):
        data = letter("o%d" % i, self.random.choice(COLOURS))
        name = "%d.M%dP1_%s.other" % (1770026400 + i, i, SEED)
        inbox = os.path.join(self.home.mail, "Inbox")
        with open(os.path.join(inbox, "tmp", name), "wb") as file:
            file.write(data)
        os.rename(os.path.join(inbox, "tmp", name), os.path.join(inbox, "new", name))
        self.sent.append(data)

    def rename(self, path):
        base = os.path.basename(path).split(":")[0]
        flags = "".join(sorted(self.random.sample("FRSab", self.random.randrange(5))))
        folder = self.random.choice(FOLDERS)
        os.rename(path, os.path.join(self.home.mail, folder, "cur", base + ":2," + flags))

    def delete(self, path):
        content = home.read(path)
        os.unlink(path)
        self.deleted.add(content)

    def change(self, paths):
        path = self.random.choice(paths)
        try:
            if self.random.randrange(20) == 0:
                self.delete(path)
            else:
                self.rename(path)
            self.changes += 1
        except OSError as error:  # dewey was faster
            if error.errno != errno.ENOENT:
                raise

    def step(self, i):
        if self.scene.has_room():
            self.deliver(i)
        for _ in range(8):
            paths = [p for folder in FOLDERS for p in self.home.paths(folder)]
            if paths:
                self.change(paths)
        time.sleep(self.random.random() / 50)


class Commands(Writer):
    """The command line: each change is a process of its own."""
    def step(self, i):
        query = "subject:" + self.random.choice(COLOURS + ("number",))
        words = self.random.choice([
            ("move", self.random.choice(FOLDERS), query),
            ("move", self.random.choice(FOLDERS), query),
            ("tag", self.random.choice(["+work", "-work", "+later"]), query),
            ("undo",), ("undo",), ("list", "Inbox"), ("search", query)])
        self.program(*self.home.command("dewey", *words))


class Agent(Writer):
    """dewey-pop3, and the server that letters come to meanwhile."""
    def __init__(self, scene, name):
        super().__init__(scene, name)
        self.sent = []

    def step(self, i):
        new = [letter("p%d.%d" % (i, n), self.random.choice(COLOURS))
               for n in range(self.random.randrange(4)) if self.scene.has_room()]
        self.sent += new
        self.scene.dovecot.fill("ivan", new)
        self.program(*self.home.command("dewey-pop3", "home"))
        time.sleep(self.random.random() / 5)


class OnTerminal(Writer):
    """A program in a pseudo terminal, which begins again when it ended."""
    def __init__(self, scene, name):
        super().__init__(scene, name)
        self.terminal, self.begun = None, 0

    def begin(self):
        if self.terminal and self.terminal.running():
            return
        if self.terminal:
            self.ended()
        errors = os.path.join(self.scene.log, "%s.%d" % (self.name, self.begun))
        self.begun += 1
        self.terminal = ptyrun.Terminal(self.command(), self.scene.environment(), errors)
        self.child = self.terminal.child

    def ended(self):
        status = self.terminal.end()
        if status not in (0, KILLED):
            self.wrong.append("%s: %s: %s" % (self.command(), status, self.terminal.errors()))

    def step(self, i):
        self.begin()
        self.terminal.keys(self.some_keys())
        if self.random.randrange(10) == 0:
            self.terminal.resize(self.random.randrange(3, 50), self.random.randrange(20, 150))
        time.sleep(self.random.random() / 10)

    def end(self):
        self.begin()
        self.terminal.keys(self.LAST)
        self.ended()


CANCEL, ENTER, DOWN, UP = "\x07", "\r", "\x1bOB", "\x1bOA"


class FrontEnd(OnTerminal):
    LAST = CANCEL + CANCEL + ":quit" + ENTER

    def command(self):
        return self.home.command("dewey")

    def some_keys(self):
        choose = self.random.choice
        target = choose(("Archive", "Lists/x", "Inbox"))
        colour = choose(COLOURS)
        marked = ":mark-matching subject:%s%s" % (colour, ENTER)
        keys = choose([
            "d", "d", "u", "u", "F", "N", "t", "jjj", "kk", "d" * 5, "u" * 5, DOWN * 4, UP * 3,
            "=", "*", "\t", "S", "B", " ", "G", "$", ENTER + "jjq", ENTER + "dkuq",
            ":move %s%s" % (target, ENTER), "s%s%s" % (target, ENTER),
            ":tag +work" + ENTER, ":tag -work" + ENTER,
            ":change-folder %s%s" % (target, ENTER), ":change-folder %s%s" % (target, ENTER),
            marked + ";d", marked + ";F", marked + ";s" + target + ENTER, marked + "\x14",
            ":limit subject:%s%s" % (colour, ENTER), ":limit" + ENTER + "\x15" + ENTER,
            ":sort %s%s" % (choose(("date", "thread", "sender", "subject", "size")), ENTER),
            "/subject:%s%sdq" % (colour, ENTER), ":journal" + ENTER + "jj" + ENTER + "y" + CANCEL + "q",
            "x", "q"])
        return CANCEL + keys


class Mutt(OnTerminal):
    """Marks and new to cur: what it moves and deletes it does as a copy, which would be
    a second letter here."""
    LAST = "x"

    def command(self):
        return ["mutt", "-n", "-F", self.scene.muttrc, "-f", os.path.join(self.home.mail, "Inbox")]

    def some_keys(self):
        marks = "".join(self.random.choice("NFjjk") for _ in range(6))
        return "=" + marks + "$" + self.random.choice(("", "", "x"))


class Killer(threading.Thread):
    def __init__(self, scene, crew):
        super().__init__(name="killer")
        self.scene, self.crew, self.random = scene, crew, random.Random(SEED + "killer")
        self.over, self.kills = threading.Event(), collections.Counter()

    def run(self):
        while sum(self.kills.values()) < KILLS and not self.over.wait(self.random.random()):
            writer = self.random.choice(self.crew)
            if writer.child and writer.child.poll() is None:
                writer.child.kill()
                self.kills[writer.name] += 1


class Scene:
    def __init__(self):
        authority = certs.Authority(tap.tempdir())
        self.dovecot = servers.Dovecot(authority.server(), {"ivan": home.SECRET})
        self.home = home.Home({"pop3": "pop3s://ivan@localhost:%d" % self.dovecot.pop3s_port,
                               "tls-ca": authority.pem, "keep": "never"}, KEYS)
        self.log = tap.tempdir("dewey-writers-")
        self.end = time.monotonic() + SECONDS
        for folder in FOLDERS:
            for part in ("tmp", "new", "cur"):
                os.makedirs(os.path.join(self.home.mail, folder, part), 0o700)
        self.muttrc = os.path.join(self.home.path, "muttrc")
        with open(self.muttrc, "w", encoding="utf-8") as file:
            file.write("set folder=%s record= postponed= quit=yes\nunset wait_key beep\n"
                       % self.home.mail)
        self.home.run("dewey", "count", "x")

    def environment(self):
        options = os.environ.get("ASAN_OPTIONS", "")
        return {**self.home.environment(), "TERM": "xterm-256color", "EDITOR": "true",
                "ASAN_OPTIONS": "%s:log_path=%s/report" % (options, self.log),
                "UBSAN_OPTIONS": "print_stacktrace=1:log_path=%s/report" % self.log}

    def go_on(self, steps):
        return time.monotonic() < self.end if SECONDS else steps < ROUNDS

    def has_room(self):
        return sum(len(self.home.paths(folder)) for folder in FOLDERS) < MOST

    def everything(self):
        """How often each content lies in the store, in whatever folder."""
        paths = (p for part in ("new", "cur")
                 for p in glob.glob(self.home.mail + "/**/%s/*" % part, recursive=True))
        return collections.Counter(home.read(path) for path in paths)

    def reports(self):
        """Of sanitizers; that the leak checker could not look into a thread that just ended
        is none."""
        texts = (home.read(p).decode(errors="replace") for p in glob.glob(self.log + "/report*"))
        return [text for text in texts if "ERROR: " in text or "runtime error: " in text]


def run_all(scene):
    other, agent = Other(scene, "other"), Agent(scene, "agent")
    dewey = [FrontEnd(scene, "first"), FrontEnd(scene, "second"), Commands(scene, "commands"), agent]
    crew = [other, Mutt(scene, "mutt"), *dewey]
    killer = Killer(scene, dewey)
    for thread in [*crew, killer]:
        thread.start()
    for writer in crew:
        writer.join()
    killer.over.set()
    killer.join()
    print("# steps: %s" % ", ".join("%s %d" % (w.name, w.steps) for w in crew))
    print("# killed with -9: %s" % (", ".join("%s %d" % k for k in killer.kills.items()) or "none"))
    for writer in crew:
        tap.equal(writer.wrong, [], writer.name)
    return other, agent


def settled(h, findings):
    """The other program makes files with the modes it likes."""
    return [x for x in findings.splitlines() if "open to other users" not in x]


@tap.test("X-12 X-10 X-24: front ends, an agent, mutt and others at once, some of them killed: no letter"
          " lost or doubled, and the index equals the files")
def writers():
    tap.tool("mutt", "mutt")
    print("# DEWEY_SEED=%s DEWEY_ROUNDS=%d DEWEY_SECONDS=%d" % (SEED, ROUNDS, SECONDS))
    scene = Scene()
    h = scene.home
    other, agent = run_all(scene)
    # What a kill, or a store that was held, left to be done.
    h.run("dewey-pop3", "home")
    h.run("dewey", "count", "x")
    there, wanted = scene.everything(), set(other.sent + agent.sent) - other.deleted
    print("# %d changes by the other program, %d letters, %d of them deleted; %d entries of the"
          " journal" % (other.changes, len(other.sent) + len(agent.sent), len(other.deleted),
                        h.ledger("SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
                                 " WHERE name = 'journal'")[0][0]))
    tap.equal([x for x in wanted if there[x] == 0], [], "lost")
    tap.equal([x for x in there if there[x] > 1], [], "doubled")
    tap.equal(set(there) - wanted, set(), "back from the dead, or damaged")
    done = h.run("dewey", "fsck", status=None)
    tap.equal(settled(h, done.stdout), [], "fsck")
    tap.equal(scene.reports(), [], "reports of sanitizers")


tap.main()
