# SPDX-License-Identifier: MIT
"""A port whose queue is full: who knocks there hears nothing, as at an address
that a firewall swallows.

    hole = Hole()              # or an address of 127.0.0.0/8, and a port
    hole.port, hole.reached()
"""
import socket

import tap


class Hole:
    def __init__(self, address="127.0.0.1", port=0):
        self.listener = socket.socket()
        self.listener.bind((address, port))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.knocking = []
        for _ in range(4):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex((address, self.port))
            self.knocking.append(sock)
        self.before = self._waiting()
        tap.cleanup(self.close)

    def close(self):
        for sock in [self.listener, *self.knocking]:
            sock.close()

    def _waiting(self):
        """How many are in SYN_SENT to our port."""
        with open("/proc/net/tcp", encoding="ascii") as file:
            rows = [line.split() for line in file][1:]
        return sum(row[3] == "02" and int(row[2].split(":")[1], 16) == self.port for row in rows)

    def reached(self):
        """Whether somebody else knocks."""
        return self._waiting() > self.before
