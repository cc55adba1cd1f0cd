#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Letters that mean harm (tests/tools/hostile.py) through the worker, the store, the
commands and the real front end: each is still listed, nothing of it reaches the terminal
raw, memory stays bounded."""
import contextlib
import json
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import hostile
import mimewire
import tap
import tmuxscreen

INTRUDER = os.path.join(tap.BUILD, "tests", "tools", "intruder.so")
MOST_MEMORY = 256 * 1024  # kB that a worker ever had: M-10's limit


def memory_of(worker):
    with open("/proc/%d/status" % worker.process.pid) as status:
        return int(re.search(r"VmHWM:\s*(\d+)", status.read())[1])


def seconds_of(worker):
    with open("/proc/%d/stat" % worker.process.pid) as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(worker, name, data, want):
    try:
        answer = worker.read(data, want)
        tap.equal(answer["event"], "done", "what is said")
        mimewire.check_clean(answer)
    except (mimewire.Crash, OSError, tap.Failure) as error:
        raise tap.Failure("%s: %s" % (name, error)) from None
    return answer


@tap.test("M-05 M-40: escapes in every field, type and kind of part come out harmless")
def fields():
    letters, worker = hostile.escapes(), mimewire.Worker()
    for name, data in letters:
        answer = ask(worker, name, data, ("text", "words"))
        tap.ok("text" in answer, "%s: no text" % name)
        for part in answer.get("parts", ()):
            worker.part(data, part["path"])
    tap.equal(worker.close(), 0, "exit status of the worker")
    tap.note("%d letters" % len(letters))


@tap.test("M-01 M-02 M-03 M-10 M-11 M-12 M-42 M-60: a bomb costs neither the worker nor memory")
def bombs():
    slowest, largest = (0, ""), (0, "")
    for name, data in hostile.bombs():
        worker = mimewire.Worker()
        answer = ask(worker, name, data, ("text", "words"))
        tap.ok(len(answer.get("parts", ())) <= 2000, "%s: %d parts" % (name, len(answer["parts"])))
        tap.ok(len(answer.get("text", "")) <= 4 * 1024 * 1024 + 4096,
               "%s: a text of %d" % (name, len(answer.get("text", ""))))
        used = memory_of(worker)
        slowest, largest = max(slowest, (seconds_of(worker), name)), max(largest, (used, name))
        tap.ok(used < MOST_MEMORY, "%s: %d kB" % (name, used))
        tap.equal(worker.close(), 0, "exit status after %s" % name)
    tap.note("slowest: %.2f s of the processor, %s; largest: %d kB, %s" % (*slowest, *largest))


def filled(letters):
    place = home.Home({"pop3": "pop3s://ivan@pop.invalid"})
    place.run("dewey", "count", "is:unread")
    for n, (_, data) in enumerate(letters):
        with open(os.path.join(place.mail, "Inbox/cur/%05d.a.x:2,S" % n), "wb") as file:
            file.write(data)
    return place


def check_output(what, text, body=False):
    """What a command wrote for a terminal: UTF-8, or there are surrogates in it.  In a
    body a line may be turned around; what it began is closed at its end."""
    found = re.search("[\ud800-\udfff]", text) or mimewire.CONTROL.search(text) \
        or (not body and mimewire.BIDI.search(text))
    tap.ok(not found, "%s has %r" % (what, found and text[max(0, found.start() - 40):found.end() + 20]))


@tap.test("M-03 M-11: each of the letters is listed, and shown by dewey show")
def listed():
    letters = hostile.escapes() + hostile.bombs()
    place = filled(letters)
    said = place.run("dewey", "list", "--json", "-n", "100000", "Inbox").stdout
    rows = [json.loads(line) for line in said.splitlines()]
    tap.equal(len(rows), len(letters), "letters listed")
    check_output("the list", said)
    for row in rows:
        mimewire.check_clean(row)
    check_output("the list", place.run("dewey", "list", "-n", "100000", "Inbox").stdout)
    for row in rows:
        done = place.run("dewey", "show", str(row["id"]))
        check_output("letter %s (%s)" % (row["id"], row["message_id"]), done.stdout, True)


# What ncurses writes on this terminal, and nothing more: the numbers are small.
SEQUENCE = re.compile(
    r"\x1b\[(4[hl]|\?(1|7|12|25|1000|1002|1004|1006|1049|2004)(;\d{1,2})?[hl]|\d{0,3}(;\d{1,3}){0,9}[mHJKABCDGLMPXdrSTb@]|>\d?[mu]"
    r"|22;0;0t|23;0;0t)|\x1b[()][B0]|\x1b[=>78M]|[\r\n\t\b]")
HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\u200b\u2060"
                     "\ufeff\U000e0000-\U000e007f]")


def check_stream(octets):
    text = octets.decode("utf-8")
    tap.ok(len(text) > 2000, "only %d characters were recorded" % len(text))
    left = SEQUENCE.sub("", text)
    found = HARMFUL.search(left)
    tap.ok(not found, "the terminal was told %r" % (
        found and left[max(0, found.start() - 60):found.end() + 60]))


@tap.test("M-40: each of the payloads would be seen in the stream of the terminal")
def payloads_are_seen():
    for payload in hostile.PAYLOADS:
        try:
            check_stream(b"x" * 3000 + payload + b"x")
        except (tap.Failure, UnicodeDecodeError):
            continue
        tap.fail("%r goes through" % payload)
    check_stream(b"x" * 3000 + b"\x1b[1;31m\x1b[K\x1b(B\r\n")


def read_all(place, letters, marks):
    """Opens the first letter and goes on to the next until all were there."""
    terminal = tmuxscreen.Terminal(
        "env TERM=xterm-256color " + " ".join(place.command("dewey")), "")
    terminal.wait("Inbox: %d messages" % len(letters))
    terminal.type("=")  # the first of the list
    terminal.keys("Enter")
    terminal.wait("Inbox: %d messages" % len(letters), gone=True)
    seen, last = set(), None
    for _ in letters:
        screen = terminal.wait(marks)
        last = re.search(marks, screen)[0]
        seen.add(last)
        if len(seen) == len(letters):
            break
        terminal.keys("j")
        terminal.wait(last, gone=True)
    return terminal, seen


def leave(terminal):
    terminal.keys("q")
    terminal.type(":quit")
    terminal.keys("Enter")
    tap.contains(terminal.wait("left with"), "left with 0", "the end")


@tap.test("M-40 M-41 M-44: the reader on a terminal, over all of them: only its own octets reach it")
def reader():
    letters = hostile.escapes()
    place = filled(letters)
    terminal, seen = read_all(place, letters, r"\bh\d\d\d\b")
    tap.equal(len(seen), len(letters), "letters that were opened")
    leave(terminal)
    check_stream(terminal.written())


def letter(name, *lines):
    return (name, "\n".join(("From: %s <%s@example.net>" % (name, name), "Subject: " + name, *lines,
                             "", "words of " + name, "")).encode())


@tap.test("B-07: a letter that ends the worker costs its rendering; its source is there, the next opens")
def crashes():
    if tap.sanitized("dewey-mime"):
        tap.skip("built with sanitizers: nothing can be preloaded")
    place = filled([letter("first"), letter("crash", "X-Intrude: exec"),
                    letter("hang", "X-Intrude: spin"), letter("last")])
    os.environ["LD_PRELOAD"] = INTRUDER
    tap.cleanup(os.environ.pop, "LD_PRELOAD")
    said = place.run("dewey", "list", "--format", "{subject}", "Inbox").stdout
    tap.contains(said, ["first", "last"], "the list")
    tap.equal(len(said.splitlines()), 4, "letters listed")
    # A second look asks no worker: what failed is marked.
    began = place.run("dewey", "count", "is:read", env=dict(place.environment(), DEWEY_BIN="/nowhere"))
    tap.equal(began.stdout.strip(), "4", "letters counted without a worker")
    terminal = tmuxscreen.Terminal(
        "env LD_PRELOAD=%s " % INTRUDER + " ".join(place.command("dewey")), "")
    terminal.wait("Inbox: 4")
    terminal.type("=")
    terminal.keys("Enter")
    # The one that hangs is ended by whichever limit is reached first.
    ends = ["words of first", "words of last", "signal 31", "this message could not be parsed: it takes"]
    while ends:
        screen = " ".join(terminal.wait("|".join(ends).replace(" ", r"\s+")).split())
        now = next(end for end in ends if end in screen)
        ends.remove(now)
        if "words of" not in now:
            tap.contains(screen, ["could not be read", "source"], "what is offered")
            terminal.keys("e")
            terminal.wait("X-Intrude: (exec|spin)")
            terminal.keys("q")
        if ends:
            terminal.keys("j")
    leave(terminal)


def marks(place):
    return place.ledger("SELECT times FROM unreadable")


def index_anew(place, **more):
    """The list, of an index that is made for it."""
    for name in os.listdir(os.path.join(place.mail, ".dewey")):
        if name.startswith("index.db"):
            os.unlink(os.path.join(place.mail, ".dewey", name))
    return place.run("dewey", "list", "--format", "{subject}", "Inbox",
                     env=dict(place.environment(), **more)).stdout


def leave(terminal):
    terminal.keys("q")
    terminal.type(":quit")
    terminal.keys("Enter")
    tap.contains(terminal.wait("left with"), "left with 0", "the end")


@tap.test("B-07: a letter over which the worker ended twice is left alone by later runs, until it is asked for")
def left_alone():
    if tap.sanitized("dewey-mime"):
        tap.skip("built with sanitizers: nothing can be preloaded")
    place = filled([letter("first"), letter("crash", "X-Intrude: exec")])
    for wanted in [(1,)], [(2,)], [(2,)], [(2,)]:
        said = index_anew(place, LD_PRELOAD=INTRUDER)
        tap.equal(len(said.splitlines()), 2, "letters listed")
        tap.equal(marks(place), wanted, "times that the worker ended")
    command = " ".join(place.command("dewey"))
    terminal = tmuxscreen.Terminal("env LD_PRELOAD=%s %s" % (INTRUDER, command), "")
    terminal.wait("could not be read")
    terminal.type("=")
    terminal.keys("Enter")
    screen = " ".join(terminal.wait("not read by itself any more").split())
    tap.contains(screen, ["signal 31", "Press e for its source", "Press C-r to try again"], "the page")
    tap.equal(marks(place), [(2,)], "times after it was opened")
    terminal.keys("C-r")
    terminal.wait(r"(?s)signal\s+31.*signal\s+31")
    terminal.wait("not read by itself any more")
    tap.equal(marks(place), [(4,)], "times, tried again")
    leave(terminal)
    # What it stumbled over is mended: nobody knows before it is tried.
    index_anew(place)
    tap.equal(marks(place), [(4,)], "times, when nobody asked")
    terminal = tmuxscreen.Terminal(command, "")
    terminal.wait("could not be read")
    terminal.type("=")
    terminal.keys("Enter")
    terminal.wait("not read by itself any more")
    terminal.keys("C-r")
    terminal.wait("words of crash")
    tap.equal(marks(place), [], "marks")
    terminal.keys("q")
    terminal.wait("crash")
    terminal.type(":quit")
    terminal.keys("Enter")
    tap.contains(terminal.wait("left with"), "left with 0", "the end")
    tap.equal(place.run("dewey", "search", "--format", "{subject}", "body:words").stdout.split(),
              ["crash", "first"], "letters with that word")


@tap.test("B-07: another version of dewey tries the letters that one stumbled over; so does dewey show")
def other_version():
    if tap.sanitized("dewey-mime"):
        tap.skip("built with sanitizers: nothing can be preloaded")
    place = filled([letter("crash", "X-Intrude: exec")])
    for _ in range(2):
        index_anew(place, LD_PRELOAD=INTRUDER)
    with contextlib.closing(sqlite3.connect(os.path.join(place.mail, ".dewey", "ledger.db"))) as db:
        db.execute("UPDATE unreadable SET version = '0.0'")
        db.commit()
    index_anew(place, LD_PRELOAD=INTRUDER)
    tap.equal(marks(place), [(1,)], "times, by this version")
    index_anew(place, LD_PRELOAD=INTRUDER)
    tap.equal(index_anew(place), "\n", "a letter without a subject")
    row = json.loads(place.run("dewey", "list", "--json", "Inbox").stdout)
    tap.contains(place.run("dewey", "show", str(row["id"])).stdout, "words of crash")
    tap.equal(marks(place), [], "marks")
    tap.contains(index_anew(place), "crash", "the list")


@tap.test("B-07 M-42: the reader on a terminal, over the bombs: it stays, and goes on")
def reader_of_bombs():
    letters = hostile.bombs()
    place = filled(letters)
    terminal, seen = read_all(place, letters, r"\bb\d\d\d\b")
    tap.equal(len(seen), len(letters), "letters that were opened")
    leave(terminal)
    check_stream(terminal.written())


if __name__ == "__main__":
    tap.main()
