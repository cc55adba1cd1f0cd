# S-52, S-63: a letter that was sent on, and could not be for days, is that letter again
# when it is taken up in Drafts, and no new one in the name of who wrote it.
use agents.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[account work]
|name = Ivan Petrov
|address = ivan@work.example
|smtp = smtps://ivan@smtp.work.example
|[dewey]
|undo = 0
letter Drafts DFS
|X-Dewey-Not-Sent: =?utf-8?B?Z2l2ZW4gdXAgYWZ0ZXIgNSBkYXlz?=
|Resent-Date: Mon, 23 Feb 2026 12:00:00 +0000
|Resent-From: Ivan Petrov <ivan@example.org>
|Resent-To: boris@example.net
|Resent-Message-ID: <again.1@example.org>
|From: Anna <anna@example.net>
|To: talk@lists.example
|Subject: Report
|Date: Mon, 23 Feb 2026 11:00:00 +0000
|Message-ID: <list.3@example.org>
|
|Here it is.
letter Drafts DS
|From: Ivan Petrov <ivan@work.example>
|To: boris@example.net
|Subject: By another program
|Date: Mon, 23 Feb 2026 10:00:00 +0000
|Message-ID: <other.1@work.example>
|
|Hello.
size 14 80
start
keys c
type Drafts
keys <Enter> <Home> <Enter>
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
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys y
wait 1 message sent
count Drafts 1
grep sent Resent-To: boris@example.net
grep sent From: Anna <anna@example.net>
# Nor does a draft of another program say by what account it goes.
keys <Enter> y
wait 1 message sent
count Drafts 0
grep sent Subject: By another program
