#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The front end's sandbox, tried from inside, and the launcher that starts programs for it:
these are outside, and the terminal is theirs as it ever was."""
import os
import re
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import tap
import tmuxscreen

INTRUDER = os.path.join(tap.BUILD, "tests", "tools", "intruder.so")
LETTER = b"From: a@example.org\nSubject: the key\n\nIt lies under the third stone.\n"
# What it is to run as: it says who it is, stops as ^Z in an editor does, and goes on.
EDITOR = """cat /proc/self/status >"$NOTES/status"
ls -l /proc/self/fd >"$NOTES/fds"
kill -TSTP 0
echo "went on" >>"$NOTES/after"
printf '%s\n' 'To: maria@example.org' 'Subject: written' '' 'Hello' >"$1"
"""


def place():
    at = home.Home({"pop3": "pop3s://ivan@pop.invalid"})
    at.run("dewey", "count", "is:unread")
    with open(os.path.join(at.mail, "Inbox/cur/1.a.x:2,S"), "wb") as file:
        file.write(LETTER)
    return at


def attempt(name, *options, port="9", **environment):
    """What became of it in the front end, which shows a letter all the same."""
    if tap.sanitized("dewey"):
        tap.skip("built with sanitizers: the sandbox is off there")
    at = place()
    words = " ".join("%s=%s" % pair for pair in environment.items())
    terminal = tmuxscreen.Terminal(
        "env LD_PRELOAD=%s DEWEY_INTRUDE=%s DEWEY_INTRUDE_AT=wait DEWEY_INTRUDE_IN=dewey "
        "DEWEY_INTRUDE_PATH=%s/victim DEWEY_INTRUDE_PORT=%s %s %s" % (
            INTRUDER, name, at.path, port, words, " ".join(at.command("dewey", *options))), "")
    terminal.wait("Inbox: 1 message")
    terminal.type("=")
    terminal.keys("Enter")
    terminal.wait("third stone")
    terminal.keys("q")
    terminal.type(":quit")
    terminal.keys("Enter")
    tap.contains(terminal.wait("left with"), "left with 0", "the end")
    with open(os.path.join(terminal.dir, "errors"), encoding="utf-8") as file:
        found = re.search(r"^%s: (.*)$" % re.escape(name), file.read(), re.MULTILINE)
    return found[1] if found else "not tried"


def rights(task):
    """Name, no_new_privs, seccomp of a process or thread."""
    with open(task + "/status", encoding="utf-8") as file:
        lines = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    return lines["Name"], lines["NoNewPrivs"], lines["Seccomp"]


@tap.test("B-05: what is tried of the front end goes through without a sandbox")
def without():
    for name in "udp", "device":
        tap.equal(attempt(name, "--sandbox=off"), "done", name)


@tap.test("B-04 B-05: the front end has no network, runs no program, has no door to the kernel")
def confined():
    for name, wanted in (("tcp", "EACCES"), ("udp", "EACCES"), ("netlink", "EACCES"), ("exec", "EPERM"),
                         ("ptrace", "EPERM"), ("mount", "EPERM"), ("bpf", "EPERM"), ("io_uring", "EPERM"),
                         ("userfaultfd", "EPERM"), ("namespace", "EPERM"), ("type-ahead", "EPERM"),
                         ("device", "EPERM")):
        tap.equal(attempt(name), wanted, name)


@tap.test("B-05: the front end on older kernels: seccomp has nearly all of it")
def older():
    for fake, name, wanted in ("2", "tcp", "EACCES"), ("0", "exec", "EPERM"), ("-95", "mount", "EPERM"):
        tap.equal(attempt(name, DEWEY_FAKE_LANDLOCK=fake), wanted, "%s with Landlock %s" % (name, fake))


@tap.test("B-02: letters are moved between directories in the front end's sandbox, on old and new kernels")
def moves():
    for fake in "7", "2", "1":
        at = place()
        terminal = tmuxscreen.Terminal("env LD_PRELOAD=%s DEWEY_FAKE_LANDLOCK=%s %s" % (
            INTRUDER, fake, " ".join(at.command("dewey"))), "")
        terminal.wait("Inbox: 1 message")
        terminal.type("d")
        terminal.wait("the key", gone=True)
        terminal.type(":quit")
        terminal.keys("Enter")
        tap.contains(terminal.wait("left with"), "left with 0", "the end")
        tap.equal((at.folder("Inbox"), len(at.folder("Trash"))), ([], 1), "with Landlock %s" % fake)


@tap.test("B-01: --sandbox=require refuses to begin where the kernel has less")
def require():
    at = place()
    terminal = tmuxscreen.Terminal("env LD_PRELOAD=%s DEWEY_FAKE_LANDLOCK=0 %s 2>&1" % (
        INTRUDER, " ".join(at.command("dewey", "--sandbox=require"))), "")
    tap.contains(terminal.wait("left with"), "left with 69", "the end")


@tap.test("B-04 B-05: every thread of the front end is confined, and one whose launcher is gone says so")
def threads():
    if tap.sanitized("dewey"):
        tap.skip("built with sanitizers: the sandbox is off there")
    at, notes = place(), tap.tempdir()
    terminal = tmuxscreen.Terminal("sh -c 'echo $$ >%s/pid; exec \"$@\"' sh %s" % (
        notes, " ".join(at.command("dewey"))), EDITOR)
    terminal.wait("Inbox: 1 message")
    terminal.type("=")
    terminal.keys("Enter")
    terminal.wait("third stone")
    terminal.keys("q")
    with open(os.path.join(notes, "pid"), encoding="utf-8") as file:
        proc = "/proc/%s" % file.read().strip()
    found = {rights("%s/task/%s" % (proc, task))[1:] for task in os.listdir(proc + "/task")}
    tap.equal(found, {("1", "2")}, "what the threads gave up")
    with open("%s/task/%s/children" % (proc, proc.split("/")[-1]), encoding="ascii") as file:
        launchers = [pid for pid in file.read().split() if rights("/proc/" + pid)[0] == "dewey"]
    # In the order of their start: others are what it is just about to start.
    tap.equal(rights("/proc/" + launchers[0]), ("dewey", "0", "0"), "the launcher")
    os.kill(int(launchers[0]), signal.SIGKILL)
    terminal.keys("m")
    terminal.wait("To:")
    terminal.type("maria@example.org")
    terminal.keys("Enter")
    terminal.wait("Subject:")
    terminal.type("written")
    terminal.keys("Enter")
    terminal.wait("cannot be run: ")
    tap.ok(os.path.exists(proc + "/task"), "the front end ended")


@tap.test("an editor is started outside of the sandbox, stops with dewey at ^Z, and goes on with it")
def editor():
    if tap.sanitized("dewey"):
        tap.skip("built with sanitizers: the sandbox is off there")
    at, notes = place(), tap.tempdir()
    terminal = tmuxscreen.Terminal("env NOTES=%s sh -c 'exec bash --norc -i 2>&1'" % notes,
                                   EDITOR)
    terminal.type(" ".join(at.command("dewey")))
    terminal.keys("Enter")
    terminal.wait("Inbox: 1 message")
    terminal.keys("m")
    terminal.wait("To:")
    terminal.type("maria@example.org")
    terminal.keys("Enter")
    terminal.wait("Subject:")
    terminal.type("written")
    terminal.keys("Enter")
    terminal.wait("Stopped")
    tap.ok(not os.path.exists(os.path.join(notes, "after")), "the editor did not stop")
    terminal.type("fg")
    terminal.keys("Enter")
    terminal.wait("Hello|written")
    with open(os.path.join(notes, "status"), encoding="utf-8") as file:
        lines = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    tap.equal((lines["NoNewPrivs"], lines["Seccomp"]), ("0", "0"), "what the editor gave up")
    with open(os.path.join(notes, "fds"), encoding="utf-8") as file:
        fds = [line.split() for line in file if "->" in line]
    tap.equal({fd[-3] for fd in fds if fd[-1].startswith(("/dev/pts/", "socket:", "/memfd"))}
              - {"0", "1", "2"}, set(), "descriptors of dewey's")


if __name__ == "__main__":
    tap.main()
