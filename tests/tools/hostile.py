# SPDX-License-Identifier: MIT
"""Letters that mean harm, made here: what a terminal would obey in every place that a
letter has, and bombs.  No corpus has them.

    hostile.escapes()    [(name, octets)]: each has hNNN, its number, in From or Subject
    hostile.bombs()      the same with bNNN
"""
import base64
import quopri
import re

# What a terminal might do something about: titles, the clipboard, questions that it
# answers by typing, the cursor, other character sets, C1 in UTF-8 and alone, and what
# turns text around or hides it.  ncurses writes none of it.
PAYLOADS = [
    b"\x1b]0;HOSTILE\x07", b"\x1b]52;c;SE9TVElMRQ==\x07", b"\x1b]8;;http://evil.example/\x1b\\",
    b"\x1b[9999;1H", b"\x1b[31;7;3337m", b"\x1b[6n", b"\x1b[c", b"\x1b[21t", b"\x1b[?9999h",
    b"\x1bP+q544e\x1b\\", b"\x1b_G\x1b\\", b"\x1bc", b"\x1b#8", b"\x0e\x0f", b"\x05\x07\x0b\x0c\x7f",
    "\u009b31m\u0090\u009d0;x\u009c\u0085".encode(), b"\x9b31m\x9d0;x\x9c",
    "\u202e\u2066\u2067\u202a\u200f\u061c".encode(), "\u2028\u2029".encode(),
    "\u200b\u200d\u2060\ufeff\u3164\u115f\U000e0041".encode()]
ALL = b"x".join(PAYLOADS)

# Where an identity or a name stands, with the octets in the middle.
FIELDS = {
    "From name": b"From: %s <%m@example.net>", "From address": b"From: <%s.%m@example.net>",
    "From comment": b"From: %m@example.net (%s)", "From quoted": b'From: "%s" <%m@example.net>',
    "From group": b"From: %s: %m@example.net;", "Sender": b"Sender: %s <a@example.net>",
    "Reply-To": b"Reply-To: %s <a@example.net>", "To": b"To: %s <a@example.net>, <%s@example.net>",
    "Cc": b"Cc: %s", "Bcc": b"Bcc: %s", "Subject": b"Subject: %m %s", "Date": b"Date: %s",
    "Message-ID": b"Message-ID: <%m%s@example.net>", "In-Reply-To": b"In-Reply-To: <%s@example.net>",
    "References": b"References: <%s@example.net> %s", "List-Id": b"List-Id: %s <%s.example.net>",
    "List-Post": b"List-Post: <mailto:%s@example.net>",
    "List-Unsubscribe": b"List-Unsubscribe: <https://example.net/%s>, <mailto:%s@example.net>",
    "Return-Path": b"Return-Path: <%s@example.net>", "Received": b"Received: from %s by %s",
    "Authentication-Results": b"Authentication-Results: %s; dkim=%s",
    "Disposition-Notification-To": b"Disposition-Notification-To: %s <a@example.net>",
    "Autocrypt": b"Autocrypt: addr=%s; keydata=%s", "User-Agent": b"User-Agent: %s",
    "another": b"X-%s: %s", "name of a field": b"X-%s-Y: z",
    "Content-Description": b"Content-Description: %s", "Content-ID": b"Content-ID: <%s>",
    "Content-Language": b"Content-Language: %s", "Content-Location": b"Content-Location: %s",
}
TYPES = {
    "type": b"Content-Type: %s/%s", "parameter": b"Content-Type: text/plain; %s=%s",
    "charset": b'Content-Type: text/plain; charset="%s"', "name": b'Content-Type: a/b; name="%s"',
    "boundary": b'Content-Type: multipart/mixed; boundary="%s"',
    "encoding": b"Content-Transfer-Encoding: %s",
    "file name": b'Content-Disposition: attachment; filename="%s.pdf"',
    "file name by RFC 2231": b"Content-Disposition: attachment; filename*=utf-8''%p",
    "file name in pieces": b"Content-Disposition: attachment; filename*0*=utf-8''%p; filename*1=%s",
    "disposition": b"Content-Disposition: %s",
    "access-type": b"Content-Type: message/external-body; access-type=%s; url=%s",
}
BODIES = {
    "text": ("text/plain", b"%s"), "quote": ("text/plain", b"> %s\n>> %s"),
    "signature": ("text/plain", b"x\n-- \n%s"), "flowed": ("text/plain; format=flowed", b"a %s \nb"),
    "enriched": ("text/enriched", b"<bold>%s</bold>"), "patch": ("text/x-patch", b"--- a/%s\n+++ b/%s"),
    "html": ("text/html", b"<p>%s<h1>%s</h1><pre>%s</pre><td>%s"),
    "html attributes": ("text/html", b'<a href="http://example.net/%s" title="%s">x</a><img alt="%s"'
                                     b' src="http://example.net/%s">'),
    "html entities": ("text/html", b"<p>&#27;]0;HOSTILE&#7;&#x9b;31m&#x202e;&#x200b;&#8238;&#0;&#155;"),
    "html name of an element": ("text/html", b"<%s><p %s=%s>x"),
    "html title": ("text/html", b"<title>%s</title><style>%s</style><p>x"),
    "calendar": ("text/calendar; method=REQUEST",
                 b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:%s\nSUMMARY:%s\n"
                 b"LOCATION:%s\nDESCRIPTION:%s\nDTSTART:20260301T100000Z\nORGANIZER;CN=%s:mailto:%s\n"
                 b"END:VEVENT\nEND:VCALENDAR"),
    "vcard": ("text/vcard", b"BEGIN:VCARD\nVERSION:3.0\nFN:%s\nN:%s;%s\nEMAIL:%s\nTEL:%s\nEND:VCARD"),
    "uuencode": ("text/plain", b"begin 644 %s\n#0V%T\n`\nend"),
    "yenc": ("text/plain", b"=ybegin line=128 size=3 name=%s\nabc\n=yend size=3"),
    "letter in it": ("message/rfc822", b"From: %s <a@example.net>\nSubject: %s\n\n%s"),
    "report": ("multipart/report; report-type=delivery-status; boundary=r",
               b"--r\n\n%s\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; %s\n\n"
               b"Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n"
               b"Diagnostic-Code: smtp; 550 %s\n--r--"),
    "pgp": ("text/plain", b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: %s\n\n%s\n"
                          b"-----BEGIN PGP SIGNATURE-----\nComment: %s\n\nabc\n-----END PGP SIGNATURE-----"),
    "unknown charset": ("text/plain; charset=x-%m", b"%s"), "utf-7": ("text/plain; charset=utf-7",
                                                                       b"+ABsAXQ-0;x %s"),
    "undeclared iso-2022-jp": ("text/plain", b"\x1b$B%O\x1b(B %s"),
}


def _line(octets):
    """What can stand in one line of a header."""
    return octets.replace(b"\r", b"").replace(b"\n", b"")


def _percent(octets):
    return b"".join(b"%%%02X" % octet for octet in octets)


def _q(octets):
    return b"=?utf-8?Q?" + b"".join(b"=%02X" % octet for octet in octets) + b"?="


def _b(octets):
    return b"=?utf-8?B?" + base64.b64encode(octets) + b"?="


def _short(how):
    """Encoded words of each payload by itself: a long one is no encoded word."""
    return lambda octets: b" ".join(how(p) for p in PAYLOADS)


WRITTEN = {"raw": _line, "Q": _short(_q), "B": _short(_b)}


def _fill(template, octets, mark):
    return re.sub(rb"%[spm]", lambda m: {b"%s": octets, b"%p": _percent(ALL), b"%m": mark}[m[0]],
                  template)


class Maker:
    def __init__(self, mark):
        self.mark = mark
        self.letters = []

    def add(self, name, own, body=b"words", octets=ALL):
        """own: lines of the header, which replace those of their name."""
        mark = b"%s%03d" % (self.mark, len(self.letters))
        own = _fill(own, octets, mark)
        usual = {b"from": b"From: %s@example.net" % mark, b"subject": b"Subject: %s" % mark,
                 b"to": b"To: ivan@example.org", b"message-id": b"Message-ID: <%s@made.example>" % mark,
                 b"date": b"Date: Wed, 25 Feb 2026 %02d:%02d:%02d +0000" % (self.mark == b"b", *divmod(len(self.letters), 60))}
        mine = own.split(b":")[0].strip().lower()
        head = [line for field, line in usual.items() if field != mine]
        self.letters.append((name, b"\n".join(head + [own]) + b"\n\n" + _fill(body, octets, mark) + b"\n"))


def escapes():
    maker = Maker(b"h")
    for places in FIELDS, TYPES:
        for place, template in places.items():
            for how, write in WRITTEN.items():
                maker.add("%s, %s" % (place, how), template, octets=write(ALL))
    for place, (kind, body) in BODIES.items():
        head = b"Content-Type: " + kind.encode()
        if "charset" not in kind:
            head += b"; charset=utf-8"
        maker.add(place, head, body)
        maker.add(place + ", no charset", b"Content-Type: " + kind.encode(), body)
        plain = _fill(body, ALL, b"h")
        maker.add(place + ", quoted-printable", head + b"\nContent-Transfer-Encoding: quoted-printable",
                  quopri.encodestring(plain).replace(b"%", b"=25"))
        maker.add(place + ", base64", head + b"\nContent-Transfer-Encoding: base64",
                  base64.encodebytes(plain))
    return maker.letters


MIXED = b"Content-Type: multipart/mixed; boundary=b\n"


def nested(depth):
    """A multipart in a multipart, each with its own boundary."""
    head = b"Content-Type: multipart/mixed; boundary=b0\n"
    body = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1)
                    for n in range(depth))
    return head.rstrip(b"\n"), body


def bombs():
    maker = Maker(b"b")

    def add(name, own, body=b"words"):
        maker.add(name, own, body)
    add("M-01 groups", b"To: " + b"g:" * 50000)
    add("M-01 groups in From", b"From: " + b"g:" * 50000)
    add("M-01 groups in an attached letter", b"Content-Type: message/rfc822",
        b"To: " + b"g:" * 50000 + b"\n\nx")
    add("M-01 groups in Resent-To", b"Resent-To: " + b"g: " * 50000)
    add("M-02 a long parameter", b"Content-Type: text/plain; " + b"a" * 70 + b"=\"" +
        "ё".encode() * 5000 + b'"')
    add("M-03 100,000 parts", MIXED.rstrip(), b"--b\n\nx\n" * 100000)
    add("M-03 2,000 multiparts in each other", *nested(2000))
    add("M-03 2,000 letters in each other", b"Content-Type: message/rfc822",
        b"Content-Type: message/rfc822\n\n" * 2000)
    add("M-03 a header of 20 MB", b"X-A: " + b"0123456789" * 2000000)
    add("M-03 200,000 fields", b"\n".join([b"X-A: b"] * 200000))
    add("M-03 50,000 empty parts of letters", MIXED.rstrip(),
        b"--b\nContent-Type: message/rfc822\n\n" * 50000)
    add("M-11 500,000 recipients", b"To: " + b",\n ".join(b"r%d@x.example" % n for n in range(500000)))
    add("M-11 1,000,000 references",
        b"References: " + b"\n ".join(b"<%d@x.example>" % n for n in range(1000000)))
    add("M-11 references in a ring", b"References: " + b" ".join([b"<h000@made.example>",
                                                                  b"<h001@made.example>"] * 2000))
    add("M-11 a Message-ID of 100 KB", b"Message-ID: <" + b"i" * 100000 + b"@x.example>")
    add("M-11 comments", b"To: " + b"(" * 1000000)
    add("M-11 quoted pairs", b'To: "' + b"\\a" * 500000 + b'" <a@b.example>')
    add("M-11 a subject of 1 MB", b"Subject: " + b"s" * 1000000)
    add("M-11 40,000 encoded words", b"Subject: " + b" ".join([b"=?utf-8?B?0Lg=?="] * 40000))
    add("M-11 encoded words that grow", b"Subject: " + b" ".join(
        [b"=?iso-2022-jp?B?" + base64.b64encode(b"\x1b$B" + b"%O" * 10 + b"\x1b(B") + b"?="] * 2000))
    add("M-11 names of 100,000 encoded words", b"To: " + b",\n ".join(
        [b"=?utf-8?Q?=D0=B8?= <a@b.example>"] * 20000))
    add("M-11 folds of spaces", b"Subject:" + b"\n   " * 100000 + b"x")
    add("M-11 gap in RFC 2231", b"Content-Type: a/b; name*0=a; name*999999999=b; name*4294967296=c")
    add("M-11 10,000 parameters", b"Content-Type: a/b" + b"; a*1=b" * 10000)
    add("M-11 year 99999", b"Date: Wed, 25 Feb 99999 10:00:00 +9999")
    add("M-11 a date of 1 MB", b"Date: " + b"9" * 1000000)
    add("M-10 boundary of 100 KB", b"Content-Type: multipart/mixed; boundary=" + b"b" * 100000,
        b"--" + b"b" * 100000 + b"\n\nx")
    add("M-10 one boundary over and over", MIXED.rstrip(),
        b"--b\n" + MIXED + b"\n" + (b"--b\n" + MIXED + b"\n") * 5000)
    add("M-10 base64 without end", b"Content-Transfer-Encoding: base64", b"QUFB" * 1000000)
    add("M-10 uuencode without end", b"Content-Type: text/plain", b"begin 644 x\n" * 50000)
    add("M-10 1,000 files in uuencode", b"Content-Type: text/plain",
        b"begin 644 x\n#0V%T\n`\nend\n" * 1000)
    add("M-42 a line of 1,000,000 columns", b"Content-Type: text/plain", b"x" * 1000000)
    add("M-42 1,000,000 quote marks", b"Content-Type: text/plain", b">" * 1000000)
    add("M-42 marks above one letter", b"Content-Type: text/plain; charset=utf-8",
        b"a" + "\u0301".encode() * 500000)
    add("M-42 joined emoji", b"Content-Type: text/plain; charset=utf-8",
        "\U0001f469\u200d".encode() * 100000)
    add("M-42 wide characters", b"Content-Type: text/plain; charset=utf-8", "東".encode() * 300000)
    add("M-42 paragraphs", b"Content-Type: text/plain", b"\n" * 1000000)
    add("M-60 elements in each other", b"Content-Type: text/html", b"<div>" * 200000)
    add("M-60 tables in each other", b"Content-Type: text/html", b"<table><tr><td>" * 20000)
    add("M-60 lists in each other", b"Content-Type: text/html", b"<ul><li>" * 50000)
    add("M-60 1,000 columns", b"Content-Type: text/html",
        b"<table>" + (b"<tr>" + b"<td>x" * 1000) * 100)
    add("M-60 a table of spans", b"Content-Type: text/html",
        b"<table><tr><td colspan=999999999 rowspan=999999999>x<tr><td>y" * 1000)
    add("M-60 attributes", b"Content-Type: text/html", b"<p " + b"a=b " * 300000 + b">x")
    add("M-60 entities", b"Content-Type: text/html", b"&amp;" * 500000)
    add("M-60 an open comment", b"Content-Type: text/html", b"<!--" * 500000)
    add("M-60 100,000 links", b"Content-Type: text/html", b"<a href=http://e.example/>x</a>" * 100000)
    add("M-60 a style sheet", b"Content-Type: text/html",
        b"<style>" + b".a{display:none}" * 100000 + b"</style><p class=a>x")
    add("M-12 utf-16 without end", b"Content-Type: text/plain; charset=utf-16", b"\xd8" * 500001)
    add("M-12 iso-2022-jp without end", b"Content-Type: text/plain; charset=iso-2022-jp",
        b"\x1b$B" * 300000)
    return maker.letters
