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
|Encloses:   the whole letter
|────────────────────────────────────────────────────────────────────────────────
|Two things are attached.
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# Kept, it has them still, and the letter in it; in another room they are not.
keys p
wait kept in Drafts
keys <Enter>
screen
| Write: From elsewhere                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         brown@example.com
|Cc:
|Bcc:
|Subject:    From elsewhere
>  1  отчёт.pdf                                                              8 B
|Encloses:   the whole letter
|────────────────────────────────────────────────────────────────────────────────
|Two things are attached.
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys p
wait kept in Drafts
keys v
screen
| Parts of: From elsewhere                                                 dewey
> 1      (no name)                         text/plain                       25 B
| 2      отчёт.pdf                         application/pdf                   8 B
| 3      (no name)                         message/rfc822                  136 B
| 3.1        inner.txt                     text/plain                        6 B
|
|
|
|
|
|
|
|
|
|
|q:Back  <Enter>:Open  s:Save  ?:Help
keys q <Enter> D
screen
| Write: From elsewhere                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         brown@example.com
|Cc:
|Bcc:
|Subject:    From elsewhere
|Encloses:   the whole letter
|────────────────────────────────────────────────────────────────────────────────
|Two things are attached.
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# So has the one that is offered after an end.
quit
start
keys y
screen
| Write: From elsewhere                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         brown@example.com
|Cc:
|Bcc:
|Subject:    From elsewhere
|Encloses:   the whole letter
|────────────────────────────────────────────────────────────────────────────────
|Two things are attached.
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
