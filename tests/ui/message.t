# Reading: the header block, wrapping, quotes, the signature, next and previous.
use letters.inc
letter Inbox -
|From: "admin@bank.example" <thief@example.net>
|Sender: Machine <robot@example.net>
|Reply-To: elsewhere@example.biz
|To: A <a@example.org>, B <b@example.org>, Ivan Petrov <ivan@example.org>, C <c@example.org>, D <d@example.org>
|Subject: A long one
|Date: Wed, 25 Feb 2026 11:00:00 +0000
|Message-ID: <long.1@example.net>
|Content-Type: text/plain; charset=utf-8
|Content-Transfer-Encoding: 8bit
|
|Words that are wrapped at the width of the screen and not in the middle of a word, as is right and proper.
|東京は晴れです。東京は晴れです。東京は晴れです。東京は晴れです。東京は晴れです。東京は晴れです。
|averylongwordaverylongwordaverylongwordaverylongwordaverylongwordaverylongwordaverylongword
|
|> A quoted line that is longer than the screen is wide, so that it has to be wrapped, with its mark kept.
|>> One deeper.
|> > > Three deep.
|
|-- 
|The signature
start
keys Enter
screen
| Inbox: A long one                                                        dewey
|! poses as 'admin@bank.example' · 2 more: M-t
|Date: Wed, 25 February 2026, 11:00
|From: <thief@example.net> (under the name of another address)
|Sender: Machine <robot@example.net>
|Reply to: <elsewhere@example.biz>
|To: A <a@example.org>, B <b@example.org>, Ivan Petrov <ivan@example.org>, C
|    <c@example.org>, D <d@example.org>
|Subject: A long one
|────────────────────────────────────────────────────────────────────────────────
|
|Words that are wrapped at the width of the screen and not in the middle of a
|word, as is right and proper.
|東京は晴れです。東京は晴れです。東京は晴れです。東京は晴れです。東京は晴れです。
|東京は晴れです。
|averylongwordaverylongwordaverylongwordaverylongwordaverylongwordaverylongwordav
|erylongword
|
|> A quoted line that is longer than the screen is wide, so that it has to be
|> wrapped, with its mark kept.
|> > One deeper.
|> > > Three deep.
|                                                                            86%
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys q j j j j Enter
screen
| Inbox: Re: Where do we walk on Saturday?                                 dewey
|? first letter from this address
|Date: Mon, 23 February 2026, 10:00
|From: Boris <boris@example.net>
|To: Anna Lind <anna@example.org>
|Cc: Ivan Petrov <ivan@example.org>
|Subject: Re: Where do we walk on Saturday?
|────────────────────────────────────────────────────────────────────────────────
|
|> Does anyone know whether it is open again?
|
|It is, since Friday.
|
|--
|Boris, from his telephone
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
| Inbox: Re: Where do we walk on Saturday?                                 dewey
|  letters from this address: 2, to it: 0
|Date: Mon, 23 February 2026, 11:00
|From: Anna Lind <anna@example.org>
|To: Boris <boris@example.net>
|Subject: Re: Where do we walk on Saturday?
|────────────────────────────────────────────────────────────────────────────────
|
|Then the mill it is.
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
has this is the last message
keys k k h
screen
| Inbox: Where do we walk on Saturday?                                     dewey
|  letters from this address: 2, to it: 0
|From: Anna Lind <anna@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Where do we walk on Saturday?
|Date: Mon, 23 Feb 2026 09:00:00 +0000
|Message-ID: <walk.1@example.org>
|Content-Type: text/plain; charset=utf-8
|Content-Transfer-Encod… 8bit
|────────────────────────────────────────────────────────────────────────────────
|
|Last week the bridge at the mill was closed. Does anyone know whether it is open
|again? If not, we could take the path along the lake.
|
|Anna
|
|
|
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
