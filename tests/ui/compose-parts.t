# A draft of another program: its attachments are files of the letter again, and an
# enclosed letter is one of them.
use letters.inc
use agents.inc
letter Drafts DS
|From: Ivan Petrov <ivan@example.org>
|To: brown@example.com
|Subject: From elsewhere
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <draft.1@example.org>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: text/plain; charset=utf-8
|
|Two things are attached.
|--x
|Content-Type: application/pdf
|Content-Disposition: attachment; filename="../../отчёт.pdf"
|Content-Transfer-Encoding: base64
|
|JVBERi0xLjQ=
|--x
|Content-Type: message/rfc822
|
|From: anna@example.org
|Subject: Enclosed
|Content-Type: multipart/mixed; boundary=y
|
|--y
|Content-Type: text/plain; name=inner.txt
|
|Inner.
|--y--
|--x--
file editor 0700
|#!/bin/sh
|:
size 16 80
start
keys c
type Drafts
keys <Enter> <Enter>
screen
| Write: From elsewhere                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         brown@example.com
|Cc:
|Bcc:
|Subject:    From elsewhere
>  1  отчёт.pdf                                                              8 B
|  2  attachment-4.eml                                                     143 B
|────────────────────────────────────────────────────────────────────────────────
|Two things are attached.
|
|
|
|
|                                                                            all
|q:Back  y:Send  e:Edit  a:Attach  p:Postpone  ?:Help
