#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What dewey-mime reads of the header about how a letter came and what it asks of
its reader: Authentication-Results (RFC 8601), Return-Path, List-Unsubscribe
(M-64), Disposition-Notification-To (M-65)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import mimewire
import tap

# Field, then "server method result domain reason" of each result.
FIELDS = [
    ("mx.example.org; dkim=pass header.d=example.net", ["mx.example.org dkim pass example.net "]),
    ("MX.example.org 1; none", ["mx.example.org none   "]),
    ("mx.example.org;", []),
    ("mx.example.org", []),
    ("", []),
    (";;;", []),
    ("mx.example.org (a (nested \\) ) comment) 1; dkim/1 = Pass (2048 bit) reason=\"so; well\""
     " header.i=@mail.example.net header.d=Example.NET",
     ["mx.example.org dkim pass example.net so; well"]),
    ("mx.example.org; spf=softfail smtp.helo=host.example smtp.mailfrom=\"a b\"@example.com",
     ["mx.example.org spf softfail example.com "]),
    ("mx.example.org; spf=pass smtp.mailfrom=example.com; dmarc=fail (p=none) header.from=bank.example",
     ["mx.example.org spf pass example.com ", "mx.example.org dmarc fail bank.example "]),
    # What stands in a comment or in quotes is no result.
    ("mx.example.org; dkim=fail (; dmarc=pass header.from=bank.example) header.d=evil.example",
     ["mx.example.org dkim fail evil.example "]),
    ("mx.example.org; dkim=fail reason=\"; dmarc=pass\" header.d=evil.example",
     ["mx.example.org dkim fail evil.example ; dmarc=pass"]),
    ("\"mx.example.org\"; dkim=pass header.d=a.example", ["mx.example.org dkim pass a.example "]),
    ("mx.example.org (open; dkim=pass header.d=a.example", []),
    ("mx.example.org; =pass; dkim; dkim=; x=y z", ["mx.example.org dkim   ", "mx.example.org x y  "]),
    ("mx.example.org;\r\n\tdkim=pass\r\n\theader.d=a.example", ["mx.example.org dkim pass a.example "]),
]


def results(fields):
    header = "".join("Authentication-Results: %s\r\n" % f for f in fields)
    worker = mimewire.Worker()
    answer = worker.read((header + "From: a@example.org\r\n\r\ntext\r\n").encode())
    worker.close()
    auth = answer.get("auth", [])
    return [" ".join(auth[i:i + 5]) for i in range(0, len(auth), 5)], answer


@tap.test("M-44: Authentication-Results are read by the grammar, comments and quotes included")
def fields():
    for field, wanted in FIELDS:
        tap.equal(results([field])[0], wanted, field)


@tap.test("M-44: each result says which field it stands in, the topmost first")
def order():
    got, answer = results(["a.example; dkim=fail", "b.example; spf=pass; dkim=pass"])
    tap.equal(answer["auth-fields"], [0, 1, 1])
    tap.equal([g.split()[0] for g in got], ["a.example", "b.example", "b.example"])


@tap.test("M-03: thousands of fields and results, and words without end, cost nothing")
def flood():
    got, _ = results(["a.example" + "; dkim=pass" * 1000] * 100)
    tap.ok(0 < len(got) <= 201, len(got))
    got, _ = results(["a.example; dkim=" + "x" * 100000, "((((" * 5000])
    tap.ok(len(got[0]) < 400, "a word is cut")


def read(header):
    worker = mimewire.Worker()
    answer = worker.read(header.encode() + b"\r\n\r\ntext\r\n")
    worker.close()
    return answer


@tap.test("M-64: of List-Unsubscribe the first address of a scheme; one click only over https")
def unsubscribe():
    both = read("From: a@b\r\nList-Unsubscribe: <mailto:l@y?subject=off>, <https://l.example/u?a=1>,"
                " <https://second.example/>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click")
    tap.equal(both["leave-mailto"], "mailto:l@y?subject=off")
    tap.equal(both["leave-https"], "https://l.example/u?a=1")
    tap.equal(both["one-click"], True)
    tap.equal(both["automatic"], True)
    plain = read("From: a@b\r\nList-Unsubscribe: <http://l.example/u>\r\n"
                 "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    tap.equal(plain["leave-http"], "http://l.example/u")
    tap.ok("one-click" not in plain and "leave-https" not in plain, plain)
    for bad in ("<javascript:alert(1)>", "<file:///etc/passwd>", "https://no.brackets/", "<", ""):
        answer = read("From: a@b\r\nList-Unsubscribe: " + bad)
        tap.ok(not [k for k in answer if k.startswith("leave-")], bad)


def signers(*signatures, fields="List-Unsubscribe: <https://l.example/u>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"):
    answer = read("".join("DKIM-Signature: %s\r\n" % s for s in signatures) + fields + "From: a@b")
    return answer.get("leave-signers", [])


@tap.test("M-64: a signature covers the list's address if it says so of both fields, each of "
          "which stands once, and no other one of its domain says less")
def covered():
    both = "v=1; d=%s; h=From : List-Unsubscribe\r\n :list-unsubscribe-POST:to; b=x"
    tap.equal(signers(both % "L.example"), ["l.example"])
    tap.equal(sorted(signers(both % "a.example", both % "b.example")), ["a.example", "b.example"])
    less = "v=1; d=l.example; h=from:list-unsubscribe; b=x"
    for signatures in ([less], [both % "l.example", less], [less, both % "l.example"],
                       ["h=list-unsubscribe:list-unsubscribe-post"], ["d=l.example"], [""], [";=;d;h"],
                       ["d=l.example; xh=list-unsubscribe:list-unsubscribe-post"],
                       ["d=l.example; h=x-list-unsubscribe:list-unsubscribe-post"],
                       [both % "l.example"] * 21):
        tap.equal(signers(*signatures), [], signatures[0])
    once = "List-Unsubscribe: <https://l.example/u>\r\n"
    post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    for fields in (once + once + post, once + post + post, once, post):
        tap.equal(signers(both % "l.example", fields=fields), [], fields)


@tap.test("M-65: who asks for a receipt, where it would bounce, and what only programs send")
def receipt():
    asked = read("From: a@b\r\nReturn-Path: <a@b.example>\r\nOriginal-Recipient: rfc822;i@x\r\n"
                 "Disposition-Notification-To: A <a@b.example>, c@d.example")
    tap.equal(asked["receipt-to"], ["A", "a@b.example", "", "", "c@d.example", ""])
    tap.equal(asked["return-path"], "a@b.example")
    tap.equal(asked["original-recipient"], "rfc822;i@x")
    tap.ok("bounce" not in asked and "automatic" not in asked and "receipt-options" not in asked, asked)
    bounce = read("From: a@b\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
                  "Disposition-Notification-To: a@b\r\nDisposition-Notification-Options: x=Required,1")
    tap.ok(bounce["bounce"] and bounce["automatic"] and bounce["receipt-options"], bounce)
    for field in ("Precedence: bulk", "List-Id: <l.example>"):
        tap.ok(read("From: a@b\r\n" + field)["automatic"], field)
    tap.ok("automatic" not in read("From: a@b\r\nAuto-Submitted: no"), "no")


tap.main()
