# What is called back out of the outbox is what was sent: with its parts, with the
# letter that it encloses, with what was asked of the server; and a letter that was
# sent on as it is stays as it is [S-63].
use agents.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|editor = $DIR/editor
|undo = 1 hour
file editor 0700
|#!/bin/sh
|:
letter Inbox S
|From: Anna <anna@example.net>
|To: ivan@example.org
|Subject: Report
|Date: Mon, 23 Feb 2026 11:00:00 +0000
|Message-ID: <undo.1@example.org>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: text/plain; charset=utf-8
|
|Here it is.
|--x
|Content-Type: application/pdf
|Content-Disposition: attachment; filename="report.pdf"
|Content-Transfer-Encoding: base64
|
|JVBERi0xLjQ=
|--x--
size 18 80
start
# Inline, with its part.
# Whom it goes to is asked first.
keys f
type boris@example.net
keys <Enter> M-d
type delay
keys <Enter> y
wait calls it back
keys u
wait Write: Fwd: Report
screen
| Write: Fwd: Report                                                       dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         boris@example.net
|Cc:
|Bcc:
|Subject:    Fwd: Report
|Asks for:   report of delay
>  1  report.pdf                                                             8 B
|────────────────────────────────────────────────────────────────────────────────
|
|
|---------- Forwarded letter ----------
|From: Anna <anna@example.net>
|Date: Mon, 23 February 2026, 11:00
|Subject: Report
|To: ivan@example.org
|                                                                            77%
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# Whole.
keys q n M-f
type boris@example.net
keys <Enter> y
wait calls it back
keys u
wait Write: Fwd: Report
screen
| Write: Fwd: Report                                                       dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         boris@example.net
|Cc:
|Bcc:
|Subject:    Fwd: Report
|Encloses:   the whole letter
|────────────────────────────────────────────────────────────────────────────────
|
|
|
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# As it is, from the outbox once more.
keys q n b
type boris@example.net
keys <Enter> y
wait calls it back
keys u
wait Send on: Report
screen
| Send on: Report                                                          dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         boris@example.net
|Cc:
|Bcc:
|Subject:    Report
|Sends on:   the letter as it is
|────────────────────────────────────────────────────────────────────────────────
|
|
|
|
|
|
|
|
|
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys t C-u
type brown@example.com
keys <Enter> y
wait calls it back
# Thrown away: it is nowhere.
keys O
has brown@example.com
hasnt boris@example.net
# Below its one new block it is the letter that came.
file editor 0700
|#!/bin/sh
|echo "blocks: $(grep -c ^Resent-To: $DIR/sent)" >>"$1"
keys r
wait 1 message sent
grep sent Resent-To: brown@example.com
grep sent Message-ID: <undo.1@example.org>
keys m
type anna@example.net
keys <Enter>
type Blocks
keys <Enter>
has blocks: 1
