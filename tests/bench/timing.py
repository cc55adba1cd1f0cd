# SPDX-License-Identifier: MIT
"""What the benches share: a program run and measured, the relay that makes a
server a far one, and the table of what came out."""
import contextlib
import os
import pty
import re
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap

OWNER = 65534  # nobody: some programs refuse to deliver for root


def bench_program(name):
    return os.path.join(tap.BUILD, "tests", "bench", name)


class Proxy:
    """The relay at port in front of another; delay: milliseconds there and back."""

    def __init__(self, port, target, delay):
        self.delay = delay
        self.process = subprocess.Popen(
            [bench_program("delay"), str(port), str(target), str(delay)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            sys.exit("bench: the relay does not start")

    def end(self):
        """Turns of the connections that there were, of one each."""
        time.sleep(4 * self.delay / 1000)  # what was said last is still on its way
        self.process.stdin.close()
        found = re.findall(r"turns (\d+)", self.process.stdout.read())
        self.process.wait()
        return [int(t) for t in found]


# --- one run -------------------------------------------------------------------------

def _on_terminal(command, **options):
    """Runs it on a terminal that nobody looks at."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, **options)
    os.close(slave)

    def drain():
        with contextlib.suppress(OSError):
            while os.read(master, 65536):
                pass
        os.close(master)
    threading.Thread(target=drain, daemon=True).start()
    return process


def start(command, home, terminal=False, **environment):
    """Starts a program as its owner, below home; took() tells of it afterwards."""
    options = {"env": {**os.environ, "HOME": home, "TERM": "xterm", "DEWEY_BIN": tap.BIN,
                       **environment},
               "cwd": home, "user": OWNER, "group": OWNER, "extra_groups": [],
               "start_new_session": True}
    command = [bench_program("took"), os.path.join(home, "took"), *command]
    os.sync()
    if terminal:
        return _on_terminal(command, **options)
    with open(os.path.join(home, "said"), "wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                **options)


def took(home):
    """What a run that is over has taken."""
    with open(os.path.join(home, "took"), encoding="ascii") as file:
        words = file.read().split()
    return {"wall": float(words[0]), "cpu": float(words[1]) + float(words[2]),
            "mb": int(words[3]) / 1024, "status": int(words[4])}


# --- tables --------------------------------------------------------------------------

class Table:
    """against: the rows that the others are divided by."""

    def __init__(self, title, against):
        self.title, self.against, self.rows = title, against, {}

    def add(self, name, round_number, result):
        self.rows.setdefault(name, {})[round_number] = result

    def values(self, name, key="wall"):
        return [r[key] for r in self.rows.get(name, {}).values() if key in r]

    def ratio(self, name, other, key="wall"):
        """The median over the rounds in which both ran."""
        mine, theirs = self.rows.get(name, {}), self.rows.get(other, {})
        both = [mine[n][key] / theirs[n]["wall"] for n in mine if n in theirs and key in mine[n]]
        return statistics.median(both) if both else None

    def show(self):
        print("\n%s" % self.title)
        print("%-26s %8s %17s %8s %7s %s  %s" % (
            "", "seconds", "least - most", "of them", "MB",
            " ".join("%7s" % ("/" + a) for a in self.against), ""))
        for name in self.rows:
            self.line(name, "wall")
            if self.values(name, "listed"):
                self.line(name, "listed")
        sys.stdout.flush()

    def line(self, name, key):
        values = self.values(name, key)
        notes = sorted({r["note"] for r in self.rows[name].values() if r.get("note")})
        cells = ["%8.3f" % statistics.median(values),
                 "%8.3f -%7.3f" % (min(values), max(values)),
                 "%8.3f" % statistics.median(self.values(name, "cpu")) if key == "wall" else " " * 8,
                 "%7.1f" % max(self.values(name, "mb")) if key == "wall" else " " * 7]
        cells += ["%7.2f" % r if (r := self.ratio(name, other, key)) else " " * 7
                  for other in self.against]
        label = name if key == "wall" else "  … until listed"
        print("%-26s %s  %s" % (label, " ".join(cells), "; ".join(notes) if key == "wall" else ""))
