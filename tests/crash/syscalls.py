#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The agents are killed at each system call that changes a file or says
something to a server: nothing is lost, doubled or sent twice (P-57, P-58, X-20).

DEWEY_CALLS is how many of the calls are tried, spread over the run (40);
"make crash" tries every one."""
import collections
import os
import random
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import fakeserver
import home
import tap

CALLS = int(os.environ.get("DEWEY_CALLS", "40"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
CHANGING = ("openat,write,pwrite64,writev,sendto,sendmsg,ftruncate,fallocate,fsync,fdatasync,"
            "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,close")
UNCERTAIN, DONE = 4, 5  # states of outbox.h
LETTERS = [b"Subject: %d\n\n%s\n" % (n, b"text\n" * n * 40) for n in range(6)]
LETTER = ("From: ivan@peer.test\nTo: jones@peer.test, brown@peer.test\nSubject: x\n"
          "Message-ID: <1@peer.test>\n\nbody\n")


def strace(*options):
    # Leak checkers and strace do not go together, hence the variable.
    return [tap.tool("strace", "strace"), "-f", "-qq", "-E", "ASAN_OPTIONS=detect_leaks=0", *options]


def calls_of(place, program, *args, **options):
    """The calls that a whole run makes, each as (name, which one of that name)."""
    log = os.path.join(place.path, "strace")
    tap.succeeds(strace("-o", log, "-e", "trace=" + CHANGING, "-e", "signal=none",
                        *place.command(program, *args)), env=place.environment(), **options)
    seen, calls = collections.Counter(), []
    with open(log, encoding="utf-8", errors="replace") as file:
        for name in re.findall(r"(?m)^\d+ +(\w+)\(", file.read()):
            seen[name] += 1
            calls.append((name, seen[name]))
    return calls


def killed_at(call, place, program, *args, **options):
    """Runs it, killed at that call; the exit status."""
    command = strace("-o", os.devnull, "-e", "trace=" + call[0], "-e",
                     "inject=%s:signal=SIGKILL:when=%d" % call, *place.command(program, *args))
    return tap.run(command, env=place.environment(), **options).returncode


def chosen(calls):
    """The calls to be tried."""
    if CALLS >= len(calls):
        return calls
    return sorted(random.Random(SEED).sample(calls, CALLS))


def besiege(scene, program, *args, **options):
    """scene() gives (home, check); each is used for one kill and a run after it."""
    place, check = scene()
    calls = calls_of(place, program, *args, **options)
    check(place, None)
    tap.note("%d calls, seed %s" % (len(calls), SEED))
    kills = 0
    for call in chosen(calls):
        place, check = scene()
        status = killed_at(call, place, program, *args, **options)
        kills += status in (-signal.SIGKILL, 128 + signal.SIGKILL)
        try:
            check(place, status)
        except tap.Failure as failure:
            raise tap.Failure("killed at %s %d: %s" % (*call, failure)) from None
    tap.ok(kills * 2 > len(chosen(calls)), "only %d runs were killed" % kills)


def digests(letters):
    return collections.Counter(letters)


def fetching(keep):
    drop = fakemail.Maildrop({"ivan": home.SECRET}, [])
    server = fakeserver.Server(drop)
    tap.cleanup(server.stop)

    def check(place, status):
        if status is not None:
            place.run("dewey-pop3", "home")
        tap.equal(digests(place.folder("Inbox")), digests(LETTERS), "letters")
        tap.equal(len(drop.letters), len(LETTERS) if keep == "always" else 0, "left on the server")
        tap.equal(place.ledger("SELECT count(*) FROM uid WHERE state = 0"), [(0,)], "unresolved")

    def scene():
        drop.letters = [(str(n), data) for n, data in enumerate(LETTERS)]
        return home.Home({"pop3": "pop3+insecure://ivan@localhost:%d" % server.port,
                          "keep": keep}), check
    return scene


@tap.test("dewey-pop3, keep = never: every letter exactly once [P-57, P-58, X-20]")
def fetch_never():
    besiege(fetching("never"), "dewey-pop3", "home")


@tap.test("dewey-pop3, keep = always: every letter exactly once [P-57, P-58, X-20]")
def fetch_always():
    besiege(fetching("always"), "dewey-pop3", "home")


def check_sent(sink, place, status):
    """What was queued is sent once, or lies there as uncertain; never twice."""
    place.run("dewey-smtp", "--queue")
    states = [state for state, in place.ledger("SELECT state FROM outbox")]
    times = [len(sink.mailboxes[a + "@peer.test"]) for a in ("jones", "brown")]
    copies = len(place.folder("Sent"))
    if states in ([], [UNCERTAIN]) and status is not None:
        tap.ok(times in ([0, 0], [1, 1]), "sent %s times" % times)
        tap.ok(states or times == [0, 0], "sent, and forgotten")
        tap.equal(copies, 0, "Sent copies")
    else:
        tap.equal((states, times, copies), ([DONE], [1, 1], 1), "states, times sent, Sent copies")


@tap.test("dewey-smtp: sent once, or uncertain; one Sent copy [X-20]")
def send():
    sink = fakemail.Sink()
    server = fakeserver.Server(sink)
    tap.cleanup(server.stop)

    def scene():
        sink.mailboxes.clear()
        return home.Home({"smtp": "smtp+insecure://localhost:%d" % server.port}), \
            lambda place, status: check_sent(sink, place, status)
    besiege(scene, "dewey-smtp", "-t", "-i", input=LETTER)


tap.main()
