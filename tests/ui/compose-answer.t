# Answers and forwards: to the list, where others lead to, in one's own words; inline
# with what is attached, or whole; sent on as it is.
use agents.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|editor = $DIR/editor
|reply-line = %n <%a> on %d, "%s", 100%%:
|forward-line = ----------- %n, %s
|lists = known@lists.example
|undo = 0
file editor 0700
|#!/bin/sh
|:
letter Inbox S
|From: Anna <anna@example.net>
|To: talk@lists.example
|List-Post: <mailto:talk@lists.example>
|Mail-Followup-To: talk@lists.example, anna@example.net
|Subject: Of a list
|Date: Mon, 23 Feb 2026 09:00:00 +0000
|Message-ID: <list.1@example.org>
|
|Text.
letter Inbox S
|From: Bank <service@bank.example>
|Reply-To: thief@evil.example
|To: ivan@example.org
|Subject: Of a thief
|Date: Mon, 23 Feb 2026 10:00:00 +0000
|Message-ID: <list.2@example.org>
|
|Text.
letter Inbox S
|From: Anna <anna@example.net>
|To: ivan@example.org
|Cc: known@lists.example
|Mail-Followup-To: elsewhere@other.example
|Subject: Report
|Date: Mon, 23 Feb 2026 11:00:00 +0000
|Message-ID: <list.3@example.org>
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
# The list alone, and Mail-Followup-To.
keys <End> L
has To:         talk@lists.example
has Anna <anna@example.net> on Mon, 23 February 2026, 09:00, "Of a list", 100%:
keys q n g
screen
| Write: Re: Of a list                                                     dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         talk@lists.example, anna@example.net
|Cc:
|Bcc:
|Subject:    Re: Of a list
|to those that Mail-Followup-To names
|────────────────────────────────────────────────────────────────────────────────
|Anna <anna@example.net> on Mon, 23 February 2026, 09:00, "Of a list", 100%:
|> Text.
|
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n <Up> L
has no mailing list is known
# S-64: it leads to another domain.
keys r
screen
| Write: Re: Of a thief                                                    dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         thief@evil.example
|Cc:
|Bcc:
|Subject:    Re: Of a thief
|Reply-To leads to another domain: thief@evil.example
|────────────────────────────────────────────────────────────────────────────────
|Bank <service@bank.example> on Mon, 23 February 2026, 10:00, "Of a thief", 100%:
|> Text.
|
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n <Up> g
has Mail-Followup-To leads to another domain: elsewhere@other.example
keys q n r
hasnt Mail-Followup-To
keys q n L
has To:         known@lists.example
# With what is attached.
keys q n f
has To:
keys <Enter>
screen
| Write: Fwd: Report                                                       dewey
|From:       Ivan Petrov <ivan@example.org>
|To:
|Cc:
|Bcc:
|Subject:    Fwd: Report
>  1  report.pdf                                                             8 B
|────────────────────────────────────────────────────────────────────────────────
|
|
|----------- Anna, Report
|From: Anna <anna@example.net>
|Date: Mon, 23 February 2026, 11:00
|Subject: Report
|To: ivan@example.org
|Cc: known@lists.example
|                                                                            80%
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n M-f <Enter>
screen
| Write: Fwd: Report                                                       dewey
|From:       Ivan Petrov <ivan@example.org>
|To:
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
|
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# As it is.
keys q n b
type boris@example.net
keys <Enter>
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
keys e
has only From, To, Cc and Bcc can be changed
keys a
type editor
keys <Enter>
has only From, To, Cc and Bcc can be changed
# S-63: kept, gone on with, and still as it came.
keys p
wait kept in Drafts
keys c
type Drafts
keys <Enter>
has to boris@example.net  Report
keys <Enter>
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
keys q
has Keep the letter in Drafts?
keys y
wait kept in Drafts
count Drafts 1
keys <Enter> y
wait 1 message sent
count Drafts 0
grep sent JVBERi0xLjQ=
keys c
type Inbox
keys <Enter> <End>
grep sent Resent-To: boris@example.net
grep sent Message-ID: <list.3@example.org>
# What it is to become.
keys m
type boris@example.net
keys <Enter>
type Formats
keys <Enter> M-m M-f M-r
has Format:     Markdown, with HTML, flowed lines, asks for a receipt
keys M-m M-f
has Format:     asks for a receipt
# What is asked of the server with it.
keys M-d
type success, failure
keys <Enter> M-t
has Asks for:   report of delivery, report of failure, TLS all the way
# S-14: what comes back with a report; S-17: without TLS rather than not at all.
keys M-w
has report of failure, its header alone with them
keys M-w
has report of failure, the whole letter with them
keys M-w
has Asks for:   report of delivery, report of failure, TLS all the way
keys M-c
has Format:     asks for a receipt, goes without TLS too
hasnt TLS all the way
keys M-t
hasnt goes without TLS too
has Asks for:   report of delivery, report of failure, TLS all the way
keys M-d C-u
type perhaps
keys <Enter>
has reports cannot be 'perhaps'
keys M-d C-u
type never
keys <Enter> M-t
has Asks for:   no reports
keys M-d C-u <Enter>
hasnt Asks for:
# It is kept with the letter, in Drafts too.
keys M-t p
wait kept in Drafts
keys c
type Drafts
keys <Enter> <Enter>
has Asks for:   TLS all the way
keys q n
# So is the warning, after an end.
keys c
type Inbox
keys <Enter> <End> <Up> r
has leads to another domain
quit
start
keys y
has leads to another domain
