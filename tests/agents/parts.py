#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Parts of letters: winmail.dat, files in a text, what is elsewhere; shown and saved from
the command line."""
import base64
import binascii
import os
import resource
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import home
import mimewire
import tap
import tnef

HEAD = "From: anna@example.org\nTo: ivan@example.org\nSubject: %s\n"


def letter(subject, *parts):
    """parts: (header lines, octets), base64."""
    text = HEAD % subject + "Content-Type: multipart/mixed; boundary=XX\n\n"
    for header, octets in parts:
        text += "--XX\n%s\nContent-Transfer-Encoding: base64\n\n%s\n" % (
            header, base64.encodebytes(octets).decode())
    return (text + "--XX--\n").encode()


def winmail(octets):
    return letter("winmail", (
        "Content-Type: application/ms-tnef; name=winmail.dat\n"
        "Content-Disposition: attachment; filename=winmail.dat", octets))


def mime(octets, *args, status=0):
    """What dewey-mime says of it, within its memory and two seconds of processor."""
    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    return tap.succeeds([tap.program("dewey-mime"), *args], input=octets, status=status,
                        preexec_fn=limits, binary=True).stdout


def structure(octets):
    return mime(octets, "--structure").decode()


@tap.test("M-10: winmail.dat is a tree of parts, with names, types and the text")
def tree():
    inner = tnef.winmail(tnef.attachment(b"DEEP.TXT", b"deep"))
    octets = winmail(tnef.winmail(
        tnef.attribute(1, tnef.CODE_PAGE, struct.pack("<II", 1251, 0)),
        tnef.attribute(1, tnef.MESSAGE, tnef.properties(
            tnef.prop(tnef.UNICODE, tnef.BODY, "Привет из Outlook".encode("utf-16le")),
            tnef.prop(tnef.BINARY, tnef.RTF, tnef.rtf(b"{\\rtf1 text}")))),
        tnef.attachment(b"REPORT~1.PDF", b"%PDF-1.7 x",
                        tnef.prop(tnef.UNICODE, tnef.LONG_NAME, tnef.wide("отчёт за март.pdf")),
                        tnef.prop(tnef.STRING8, tnef.MIME, b"application/pdf\0")),
        tnef.attachment(b"../../evil.sh", b"#!/bin/sh\n"),
        tnef.attachment(b"INNER", b"", tnef.prop(tnef.OBJECT, tnef.BLOB, b"I" * 16 + inner))))
    tap.equal([line.strip() for line in structure(octets).splitlines()], [
        "- multipart/mixed 0",
        "1 application/ms-tnef %d encoding=base64 attachment name=winmail.dat" % (
            len(base64.b64decode(octets.split(b"\n\n")[2].split(b"--XX")[0]))),
        "1.1 text/plain 34 charset=utf-16le encoding=binary",
        "1.2 application/rtf 12 encoding=binary attachment",
        "1.3 application/pdf 10 encoding=binary attachment name=отчёт за март.pdf",
        "1.4 application/x-sh 10 encoding=binary attachment name=../../evil.sh",
        "content=text/x-script",
        "1.5 application/ms-tnef %d encoding=binary attachment name=INNER" % len(inner),
        "1.5.1 text/plain 4 encoding=binary attachment name=DEEP.TXT"], "its parts")
    tap.equal(mime(octets, "--part", "1.3"), b"%PDF-1.7 x", "the octets of a file in it")
    tap.equal(mime(octets, "--part", "1.2"), b"{\\rtf1 text}", "RTF, which is compressed")
    tap.equal(mime(octets, "--part", "1.5.1"), b"deep", "a file in a letter in it")
    tap.contains(mime(octets).decode(), "\nПривет из Outlook", "the text of the letter")


@tap.test("M-10: a winmail.dat that lies about its lengths ends where it lies")
def liars():
    good = tnef.attachment(b"a.txt", b"one")
    for name, octets in {
            "nothing": b"", "a signature": tnef.winmail()[:4], "no attributes": tnef.winmail(),
            "a length of 4 GiB": tnef.winmail(good, tnef.attribute(2, tnef.DATA, b"x", 0xFFFFFFFF)),
            "4 G properties": tnef.winmail(good, tnef.attribute(
                2, tnef.ATTACHMENT, tnef.properties(count=0xFFFFFFFF))),
            "4 G values": tnef.winmail(good, tnef.attribute(2, tnef.ATTACHMENT, struct.pack(
                "<IHHI", 1, 0x101E, tnef.LONG_NAME, 0xFFFFFFFF))),
            "a value of 4 GiB": tnef.winmail(good, tnef.attribute(2, tnef.ATTACHMENT, struct.pack(
                "<IHHII", 1, tnef.UNICODE, tnef.LONG_NAME, 1, 0xFFFFFFFF))),
            "a name of 4 GiB": tnef.winmail(good, tnef.attribute(2, tnef.ATTACHMENT, struct.pack(
                "<IHH16sII", 1, tnef.UNICODE, 0x8001, b"", 1, 0xFFFFFFFF))),
            "data before a file": tnef.winmail(tnef.attribute(2, tnef.DATA, b"x"), good)}.items():
        lines = structure(winmail(octets)).splitlines()
        tap.equal(len([line for line in lines if "name=a.txt" in line]),
                  1 if good in octets else 0, name)


@tap.test("M-53: what winmail.dat unpacks to is bounded in number, depth and size")
def bombs():
    many = winmail(tnef.winmail(*[tnef.attachment(b"a", b"x") for _ in range(5000)]))
    tap.equal(len(structure(many).splitlines()), 1002, "files of one")
    deep = b"x"
    for _ in range(300):
        deep = tnef.winmail(tnef.attachment(b"a", b"", tnef.prop(
            tnef.OBJECT, tnef.BLOB, b"I" * 16 + deep)))
    tap.ok(len(structure(winmail(deep)).splitlines()) <= 101, "one in the other")
    # Two octets that stand for 17, a million times, said to be 4 GiB.
    squeezed = struct.pack("<IIII", 0, 0xFFFFFFFF, 0x75465A4C, 0) + b"\xff" + b"\x00\x0f" * 8
    squeezed += (b"\xff" + b"\x10\x0f" * 8) * 500000
    bomb = winmail(tnef.winmail(tnef.attribute(1, tnef.MESSAGE, tnef.properties(
        tnef.prop(tnef.BINARY, tnef.RTF, squeezed)))))
    sizes = [int(line.split()[2]) for line in structure(bomb).splitlines() if " application/rtf" in line]
    tap.ok(all(size <= 32 * 1024 * 1024 for size in sizes), "RTF that swells: %s" % sizes)
    whole = b"".join(b"--XX\nContent-Type: application/ms-tnef\n"
                     b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(
                         tnef.winmail(tnef.attachment(b"a", b"y" * 4000000))) for _ in range(12))
    head = (HEAD % "many").encode() + b"Content-Type: multipart/mixed; boundary=XX\n\n"
    lines = structure(head + whole + b"--XX--\n").splitlines()
    tap.ok(13 <= len(lines) < 13 + 12, "twelve of 4 MB: %d lines" % len(lines))


def uuencoded(name, octets, end="`\nend\n"):
    lines = [binascii.b2a_uu(octets[at:at + 45]).decode() for at in range(0, len(octets), 45)]
    return "begin 644 %s\n%s%s" % (name, "".join(lines), end)


def plain(text):
    return (HEAD % "text" + "\n" + text).encode()


@tap.test("M-10: uuencoded files in a text are parts, and their lines are not shown")
def uuencode():
    data = bytes(range(256)) * 3
    octets = plain("Before.\n\n" + uuencoded("a b.bin", data) + "\nBetween.\n" +
                   uuencoded("../../etc/x.txt", b"short") + "After.\n")
    tap.equal(mime(octets, "--part", "1.1"), data, "the first file")
    tap.equal(mime(octets, "--part", "1.2"), b"short", "the second one")
    shown = mime(octets).decode()
    tap.contains(shown, "Before.\n\n[attached file: a b.bin]\n\nBetween.\n"
                        "[attached file: ../../etc/x.txt]\nAfter.\n", "the text")
    trimmed = "\n".join(line.rstrip() for line in octets.decode().replace("`", " ").split("\n"))
    tap.equal(mime(trimmed.encode(), "--part", "1.1"), data, "blanks at ends of lines are lost")
    tap.equal(mime(octets.replace(b"\n", b"\r\n"), "--part", "1.1"), data, "with CRLF")
    cut = plain("Before.\n" + uuencoded("cut.bin", data, end=""))
    tap.equal(mime(cut, "--part", "1.1"), data, "its end is missing")
    tap.contains(mime(cut).decode(), "[attached file, cut off: cut.bin]", "and that is told")


@tap.test("M-10: a text that only speaks of uuencode stays whole")
def no_uuencode():
    for text in ("begin 644 the day with a walk\nand a cup of tea.\n", "begin 644\nM\n",
                 "begin 9 x\n#\n", "the end\nend\n", "begin 644 x\n", "begin 644 x"):
        octets = plain(text)
        tap.contains(mime(octets).decode(), text.rstrip("\n"), "the text")
        tap.equal(len(structure(octets).splitlines()), 1, "its parts")
    long = plain("begin 644 x\n" * 200000)
    tap.equal(len(structure(long).splitlines()), 1, "very many beginnings")


@tap.test("M-10: yEnc and BinHex in a text are named, not decoded")
def named():
    yenc = plain("See:\n=ybegin line=128 size=5 name=a b.bin\n\x1b)*+,\n=yend size=5\nafter\n")
    tap.contains(mime(yenc).decode(), "See:\n[a file in yEnc, which is not decoded: a b.bin]\nafter",
                 "yEnc")
    binhex = plain("(This file must be converted with BinHex 4.0)\n\n:#&4\nabc:\nafter\n")
    tap.contains(mime(binhex).decode(), "[a file in BinHex, which is not decoded: ]\nafter", "BinHex")


@tap.test("M-10: message/partial and message/external-body are named, and not fetched")
def elsewhere():
    for header, words in {
            "message/partial; id=\"a@b\"; number=2; total=5":
                "piece 2 of 5 of a letter that was cut up (a@b)",
            "message/external-body; access-type=URL; URL=\"http://x.example/\x1b[2Jy\"":
                "it lies elsewhere and is not fetched: URL url=http://x.example/␛[2Jy"}.items():
        octets = (HEAD % "x" + "Content-Type: " + header +
                  "\n\nContent-Type: text/plain\n\nx\n").encode()
        tap.contains(structure(octets), words, header)


@tap.test("M-52: the type of the content is told beside the declared one")
def contents():
    for declared, octets, told in (
            ("application/pdf", b"MZ\x90\0\x03\0", "application/x-dosexec"),
            ("image/png", b"\x7fELF\x02\x01\x01\0", "application/x-executable"),
            ("text/plain", b"  \n<!DOCTYPE html><p>", "text/html"),
            ("text/plain", b"MZ is how it begins", None),
            ("text/plain", b"PK, said the keeper", None),
            ("application/octet-stream", b"[Desktop Entry]\nExec=x\n", "application/x-desktop")):
        lines = structure(letter("x", ("Content-Type: " + declared, octets)))
        if told:
            tap.contains(lines, "content=" + told, declared)
        else:
            tap.lacks(lines, "content=", declared)


@tap.test("M-50: dewey show --save-all saves what is attached, under safe names")
def save_all():
    ivan = home.Home({"smtp": "smtp+insecure://ivan@localhost:1"})
    to = tap.tempdir("dewey-saved-")
    source = os.path.join(ivan.path, "x.eml")
    octets = tnef.winmail(tnef.attachment(b"in.txt", b"inside"))
    with open(source, "wb") as file:
        file.write(letter("attached", ("Content-Type: text/plain", b"hello"),
                          ("Content-Type: text/plain; name=\"../../x;id.txt\"", b"one"),
                          ("Content-Type: text/plain; name=\"x;id.txt\"", b"two"),
                          ("Content-Type: application/x-sh; name=\"-rf.sh\"", b"#!/bin/sh\n"),
                          ("Content-Type: application/ms-tnef; name=winmail.dat", octets)))
    ivan.run("dewey", "import", source)
    said = ivan.run("dewey", "show", "1", "--save-all", to).stdout
    tap.equal(sorted(said.split()), sorted(os.listdir(to)), "what it says and does")
    tap.equal(sorted(os.listdir(to)), ["in.txt", "rf.sh", "x;id-2.txt", "x;id.txt"], "the files")
    tap.equal({os.stat(os.path.join(to, name)).st_mode & 0o777 for name in os.listdir(to)},
              {0o600}, "their modes")
    tap.equal(home.read(os.path.join(to, "x;id-2.txt")), b"two", "the second of a name")
    tap.equal(ivan.run("dewey", "show", "1", "--part", "5.1").stdout, "inside", "one part")
    ivan.run("dewey", "show", "1", "--save-all", os.path.join(to, "nowhere"), status=74)


CARD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=koi8-r;ENCODING=QUOTED-PRINTABLE:=F0=C5=D4=D2=CF=D7;=E9=D7=C1=
=CE;;Dr.
ORG:Sea\\, Sun;Shipping
item1.EMAIL;TYPE=INTERNET:ivan@example.org
TEL;CELL:+7 900
 123
ADR;WORK:;;Main St. 1;Riga;;1010;Latvia
URL:https://example.org/a;b
NOTE:one\\ntwo \x1b[2J
PHOTO;ENCODING=b:/9j/4AAQ
END:VCARD
BEGIN:VCARD
FN:Anna
END:VCARD
"""


@tap.test("M-40: cards of persons are shown as what they tell, attached or not")
def cards():
    told = ("Name: Dr. Иван Петров\nOrganization: Sea, Sun, Shipping\nE-mail: ivan@example.org\n"
            "Phone: +7 900123\nAddress: Main St. 1, Riga, 1010, Latvia\n"
            "Page: https://example.org/a;b\nNote: one two ␛[2J\n\nName: Anna\n")
    for disposition in ("inline", "attachment; filename=ivan.vcf"):
        octets = letter("card", ("Content-Type: text/vcard; charset=utf-8\n"
                                 "Content-Disposition: " + disposition, CARD.encode()))
        shown = mime(octets).decode()
        tap.contains(shown, told, disposition)
        tap.lacks(shown, "BEGIN:", "what is shown")
    none = letter("card", ("Content-Type: text/vcard", b"no card\n"))
    tap.contains(mime(none).decode(), "no card", "what is no card")


@tap.test("M-03: a card made to take long, or of very many, ends")
def long_cards():
    for name, octets in {
            "colons": b"BEGIN:VCARD\nFN:x\n" + b":" * 4000000,
            "soft ends": b"BEGIN:VCARD\nFN:x\nNOTE;QUOTED-PRINTABLE:" + b"=\n" * 500000,
            "folded": b"BEGIN:VCARD\nFN:x\nNOTE:" + b"\n " * 500000,
            "parameters": b"BEGIN:VCARD\nFN:x\nTEL" + b";X" * 500000 + b":1",
            "many": b"BEGIN:VCARD\nFN:x\nEND:VCARD\n" * 30000}.items():
        shown = mime(letter("card", ("Content-Type: text/vcard", octets))).decode()
        tap.ok(shown.count("Name: ") <= 201 and len(shown) < 500000, name)


# Four red pixels beside each other, and four below.
JPEG = """/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkz
ODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2Nj
Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAACAAQDASIA
AhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEB
AQAAAAAAAAAAAAAAAAAABQb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCKALXj
/9k="""
WEBP = "UklGRhwAAABXRUJQVlA4TA8AAAAvA0AAAAcQ/Y/+ByKi/wEA"
GIF = "R0lGODdhBAACAIAAAP8AAAAA/ywAAAAABAACAAACA4RvBQA7"


def png(width, height, octets=None, told=None):
    """RGBA; told: another size than it has."""
    octets = b"\xff\0\0\xff" * (width * height) if octets is None else octets
    rows = b"".join(b"\0" + octets[at:at + width * 4] for at in range(0, len(octets), width * 4))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", *(told or (width, height)), 8, 6, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
            chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def picture(worker, octets, width=100, height=100):
    """The answer, and the pixels."""
    with mimewire.memory(letter("x", ("Content-Type: image/png", octets))) as fd, \
            mimewire.memory(b"") as out:
        answer = worker.ask("picture", [fd.fileno(), out.fileno()], path="1", width=width,
                            height=height)
        out.seek(0)
        return answer, out.read()


@tap.test("pictures of four kinds become pixels, by what they are and not what they say")
def pictures():
    worker = mimewire.Worker()
    if "this is no picture" in picture(worker, png(4, 2))[0].get("text", ""):
        tap.skip("built without pictures")
    for name, octets in {"PNG": png(4, 2), "JPEG": base64.b64decode(JPEG),
                         "WebP": base64.b64decode(WEBP), "GIF": base64.b64decode(GIF)}.items():
        answer, pixels = picture(worker, octets)
        tap.equal((answer["event"], answer.get("width"), answer.get("height")), ("done", 4, 2), name)
        red, green, blue, opaque = pixels[:4]
        tap.ok(len(pixels) == 32 and red > 240 and green < 20 and blue < 20 and opaque == 255,
               "%s is red: %s" % (name, pixels[:4]))
    answer, pixels = picture(worker, png(400, 200), 100, 100)
    tap.equal((answer["width"], answer["height"], answer["full-width"], answer["full-height"]),
              (100, 50, 400, 200), "made smaller")
    half = b"\xff\xff\xff\xff" * 2 + b"\0\0\0\xff" * 2
    tap.equal(picture(worker, png(2, 2, half), 1, 1)[1], b"\x7f\x7f\x7f\xff", "by their mean")
    tap.equal(worker.close(), 0, "the worker's end")


@tap.test("M-53: pictures that are bombs, cut or torn are refused, and the worker lives")
def picture_bombs():
    worker = mimewire.Worker()
    if "this is no picture" in picture(worker, png(4, 2))[0].get("text", ""):
        tap.skip("built without pictures")
    gif = bytearray(base64.b64decode(GIF))
    gif[13 + 6 + 5:13 + 6 + 9] = b"\xff\xff\xff\xff"
    for name, octets in {
            "a PNG of 4 G pixels": png(4, 2, told=(65535, 65535)),
            "a PNG of 2 G columns": png(4, 2, told=(0x7FFFFFFF, 1)),
            "a GIF of 4 G pixels": bytes(gif), "nothing": b"", "a PDF": b"%PDF-1.4",
            "a beginning of a PNG": png(4, 2)[:20], "a beginning of a WebP":
                base64.b64decode(WEBP)[:25], "a beginning of a JPEG": base64.b64decode(JPEG)[:30],
            "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}.items():
        answer, pixels = picture(worker, octets)
        tap.equal((answer["event"], pixels), ("failed", b""), name)
    # Each octet of each kind is another one: whatever comes of it, the worker lives.
    for octets in (png(4, 2), base64.b64decode(JPEG), base64.b64decode(WEBP),
                   base64.b64decode(GIF)):
        for at in range(len(octets)):
            torn = bytearray(octets)
            torn[at] ^= 0x55
            answer, pixels = picture(worker, bytes(torn))
            if answer["event"] == "done":
                tap.equal(len(pixels), answer["width"] * answer["height"] * 4, "octets")
    tap.equal(worker.close(), 0, "the worker's end")


tap.main()
