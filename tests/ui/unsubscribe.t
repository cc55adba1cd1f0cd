# M-64: a list is left by a letter that is seen first; an address of the web is shown,
# and nothing is fetched.
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: List <list@example.net>
|List-Id: <l.example.net>
|List-Unsubscribe: <https://example.net/leave?u=1>, <mailto:l-leave@example.net?subject=leave>
|Subject: By mail
|Date: Mon, 23 Feb 2026 16:00:00 +0000
|Message-ID: <u.1@example.net>
|
|x
letter Inbox S
|From: List <list@example.net>
|List-Unsubscribe: <http://example.net/leave?u=2>
|Subject: By the web
|Date: Mon, 23 Feb 2026 15:00:00 +0000
|Message-ID: <u.2@example.net>
|
|x
letter Inbox S
|From: List <list@example.net>
|List-Unsubscribe: <javascript:alert(1)>
|Subject: By nothing
|Date: Mon, 23 Feb 2026 14:00:00 +0000
|Message-ID: <u.3@example.net>
|
|x
start
keys Enter M-x
screen
| Write: leave                                                             dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         l-leave@example.net
|Cc:
|Bcc:
|Subject:    leave
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
|
|
|
|
|
|
|
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n j M-x
screen
| Leave the list at this address                                           dewey
|http://example.net/leave?u=2
|
|This is not secured: whoever is on the way sees that you leave, and can lead you
|elsewhere.
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
|
|
|
|
|
|
|
|                                                                            all
|q:Back  /:Find  ?:Help
keys q j M-x
has this letter does not say how to leave its list
