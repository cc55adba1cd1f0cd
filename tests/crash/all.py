#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""make crash: the tests of this folder in their long form.  Each runs whatever
became of those before it, and what every one tried and found is said again at
the end, with the time that it took.

Words after it choose scripts by their names, "key=value" changes an amount for
all of them (DEWEY_KILLS=100)."""
import os
import re
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Every call fails and every octet is cut; of the instants there is no end.  The
# parts that stand in one row run side by side.
PARTS = ((("fetch", {"DEWEY_KILLS": "1000"}),),
         (("send", {"DEWEY_KILLS": "1000"}),
          ("send-network", {"DEWEY_CUTS": "100000"})),
         (("syscalls", {"DEWEY_CALLS": "100000"}),
          ("send-syscalls", {"DEWEY_CALLS": "100000"})),
         (("disk", {"DEWEY_STEPS": "60"}),),
         (("signals", {"DEWEY_SIGNALS": "60"}),),
         (("power", {"DEWEY_FAILURES": "1000"}),
          ("send-power", {"DEWEY_FAILURES": "1000"})),
         (("network", {"DEWEY_CUTS": "100000", "DEWEY_PART": "1/2"}),
          ("network", {"DEWEY_CUTS": "100000", "DEWEY_PART": "2/2"})),
         (("writers", {"DEWEY_SECONDS": "600", "DEWEY_KILLS": "100000"}),),
         (("store", {"DEWEY_CRASH": "all"}),))


class Part:
    """One script: its output is passed on as it comes, and kept."""

    def __init__(self, name, amounts):
        self.title = " ".join([name + ".py"] + ["%s=%s" % x for x in amounts.items()])
        self.lines, self.begin, self.took = [], time.monotonic(), 0
        self.child = subprocess.Popen(
            [sys.executable, "-B", os.path.join(HERE, name + ".py")], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            env={**os.environ, **amounts})
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.append(line.rstrip("\n"))
            print("%s: %s" % (os.path.basename(self.child.args[2]), line), end="", flush=True)

    def wait(self):
        self.reader.join()
        self.child.wait()
        self.took = time.monotonic() - self.begin
        return self

    def failed(self):
        planned = next((int(x[3:]) for x in self.lines if re.fullmatch(r"1\.\.\d+", x)), -1)
        done = sum(bool(re.match(r"(not )?ok ", x)) for x in self.lines)
        return self.child.returncode != 0 or planned != done

    def summary(self):
        yield "%s: %s, %d min %02d s" % (self.title, "FAILED" if self.failed() else "passed",
                                         self.took // 60, self.took % 60)
        for line in self.lines:
            if line.startswith(("ok ", "not ok ")):
                yield "  " + line
            elif line.startswith("# "):
                yield "        " + line[2:]


def main():
    amounts = dict(x.split("=", 1) for x in sys.argv[1:] if "=" in x)
    names = [x for x in sys.argv[1:] if "=" not in x]
    done = []
    for row in PARTS:
        parts = [Part(name, {**given, **{k: v for k, v in amounts.items() if k in given}})
                 for name, given in row if not names or name in names]
        done += [part.wait() for part in parts]
    print("\nWhat was tried")
    for part in done:
        print("\n".join(part.summary()))
    bad = [part.title for part in done if part.failed()]
    print("make crash: %s" % ("FAILED: " + ", ".join(bad) if bad else "nothing lost, nothing doubled"))
    sys.exit(1 if bad or not done else 0)


main()
