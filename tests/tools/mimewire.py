# SPDX-License-Identifier: MIT
"""dewey-mime spoken to over dewey-wire(7), as the client in C does it."""
import json
import os
import re
import socket
import subprocess

import tap

LIMIT = 60  # seconds that only a hang reaches


# C0 without TAB and LF, DEL, C1, separators, and what reorders a line.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
BODIES = ("text", "words")


def check_clean(value, key=""):
    """Nothing of it means anything to a terminal."""
    if isinstance(value, dict):
        for k, v in value.items():
            check_clean(v, k)
    elif isinstance(value, list):
        for v in value:
            check_clean(v, key)
    elif isinstance(value, str):
        found = CONTROL.search(value) or (key not in BODIES and BIDI.search(value))
        if not found and key not in BODIES + ("headers",):
            found = re.search("[\t\n]", value)
        tap.ok(not found, "%s has U+%04X" % (key, ord(found.group()) if found else 0))


class Crash(Exception):
    pass


class Worker:
    program, environment, stderr = "dewey-mime", None, None

    def __init__(self):
        ours, theirs = socket.socketpair()
        ours.settimeout(LIMIT)
        self.socket = ours
        self.process = subprocess.Popen([tap.program(self.program), "--wire"], stdin=theirs,
                                        stdout=theirs, stderr=self.stderr, env=self.environment)
        theirs.close()
        self.input = ours.makefile("rb")
        self.id = 0
        self.send({"do": "hello", "version": 1})
        self.receive()

    def send(self, record, fds=()):
        socket.send_fds(self.socket, [json.dumps(record).encode() + b"\n"], fds)

    def receive(self):
        line = self.input.readline()
        if not line:
            raise Crash("the worker ended with %s" % self.process.wait())
        return json.loads(line)

    def ask(self, what, fds, **keys):
        self.id += 1
        self.send(dict(keys, do=what, id=self.id), fds)
        return self.receive()

    def read(self, data, want=("text", "words")):
        with memory(data) as fd:
            return self.ask("read", [fd.fileno()], want=list(want))

    def part(self, data, path):
        """The decoded octets of a part."""
        with memory(data) as fd, memory(b"") as out:
            answer = self.ask("part", [fd.fileno(), out.fileno()], path=path)
            if answer["event"] != "done":
                return None
            out.seek(0)
            return out.read()

    def close(self):
        self.input.close()
        self.socket.close()
        return self.process.wait(LIMIT)


def memory(data):
    f = os.fdopen(os.memfd_create("letter"), "w+b")
    f.write(data)
    f.flush()
    return f
