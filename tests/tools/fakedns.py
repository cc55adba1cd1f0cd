# SPDX-License-Identifier: MIT
"""A name server for one test: it knows SRV records and nothing else.  Who asks it runs
with a /etc/resolv.conf of its own, in a mount namespace, which needs root."""
import os
import socket
import struct
import threading

import tap

SRV, NXDOMAIN, SERVFAIL = 33, 3, 2


def name(text):
    labels = [label.encode("ascii") for label in text.strip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


class Server:
    """records: {"_submissions._tcp.peer.test": [(priority, weight, port, host), …]};
    asked: the names, in order."""

    def __init__(self, records, broken=False):
        if os.geteuid() != 0:
            tap.skip("a resolv.conf of one's own needs root")
        self.records, self.broken, self.asked = records, broken, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        # The port is always 53: so each test has an address of its own.
        self.address = "127.%d.%d.53" % (53 + os.getpid() % 100, os.getpid() // 100 % 250 + 1)
        self.socket.bind((self.address, 53))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        tap.cleanup(self.close)

    def close(self):
        """An empty question is ours."""
        self.socket.sendto(b"", (self.address, 53))
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            if not query:
                return
            self.socket.sendto(self.answer(query), peer)

    def answer(self, query):
        end = query.index(b"\0", 12)
        labels, at = [], 12
        while at < end:
            labels.append(query[at + 1:at + 1 + query[at]].decode("ascii"))
            at += 1 + query[at]
        asked = ".".join(labels).lower()
        self.asked.append(asked)
        rows = self.records.get(asked, [])
        code = SERVFAIL if self.broken else 0 if rows else NXDOMAIN
        head = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(rows), 0, 0)
        text = head + query[12:end + 5]
        for priority, weight, port, host in rows:
            data = struct.pack("!HHH", priority, weight, port) + name(host)
            text += b"\xc0\x0c" + struct.pack("!HHIH", SRV, 1, 60, len(data)) + data
        return text

    def run(self, argv, status=0, env=None):
        """argv, with this name server and no other."""
        path = os.path.join(tap.tempdir(), "resolv.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write("nameserver %s\noptions timeout:5 attempts:1\n" % self.address)
        script = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
        return tap.succeeds(["unshare", "--mount", "sh", "-c", script, "sh", path, *argv], status,
                            env=env)
