# M-43, M-44: the row below the title says what speaks for and against the sender,
# and stays there whatever the letter is.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|auth-results = mx.example.org
letter Sent S
|From: ivan@example.org
|To: Anna Lind <anna@lake-house.example>
|Subject: To Anna
|Date: Mon, 23 Feb 2026 08:00:00 +0000
|Message-ID: <t.1@example.org>
|
|Hello.
letter Inbox S
|Authentication-Results: mx.example.org; dkim=pass header.d=lake-house.example; spf=pass
| smtp.mailfrom=anna@lake-house.example; dmarc=pass header.from=lake-house.example
|From: Anna Lind <anna@lake-house.example>
|To: ivan@example.org
|Subject: Known
|Date: Mon, 23 Feb 2026 20:00:00 +0000
|Message-ID: <t.2@example.org>
|
|Hello.
letter Inbox S
|Authentication-Results: other.example; dmarc=pass header.from=lake-h0use.example
|From: "Lind, Anna" <anna@lake-h0use.example>
|Reply-To: money@elsewhere.example
|To: ivan@example.org
|Subject: Alike
|Date: Mon, 23 Feb 2026 19:00:00 +0000
|Message-ID: <t.3@example.org>
|
|! first letter from this address
|Date: Mon, 1 January 2024, 19:00
|From: Boss <boss@example.org>
|
|A letter that has a header of its own in its text.
letter Inbox S
|Authentication-Results: mx.example.org; dkim=fail header.d=bank.example; dmarc=fail
| header.from=bank.example
|Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example
|From: "service@bank.example" <x@bank.example>
|To: ivan@example.org
|Subject: Forged
|Date: Mon, 23 Feb 2026 18:00:00 +0000
|Message-ID: <t.4@example.org>
|
|x
letter Inbox S
|Authentication-Results: mx.example.org; dkim=pass header.d=mailer.example; spf=softfail
| smtp.mailfrom=x@shop.example
|From: Shop <x@shop.example>
|Sender: robot@mailer.example
|To: ivan@example.org
|Subject: Signed by a service
|Date: Mon, 23 Feb 2026 17:00:00 +0000
|Message-ID: <t.5@example.org>
|
|x
letter Inbox S
|From: a@one.example, b@two.example
|To: ivan@example.org
|Subject: Two
|Date: Mon, 23 Feb 2026 16:00:00 +0000
|Message-ID: <t.6@example.org>
|
|x
letter Inbox S
|From: =?utf-8?B?0YHQu9GD0LbQsdCw?= <sluzhba@xn--80ak6aa92e.com>
|To: ivan@example.org
|Subject: Letters that pose
|Date: Mon, 23 Feb 2026 15:00:00 +0000
|Message-ID: <t.7@example.org>
|
|x
letter Inbox S
|From: Ivan <ivan@example.org>
|To: ivan@example.org
|Subject: Of my own address
|Date: Mon, 23 Feb 2026 14:00:00 +0000
|Message-ID: <t.8@example.org>
|
|x
letter Inbox S
|From: Ivan <ivan@example-org.test>
|To: ivan@example.org
|Subject: Long
|Date: Mon, 23 Feb 2026 13:00:00 +0000
|Message-ID: <t.9@example.org>
|Reply-To: averylonglocalpartaverylonglocalpartaverylonglocalpartaverylonglocalpart@long.example
|
|1
|2
|3
|4
|5
|6
|7
|8
|9
|10
|11
|12
|13
|14
|15
|16
|17
|18
|19
|20
|21
|22
size 24 80
start
keys Enter
screen
| Inbox: Known                                                             dewey
|+ sender's domain verified: dkim, spf, dmarc · 1 more: M-t
|Date: Mon, 23 February 2026, 20:00
|From: Anna Lind <anna@lake-house.example>
|To: <ivan@example.org>
|Subject: Known
|────────────────────────────────────────────────────────────────────────────────
|
|Hello.
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
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys M-t
screen
| What speaks for and against the sender                                   dewey
|+ sender's domain verified: dkim, spf, dmarc
|The server mx.example.org says that the letter comes from the domain of its
|sender. Of the person it says nothing.
|
|  letters from this address: 1, to it: 1
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
keys q j
screen
| Inbox: Alike                                                             dewey
|! lake-h0use.example is not lake-house.example · 3 more: M-t
|Date: Mon, 23 February 2026, 19:00
|From: Lind, Anna <anna@lake-h0use.example>
|Reply to: <money@elsewhere.example>
|To: <ivan@example.org>
|Subject: Alike
|────────────────────────────────────────────────────────────────────────────────
|
|! first letter from this address
|Date: Mon, 1 January 2024, 19:00
|From: Boss <boss@example.org>
|
|A letter that has a header of its own in its text.
|
|
|
|
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys M-t
screen
| What speaks for and against the sender                                   dewey
|! lake-h0use.example is not lake-house.example
|The sender's domain can be taken for lake-house.example, from which you have
|mail, or which is yours. It is another one.
|
|! this name is known as anna@lake-house.example
|You have letters of somebody of this name, from anna@lake-house.example. This
|address is new. Ask by another way before you believe it.
|
|! answers go to money@elsewhere.example
|The letter asks for answers at another domain than that of its sender.
|
|? sender not verified
|The server mx.example.org says nothing about it.
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
keys q j
screen
| Inbox: Forged                                                            dewey
|! poses as 'service@bank.example' · 2 more: M-t
|Date: Mon, 23 February 2026, 18:00
|From: <x@bank.example> (under the name of another address)
|To: <ivan@example.org>
|Subject: Forged
|────────────────────────────────────────────────────────────────────────────────
|
|x
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
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys j
screen
| Inbox: Signed by a service                                               dewey
|? first letter from this address · sent by robot@mailer.example · 1 more: M-t
|Date: Mon, 23 February 2026, 17:00
|From: Shop <x@shop.example>
|Sender: <robot@mailer.example>
|To: <ivan@example.org>
|Subject: Signed by a service
|────────────────────────────────────────────────────────────────────────────────
|
|x
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
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys j
screen
| Inbox: Two                                                               dewey
|! several senders: a@one.example, b@two.example · ? 1 more: M-t
|Date: Mon, 23 February 2026, 16:00
|From: <a@one.example>, <b@two.example>
|To: <ivan@example.org>
|Subject: Two
|! the letter names several senders
|────────────────────────────────────────────────────────────────────────────────
|
|x
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
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys j
screen
| Inbox: Letters that pose                                                 dewey
|! xn--80ak6aa92e.com is written in letters that pose as others · ? 2 more: M-t
|Date: Mon, 23 February 2026, 15:00
|From: служба <sluzhba@xn--80ak6aa92e.com>
|To: <ivan@example.org>
|Subject: Letters that pose
|────────────────────────────────────────────────────────────────────────────────
|
|x
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
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys j
screen
| Inbox: Of my own address                                                 dewey
|? from your own address · sender not verified
|Date: Mon, 23 February 2026, 14:00
|From: Ivan <ivan@example.org>
|To: <ivan@example.org>
|Subject: Of my own address
|────────────────────────────────────────────────────────────────────────────────
|
|x
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
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys j
screen
| Inbox: Long                                                              dewey
|! answers go to …ocalpartaverylonglocalpart@long.example · ? 2 more: M-t
|Date: Mon, 23 February 2026, 13:00
|From: Ivan <ivan@example-org.test>
|Reply to: <averylonglocalpartaverylonglocalpartaverylonglocalpartaverylonglocalp
|          art@long.example>
|To: <ivan@example.org>
|Subject: Long
|────────────────────────────────────────────────────────────────────────────────
|
|1
|2
|3
|4
|5
|6
|7
|8
|9
|10
|11
|12
|                                                                            66%
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys <End>
screen
| Inbox: Long                                                              dewey
|! answers go to …ocalpartaverylonglocalpart@long.example · ? 2 more: M-t
|3
|4
|5
|6
|7
|8
|9
|10
|11
|12
|13
|14
|15
|16
|17
|18
|19
|20
|21
|22
|                                                                            end
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
