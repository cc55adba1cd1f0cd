# Before a letter is sent: no subject, and an attachment that was forgotten [S-76].
use letters.inc
use agents.inc
file editor 0700
|#!/bin/sh
|echo "Прилагаю отчёт." >>"$1"
file report.txt
|All is well.
size 16 80
start
# What makes it impossible comes before what is merely odd.
keys m <Enter> <Enter> y
has the letter has no recipient; write one into To
hasnt Send all the same
keys t
type brown@@example.com
keys <Enter> y
has not an address
hasnt Send all the same
keys q n
keys m
type brown@example.com
keys <Enter> <Enter> y
screen
| Write                                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         brown@example.com
|Cc:
|Bcc:
|Subject:
|────────────────────────────────────────────────────────────────────────────────
|Прилагаю отчёт.
|
|
|
|
|
|
|                                                                            all
|The subject is empty. Send all the same? (y/n)
keys n
hasnt Send all the same
keys y y
screen
| Write                                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         brown@example.com
|Cc:
|Bcc:
|Subject:
|────────────────────────────────────────────────────────────────────────────────
|Прилагаю отчёт.
|
|
|
|
|
|
|                                                                            all
|The text says "Прилагаю", but nothing is attached. Send all the same? (y/n)
keys n a
type report.txt
keys <Enter> s
type The report
keys <Enter> y
wait 1 message sent
hasnt Send all the same
quit
# Other words, or none.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|editor = $DIR/editor
|attachment-words = none
|undo = 0
start
keys m
type brown@example.com
keys <Enter>
type Again
keys <Enter> y
wait 1 message sent
