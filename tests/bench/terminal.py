# SPDX-License-Identifier: MIT
"""A program in a pseudo-terminal, and how long its answers take.

An answer is over when the program is idle: it has written nothing and used no
processor time, itself and its children, for QUIET seconds.  Its duration is
the time from the key to the last octet written."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

QUIET = 0.25
TICK = os.sysconf("SC_CLK_TCK")


def children(pid):
    """pid and all below it."""
    found = [pid]
    for process in found:
        try:
            with open("/proc/%d/task/%d/children" % (process, process), encoding="ascii") as file:
                found += [int(word) for word in file.read().split()]
        except OSError:
            pass
    return found


def processor_time(pid):
    total = 0
    for process in children(pid):
        try:
            with open("/proc/%d/stat" % process, encoding="ascii", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total


def peak_memory(pid):
    """{program: MB}: the most that pid and each program below it ever held."""
    found = {}
    for process in children(pid):
        try:
            with open("/proc/%d/status" % process, encoding="ascii", errors="replace") as file:
                lines = dict(line.split(":", 1) for line in file.read().splitlines())
        except OSError:
            continue
        if "VmHWM" in lines:
            size = int(lines["VmHWM"].split()[0]) / 1024
            name = lines["Name"].strip()
            found[name] = max(size, found.get(name, 0))
    return found


class Terminal:
    def __init__(self, command, environment, rows=40, columns=120):
        self.output, self.started = b"", time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], command, {**environment, "TERM": "xterm-256color"})

    def _read(self, timeout):
        """Whether something came within the time; raises EOFError at the end."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            raise EOFError("the program has ended: %r" % self.output[-500:])
        self.output += data
        self._answer(data)
        return True

    def _answer(self, data):
        """What a terminal answers by itself."""
        for question, reply in ((b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[>c", b"\x1b[>41;367;0c"),
                                (b"\x1b[6n", b"\x1b[1;1R")):
            if question in data:
                os.write(self.fd, reply)

    def settle(self, since, limit=600):
        """Seconds from since to the last octet before the program is idle."""
        last, busy, spent = time.monotonic(), time.monotonic(), processor_time(self.pid)
        while time.monotonic() - max(last, busy) < QUIET:
            if time.monotonic() - since > limit:
                raise TimeoutError("not idle after %d s" % limit)
            if self._read(0.02):
                last = time.monotonic()
            now = processor_time(self.pid)
            if now != spent:
                busy, spent = time.monotonic(), now
        return last - since

    def first_screen(self, marker, limit=600):
        """(seconds until marker was painted, seconds until idle)"""
        while marker not in self.output:
            if time.monotonic() - self.started > limit:
                raise TimeoutError("no first screen after %d s: %r" % (limit, self.output[-500:]))
            self._read(1)
        shown = time.monotonic() - self.started
        return shown, self.settle(self.started)

    def first_full_screen(self, marker, limit=600):
        """Seconds until what was painted together with marker was painted whole."""
        while marker not in self.output:
            if time.monotonic() - self.started > limit:
                raise TimeoutError("no first screen after %d s: %r" % (limit, self.output[-500:]))
            self._read(1)
        shown = time.monotonic()
        while self._read(0.005):
            shown = time.monotonic()
        return shown - self.started

    def type(self, keys):
        """Seconds until the answer to keys was painted."""
        self.output = b""
        began = time.monotonic()
        os.write(self.fd, keys)
        return self.settle(began)

    def end(self):
        """Ends the program; returns {program: MB}, see peak_memory()."""
        memory = peak_memory(self.pid)
        os.kill(self.pid, signal.SIGHUP)
        try:
            while True:
                self._read(5)
        except EOFError:
            pass
        os.close(self.fd)
        os.waitpid(self.pid, 0)
        return memory
