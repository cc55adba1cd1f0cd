#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""No descriptor, no thread and no process left: an error that says so and what to
do, never a signal."""
import glob
import json
import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import pop3scene
import tap

EX_OSERR = 71
PROGRAMS = (("dewey-pop3", "home"), ("dewey-smtp", "-q"), ("dewey", "fetch"), ("dewey", "check"),
            ("dewey", "list", "Inbox"))
# The programs' libraries are loaded with three standard descriptors and one more.
LEAST = 4


def limit(soft, hard):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def told(result, text="Too many open files"):
    tap.equal(result.returncode, EX_OSERR, "the exit status (%s)" % result.stderr)
    tap.contains(result.stderr, text)


@tap.test("hardly any descriptors: 71, the limit and its cure, by each program [X-22]")
def hardly_any():
    scene = pop3scene.Scene(pop3scene.LETTERS)
    for program, *args in PROGRAMS:
        for count in range(LEAST, LEAST + 5):
            result = scene.home.run(program, *args, status=None, preexec_fn=limit(count, count))
            told(result)
            tap.contains(result.stderr, "'ulimit -n'")
    tap.equal(scene.drop.lines, [], "what the server heard")
    scene.fetch()
    tap.equal(len(scene.home.folder("Inbox")), len(pop3scene.LETTERS))


@tap.test("a soft limit alone is raised, and all is well [X-22]")
def soft():
    scene = pop3scene.Scene(pop3scene.LETTERS)
    scene.home.run("dewey", "fetch", preexec_fn=limit(LEAST, 4096))
    tap.equal(len(scene.home.folder("Inbox")), len(pop3scene.LETTERS))


@tap.test("on the wire the request fails, with the code system, to be tried later [X-22]")
def wire():
    scene = pop3scene.Scene(pop3scene.LETTERS)
    result = tap.run(scene.home.command("dewey-pop3", "--wire"), env=scene.home.environment(),
                     input='{"do":"hello","version":1}\n{"do":"fetch","id":7,"account":"home"}\n',
                     preexec_fn=limit(LEAST, LEAST))
    last = json.loads(result.stdout.splitlines()[-1])
    tap.equal([last[x] for x in ("event", "id", "code", "retry")], ["failed", 7, "system", "later"])
    tap.equal(result.returncode, 0, "the exit status")


def struck(scene, call, fault, program, *args):
    """Without threads and children: each such call of the program itself fails."""
    return tap.run([tap.tool("strace", "strace"), "-qq", "-o", os.devnull, "-e", "trace=" + call,
                    "-e", "inject=%s:error=%s" % (call, fault), "-E", "ASAN_OPTIONS=detect_leaks=0",
                    *scene.home.command(program, *args)], env=scene.home.environment())


@tap.test("what a crash left in tmp cannot be opened now: it is not given up for that [P-58] [P-62] [X-22]")
def unopened():
    scene = pop3scene.Scene(pop3scene.LETTERS[:1], {"keep": "never"})
    strace = [tap.tool("strace", "strace"), "-f", "-qq", "-o", os.devnull,
              "-E", "ASAN_OPTIONS=detect_leaks=0"]
    command = scene.home.command("dewey-pop3", "home")
    tap.run([*strace, "-e", "trace=renameat", "-e", "inject=renameat:signal=SIGKILL", *command],
            env=scene.home.environment())
    spooled, = glob.glob(os.path.join(scene.home.mail, "Inbox", "tmp", "*"))
    told(tap.run([*strace, "-P", spooled, "-e", "trace=open,openat", "-e",
                  "inject=open,openat:error=ENFILE", *command], env=scene.home.environment()),
         "Too many open files in system")
    scene.fetch()
    tap.equal((scene.home.folder("Inbox"), scene.drop.letters), (pop3scene.LETTERS[:1], []))
    tap.equal(scene.commands("RETR"), ["RETR 1"])


@tap.test("the front end cannot start an agent: 71, and the agent is named [X-22]")
def no_child():
    scene = pop3scene.Scene(pop3scene.LETTERS)
    told(struck(scene, "socketpair", "EMFILE", "dewey", "fetch"), "cannot start 'dewey-pop3'")


@tap.test("what a connection needs is not to be had: 71, and nothing is lost [X-22]")
def connection():
    for call, fault, text in (("epoll_create1", "EMFILE", "Too many open files"),
                              ("pipe2", "ENFILE", "Too many open files in system"),
                              ("clone3", "EAGAIN", "Resource temporarily unavailable"),
                              ("socket", "EMFILE", "Too many open files")):
        scene = pop3scene.Scene(pop3scene.LETTERS)
        told(struck(scene, call, fault, "dewey-pop3", "home"), text)
        scene.fetch()
        tap.equal(len(scene.home.folder("Inbox")), len(pop3scene.LETTERS))


tap.main()
