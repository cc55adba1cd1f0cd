# SPDX-License-Identifier: MIT
"""An agent that runs beside the test: started, spoken to by dewey-wire(7), ended."""
import json
import subprocess

import tap


def start(place, program, *args):
    agent = subprocess.Popen(place.command(program, *args), stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             env=place.environment())
    tap.cleanup(end, agent)
    return agent


def end(agent):
    agent.kill()
    agent.wait()
    for pipe in (agent.stdin, agent.stdout, agent.stderr):
        pipe.close()


class Wire:
    """The parent's side of dewey-wire(7)."""

    def __init__(self, place, program):
        self.agent = start(place, program, "--wire")
        self.send({"do": "hello", "version": 1})
        tap.equal(self.event()["event"], "hello")

    def send(self, record):
        self.agent.stdin.write(json.dumps(record) + "\n")
        self.agent.stdin.flush()

    def event(self):
        line = self.agent.stdout.readline()
        tap.ok(line, "no more events")
        return json.loads(line)

    def until(self, *names):
        """Events up to one of these, which is the last of the list."""
        events = [self.event()]
        while events[-1]["event"] not in names:
            events.append(self.event())
        return events

    def close(self):
        self.agent.stdin.close()
        tap.equal(self.agent.wait(60), 0)


def memory(pid):
    """All that a process could change, as one string of octets."""
    found = []
    with open("/proc/%d/maps" % pid, encoding="utf-8") as maps, \
            open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for line in maps:
            start, end = (int(x, 16) for x in line.split()[0].split("-"))
            # What is larger is AddressSanitizer's own.
            if line.split()[1].startswith("rw") and end - start <= 1 << 30:
                mem.seek(start)
                try:
                    found.append(mem.read(end - start))
                except OSError:
                    pass  # not a page of memory
    return b"".join(found)
