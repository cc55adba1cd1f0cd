# SPDX-License-Identifier: MIT
"""A POP3 or SMTP server that staples an OCSP response, which Python's ssl cannot:
openssl s_server has the TLS, and the clear part of STLS is said before it.

    server = stapled.Server("pop3", pair, authority.staple(pair, "revoked"))
    server.port, server.heard          # what came inside TLS, bytes

Inside TLS it answers with +OK, 250 or 235 to everything, which is enough for a
log-in; staple None: none is sent.
"""
import select
import socket
import subprocess
import threading

import fakeserver
import tap


class Server:
    def __init__(self, scheme, pair, staple):
        self.pop3, self.implicit = scheme.startswith("pop3"), scheme.endswith("s")
        self.heard = b""
        command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", pair.cert, "-key",
                   pair.key, "-quiet"] + (["-status_file", staple] if staple else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, bufsize=0)
        tap.cleanup(self._end)
        self.inner = self._port()
        self.reader = threading.Thread(target=self._answer, daemon=True)
        self.reader.start()
        self.front = fakeserver.Server(self._serve)
        self.port = self.front.port
        tap.cleanup(self.front.stop)

    def _end(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def _port(self):
        """With -quiet it does not say which: its socket tells."""
        while True:
            with open("/proc/%d/net/tcp" % self.process.pid, encoding="ascii") as file:
                rows = [line.split() for line in file][1:]
            mine = _sockets(self.process.pid)
            for row in rows:
                if row[3] == "0A" and row[9] in mine:
                    return int(row[1].split(":")[1], 16)

    def _say(self, text):
        try:
            self.process.stdin.write(text.encode() + b"\r\n")
        except OSError:
            pass

    def _answer(self):
        pending = b""
        while True:
            data = self.process.stdout.read(4096)
            if not data:
                return
            self.heard += data
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                self._reply(line.decode("latin-1").strip().upper())

    def _reply(self, line):
        if not self.pop3:
            self._say("235 2.0.0 welcome" if line.startswith("AUTH")
                      else "250-x\r\n250 AUTH PLAIN" if line.startswith("EHLO") else "250 ok")
        elif line == "CAPA":
            self._say("+OK\r\nUIDL\r\nSASL PLAIN\r\n.")
        elif line in ("UIDL", "LIST"):
            self._say("+OK\r\n.")
        else:
            self._say("+OK 0 0")

    def _clear(self, conn):
        """Up to the moment where TLS begins."""
        if self.pop3:
            conn.reply("+OK ready")
            while conn.line() != "STLS":
                conn.reply("+OK\r\nSTLS\r\n.")
            conn.reply("+OK")
            return
        conn.reply("220 x ESMTP")
        while conn.line() != "STARTTLS":
            conn.reply("250-x\r\n250 STARTTLS")
        conn.reply("220 go on")

    def _serve(self, conn):
        if not self.implicit:
            self._clear(conn)
        with socket.create_connection(("127.0.0.1", self.inner)) as inner:
            if self.implicit:
                self._say("+OK ready" if self.pop3 else "220 x ESMTP")
            while True:
                ready, _, _ = select.select([conn.sock, inner, conn.stop], [], [])
                if conn.stop in ready:
                    return
                for source, sink in ((conn.sock, inner), (inner, conn.sock)):
                    try:
                        data = source.recv(65536) if source in ready else None
                        if data:
                            sink.sendall(data)
                    except OSError:
                        return
                    if data == b"":
                        return


def _sockets(pid):
    import glob
    import os
    found = set()
    for path in glob.glob("/proc/%d/fd/*" % pid):
        try:
            name = os.readlink(path)
        except OSError:
            continue
        if name.startswith("socket:["):
            found.add(name[8:-1])
    return found
