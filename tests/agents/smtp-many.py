#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A long queue and a large letter: what they cost in log-ins, waits for the disk,
round trips and memory.  Everything here is counted, nothing is timed."""
import os
import re
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import fakemail
import faults
import home
import servers
import tap
from pop3scene import serve

LETTERS, TURNS = 100, 20
HEADER = b"From: ivan@peer.test\nTo: jones@peer.test\nSubject: x\n\n"
SYNC = re.compile(r"^\d+ +f(?:data)?sync\(", re.M)
DOT = re.compile(r"^\d+ +sendto\(\d+, \"\.\\r\\n.*$", re.M)


def bench_program(name):
    return os.path.join(tap.BUILD, "tests", "bench", name)


class Queue:
    """A home with a number of letters in its outbox."""

    def __init__(self, server, count, body=b"body\n", user=""):
        self.home = home.Home({"smtp": "smtp+insecure://%s127.0.0.1:%d" % (user, server.port)})
        self.count = count
        path = os.path.join(self.home.path, "letter")
        with open(path, "wb") as file:
            file.write(HEADER + body)
        self.home.run("dewey-smtp", "--queue")  # makes the store
        tap.succeeds([bench_program("enqueue"), self.home.mail, "home", str(count), path])

    def check(self):
        states = self.home.ledger("SELECT state, copy, count(*) FROM outbox GROUP BY 1, 2")
        tap.equal(states, [(5, 2, self.count)], "states, copies, letters")
        tap.equal(len(self.home.folder("Sent")), self.count, "Sent copies")
        tap.equal(len(os.listdir(os.path.join(self.home.mail, ".dewey", "outbox"))), 0, "files")


def verbs(sink):
    return [line.split()[0].upper() for line in sink.lines if line]


@tap.test("100 queued letters: one connection, one log-in, one wait for the disk each [S-51, S-55]")
def many():
    sink = fakemail.Sink({"ivan": home.SECRET})
    queue = Queue(serve(sink), LETTERS, user="ivan@")
    log = os.path.join(queue.home.path, "strace")
    command = queue.home.command("dewey-smtp", "--queue")
    tap.succeeds(faults.strace("-o", log, "-e", "trace=fsync,fdatasync,sendto",
                               "-e", "signal=none", *command),
                 env=queue.home.environment())
    queue.check()
    tap.equal(len(sink.letters), queue.count, "letters that came")
    said = verbs(sink)
    tap.equal((said.count("EHLO"), said.count("AUTH")), (1, 1), "EHLO, AUTH")
    with open(log, encoding="utf-8", errors="replace") as file:
        syncs = [len(SYNC.findall(part)) for part in DOT.split(file.read())]
    tap.equal(len(syncs), LETTERS + 1, "dots, and what follows the last")
    # Before each dot; more at both ends, and for the copies: 64 at a time, or what
    # there is after a second, hence a slow machine has more of these.
    waits = sorted(syncs[1:LETTERS])
    tap.equal((waits[0], statistics.median(waits)), (1, 1), "waits for the disk: %s" % syncs)
    tap.ok(sum(syncs) <= LETTERS + 100, "%d waits for the disk" % sum(syncs))


def turns(capabilities):
    """Round trips that 20 letters wait for, beside those of opening and QUIT."""
    sink = fakemail.Sink(capabilities=("8BITMIME", "SIZE 10000000", *capabilities))
    server = serve(sink)
    (port,) = servers.free_ports(1)
    relay = subprocess.Popen([bench_program("delay"), str(port), str(server.port), "1"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    tap.cleanup(relay.kill)
    tap.equal(relay.stdout.readline(), "ready\n", "the relay")
    server.port = port
    queue = Queue(server, TURNS)
    queue.home.run("dewey-smtp", "--queue")
    queue.check()
    tap.equal(len(sink.letters), queue.count, "letters that came")
    relay.stdin.close()
    counted = [int(n) for n in re.findall(r"turns (\d+)", relay.stdout.read())]
    relay.wait()
    tap.equal(len(counted), 1, "connections")
    return counted[0]


@tap.test("two round trips a letter with DATA and PIPELINING, one with CHUNKING [S-11, S-12]")
def far():
    tap.equal(turns(("PIPELINING",)), 2 * TURNS + 3, "turns with DATA")
    tap.equal(turns(("PIPELINING", "CHUNKING")), TURNS + 3, "turns with CHUNKING")


@tap.test("a letter of 64 MB takes the memory of a small one, also made 7-bit [S-70, S-75]")
def large():
    line = "строка письма, не короткая и не длинная, как и другие строки\n".encode()
    for flags in ((), ("-8",)):
        queue = Queue(servers.SmtpSink(*flags), 1, body=line * ((64 << 20) // len(line)))
        out = os.path.join(queue.home.path, "took")
        command = queue.home.command("dewey-smtp", "--queue")
        tap.succeeds([bench_program("took"), out, *command], env=queue.home.environment())
        queue.check()
        with open(out, encoding="ascii") as file:
            kilobytes = int(file.read().split()[3])
        tap.ok(kilobytes < 40 << 10, "%d KB" % kilobytes)
        tap.note("smtp-sink %s: %d KB" % (" ".join(flags), kilobytes))


tap.main()
