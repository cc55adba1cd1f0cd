# SPDX-License-Identifier: MIT
"""A program whose system calls fail, one after the other, or that is killed at one
(X-20), by strace.

    besiege(scene, [KILL, EIO], "dewey-pop3", "home")

DEWEY_CALLS is how many of the calls each test tries, spread over the run (30);
"make crash" tries every one.  DEWEY_SEED repeats a choice."""
import collections
import os
import random
import re
import signal

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

# name, which one of that name, and what it was done to
Call = collections.namedtuple("Call", "name number path")


def strace(*options):
    # Leak checkers and strace do not go together, hence the variable.
    return [tap.tool("strace", "strace"), "-f", "-qq", "-E", "ASAN_OPTIONS=detect_leaks=0", *options]


def calls_of(place, program, *args, traced=CHANGING, **options):
    """The calls of the program's first thread in a whole run, from the moment
    when it reads its dotfile: before that, it is the loader's.  Then those that only
    another thread makes so often: each counts for itself, and a fault strikes
    whichever comes first, so that nothing is learnt where that is the loader."""
    log = os.path.join(place.path, "strace")
    tap.succeeds(strace("-y", "-o", log, "-e", "trace=" + traced, "-e", "signal=none",
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
    tap.contains(result.stderr, "dewey", "what it says")


def named(*names):
    return lambda calls: [call for call in calls if call.name in names]


def besiege(scene, kinds, program, *args, only=None, traced=CHANGING, **options):
    """scene() gives (home, check); each is used for one fault and a run after it.
    check(home, result, call) is called with None, None after a whole run.  only:
    which ones of the calls, if not all: a function of the list; traced: which
    names of calls there are."""
    place, check = scene()
    calls = calls_of(place, program, *args, traced=traced, **options)
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
