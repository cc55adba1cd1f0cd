# SPDX-License-Identifier: MIT
"""A program on a pseudo terminal whose screen nobody looks at: keys go in, what it draws
is thrown away, or kept as the octets that it wrote."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading

PATIENCE = 300  # seconds until a program that should end is given up


class Terminal:
    def __init__(self, command, env, errors, rows=24, columns=80, record=False):
        """errors: the file for its standard error."""
        self.record = bytearray() if record else None
        self.more = threading.Condition()
        self.master, slave = pty.openpty()
        self.lock = threading.Lock()
        self.path = errors
        self.resize(rows, columns)
        with open(errors, "wb") as file:
            self.child = subprocess.Popen(
                command, stdin=slave, stdout=slave, stderr=file, env=env, start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.reader = threading.Thread(target=self._drain, daemon=True)
        self.reader.start()

    def _drain(self):
        try:
            while octets := os.read(self.master, 65536):
                if self.record is not None:
                    with self.more:
                        self.record += octets
                        self.more.notify_all()
        except OSError:  # the program has ended
            pass

    def wait(self, octets):
        """Until they were written."""
        with self.more:
            if not self.more.wait_for(lambda: octets in self.record, PATIENCE):
                raise AssertionError("%r does not come" % octets)

    def running(self):
        return self.child.poll() is None

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def keys(self, text):
        """Lost where the program has ended."""
        try:
            os.write(self.master, text.encode())
        except OSError:
            pass

    def end(self):
        """Waits for its end: the exit status, "hangs" for one that had to be killed."""
        try:
            status = self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            status = "hangs"
        self.reader.join(10)
        os.close(self.master)
        return status

    def errors(self):
        with open(self.path, "rb") as file:
            return file.read().decode(errors="replace")
