# Who writes: the address that was written to, also one of several, one of a whole
# domain, and one that only the servers on the way name; the signature of its account.
use agents.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|addresses = petrov@example.org, *@shop.example.org
|smtp = smtps://ivan@smtp.example.org
|signature = $DIR/home.sig
|[account work]
|name = I. Petrov
|address = ivan@work.example
|smtp = smtps://ivan@smtp.work.example
|signature = $DIR/work.sig
|[account bare]
|address = ivan@bare.example
|smtp = smtps://ivan@smtp.bare.example
|[dewey]
|editor = $DIR/editor
file home.sig
|Ivan, at home
file work.sig
|Petrov, Ltd
file editor 0700
|#!/bin/sh
|:
letter Inbox S
|From: Anna <anna@example.net>
|To: Petrov@Example.org, boris@example.net
|Subject: One
|Date: Mon, 23 Feb 2026 09:00:00 +0000
|Message-ID: <who.1@example.org>
|
|Text.
letter Inbox S
|From: Anna <anna@example.net>
|To: boris@example.net
|Cc: bicycles@shop.example.org
|Subject: Two
|Date: Mon, 23 Feb 2026 10:00:00 +0000
|Message-ID: <who.2@example.org>
|
|Text.
letter Inbox S
|Delivered-To: ivan@work.example
|From: Anna <anna@example.net>
|To: list@example.net
|Subject: Three
|Date: Mon, 23 Feb 2026 11:00:00 +0000
|Message-ID: <who.3@example.org>
|
|Text.
size 16 80
start
keys <End> r
screen
| Write: Re: One                                                           dewey
|From:       Ivan Petrov <petrov@example.org>
|To:         Anna <anna@example.net>
|Cc:
|Bcc:
|Subject:    Re: One
|────────────────────────────────────────────────────────────────────────────────
|Mon, 23 February 2026, 09:00, Anna wrote:
|> Text.
|
|
|--
|Ivan, at home
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n <Up> g
screen
| Write: Re: Two                                                           dewey
|From:       Ivan Petrov <bicycles@shop.example.org>
|To:         Anna <anna@example.net>, boris@example.net
|Cc:
|Bcc:
|Subject:    Re: Two
|────────────────────────────────────────────────────────────────────────────────
|Mon, 23 February 2026, 10:00, Anna wrote:
|> Text.
|
|
|--
|Ivan, at home
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n <Home> r
screen
| Write: Re: Three                                                         dewey
|From:       "I. Petrov" <ivan@work.example>
|To:         Anna <anna@example.net>
|Cc:
|Bcc:
|Subject:    Re: Three
|────────────────────────────────────────────────────────────────────────────────
|Mon, 23 February 2026, 11:00, Anna wrote:
|> Text.
|
|
|--
|Petrov, Ltd
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# Another sender has another signature, and none where there is none.
keys f
has From:       ivan@bare.example
hasnt Petrov, Ltd
keys f
has Ivan, at home
keys q n m
type green@example.com
keys <Enter>
type Hello
keys <Enter>
screen
| Write: Hello                                                             dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com
|Cc:
|Bcc:
|Subject:    Hello
|────────────────────────────────────────────────────────────────────────────────
|
|--
|Ivan, at home
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys f
has From:       Ivan Petrov <petrov@example.org>
has Ivan, at home
keys f
has From:       "I. Petrov" <ivan@work.example>
has Petrov, Ltd
hasnt Ivan, at home
keys q n
