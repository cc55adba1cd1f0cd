# A preview among the letters: its mark, size and page; the rest by E, by an
# answer, after a question; deleted, and on the server only after a yes.
use letters.inc
file editor 0700
|#!/bin/sh
|cp "$1" "$DIR/edited"
|echo "Written by hand." >>"$1"
use preview.inc
size 12 80
start
keys G
wait Pictures
screen
| Inbox: 8 messages, 5 unread                                              dewey
> N %      11:59  Big                   Pictures                          12.3 MB
| N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|home: 3 new messages
keys Enter
wait The first lines
screen
| Inbox: Pictures                                                          dewey
|  letters from this address: 3, to it: 0
|partial: the first 20 lines of 12.3 MB; press E to fetch the rest
|Date: Wed, 25 February 2026, 11:59
|From: Big <big@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Pictures
|────────────────────────────────────────────────────────────────────────────────
|
|The first lines.
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys E
wait And the last
gone fetching the rest
screen
| Inbox: Pictures                                                          dewey
|  letters from this address: 4, to it: 0
|Date: Wed, 25 February 2026, 11:59
|From: Big <big@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Pictures
|────────────────────────────────────────────────────────────────────────────────
|
|The first lines.
|And the last.
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys i
screen
| Inbox: 8 messages, 4 unread                                              dewey
>          11:59  Big                   Pictures
| N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys E
has is here whole
keys j v
screen
| Inbox: 8 messages, 4 unread                                              dewey
|          11:59  Big                   Pictures
> N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|Only a preview is here. Fetch the rest first? (y/n)
keys n
wait Parts of
keys s
has would not be whole
keys i r
screen
| Inbox: 8 messages, 4 unread                                              dewey
|          11:59  Big                   Pictures
> N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|Only a preview is here. Fetch the rest first? (y/n)
keys y
wait Write: Re
gone fetching the rest
grep edited And the last
screen
| Write: Re: Video                                                         dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         Big <big@example.org>
|Cc:
|Bcc:
|Subject:    Re: Video
|────────────────────────────────────────────────────────────────────────────────
|Wed, 25 February 2026, 11:59, Big wrote:
|> The first lines.
|> And the last.
|                                                                            60%
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n
keys j j d
screen
| Inbox: 7 messages, 3 unread                                              dewey
| N        11:59  Big                   Video
|          11:59  Big                   Pictures
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                            all
|1 message deleted
keys u
screen
| Inbox: 8 messages, 4 unread                                              dewey
| N        11:59  Big                   Video
|          11:59  Big                   Pictures
> N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|1 deleted message is back
keys d c
type Trash
keys <Enter>
screen
| Trash: 1 message, 1 unread                                               dewey
> N %      11:59  Big                   Music                             12.3 MB
|
|
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys d y
screen
| Trash: 1 message, 1 unread                                               dewey
> N %      11:59  Big                   Music                             12.3 MB
|
|
|
|
|
|
|
|
|                                                                            all
|1 letter is still on the server. Delete it there too, unseen? (y/n)
keys y
wait for good
count Trash 0
keys G
wait too large
screen
| Trash: 0 messages                                                        dewey
|
|
|
|
|  no messages here
|
|
|
|                                                                            all
|home: new messages: 0; 1 letter is too large and is left on the server; to fetch
|it raise max-size or preview
grep rows 1 3 1
grep rows 2 1 0
