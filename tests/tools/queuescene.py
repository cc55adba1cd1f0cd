# SPDX-License-Identifier: MIT
"""A queue of letters that is sent again and again while something happens, and
the promises that hold whatever it is: nobody gets a letter twice, no letter is
forgotten, and where nobody can know it says so (S-50, S-51, S-55).

    queue = Queue(port, letters(2))            # queued, and not tried yet
    place = queue.place()                      # a home with a copy of that queue
    place.run("dewey-smtp", "-q", status=None)
    recover(place)                             # the next run, with nothing in its way
    verify(place, sink, uncertain={1})         # whatever became of it, it is right
"""
import collections
import contextlib
import fcntl
import os
import re
import shutil
import struct

import home
import smtpscene
import tap
from smtpscene import DONE, UNCERTAIN

F_OFD_SETLK = 37  # of fcntl.h; Python has no name for it yet
TAKEN = b"2.0.0 queued\r\n"  # how the sink says that a letter is its own now
PEOPLE = ("jones@b.test", "brown@b.test")


def letter(number, text=b"body\n"):
    return (b"From: ivan@peer.test\nTo: %s\nBcc: secret@b.test\nSubject: %d\n"
            b"Date: Sat, 21 Nov 2026 14:09:45 +0000\nMessage-ID: <%d@peer.test>\n\n%s"
            % (", ".join(PEOPLE).encode(), number, number, text))


def letters(count, text=b".dot\nbody\n..\n"):
    return [letter(n, text) for n in range(count)]


@contextlib.contextmanager
def sending_locked(place):
    """As if an agent were sending: what is handed in is left to it."""
    path = os.path.join(place.mail, ".dewey", "lock", "outbox-home")
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Of an open file: another kind goes when anybody here closes that file.
        fcntl.fcntl(fd, F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
        yield
    finally:
        os.close(fd)


def queue_untried(place, data):
    """Into the outbox; nothing is sent."""
    with sending_locked(place):
        place.run("dewey-smtp", "-t", "-i", input=data, binary=True)


class Queue:
    """account: further settings of [account home]."""

    def __init__(self, port, data, **account):
        self.data = data
        self.account = {"smtp": "smtp+insecure://127.0.0.1:%d" % port, **account}
        self.origin = home.Home(self.account)
        self.origin.run("dewey-smtp", "-bp")  # makes the store
        for one in data:
            queue_untried(self.origin, one)

    def place(self):
        place = home.Home(self.account)
        shutil.copytree(self.origin.mail, place.mail)
        return place


def recover(place, *args):
    """The next whole run, when everything is due."""
    smtpscene.make_due(place)
    return place.run("dewey-smtp", *(args or ("-q",)), status=None)


def times(sink):
    """{number of the letter: {address: how often}}, by Subject."""
    found = collections.defaultdict(collections.Counter)
    for address, got in sink.mailboxes.items():
        for data in got:
            subject = re.search(rb"(?m)^Subject: (\d+)\r$", data)
            found[int(subject[1]) if subject else None][address] += 1
    return found


def states(place):
    """{number: state} of what the outbox knows."""
    return {int(subject): state for subject, state
            in place.ledger("SELECT subject, state FROM outbox ORDER BY id")}


def copies(place):
    """{number: how many copies in Sent}."""
    found = (re.search(rb"(?m)^Subject: (\d+)$", data) for data in place.folder("Sent"))
    return collections.Counter(int(subject[1]) if subject else None for subject in found)


def verify_letter(number, state, got, copied):
    everybody = {address: 1 for address in (*PEOPLE, "secret@b.test")}
    if state == DONE:
        tap.equal((dict(got), copied), (everybody, 1), "%d is done: times, Sent copies" % number)
    else:
        tap.equal(state, UNCERTAIN, "state of %d" % number)
        tap.ok(dict(got) in ({}, everybody), "%d is uncertain, and sent %s" % (number, dict(got)))
        tap.equal(copied, 0, "Sent copies of %d, which is uncertain" % number)


def verify(place, sink, wanted, uncertain=None):
    """After recover(): each of the wanted numbers is done or uncertain, nothing
    went twice or on the quiet.  uncertain: exactly which, if that is known."""
    now, got, copied = states(place), times(sink), copies(place)
    tap.equal(sorted(now), sorted(wanted), "letters in the outbox")
    tap.ok(None not in got, "a letter arrived that nobody wrote")
    for number, state in now.items():
        verify_letter(number, state, got.get(number, {}), copied[number])
    found = {number for number, state in now.items() if state == UNCERTAIN}
    if uncertain is not None:
        tap.equal(found, set(uncertain), "uncertain")
    if found:
        recover(place)
        tap.equal(times(sink), got, "what went, after one more run")
    for data in (data for all_of in sink.mailboxes.values() for data in all_of):
        tap.lacks(data, b"secret@b.test", "what is on the wire (Bcc)")
    return found


def lasts(said):
    """How many octets of the line that ends each letter are in what was said: of
    ".\\r\\n", or of the last chunk; and how many make it whole."""
    found, at = [], 0
    while command := re.compile(rb"(?i)(DATA|BDAT (\d+)( LAST)?)\r\n").search(said, at):
        at = command.end()
        if command[2]:
            if command[3]:
                found.append((len(said[at:at + int(command[2])]), int(command[2])))
            at += int(command[2])
            continue
        end = said.find(b"\r\n.\r\n", at)
        at = end + 5 if end >= 0 else len(said)
        # A dot alone at the very end is the last line's, or that of "..".
        partly = re.search(rb"\r\n(\.\r?)\Z", said) if end < 0 else None
        found.append((3 if end >= 0 else len(partly[1]) if partly else 0, 3))
    return found
