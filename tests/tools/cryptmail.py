# SPDX-License-Identifier: MIT
"""Letters that are signed and encrypted, put together by hand."""

HEAD = (b"From: Ivan <ivan@example.org>\nTo: anna@example.org\nSubject: ten\n"
        b"Date: Thu, 12 Mar 2026 10:00:00 +0300\nMessage-ID: <m1@example.org>\nMIME-Version: 1.0\n")
PLAIN = b"Content-Type: text/plain; charset=utf-8\n\nThe meeting is at ten.\n"


def crlf(octets):
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def multipart(kind, protocol, first, second, head=HEAD, boundary=b"=-b"):
    return (head + b"Content-Type: multipart/" + kind.encode() + b"; boundary=\"" + boundary +
            b"\"; protocol=\"" + protocol + b"\"\n\n--" + boundary + b"\n" + first + b"\n--" +
            boundary + b"\nContent-Type: " + protocol + b"\n\n" + second + b"\n--" + boundary +
            b"--\n")


def sealed(octets, head=HEAD):
    return (head + b"Content-Type: multipart/encrypted; boundary=e; "
            b"protocol=\"application/pgp-encrypted\"\n\n--e\nContent-Type: application/pgp-encrypted\n"
            b"\nVersion: 1\n\n--e\nContent-Type: application/octet-stream\n\n" + octets + b"\n--e--\n")


def mixed(*parts, head=HEAD):
    return head + b"Content-Type: multipart/mixed; boundary=m\n\n" + b"".join(
        b"--m\n" + part + b"\n" for part in parts) + b"--m--\n"


def body(letter):
    """A letter as a part of another one."""
    return letter[len(HEAD):]
