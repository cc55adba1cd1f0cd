# M-64: a list is left by a letter that is seen first; an address of the web is shown,
# and nothing is fetched.  One request is offered only where the trusted server says that
# a signature passed which covers the list's address.
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|auth-results = mx.example.org
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
letter Inbox S
|Authentication-Results: mx.example.org; dkim=pass header.d=example.net
|DKIM-Signature: d=example.net; h=list-unsubscribe:list-unsubscribe-post
|From: List <list@example.net>
|List-Unsubscribe: <https://example.net/leave?u=0>
|List-Unsubscribe-Post: List-Unsubscribe=One-Click
|Subject: Covered
|Date: Mon, 23 Feb 2026 13:50:00 +0000
|Message-ID: <o.0@example.net>
|
|x
letter Inbox S
|Authentication-Results: mx.example.org; dkim=pass header.d=example.net
|DKIM-Signature: d=example.net; h=list-unsubscribe
|From: List <list@example.net>
|List-Unsubscribe: <https://example.net/leave?u=1>
|List-Unsubscribe-Post: List-Unsubscribe=One-Click
|Subject: Not covered
|Date: Mon, 23 Feb 2026 13:49:00 +0000
|Message-ID: <o.1@example.net>
|
|x
letter Inbox S
|Authentication-Results: mx.example.org; dkim=fail header.d=example.net
|DKIM-Signature: d=example.net; h=list-unsubscribe:list-unsubscribe-post
|From: List <list@example.net>
|List-Unsubscribe: <https://example.net/leave?u=2>
|List-Unsubscribe-Post: List-Unsubscribe=One-Click
|Subject: Failed
|Date: Mon, 23 Feb 2026 13:48:00 +0000
|Message-ID: <o.2@example.net>
|
|x
letter Inbox S
|Authentication-Results: mx.evil.example; dkim=pass header.d=example.net
|DKIM-Signature: d=example.net; h=list-unsubscribe:list-unsubscribe-post
|From: List <list@example.net>
|List-Unsubscribe: <https://example.net/leave?u=3>
|List-Unsubscribe-Post: List-Unsubscribe=One-Click
|Subject: Of somebody else
|Date: Mon, 23 Feb 2026 13:47:00 +0000
|Message-ID: <o.3@example.net>
|
|x
letter Inbox S
|Authentication-Results: mx.example.org; dkim=pass header.d=example.net
|DKIM-Signature: d=other.example; h=list-unsubscribe:list-unsubscribe-post
|From: List <list@example.net>
|List-Unsubscribe: <https://example.net/leave?u=4>
|List-Unsubscribe-Post: List-Unsubscribe=One-Click
|Subject: Of another domain
|Date: Mon, 23 Feb 2026 13:46:00 +0000
|Message-ID: <o.4@example.net>
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
keys j M-x
screen
| Leave the list                                                           dewey
|https://example.net/leave?u=0
|
|Dewey would send one request to 'example.net', over TLS.  It says that you leave
|the list, and who you are only as far as the address says it; what comes back is
|not opened.
|
|The address is the list's own: the letter is signed by 'example.net', as
|'mx.example.org' says.
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
|Ask 'example.net' to take you off the list? (y/n)
keys q q j M-x
screen
| Leave the list at this address                                           dewey
|https://example.net/leave?u=1
|
|One request would do, but nobody whom you trust says that this address is the
|list's own, so dewey does not send it: see auth-results in deweyrc(5).
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
has https://example.net/leave?u=2
has list's own, so dewey does not send it
hasnt (y/n)
keys q j M-x
has https://example.net/leave?u=3
has list's own, so dewey does not send it
hasnt (y/n)
keys q j M-x
has https://example.net/leave?u=4
has list's own, so dewey does not send it
hasnt (y/n)
