#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""inetd.py PORT PROGRAM [ARGUMENT...]: starts the program for each connection
to 127.0.0.1:PORT, the connection being its standard input and output, for
servers that know no other way.  Errors stay what they are."""
import os
import signal
import socket
import sys


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(conn.fileno(), 0)
            os.dup2(conn.fileno(), 1)
            os.execv(sys.argv[2], sys.argv[2:])
        conn.close()


main()
