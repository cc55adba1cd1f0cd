#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A terminal of another charset within one of UTF-8:

    relay.py KOI8-R FILE COMMAND…

runs the command on a pseudo terminal of its own.  What it writes comes out decoded, and
as it was into FILE; what is typed goes in encoded."""
import codecs
import os
import pty
import select
import sys
import termios
import tty
import fcntl


def copy_size(master):
    size = fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(master, termios.TIOCSWINSZ, size)


def relay(master, charset, log):
    decoder = codecs.getincrementaldecoder(charset)("backslashreplace")
    typed = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        ready, _, _ = select.select([0, master], [], [])
        if master in ready:
            try:
                octets = os.read(master, 65536)
            except OSError:  # the program has ended
                return
            log.write(octets)
            log.flush()
            os.write(1, decoder.decode(octets).encode("utf-8"))
        if 0 in ready:
            os.write(master, typed.decode(os.read(0, 4096)).encode(charset, "replace"))


def main():
    charset, file, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    copy_size(master)
    before = termios.tcgetattr(0)
    tty.setraw(0)
    with open(file, "wb") as log:
        relay(master, charset, log)
    termios.tcsetattr(0, termios.TCSADRAIN, before)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main()
