# SPDX-License-Identifier: MIT
"""dewey-crypt spoken to over dewey-wire(7), as the client in C does it."""
import contextlib
import subprocess

import mimewire
import tap


class Crypt(mimewire.Worker):
    """ring: a gnupg.Ring.  answers: passphrases, one for each question."""

    program = "dewey-crypt"

    def __init__(self, ring, answers=()):
        self.answers, self.questions = list(answers), []
        self.environment = ring.environment
        super().__init__()
        tap.cleanup(self.close)

    def ask(self, what, fds, **keys):
        keys.setdefault("may-ask", bool(self.answers))
        event = super().ask(what, fds, **keys)
        while event["event"] == "ask":
            self.questions.append(event)
            answer = {"do": "answer", "id": self.id, "ask": event["ask"]}
            if self.answers:
                answer["secret"] = self.answers.pop(0)
            self.send(answer)
            event = self.receive()
        return event

    def give(self, what, *inputs, **keys):
        """The event, and what was written to one descriptor more."""
        keys.setdefault("protocol", "openpgp")
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(mimewire.memory(data)) for data in inputs + (b"",)]
            event = self.ask(what, [f.fileno() for f in files], **keys)
            files[-1].seek(0)
            return event, files[-1].read()

    def done(self, what, *inputs, **keys):
        event, out = self.give(what, *inputs, **keys)
        tap.equal(event["event"], "done", event.get("text"))
        return event, out

    def failed(self, what, *inputs, **keys):
        """The word of the failure; nothing was written."""
        event, out = self.give(what, *inputs, **keys)
        tap.equal(event["event"], "failed", "%s\n%s" % (event, out))
        tap.equal(out, b"", "what was written")
        return event["crypt"]


def run(ring, *words, stdin=b""):
    return subprocess.run([tap.program("dewey-crypt"), *words], input=stdin, capture_output=True,
                          env=ring.environment, check=False)
