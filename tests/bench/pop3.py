#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Retrieval beside other programs, from a private Dovecot on loopback.

    ./bootstrap bench                      installs what is needed, builds, runs it
    tests/bench/pop3.py [--rounds 5] [--count 10000] [--dir DIR] [--peer NAME]… [PART]…

Parts: plain, tls (all letters into an empty place); far, fartls (the same with
a round trip of 50 ms); known, knowntls (all kept and known, ten new: nearby and
far, with the round trips counted); memory (peaks, and a letter of 2 GB).  All of
them without words.

The programs take turns in each round, so that what the machine does besides
falls on all alike; ratios are the medians over the rounds.  Slow programs run
once, and without TLS.  Root, for the server; the programs run as nobody.  Letters come from the
generator of ../shared/bench.  DIR keeps them for the next time."""
import contextlib
import glob
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import certs
import parts
import peers
import servers
import tap
import timing

FAR, NEW, FEW = 50, 10, 100
BIG = 2 << 30
GENERATOR = os.path.join(tap.SHARED, "bench", "gen_corpus.py")
AGAINST = ("floor", "mpop")
SETTINGS = "disable_plaintext_auth = no\nmail_max_userip_connections = 100\n"


class Server:
    """How a program reaches a maildrop."""

    def __init__(self, bench, user, port, tls=False, new=0):
        self.user, self.port, self.tls, self.new = user, port, tls, new
        self.ca = bench.ca.pem


# --- the letters ---------------------------------------------------------------------

class Bench(parts.Place):
    def __init__(self, chosen):
        if not os.path.exists(GENERATOR):
            raise tap.Skip("../shared/bench/gen_corpus.py is not there")
        super().__init__(chosen)
        self.ca = certs.Authority(os.path.join(self.place, "ca"))
        users = {u: peers.PASSWORD for u in ("all", "few", "grown", "big")}
        self.dovecot = servers.Dovecot(self.ca.server(), users, SETTINGS)
        self.proxy_port = servers.free_ports(1)[0]
        self.filled = set()

    def corpus(self, start, count):
        """A Maildir of the generator's letters."""
        path = os.path.join(self.place, "letters-%d-%d" % (start, count))
        if not os.path.isdir(path):
            subprocess.run([sys.executable, "-B", GENERATOR, "--out", path + ".new", "--start",
                            str(start), "--count", str(count), "--profile", "light", "--seed",
                            "11"], check=True, stdout=subprocess.DEVNULL)
            os.rename(path + ".new", path)
        return path

    def fill(self, user, start, count):
        """The letters into the user's maildrop; read once, so that the server has
        its own index, as it has in life."""
        into = os.path.join(self.dovecot.maildir(user), "new")
        path = self.corpus(start, count)
        for part in ("cur", "new"):
            for entry in os.scandir(os.path.join(path, part)):
                # Times of delivery that do not depend on this run.
                name = re.split("[:,]", entry.name)[0]
                shutil.copyfile(entry.path, os.path.join(into, name))
                os.chown(os.path.join(into, name), servers.USERS["vmail"],
                         servers.USERS["vmail"])
        self.warm(user)

    def warm(self, user):
        peer = peers.find("floor, discarding")
        subprocess.run(peer.command("", self.server(user)), check=True)

    def need(self, user):
        if user not in self.filled:
            self.filled.add(user)
            self.fill(user, 0, FEW if user == "few" else self.chosen.count)

    def server(self, user, tls=False, port=None, new=0):
        direct = self.dovecot.pop3s_port if tls else self.dovecot.pop3_port
        return Server(self, user, port or direct, tls, new)


# --- one run -------------------------------------------------------------------------

class Listed(threading.Thread):
    """Looks when the last letter is in the index of a store, as a list sees it."""

    def __init__(self, home, count):
        super().__init__()
        self.path = os.path.join(home, "Mail", ".dewey", "index.db")
        self.count, self.began, self.at, self.over = count, time.monotonic(), None, False

    def look(self):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path, uri=True)) as db:
            return db.execute("SELECT sum(total) FROM folder").fetchone()[0] or 0

    def run(self):
        while not self.over and self.at is None:
            with contextlib.suppress(sqlite3.Error):
                if os.path.exists(self.path) and self.look() >= self.count:
                    self.at = time.monotonic() - self.began
            time.sleep(0.02)


class Peaks(threading.Thread):
    """The peak memory of every process below one, by the names of programs."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.peaks, self.over = pid, {}, False

    def family(self):
        found = [self.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                for path in glob.glob("/proc/%d/task/*/children" % pid):
                    with open(path, encoding="ascii") as file:
                        found += [int(word) for word in file.read().split()]
        return found[1:]

    def run(self):
        while not self.over:
            for pid in self.family():
                with contextlib.suppress(OSError, TypeError):
                    with open("/proc/%d/status" % pid, encoding="utf-8") as file:
                        text = file.read()
                    name = re.search(r"Name:\t(.*)", text)[1]
                    peak = int(re.search(r"VmHWM:\s+(\d+)", text)[1])
                    self.peaks[name, pid] = peak / 1024
            time.sleep(0.02)


def run(peer, home, server, watch=None, count=0):
    """One run; what it took, as a dictionary."""
    process = timing.start(peer.command(home, server), home, peer.terminal,
                           GETMAILDIR=home, FETCHMAILHOME=home)
    watcher = None
    if watch:
        watcher = Listed(home, count) if watch is Listed else Peaks(process.pid)
        watcher.start()
    process.wait(1800)
    if watcher:
        watcher.over = True
        watcher.join()
    result = timing.took(home)
    if watch is Listed:
        result["listed"] = min(watcher.at or result["wall"], result["wall"])
    if watch is Peaks:
        result["peaks"] = watcher.peaks
    return result


# --- the programs -------------------------------------------------------------------

def chosen_peers(bench):
    return parts.chosen_peers(bench, peers.ALL)


def note_of(peer, home, count, result):
    arrived = peer.arrived(home)
    notes = []
    if result["status"] != 0:
        notes.append("exit status %d" % result["status"])
    if not isinstance(peer, peers.Discard) and arrived != count:
        notes.append("%d letters instead of %d" % (arrived, count))
    return notes


# --- the parts -----------------------------------------------------------------------

def relay(bench, tls, delay):
    target = bench.dovecot.pop3s_port if tls else bench.dovecot.pop3_port
    return timing.Proxy(bench.proxy_port, target, delay)


def all_letters(bench, tls=False, delay=0):
    """Everything into an empty place."""
    count = bench.chosen.count
    table = timing.Table("%d letters%s%s" % (
        count, ", TLS" if tls else "", ", round trip %d ms" % delay if delay else ""), AGAINST)
    bench.need("all")
    for number in range(bench.chosen.rounds):
        for peer in chosen_peers(bench):
            if (peer.slow and (number > 0 or tls)) or (delay and not peer.piped):
                continue
            one_fetch(bench, table, peer, number, bench.server("all", tls), delay)
    table.show()
    if delay and not tls:
        few_letters(bench, delay)
    return table


def one_fetch(bench, table, peer, number, server, delay):
    home, count = bench.home(peer), len(bench.dovecot.names(server.user))
    proxy = relay(bench, server.tls, delay) if delay else None
    if proxy:
        server.port = bench.proxy_port
    peer.set_up(home, server)
    watch = Listed if isinstance(peer, peers.DeweyFetch) else None
    result = run(peer, home, server, watch, count)
    notes = note_of(peer, home, count, result)
    if proxy:
        notes.append("%d turns" % sum(proxy.end()))
    result["note"] = ", ".join(notes)
    table.add(peer.name, number, result)


def few_letters(bench, delay):
    """Those that ask for one letter at a time, by a few: it would take minutes."""
    table = timing.Table("%d letters, round trip %d ms: those that do not ask ahead" % (
        FEW, delay), AGAINST)
    bench.need("few")
    for peer in chosen_peers(bench):
        if not peer.piped:
            one_fetch(bench, table, peer, 0, bench.server("few"), delay)
    table.show()


def known_letters(bench, tls=False):
    """All kept and known, ten new."""
    count = bench.chosen.count
    bench.need("grown")
    chosen = [p for p in chosen_peers(bench) if p.keeps and not isinstance(p, peers.Discard)
              and not (tls and p.slow)]
    server = bench.server("grown", tls, bench.proxy_port, NEW)
    known = bench.server("grown", tls, bench.proxy_port)
    if "grown+" in bench.filled:
        drop_new(bench)
    for peer in chosen:
        learn(bench, peer, known)
    bench.filled.add("grown+")
    bench.fill("grown", count, NEW)
    for delay in (0, FAR):
        table = timing.Table("%d kept and known, %d new%s, round trip %d ms" % (
            count, NEW, ", TLS" if tls else "", delay), AGAINST)
        for number in range(bench.chosen.rounds):
            for peer in chosen:
                if peer.slow and number > 0:
                    continue
                look_again(bench, table, peer, number, server, delay)
        table.show()


def drop_new(bench):
    """Takes the ten new ones away again, for the programs that are to learn."""
    names = {re.split("[:,]", n)[0] for part in ("cur", "new")
             for n in os.listdir(os.path.join(bench.corpus(bench.chosen.count, NEW), part))}
    for path in bench.dovecot.names("grown"):
        if re.split("[:,]", os.path.basename(path))[0] in names:
            os.unlink(path)
    bench.warm("grown")


def learn(bench, peer, server):
    home = bench.home(peer)
    proxy = relay(bench, server.tls, 0)
    peer.set_up(home, server)
    result = {"status": 0} if isinstance(peer, peers.Floor) else run(peer, home, server)
    proxy.end()
    if result["status"] != 0:
        print("%s: exit status %d" % (peer.name, result["status"]))
    for part in ("new", "cur"):
        folder = os.path.join(home, peer.inbox, part)
        if not isinstance(peer, peers.DeweyPop3):
            shutil.rmtree(folder)
            os.mkdir(folder)
    shutil.rmtree(home + ".known", ignore_errors=True)
    subprocess.run(["cp", "-a", home, home + ".known"], check=True)


def look_again(bench, table, peer, number, server, delay):
    home = bench.home(peer)
    # Times and all: a store whose directories are newer than its index is read.
    subprocess.run(["cp", "-a", home + ".known", home], check=True)
    peer.configure(home, server)
    before = peer.arrived(home)
    proxy = relay(bench, server.tls, delay)
    result = run(peer, home, server)
    notes = note_of(peer, home, before + NEW, result)
    turns = proxy.end()
    # The round trip of TCP itself is not a turn that the relay sees; nearby the
    # two sides speak at the same time, and turns mean nothing.
    result["note"] = ", ".join(notes + ["%d round trips" % (t + 1) for t in turns[:1] if delay])
    table.add(peer.name, number, result)


def memory(bench):
    """The peak of every process, with all letters and with one of 2 GB."""
    bench.need("all")
    for user, text in (("all", "%d letters" % bench.chosen.count), ("big", "a letter of 2 GB")):
        if user == "big":
            make_big(bench)
        print("\npeak memory, %s" % text)
        for peer in chosen_peers(bench):
            if user == "big" and not isinstance(peer, (peers.DeweyPop3, peers.Mpop)):
                continue
            home, server = bench.home(peer), bench.server(user, True)
            peer.set_up(home, server)
            result = run(peer, home, server, Peaks)
            note = ", ".join(note_of(peer, home, 1 if user == "big" else bench.chosen.count,
                                     result))
            names = sorted({n for n, _ in result["peaks"]})
            print("%-26s %s  %.1f s %s" % (peer.name, ", ".join(
                "%s %s MB" % (n, " and ".join(
                    "%.1f" % mb for (m, _), mb in sorted(result["peaks"].items()) if m == n))
                for n in names), result["wall"], note), flush=True)


def make_big(bench):
    path = os.path.join(bench.dovecot.maildir("big"), "new", "1000000000.M1P1.test")
    block = (b"0123456789abcdef" * 4 + b"0123456789a\n") * 13797
    with open(path, "wb") as file:
        file.write(b"From: ivan@peer.test\nSubject: all of it\n\n")
        for _ in range(BIG // len(block)):
            file.write(block)
    os.chown(path, servers.USERS["vmail"], servers.USERS["vmail"])
    bench.warm("big")


PARTS = {
    "plain": all_letters,
    "tls": lambda b: all_letters(b, tls=True),
    "far": lambda b: all_letters(b, delay=FAR),
    "fartls": lambda b: all_letters(b, tls=True, delay=FAR),
    "known": known_letters,
    "knowntls": lambda b: known_letters(b, tls=True),
    "memory": memory,
}

parts.main(__doc__, Bench, PARTS, 10000)
