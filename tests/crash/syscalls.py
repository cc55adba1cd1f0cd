#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each system call that changes a file or says something to a server fails
(EIO, ENOSPC), or the agent is killed at it: nothing is lost, doubled or sent
twice (P-57, P-58, P-63, X-20).

DEWEY_CALLS is how many of the calls each test tries, spread over the run (30);
"make crash" tries every one.  DEWEY_SEED repeats a choice."""
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

CALLS = int(os.environ.get("DEWEY_CALLS", "30"))
SEED = os.environ.get("DEWEY_SEED") or str(random.SystemRandom().randrange(10 ** 6))
CHANGING = ("openat,write,pwrite64,writev,sendto,sendmsg,ftruncate,fallocate,fsync,fdatasync,"
            "syncfs,sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,"
            "mkdirat,close")
SYNCING = ("fsync", "fdatasync", "syncfs", "sync_file_range")
WRITING = ("write", "pwrite64", "writev", "ftruncate", "fallocate")
KILL, EIO, ENOSPC, EDQUOT, EFBIG = ("signal=SIGKILL", "error=EIO", "error=ENOSPC", "error=EDQUOT",
                                    "error=EFBIG")
UNCERTAIN, DONE = 4, 5  # states of outbox.h
LETTERS = [b"Subject: %d\n\n%s\n" % (n, b"text\n" * n * 40) for n in range(10)]
# The one in the middle fills a group: what came before it is made durable and
# deleted while others are on their way.  (Its lines are long: short ones cost the
# server a second each time.)
GROUPS = LETTERS[:4] + [b"Subject: large\n\n" + (b"t" * 849 + b"\n") * 10000] + LETTERS[4:]
LETTER = ("From: ivan@peer.test\nTo: jones@peer.test, brown@peer.test\nSubject: x\n"
          "Message-ID: <1@peer.test>\n\nbody\n")

# name, which one of that name, and what it was done to
Call = collections.namedtuple("Call", "name number path")


def strace(*options):
    # Leak checkers and strace do not go together, hence the variable.
    return [tap.tool("strace", "strace"), "-f", "-qq", "-E", "ASAN_OPTIONS=detect_leaks=0", *options]


def calls_of(place, program, *args, **options):
    """The calls of the program's first thread in a whole run, from the moment
    when it reads its dotfile: before that, it is the loader's.  Then those that only
    another thread makes so often: each counts for itself, and a fault strikes
    whichever comes first, so that nothing is learnt where that is the loader."""
    log = os.path.join(place.path, "strace")
    tap.succeeds(strace("-y", "-o", log, "-e", "trace=" + CHANGING, "-e", "signal=none",
                        *place.command(program, *args)), env=place.environment(), **options)
    seen, calls, first, begun = collections.Counter(), [], None, False
    others, loader = set(), collections.Counter()
    with open(log, encoding="utf-8", errors="replace") as file:
        for pid, name, rest in re.findall(r"(?m)^(\d+) +(\w+)\((.*)", file.read()):
            first = first or pid
            seen[pid, name] += 1
            if pid != first:
                others.add(Call(name, seen[pid, name], ""))
                continue
            begun = begun or place.rc in rest
            if begun:
                calls.append(Call(name, seen[pid, name], rest.split(",")[0]))
            else:
                loader[name] += 1
    known = {call[:2] for call in calls}
    return calls + sorted(call for call in others
                          if call[:2] not in known and call.number > loader[call.name])


def struck(call, fault, place, program, *args, **options):
    """Runs it, with that fault at that call; the result, and the call that it hit.
    Two runs are not quite the same: on a busy disk letters are synced one by one."""
    log = os.path.join(place.path, "struck")
    command = strace("-y", "-o", log, "-e", "trace=" + call.name, "-e", "inject=%s:%s:when=%d" % (
        call.name, fault, call.number), *place.command(program, *args))
    result = tap.run(command, env=place.environment(), **options)
    if fault == KILL:
        return result, call if was_killed(result) else None
    hit = re.search(r"(?m)^\d+ +(?:<\.\.\. )?\w+[( ](.*)\(INJECTED\)$",
                    home.read(log).decode("utf-8", "replace"))
    return result, hit and call._replace(path=hit[1].split(",")[0])


def chosen(faults):
    """Those to be tried: one of each name, and others."""
    if CALLS >= len(faults):
        return faults
    dice = random.Random(SEED)
    mixed = dice.sample(faults, len(faults))
    ones = list({call.name: (call, fault) for call, fault in mixed}.values())
    return sorted(ones + [x for x in mixed if x not in ones][:max(CALLS - len(ones), 0)])


def was_killed(result):
    return result.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


def failed_well(result, fault):
    """An error ends in words and a status of sysexits, if it matters."""
    if fault == KILL or result.returncode == 0:
        return
    tap.ok(64 <= result.returncode <= 78, "exit status %d" % result.returncode)
    tap.contains(result.stderr, "dewey-", "what it says")


def named(*names):
    return lambda calls: [call for call in calls if call.name in names]


def of_groups(calls):
    """Those from the first letter on (others try the ones before); of the writes
    to one letter the first and the last."""
    first = next(n for n, call in enumerate(calls) if "/Inbox/tmp/" in call.path)
    calls = calls[first:]

    def is_between(n):
        around = {(call.name, call.path) for call in calls[n - 1:n + 2]}
        return calls[n].name == "write" and "/Inbox/tmp/" in calls[n].path and len(around) == 1
    return [call for n, call in enumerate(calls) if n == 0 or not is_between(n)]


def besiege(scene, kinds, program, *args, only=None, **options):
    """scene() gives (home, check); each is used for one fault and a run after it.
    check(home, result, call) is called with None, None after a whole run.  only:
    which ones of the calls, if not all: a function of the list."""
    place, check = scene()
    calls = calls_of(place, program, *args, **options)
    calls = only(calls) if only else calls
    check(place, None, None)
    faults = [(call, fault) for call in calls for fault in kinds]
    tap.note("%d calls, %d faults, seed %s" % (len(calls), len(faults), SEED))
    results = collections.Counter()
    for call, fault in chosen(faults):
        place, check = scene()
        result, hit = struck(call, fault, place, program, *args, **options)
        results["not reached"] += hit is None
        results["killed" if was_killed(result) else result.returncode] += 1
        try:
            failed_well(result, fault)
            check(place, result, hit)
        except tap.Failure as failure:
            raise tap.Failure("%s at %s %d (%s): %s" % (fault, *call, failure)) from None
    tap.note("ends: %s" % ", ".join("%s: %d" % (k, results[k]) for k in sorted(results, key=str)))
    tap.ok(KILL not in kinds or results["killed"] > 0, "nothing was killed")


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


def check_sent(sink, place, result):
    """What was queued is sent once, or lies there as uncertain; never twice."""
    place.run("dewey-smtp", "--queue")
    states = [state for state, in place.ledger("SELECT state FROM outbox")]
    times = [len(sink.mailboxes[a + "@peer.test"]) for a in ("jones", "brown")]
    copies = len(place.folder("Sent"))
    if states in ([], [UNCERTAIN]) and result is not None:
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
            lambda place, result, _: check_sent(sink, place, result)
    besiege(scene, [KILL], "dewey-smtp", "-t", "-i", input=LETTER)


tap.main()
