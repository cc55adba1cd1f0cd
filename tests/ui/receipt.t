# M-65: a receipt goes only when a person says so, once, after a question that says to
# whom; never to lists, to several, or where nothing can be named.
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
use sender.inc
agent dewey-smtp
|#!/usr/bin/python3
|import sys
|sys.path.insert(0, "$DIR")
|from wire import say, sends
|for id, ledger in sends():
|    say(event="done", id=id, sent=0, deferred=0, uncertain=0, refused=0)
letter Inbox S
|Return-Path: <petra@example.net>
|From: Petra <petra@example.net>
|To: ivan@example.org
|Disposition-Notification-To: petra@example.net
|Subject: Asks
|Date: Mon, 23 Feb 2026 16:00:00 +0000
|Message-ID: <r.1@example.net>
|
|x
letter Inbox S
|Return-Path: <petra@example.net>
|From: Petra <petra@example.net>
|To: ivan@example.org
|Disposition-Notification-To: spy@elsewhere.example
|Subject: Asks for somebody else
|Date: Mon, 23 Feb 2026 15:00:00 +0000
|Message-ID: <r.2@example.net>
|
|x
letter Inbox S
|From: Petra <petra@example.net>
|List-Id: <l.example.net>
|Disposition-Notification-To: petra@example.net
|Subject: A list asks
|Date: Mon, 23 Feb 2026 14:00:00 +0000
|Message-ID: <r.3@example.net>
|
|x
letter Inbox S
|From: Petra <petra@example.net>
|Disposition-Notification-To: petra@example.net, a@example.net
|Subject: Several ask
|Date: Mon, 23 Feb 2026 13:00:00 +0000
|Message-ID: <r.4@example.net>
|
|x
letter Inbox S
|From: Petra <petra@example.net>
|Subject: Nobody asks
|Date: Mon, 23 Feb 2026 12:00:00 +0000
|Message-ID: <r.5@example.net>
|
|x
start
keys Enter
has asks for a receipt (:send-receipt)
keys M-k
has Tell petra@example.net that you have read the letter? (y/n)
keys n O
hasnt Asks
keys q M-k y
has the receipt is in the outbox
keys M-k y
has a receipt was sent already
keys j M-k
has A receipt would go to spy@elsewhere.example, which is not where the letter
keys n j
hasnt asks for a receipt
keys M-k
has no receipts for what lists and programs send
keys j M-k
has this letter wants receipts at several addresses: none is sent
keys j M-k
has this letter asks for no receipt
keys O
has Outbox: 1 letter
has petra@example.net: waiting
