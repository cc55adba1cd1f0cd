#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A server that does what a script says, and remembers every octet.

A script is a file (or a string) of lines; blank lines and lines that begin
with "#" count for nothing:

    S: +OK hello            send the text and CRLF
    S-raw: +OK\\x20he\\r      send exactly this; \\r \\n \\t \\\\ \\xNN are understood
    S-letter: PATH          send the file as the lines of a multi-line reply: CRLF,
                            dots doubled, the final "." (PATH is relative to the script)
    C: USER a               the client sends exactly this line, ended by CRLF
    C~ PASS .*              the client's line matches the regular expression, all of it
    DATA                    the client sends lines up to "."; kept in .blocks
    TLS                     TLS begins now
    EOF                     the client closes now, without another octet
    WAIT                    say nothing until the client closes
    CLOSE                   close; RESET: close so that the client sees ECONNRESET

By hand, one script a connection, in turn, until standard input ends:

    fakeserver.py [--tls CERT KEY] [--implicit] [--transcript FILE] SCRIPT...

prints "listening PORT" first, then a line for each thing that went otherwise
than its script, and exits 1 if there was any or a script was not reached.
From Python, handler(conn) of a Server is either a Script or any function.
"""
import argparse
import os
import re
import select
import socket
import ssl
import struct
import sys
import threading


class Gone(Exception):
    """The client closed the connection, or the server is being stopped."""


class Mismatch(Exception):
    """The client did something else than expected."""


class Conn:
    """One connection.  .received and .sent are what was said inside TLS (or
    without it); .raw_received and .raw_sent are the octets on the wire;
    .blocks the bodies that DATA took, dots undoubled, with CRLF, and those of
    octets(), as they are."""

    def __init__(self, sock, number, stop, context):
        self.sock, self.number, self.stop, self.context = sock, number, stop, context
        self.received = self.sent = self.raw_received = self.raw_sent = b""
        self.transcript, self.blocks, self.error = [], [], None
        self.tls, self.secure, self.pending = None, False, b""
        self.done = threading.Event()

    # --- octets
    def _raw_read(self):
        while True:
            ready, _, _ = select.select([self.sock, self.stop], [], [])
            if self.stop in ready:
                raise Gone("the server is being stopped")
            try:
                data = self.sock.recv(65536)
            except OSError as error:
                raise Gone(str(error)) from None
            if not data:
                raise Gone("the client closed")
            self.raw_received += data
            return data

    def _raw_write(self, data):
        self.raw_sent += data
        view = memoryview(data)
        while view:
            ready, writable, _ = select.select([self.stop], [self.sock], [])
            if ready:
                raise Gone("the server is being stopped")
            try:
                view = view[self.sock.send(view):] if writable else view
            except OSError as error:
                raise Gone(str(error)) from None

    def _flush(self):
        data = self.tls_out.read()
        if data:
            self._raw_write(data)

    def starttls(self, context=None):
        """TLS begins; what was read before and not yet used is forgotten."""
        self.pending = b""
        self.tls_in, self.tls_out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (context or self.context).wrap_bio(self.tls_in, self.tls_out, server_side=True)
        self._tls_do(self.tls.do_handshake)
        self.secure = True
        self.transcript.append(("TLS", b""))

    def _tls_do(self, function, *args):
        while True:
            try:
                result = function(*args)
                self._flush()
                return result
            except ssl.SSLWantReadError:
                self._flush()
                self.tls_in.write(self._raw_read())
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                raise Gone("the client closed") from None
            except ssl.SSLError as error:
                try:
                    self._flush()
                except Gone:
                    pass
                raise Gone("TLS: %s" % error) from None

    def read(self):
        """Some octets; raises Gone at the end."""
        if self.tls:
            data = self._tls_do(self.tls.read, 65536)
            if not data:
                raise Gone("the client closed")
        else:
            data = self._raw_read()
        self.received += data
        self.transcript.append(("C", data))
        return data

    def send(self, data):
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        self.sent += data
        self.transcript.append(("S", data))
        if self.tls:
            self._tls_do(self.tls.write, data) if data else None
        else:
            self._raw_write(data)

    # --- lines
    def reply(self, text):
        self.send(text + "\r\n")

    def line(self):
        """The client's next line without its CRLF; anything else but CRLF at
        its end is a mismatch."""
        while b"\n" not in self.pending:
            self.pending += self.read()
        line, self.pending = self.pending.split(b"\n", 1)
        if not line.endswith(b"\r") or b"\r" in line[:-1]:
            raise Mismatch("a line that does not end with CRLF: %r" % line)
        return line[:-1].decode("utf-8", "surrogateescape")

    def octets(self, count):
        """So many of them, whatever they are."""
        while len(self.pending) < count:
            self.pending += self.read()
        data, self.pending = self.pending[:count], self.pending[count:]
        return data

    def block(self):
        """Lines up to "."; returns them with CRLF, first dots undoubled."""
        while not (self.pending.startswith(b".\r\n") or b"\r\n.\r\n" in self.pending):
            self.pending += self.read()
        if self.pending.startswith(b".\r\n"):
            body, self.pending = b"", self.pending[3:]
        else:
            body, self.pending = self.pending.split(b"\r\n.\r\n", 1)
            body += b"\r\n"
        if re.search(rb"(?<!\r)\n|\r(?!\n)", body):
            raise Mismatch("a bare CR or LF in the block")
        body = re.sub(rb"(?m)^\.", b"", body)
        self.blocks.append(body)
        return body

    def octets(self, count):
        """So many of them; kept like a block is."""
        while len(self.pending) < count:
            self.pending += self.read()
        body, self.pending = self.pending[:count], self.pending[count:]
        if re.search(rb"(?<!\r)\n|\r(?!\n)", body):
            raise Mismatch("a bare CR or LF in the octets")
        self.blocks.append(body)
        return body

    def letter(self, data):
        """Sends data as the lines of a multi-line reply, with the final dot."""
        data = re.sub(rb"\r?\n", b"\r\n", data)
        if data and not data.endswith(b"\r\n"):
            data += b"\r\n"
        self.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")

    def wait(self):
        """Says nothing until the client closes."""
        while True:
            self.pending += self.read()

    def close(self, reset=False):
        if reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self.tls and self.secure:
            try:
                self.tls.unwrap()
            except (ssl.SSLError, ValueError):
                pass
            try:
                self._flush()
            except Gone:
                pass
        self.sock.close()

    def text(self):
        """The transcript for a person."""
        out = []
        for who, data in self.transcript:
            lines = data.decode("utf-8", "backslashreplace").splitlines() or [""]
            out += ["%s: %s" % (who, line) for line in lines]
        return "\n".join(out)


class Script:
    """handler(conn) made of script lines (a string, or Script.file(path))."""

    def __init__(self, text, name="script", directory="."):
        self.name, self.directory, self.steps = name, directory, []
        for number, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if line and not line.startswith("#"):
                self.steps.append((number, *self._parse(number, line)))

    @classmethod
    def file(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(file.read(), os.path.basename(path), os.path.dirname(path) or ".")

    def _parse(self, number, line):
        found = re.fullmatch(r"(S|S-raw|S-letter|C|C~)(?::|(?<=~))(?: (.*))?|([A-Z]+)", line)
        if not found or found[3] and found[3] not in self.WORDS:
            raise ValueError("%s:%d: not understood: %s" % (self.name, number, line))
        return found[1] or found[3], found[2] or ""

    def __call__(self, conn):
        for number, verb, text in self.steps:
            try:
                if self.WORDS[verb](self, conn, text):
                    return
            except (Gone, Mismatch) as error:
                raise type(error)("%s:%d: %s %s: %s"
                                  % (self.name, number, verb, text, error)) from None

    def _send(self, conn, text):
        conn.reply(text)

    def _send_raw(self, conn, text):
        table = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
        conn.send(re.sub(rb"\\(x[0-9a-fA-F]{2}|.)",
                         lambda m: table.get(m[1].decode()) or bytes([int(m[1][1:], 16)]),
                         text.encode()))

    def _send_letter(self, conn, text):
        with open(os.path.join(self.directory, text), "rb") as file:
            conn.letter(file.read())

    def _expect(self, conn, text):
        line = conn.line()
        if line != text:
            raise Mismatch("got %r" % line)

    def _match(self, conn, text):
        line = conn.line()
        if not re.fullmatch(text, line):
            raise Mismatch("got %r" % line)

    def _data(self, conn, _):
        conn.block()

    def _tls(self, conn, _):
        conn.starttls()

    def _eof(self, conn, _):
        try:
            raise Mismatch("got %r" % (conn.pending or conn.read()))
        except Gone:
            return True

    def _wait(self, conn, _):
        try:
            conn.wait()
        except Gone:
            return True

    def _close(self, conn, _):
        conn.close()
        return True

    def _reset(self, conn, _):
        conn.close(reset=True)
        return True

    WORDS = {"S": _send, "S-raw": _send_raw, "S-letter": _send_letter, "C": _expect, "C~": _match,
             "DATA": _data, "TLS": _tls, "EOF": _eof, "WAIT": _wait, "CLOSE": _close,
             "RESET": _reset}


class Server:
    """Listens on a free port of 127.0.0.1.  handlers is one handler for every
    connection, or a list: one for each in turn, any further one is refused as
    a mismatch.  pair (certs.Pair) is for TLS; implicit: from the first octet.
    port: one that was free; 0: any."""

    def __init__(self, handlers, pair=None, implicit=False, context=None, port=0):
        self.handlers, self.implicit = handlers, implicit
        self.context = context or (pair.context() if pair else None)
        self.connections, self.threads, self.lock = [], [], threading.Condition()
        self.stop_read, self.stop_write = os.pipe()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.acceptor = threading.Thread(target=self._accept, daemon=True)
        self.acceptor.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _accept(self):
        while True:
            ready, _, _ = select.select([self.listener, self.stop_read], [], [])
            if self.stop_read in ready:
                return
            sock, _ = self.listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                conn = Conn(sock, len(self.connections), self.stop_read, self.context)
                self.connections.append(conn)
                thread = threading.Thread(target=self._serve, args=(conn,), daemon=True)
                self.threads.append(thread)
                thread.start()
                self.lock.notify_all()

    def _handler(self, number):
        if not isinstance(self.handlers, (list, tuple)):
            return self.handlers
        if number < len(self.handlers):
            return self.handlers[number]
        raise Mismatch("connection %d has no script" % (number + 1))

    def _serve(self, conn):
        try:
            if self.implicit:
                conn.starttls()
            self._handler(conn.number)(conn)
        except (Gone, Mismatch) as error:
            conn.error = error
        except Exception as error:  # pylint: disable=broad-except
            conn.error = Mismatch("the handler failed: %r" % error)
        finally:
            conn.close()
            conn.done.set()

    def wait(self, count=1, timeout=60):
        """Until the first count connections are over."""
        for number in range(count):
            with self.lock:
                made = self.lock.wait_for(lambda: number < len(self.connections), timeout)
            if not made:
                raise Mismatch("connection %d was not made" % (number + 1))
            if not self.connections[number].done.wait(timeout):
                raise Mismatch("connection %d is still open" % (number + 1))

    def settle(self, timeout=10):
        """Lets the connections that are open come to their end: the client may
        be gone while its last lines are still on their way."""
        for conn in self.connections:
            conn.done.wait(timeout)

    def forget(self):
        """Drops what was said on connections that are over: for a test with a
        thousand of them."""
        for conn in self.connections:
            if conn.done.is_set():
                conn.received = conn.sent = conn.raw_received = conn.raw_sent = b""
                conn.transcript, conn.blocks = [], []

    def stop(self):
        """Ends every connection and thread; the records stay."""
        if self.listener.fileno() < 0:
            return
        os.write(self.stop_write, b"x")
        self.acceptor.join()
        for thread in self.threads:
            thread.join()
        self.listener.close()
        os.close(self.stop_read)
        os.close(self.stop_write)

    # --- what happened
    def problems(self):
        """A line for each connection that went otherwise than expected, and
        for each script that was never reached."""
        found = ["connection %d: %s" % (c.number + 1, c.error)
                 for c in self.connections if c.error]
        if isinstance(self.handlers, (list, tuple)):
            found += ["connection %d was not made" % (n + 1)
                      for n in range(len(self.connections), len(self.handlers))]
        return found

    def check(self):
        """Once the client is gone: stops, and raises Mismatch with the
        transcript if there are problems."""
        self.settle()
        self.stop()
        found = self.problems()
        if found:
            raise Mismatch("\n".join(found + [c.text() for c in self.connections]))

    def saw(self, octets):
        """Whether octets came from a client, in TLS or on the bare wire, as
        they are or in base64 at any of its three offsets."""
        needles = [octets] + _base64_cores(octets)
        return any(needle in stream for c in self.connections
                   for stream in (c.received, c.raw_received) for needle in needles)


def _base64_cores(octets):
    """What every base64 of text that holds octets must hold."""
    import base64
    cores = []
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + octets).rstrip(b"=")
        core = coded[(lead * 8 + 5) // 6:len(coded) - 1]
        if len(core) >= 4:
            cores.append(core)
    return cores


class Proxy:
    """Passes octets on to another port and records both directions, one pair
    of byte strings a connection: .to_server[n], .to_client[n]."""

    def __init__(self, port, host="127.0.0.1"):
        self.target, self.to_server, self.to_client = (host, port), [], []
        self.server = Server(self._pass)
        self.port = self.server.port

    def _pass(self, conn):
        while len(self.to_server) <= conn.number:
            self.to_server.append(b"")
            self.to_client.append(b"")
        with socket.create_connection(self.target) as target:
            while True:
                ready, _, _ = select.select([conn.sock, target, conn.stop], [], [])
                if conn.stop in ready:
                    return
                if target in ready and not self._step(target, conn.sock, self.to_client, conn):
                    return
                if conn.sock in ready and not self._step(conn.sock, target, self.to_server, conn):
                    return

    def _step(self, source, sink, record, conn):
        try:
            data = source.recv(65536)
            sink.sendall(data)
        except OSError:
            return False
        record[conn.number] += data
        return bool(data)

    def stop(self):
        self.server.stop()


class TlsFront(Proxy):
    """The same, with TLS from the first octet before a server that has none."""

    def __init__(self, port, pair, host="127.0.0.1"):
        super().__init__(port, host)
        self.server.context, self.server.implicit = pair.context(), True

    def _step(self, source, sink, record, conn):
        outwards = record is self.to_client
        try:
            data = source.recv(65536) if outwards else conn.read()
            while not outwards and (conn.tls.pending() or conn.tls_in.pending):
                data += conn.read()
            record[conn.number] += data
            if outwards:
                conn.send(data)
            else:
                sink.sendall(data)
        except (Gone, OSError):
            return False
        return bool(data)


def _options():
    parser = argparse.ArgumentParser(description="a server that does what a script says")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--implicit", action="store_true", help="TLS from the first octet")
    parser.add_argument("--transcript", metavar="FILE")
    parser.add_argument("scripts", nargs="+", metavar="SCRIPT")
    return parser.parse_args()


def main():
    options = _options()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    server = Server([Script.file(p) for p in options.scripts], implicit=options.implicit,
                    context=context)
    print("listening %d" % server.port, flush=True)
    while sys.stdin.buffer.read1():
        pass
    server.settle()
    server.stop()
    if options.transcript:
        with open(options.transcript, "w", encoding="utf-8") as file:
            file.write("\n\n".join(c.text() for c in server.connections) + "\n")
    for problem in server.problems():
        print(problem)
    sys.exit(1 if server.problems() else 0)


if __name__ == "__main__":
    main()
