# Reports of delivery and of reading are shown on the letter that was sent, for each
# recipient; one key sends it again to those whom it did not reach.
use letters.inc
use report.inc
file editor 0700
|#!/bin/sh
|echo "Dear all" >>"$1"
size 20 80
start
keys m
type jones@example.com, green@example.com, brown@example.com, white@example.com
keys <Enter>
type Meeting
keys <Enter> y
wait message sent
wait report 2
keys c
type Sent
keys <Enter> <Enter>
wait Delivery:
screen
| Sent: Meeting                                                            dewey
|  written by you
|Date: Wed, 25 February 2026, 12:00
|From: Ivan Petrov <ivan@example.org>
|To: <jones@example.com>, <green@example.com>, <brown@example.com>,
|    <white@example.com>
|Subject: Meeting
|────────────────────────────────────────────────────────────────────────────────
|Delivery: jones@example.com: delivered, 11:01; read, 11:04
|          green@example.com: not delivered, 11:02: 550 5.1.1 no such user here
|          brown@example.com: delayed, the server goes on trying, 11:03: 451
|          4.4.1 ␛[7mno answer
|          1 other: sent
|press A to send it again to those whom it did not reach
|────────────────────────────────────────────────────────────────────────────────
|
|Dear all
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys A
screen
| Sent: Meeting                                                            dewey
|  written by you
|Date: Wed, 25 February 2026, 12:00
|From: Ivan Petrov <ivan@example.org>
|To: <jones@example.com>, <green@example.com>, <brown@example.com>,
|    <white@example.com>
|Subject: Meeting
|────────────────────────────────────────────────────────────────────────────────
|Delivery: jones@example.com: delivered, 11:01; read, 11:04
|          green@example.com: not delivered, 11:02: 550 5.1.1 no such user here
|          brown@example.com: delayed, the server goes on trying, 11:03: 451
|          4.4.1 ␛[7mno answer
|          1 other: sent
|press A to send it again to those whom it did not reach
|────────────────────────────────────────────────────────────────────────────────
|
|Dear all
|
|                                                                            all
|Send again to: green@example.com
keys C-u
type greene@example.com
keys <Enter>
wait message sent
grep sent greene@example.com <
grep sent > again
count Sent 1
screen
| Sent: Meeting                                                            dewey
|  written by you
|Date: Wed, 25 February 2026, 12:00
|From: Ivan Petrov <ivan@example.org>
|To: <jones@example.com>, <green@example.com>, <brown@example.com>,
|    <white@example.com>
|Subject: Meeting
|────────────────────────────────────────────────────────────────────────────────
|Delivery: jones@example.com: delivered, 11:01; read, 11:04
|          green@example.com: not delivered, 11:02: 550 5.1.1 no such user here
|          brown@example.com: delayed, the server goes on trying, 11:03: 451
|          4.4.1 ␛[7mno answer
|          2 others: sent
|press A to send it again to those whom it did not reach
|────────────────────────────────────────────────────────────────────────────────
|
|Dear all
|
|                                                                            all
|home: 1 message sent
keys q c
type Inbox
keys <Enter>
wait report 2
# On the report itself the same key does the same.
keys l
type subject:"report 2"
keys <Enter> <Enter>
wait Reported:
screen
| Inbox: report 2                                                          dewey
|  letters from this address: 4, to it: 0
|Date: Wed, 25 February 2026, 11:02
|From: <MAILER-DAEMON@mx.example>
|To: <ivan@example.org>
|Subject: report 2
|────────────────────────────────────────────────────────────────────────────────
|Reported: green@example.com: not delivered: 550 5.1.1 no such user here
|press A to send it again to those whom it did not reach
|────────────────────────────────────────────────────────────────────────────────
|
|See below.
|
|Received: from a.example
|Received: from b.example
|To: green@example.com
|Subject: Meeting
|MIME-Version: 1.0
|                                                                            94%
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys A
has Send again to: green@example.com
keys <Enter>
wait message sent
grep sent green@example.com <
# One that reached everybody, or is somebody else's, has nobody to go to.
keys q l C-u
type subject:"report 1"
keys <Enter> <Enter>
wait Reported:
hasnt press A
