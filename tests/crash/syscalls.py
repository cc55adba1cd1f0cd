#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each system call that changes a file or says something to a server fails
(EIO, ENOSPC), or the agent is killed at it: nothing is lost or doubled (P-57, P-58,
P-63, X-20).  send-syscalls.py does it to sending.

DEWEY_CALLS is how many of the calls each test tries, spread over the run (30);
"make crash" tries every one.  DEWEY_SEED repeats a choice."""
import collections
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import tap
from faults import (CHANGING, EDQUOT, EFBIG, EIO, ENOSPC, KILL, SYNCING, WRITING, besiege, named,
                    strace, was_killed)

LETTERS = [b"Subject: %d\n\n%s\n" % (n, b"text\n" * n * 40) for n in range(10)]
# The one in the middle fills a group: what came before it is made durable and
# deleted while others are on their way.  (Its lines are long: short ones cost the
# server a second each time.)
GROUPS = LETTERS[:4] + [b"Subject: large\n\n" + (b"t" * 849 + b"\n") * 10000] + LETTERS[4:]


def of_groups(calls):
    """Those from the first letter on (others try the ones before); of the writes
    to one letter the first and the last."""
    first = next(n for n, call in enumerate(calls) if "/Inbox/tmp/" in call.path)
    calls = calls[first:]

    def is_between(n):
        around = {(call.name, call.path) for call in calls[n - 1:n + 2]}
        return calls[n].name == "write" and "/Inbox/tmp/" in calls[n].path and len(around) == 1
    return [call for n, call in enumerate(calls) if n == 0 or not is_between(n)]


def digests(letters):
    return collections.Counter(letters)


class Witness(fakemail.Maildrop):
    """Looks into the home whether a letter is safe there when it is to be deleted."""
    place, too_early = None, 0

    class session(fakemail.Maildrop.session):  # pylint: disable=invalid-name
        def dele(self, rest):
            here = self.place.place.folder("Inbox")
            rows = self.place.place.ledger("SELECT uid FROM uid WHERE state IN (1, 2, 3)")
            uid, data = self.letters[int(rest) - 1]
            self.place.too_early += data not in here or (uid.encode(),) not in rows
            super().dele(rest)

        verbs = {**fakemail.Maildrop.session.verbs, "DELE": dele}


def fetching(keep, letters):
    drop = Witness({"ivan": home.SECRET}, [])
    server = fakeserver.Server(drop)
    tap.cleanup(server.stop)

    def check(place, result, call):
        server.settle()
        tap.equal(drop.too_early, 0, "letters that were deleted before they were safe here")
        files = (*SYNCING, "close") if "/Inbox/tmp/" in (call.path if call else "") else SYNCING
        if call and not was_killed(result) and call.name in files and "/Inbox/" in call.path:
            # what a failed fsync left is not durable, whatever it looks like.
            tap.equal(len(drop.letters), len(letters), "on the server after a failed fsync")
        if result and result.returncode == 0:
            tap.equal(digests(place.folder("Inbox")), digests(letters), "letters, and status 0")
        if result:
            place.run("dewey-pop3", "home")
        if call and call.name == "renameat" and was_killed(result) and letters is LETTERS:
            # Whole in tmp, and a row says so: it is renamed, not fetched again.
            tap.equal(set(drop.fetched.values()), {1}, "times each letter was fetched")
        tap.equal(digests(place.folder("Inbox")), digests(letters), "letters")
        tap.equal(len(drop.letters), len(letters) if keep == "always" else 0, "left on the server")
        tap.equal(place.ledger("SELECT count(*) FROM uid WHERE state = 0"), [(0,)], "unresolved")

    def scene():
        server.forget()
        drop.letters = [(str(n), data) for n, data in enumerate(letters)]
        drop.fetched.clear()
        drop.place = home.Home({"pop3": "pop3+insecure://ivan@localhost:%d" % server.port,
                                "keep": keep})
        return drop.place, check
    return scene


def order_of(log):
    """What a run did to its letters, step by step, each step once in a row."""
    steps = (("written", r"write\(\d+<[^>]*/Inbox/tmp/"), ("synced", r"(fsync|syncfs)\(\d+<[^>]*/Inbox/tmp"),
             ("renamed", r"renameat\(.*/Inbox/new"), ("folder synced", r"fsync\(\d+<[^>]*/Inbox/new>"),
             ("ledger synced", r"fdatasync\(\d+<[^>]*/ledger\.db-wal>"),
             ("DELE", r'(sendto|write)\(\d+<socket.*"DELE'), ("QUIT", r'(sendto|write)\(\d+<socket.*"QUIT'))
    found = []
    for line in log.splitlines():
        step = next((name for name, pattern in steps if re.match(r"\d+ +" + pattern, line)), None)
        if step and step != (found or [None])[-1]:
            found.append(step)
    return found


@tap.test("the order of the promise: file, row, rename, folder, row, and only then DELE [P-57]")
def order():
    for letters in (LETTERS, LETTERS[:7]):  # made durable together, and one by one
        place, check = fetching("never", letters)()
        log = os.path.join(place.path, "strace")
        tap.succeeds(strace("-y", "-s", "40", "-o", log, "-e", "trace=" + CHANGING,
                            *place.command("dewey-pop3", "home")), env=place.environment())
        check(place, None, None)
        text = home.read(log).decode("utf-8", "replace")
        steps = order_of(text)
        tap.equal(steps[steps.index("written"):],
                  ["written", "synced", "ledger synced", "renamed", "folder synced",
                   "ledger synced", "DELE", "ledger synced", "QUIT", "ledger synced"])
        synced = len(re.findall(r"fsync\(\d+<[^>]*/Inbox/tmp/", text))
        tap.ok(synced == len(letters) or "syncfs(" in text, "%d of %d letters are synced"
               % (synced, len(letters)))


@tap.test("dewey-pop3, keep = never, killed: every letter exactly once [P-57, P-58, X-20]")
def fetch_never():
    besiege(fetching("never", LETTERS), [KILL], "dewey-pop3", "home")


@tap.test("dewey-pop3, keep = never, a call fails: every letter exactly once [P-57, P-63, X-20]")
def fetch_errors():
    besiege(fetching("never", LETTERS), [EIO, ENOSPC], "dewey-pop3", "home")


@tap.test("dewey-pop3, a few letters, syncing or closing fails: nothing of it is deleted"
          " [P-57, P-63, X-20]")
def fetch_syncing():
    besiege(fetching("never", LETTERS[:7]), [EIO, ENOSPC], "dewey-pop3", "home",
            only=named(*SYNCING, "close", "renameat"))


@tap.test("dewey-pop3, quota and size of files: every letter exactly once [P-63, X-20, X-22]")
def fetch_quota():
    besiege(fetching("never", LETTERS), [EDQUOT, EFBIG], "dewey-pop3", "home", only=named(*WRITING))


@tap.test("dewey-pop3, keep = never, several groups: every letter exactly once [P-57, X-20]")
def fetch_groups():
    besiege(fetching("never", GROUPS), [KILL, EIO], "dewey-pop3", "home", only=of_groups)


def previewing(fetched):
    """Previews of all letters; or, if these are there, the rest of them."""
    drop = fakemail.Maildrop({"ivan": home.SECRET}, [])
    server = fakeserver.Server(drop)
    tap.cleanup(server.stop)
    args = ["--rest", "home"] if fetched else ["home"]

    def check(place, result, call):
        server.settle()
        if result:
            place.run("dewey-pop3", *args)
            # What had come before is deleted by any fetch.
            place.run("dewey-pop3", "home")
        previews = [x.split(b"\n", 1)[0] for x in place.folder(".dewey/preview/Inbox")]
        wanted = [] if fetched else [x.split(b"\n", 1)[0] for x in LETTERS]
        tap.equal(digests(previews), digests(wanted), "previews")
        tap.equal(digests(place.folder("Inbox")), digests(LETTERS if fetched else []), "letters")
        tap.equal(len(drop.letters), 0 if fetched else len(LETTERS), "left on the server")
        tap.equal(place.ledger("SELECT count(*) FROM uid WHERE state = 0"), [(0,)], "unresolved")

    def scene():
        drop.letters = [(str(n), data) for n, data in enumerate(LETTERS)]
        place = home.Home({"pop3": "pop3+insecure://ivan@localhost:%d" % server.port,
                           "keep": "never", "preview": "all"})
        if fetched:
            place.run("dewey-pop3", "home")
        return place, check
    return scene


@tap.test("dewey-pop3, previews: one of every letter, none deleted [P-72, X-20]")
def fetch_previews():
    besiege(previewing(False), [KILL, EIO], "dewey-pop3", "home")


@tap.test("dewey-pop3, the rest of previews: every letter exactly once, no preview [P-72, X-20]")
def fetch_rest():
    besiege(previewing(True), [KILL, EIO], "dewey-pop3", "--rest", "home")


@tap.test("dewey-pop3, keep = always: every letter exactly once [P-57, P-58, X-20]")
def fetch_always():
    besiege(fetching("always", LETTERS), [KILL, EIO], "dewey-pop3", "home")


tap.main()
