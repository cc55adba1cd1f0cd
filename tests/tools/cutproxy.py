# SPDX-License-Identifier: MIT
"""A proxy that cuts the connection at an octet.

    proxy = cutproxy.CutProxy(port)
    proxy.rule = cutproxy.at(cutproxy.TO_SERVER, 17, "reset")
    ...
    proxy.rule = None                          # everything passes again

A rule is asked for every piece that comes, with what went that way before it;
it answers None (pass it on), or how many octets of it to pass on and how the
connection ends then, on both sides: "close", "reset", or "drain": the client
reads the end, and what it writes until it closes is kept in .written."""
import socket
import struct

import fakeserver

TO_CLIENT, TO_SERVER = "to the client", "to the server"


def at(way, octets, how):
    """After so many octets that way."""
    def rule(this_way, before, data):
        if this_way == way and len(before) + len(data) >= octets:
            return octets - len(before), how
        return None
    return rule


def once(rule):
    """The rule for one cut; what comes after it passes."""
    struck = []

    def first(*what):
        verdict = None if struck else rule(*what)
        if verdict is not None:
            struck.append(verdict)
        return verdict
    return first


def before_quit(this_way, _before, data):
    """QUIT does not reach the server."""
    if this_way == TO_SERVER and b"QUIT\r\n" in data:
        return data.index(b"QUIT\r\n"), "close"
    return None


def after_quit():
    """QUIT reaches the server; its reply does not reach the client."""
    sent = []

    def rule(this_way, _before, data):
        if this_way == TO_SERVER and b"QUIT\r\n" in data:
            sent.append(True)
        return (0, "close") if this_way == TO_CLIENT and sent else None
    return rule


class CutProxy(fakeserver.Proxy):
    """.cuts counts how often the rule struck; .written has, by the number of a
    connection that was drained, all that the client wrote to it."""

    def __init__(self, port):
        self.rule, self.cuts, self.written = None, 0, {}
        super().__init__(port)

    def _step(self, source, sink, record, conn):
        try:
            data = source.recv(65536)
            way = TO_CLIENT if record is self.to_client else TO_SERVER
            verdict = self.rule(way, record[conn.number], data) if self.rule and data else None
            passed = data if verdict is None else data[:verdict[0]]
            record[conn.number] += passed
            sink.sendall(passed)
        except OSError:
            return False
        if verdict is None:
            return bool(data)
        self.cuts += 1
        if verdict[1] == "drain":
            self._drain(conn, data[verdict[0]:] if way == TO_SERVER else b"")
        if verdict[1] == "reset":
            for sock in (source, sink):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def _drain(self, conn, rest):
        self.written[conn.number] = self.to_server[conn.number] + rest
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            while data := conn.sock.recv(65536):
                self.written[conn.number] += data
        except OSError:
            pass
