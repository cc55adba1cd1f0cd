# SPDX-License-Identifier: MIT
"""winmail.dat, as Outlook writes it (MS-OXTNEF) and as it never would."""
import struct

RENDERING, TITLE, DATA = 0x00069002, 0x00018010, 0x0006800F
ATTACHMENT, MESSAGE, CODE_PAGE = 0x00069005, 0x00069003, 0x00069007
STRING8, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D
BODY, RTF, HTML, BLOB, LONG_NAME, MIME, PAGE = 0x1000, 0x1009, 0x1013, 0x3701, 0x3707, 0x370E, 0x3FDE


def attribute(level, what, octets, length=None):
    """length: another than it has."""
    head = struct.pack("<BII", level, what, len(octets) if length is None else length)
    return head + octets + struct.pack("<H", sum(octets) & 0xFFFF)


def prop(kind, what, octets):
    """A property of any length; or an INTEGER as octets of four."""
    if kind == 3:
        return struct.pack("<HH", kind, what) + octets
    pad = b"\0" * (-len(octets) % 4)
    return struct.pack("<HHII", kind, what, 1, len(octets)) + octets + pad


def properties(*each, count=None):
    return struct.pack("<I", len(each) if count is None else count) + b"".join(each)


def wide(text):
    return (text + "\0").encode("utf-16le")


def attachment(title, octets, *more):
    out = attribute(2, RENDERING, b"\0" * 14) + attribute(2, TITLE, title + b"\0")
    out += attribute(2, DATA, octets)
    return out + (attribute(2, ATTACHMENT, properties(*more)) if more else b"")


def winmail(*attributes):
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def rtf(text):
    """As it is, in the compressed form, letter by letter."""
    out = b""
    for at in range(0, len(text), 8):
        out += b"\0" + text[at:at + 8]
    return struct.pack("<IIII", len(out) + 12, len(text), 0x75465A4C, 0) + out
