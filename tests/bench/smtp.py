#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Submission beside other programs, into servers on loopback.

    ./bootstrap bench smtp                 installs what is needed, builds, runs it
    tests/bench/smtp.py [--rounds 5] [--count 1000] [--dir DIR] [--peer NAME]… [PART]…

Parts: sink, postfix (queued letters of 4 KB into smtp-sink, which is fast, and into
Postfix, which syncs each letter before it says yes); far (20 letters at a round trip
of 50 ms, the turns counted by a relay, with DATA and with CHUNKING); big (one letter
of 1 GB).  All of them without words.

"dewey-smtp" sends what lies in its outbox: each state is durable before the next
octet is said, and copies are in Sent afterwards; handing the letters in is not
timed.  What is called once for each letter runs in the first round only.  "syncs
alone" is what the disk takes for one sync a letter.  The programs take turns in each
round, so that what the machine does besides falls on all alike; ratios are the
medians over the rounds.  Root, for the servers; the programs run as nobody."""
import base64
import collections
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import parts
import servers
import smtp_peers
import tap
import timing

FAR, FEW = 50, 20
BIG = 1 << 30
AGAINST = ("curl, one session", "syncs alone")
# Letters are taken from anybody here, and thrown away when they are in the queue.
SETTINGS = ("mynetworks = 127.0.0.0/8\nsmtpd_recipient_restrictions = permit_mynetworks, reject\n"
            "smtpd_relay_restrictions = permit_mynetworks, reject\nvirtual_transport = discard:\n"
            "message_size_limit = 0\nsmtpd_client_connection_rate_limit = 0\n")
HEADER = ("From: %s\nTo: %s\nSubject: bench\nDate: Fri, 21 Nov 2025 10:00:00 +0000\n"
          "Message-ID: <bench@peer.test>\nMIME-Version: 1.0\n" % (
              smtp_peers.SENDER, smtp_peers.RECIPIENT))

Job = collections.namedtuple("Job", "port count letter body blob")


class Bench(parts.Place):
    def __init__(self, chosen):
        super().__init__(chosen)
        self.small = self.write_small()

    def write_small(self):
        """(letter, body) of 4 KB."""
        pick = random.Random(5)
        words = ["alpha", "meeting", "report", "please", "order", "письмо", "договор", "thanks"]
        body = ""
        while len(body.encode()) < 3700:
            body += " ".join(pick.choice(words) for _ in range(9)) + "\n"
        with open(self.path("body"), "w", encoding="utf-8") as file:
            file.write(body)
        with open(self.path("letter"), "w", encoding="utf-8") as file:
            file.write(HEADER + "Content-Type: text/plain; charset=utf-8\n"
                       "Content-Transfer-Encoding: 8bit\n\n" + body)
        return self.path("letter"), self.path("body")

    def write_big(self):
        """A letter of BIG octets."""
        path = self.path("big")
        if not os.path.exists(path) or os.path.getsize(path) < BIG:
            block = base64.encodebytes(random.Random(6).randbytes(57 * 13797))
            with open(path, "wb") as file:
                file.write(HEADER.encode() + b"Content-Type: application/octet-stream\n"
                           b"Content-Transfer-Encoding: base64\n\n")
                while file.tell() < BIG:
                    file.write(block)
        return path

    def postfix(self, without=()):
        authority = certs.Authority(tap.tempdir())
        dovecot = servers.Dovecot(authority.server())
        return servers.Postfix(authority.server(), dovecot, SETTINGS, without)


def run(bench, table, peer, number, job):
    """One run into the table; the home it ran in."""
    home = bench.home(peer)
    peer.set_up(home, job)
    timing.start(peer.command(home, job), home).wait(1800)
    result = timing.took(home)
    notes = []
    if result["status"] != 0:
        notes.append("exit status %d" % result["status"])
    if peer.left(home):
        notes.append("%d not done" % peer.left(home))
    result["note"] = ", ".join(notes)
    table.add(peer.name, number, result)
    return result


def chosen_peers(bench):
    return parts.chosen_peers(bench, smtp_peers.ALL)


def many(bench, port, title):
    count = bench.chosen.count
    job = Job(port, count, *bench.small, None)
    table = timing.Table("%d letters of 4 KB into %s" % (count, title), AGAINST)
    for number in range(bench.chosen.rounds):
        for peer in chosen_peers(bench):
            if not (peer.each and number > 0):
                run(bench, table, peer, number, job)
                bench.clear()
    table.show()
    compare(table)


def compare(table):
    """What was promised: beside one session of curl with a sync a letter, and
    beside the programs that are called for each letter."""
    def median(name):
        values = sorted(table.values(name))
        return values[len(values) // 2] if values else None
    ours, curl, syncs = (median(n) for n in ("dewey-smtp", *AGAINST))
    if ours and curl and syncs:
        print("dewey-smtp takes %.2f times curl's one session and one sync a letter"
              % (ours / (curl + syncs)))
    for peer in smtp_peers.ALL:
        if ours and peer.each and median(peer.name):
            print("%s takes %.1f times as long as dewey-smtp" % (
                peer.name, median(peer.name) / ours))


def sink(bench):
    many(bench, servers.SmtpSink().port, "smtp-sink")


def postfix(bench):
    many(bench, bench.postfix().port, "Postfix")


def far(bench):
    for title, without in (("DATA", ("chunking",)), ("CHUNKING", ())):
        server = bench.postfix(without)
        (port,) = servers.free_ports(1)
        table = timing.Table("%d letters into Postfix with %s, round trip %d ms" % (
            FEW, title, FAR), AGAINST[:1])
        for number in range(min(bench.chosen.rounds, 3)):
            for peer in chosen_peers(bench):
                if peer.name != "syncs alone" and not (peer.each and number > 0):
                    proxy = timing.Proxy(port, server.port, FAR)
                    result = run(bench, table, peer, number, Job(port, FEW, *bench.small, None))
                    turns = proxy.end()
                    result["note"] += " %d turns, %.2f a letter, in %d connections" % (
                        sum(turns), sum(turns) / FEW, len(turns))
        table.show()


def big(bench):
    server = servers.SmtpSink()
    job = Job(server.port, 1, bench.write_big(), None, None)
    table = timing.Table("one letter of %d MB into smtp-sink" % (BIG >> 20), ("curl",))
    names = ("dewey-smtp", "curl", "msmtp")
    for number in range(bench.chosen.rounds):
        for peer in chosen_peers(bench):
            if peer.name in names:
                run(bench, table, peer, number, job)
                bench.clear()
    table.show()


PARTS = {"sink": sink, "postfix": postfix, "far": far, "big": big}

parts.main(__doc__, Bench, PARTS, 1000)
