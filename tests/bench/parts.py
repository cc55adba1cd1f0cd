# SPDX-License-Identifier: MIT
"""What the benches of pop3.py and smtp.py have in common: a place with the homes of
the programs, which of those take part, and a command line of parts."""
import argparse
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import tap


class Place:
    """Where a bench lives: --dir, which stays, or a temporary one."""

    def __init__(self, chosen):
        self.chosen = chosen
        self.place = chosen.dir or tempfile.mkdtemp(prefix="dewey-bench-")
        os.makedirs(self.place, exist_ok=True)
        os.chmod(self.place, 0o755)
        if not chosen.dir:
            tap.cleanup(shutil.rmtree, self.place, True)
        self.old = 0
        tap.cleanup(self.clear)

    def path(self, *names):
        return os.path.join(self.place, *names)

    def home(self, peer):
        """Where it lives.  What was there before is put aside, not removed: ext4
        does not use the inodes of files that were just removed, looks for others
        by hand, and the next program would pay for that."""
        home = self.path("home-" + re.sub("[^a-z0-9]+", "-", peer.name))
        if os.path.isdir(home):
            os.makedirs(self.path("old"), exist_ok=True)
            self.old += 1
            os.rename(home, self.path("old", "%d-%d" % (os.getpid(), self.old)))
        return home

    def clear(self):
        shutil.rmtree(self.path("old"), True)


def chosen_peers(bench, every):
    """Those of every that take part: named by --peer, if any are, and installed."""
    for peer in every:
        if bench.chosen.peer and peer.name not in bench.chosen.peer:
            continue
        if peer.installed():
            yield peer
        else:
            print("%s is not installed (package %s)" % (peer.name, peer.package))


def main(title, make, parts, count):
    """The program: make(chosen) is its Place, parts its functions of that by their
    names, count how many letters there are if nobody says."""
    parser = argparse.ArgumentParser(description=title.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--dir")
    parser.add_argument("--peer", action="append")
    parser.add_argument("part", nargs="*")
    chosen = parser.parse_args()
    if not set(chosen.part) <= set(parts):
        parser.error("the parts are " + ", ".join(parts))
    try:
        bench = make(chosen)
        for name in chosen.part or parts:
            parts[name](bench)
    except tap.Skip as why:
        sys.exit("%s: %s" % (os.path.basename(sys.argv[0]), why))
    finally:
        tap.clean()  # the servers and what is temporary
