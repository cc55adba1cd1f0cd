# SPDX-License-Identifier: MIT
"""A SOCKS5 proxy for tests (RFC 1928, RFC 1929), played by fakeserver.

    proxy = fakesocks.Proxy({("pop.test", 995): server.port}, login=("u", "p"))
    proxy.port, proxy.asked          # [("name", "pop.test", 995)], in order
    proxy.reply = 5                  # answers so, and connects nowhere

What is asked for is looked up in the table; the connection goes to that port of
127.0.0.1.
"""
import ipaddress
import select
import socket

import fakeserver
import tap


class Proxy:
    def __init__(self, table, login=None, reply=0, bound=b"\x01\x00\x00\x00\x00\x00\x00"):
        """bound: type, address and port that the reply carries."""
        self.table, self.login, self.reply, self.bound = table, login, reply, bound
        self.asked, self.logins = [], []
        self.server = fakeserver.Server(self._serve)
        self.port = self.server.port
        tap.cleanup(self.server.stop)

    def _take(self, conn, count):
        while len(conn.pending) < count:
            conn.pending += conn.read()
        data, conn.pending = conn.pending[:count], conn.pending[count:]
        return data

    def _text(self, conn):
        return self._take(conn, self._take(conn, 1)[0]).decode()

    def _greet(self, conn):
        version, count = self._take(conn, 2)
        methods = self._take(conn, count)
        if version != 5:
            raise fakeserver.Mismatch("version %d" % version)
        wanted = 2 if self.login else 0
        if wanted not in methods:
            conn.send(b"\x05\xff")
            return False
        conn.send(bytes([5, wanted]))
        return not self.login or self._log_in(conn)

    def _log_in(self, conn):
        if self._take(conn, 1) != b"\x01":
            raise fakeserver.Mismatch("version of the log-in")
        self.logins.append((self._text(conn), self._text(conn)))
        good = self.logins[-1] == self.login
        conn.send(b"\x01\x00" if good else b"\x01\x01")
        return good

    def _request(self, conn):
        version, command, _, kind = self._take(conn, 4)
        if (version, command) != (5, 1):
            raise fakeserver.Mismatch("not CONNECT")
        if kind == 3:
            what = ("name", self._text(conn))
        else:
            address = ipaddress.ip_address(self._take(conn, 4 if kind == 1 else 16))
            what = ("address", str(address))
        port = int.from_bytes(self._take(conn, 2), "big")
        self.asked.append((*what, port))
        return what[1], port

    def _serve(self, conn):
        if not self._greet(conn):
            return conn.wait()
        where = self._request(conn)
        if self.reply:
            conn.send(bytes([5, self.reply, 0]) + self.bound)
            return conn.wait()
        with socket.create_connection(("127.0.0.1", self.table[where])) as target:
            # With the server's first octets in one packet: nothing of them may be lost.
            first = b"" if conn.pending else self._early(target)
            conn.send(bytes([5, 0, 0]) + self.bound + first)
            self._pass(conn, target)
        return None

    def _early(self, target):
        """What the server says unasked, if it is one that speaks first."""
        return target.recv(65536) if select.select([target], [], [], 0.2)[0] else b""

    def _pass(self, conn, target):
        while True:
            ready, _, _ = select.select([conn.sock, target, conn.stop], [], [])
            if conn.stop in ready:
                return
            for source, sink in ((conn.sock, target), (target, conn.sock)):
                if source not in ready:
                    continue
                try:
                    data = source.recv(65536)
                    sink.sendall(data)
                except OSError:
                    return
                if source is conn.sock:
                    conn.received += data
                if not data:
                    return
