# Threads: lines, folding, by date, the bar on a wide screen.
use letters.inc
letter Inbox S
|From: Carla <carla@example.org>
|Subject: Where do we walk on Saturday?
|Date: Mon, 23 Feb 2026 09:30:00 +0000
|Message-ID: <walk.4@example.org>
|References: <walk.1@example.org>
|
|I am ill.
letter Inbox S
|From: Dora <dora@example.org>
|Subject: Another walk (was: Where do we walk)
|Date: Mon, 23 Feb 2026 12:30:00 +0000
|Message-ID: <walk.5@example.org>
|References: <walk.1@example.org> <walk.2@example.net>
|
|Another one.
size 12 80
start
screen
| Inbox: 7 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Carla                 ├─>
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               ├─>
|         23 Feb  Dora                    └─>Another walk (was: Where do we walk)
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys <End> M-v
screen
| Inbox: 7 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             [+4] Where do we walk on Saturday?
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys M-v
screen
| Inbox: 7 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Carla                 ├─>
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               ├─>
|         23 Feb  Dora                    └─>Another walk (was: Where do we walk)
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys M-V
screen
| Inbox: 7 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             [+4] Where do we walk on Saturday?
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys M-V S
screen
| Inbox: 7 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Dora                  Another walk (was: Where do we walk)
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
|         23 Feb  Carla                 Where do we walk on Saturday?
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|
|
|                                                                            all
|listed by date
size 12 120
screen
| Inbox: 7 messages, 2 unread                                                                                      dewey
|▸Inbox         2 │ N        07:15  Tanaka 太郎                東京の月曜日
| Sent            │  !      24 Feb  Мария                      Счёт за февраль
| Drafts          │         23 Feb  Dora                       Another walk (was: Where do we walk)
| Archive         │ N       23 Feb  Anna Lind                  Re: Where do we walk on Saturday?
| Trash           │         23 Feb  Boris                      Re: Where do we walk on Saturday?
| On the server   │         23 Feb  Carla                      Where do we walk on Saturday?
>                 │         23 Feb  Anna Lind                  Where do we walk on Saturday?
|                 │
|                 │
|                                                                                                                    all
|listed by date
keys C-n C-n
screen
| Inbox: 7 messages, 2 unread                                                                                      dewey
|▸Inbox         2 │ N        07:15  Tanaka 太郎                東京の月曜日
| Sent            │  !      24 Feb  Мария                      Счёт за февраль
> Drafts          │         23 Feb  Dora                       Another walk (was: Where do we walk)
| Archive         │ N       23 Feb  Anna Lind                  Re: Where do we walk on Saturday?
| Trash           │         23 Feb  Boris                      Re: Where do we walk on Saturday?
| On the server   │         23 Feb  Carla                      Where do we walk on Saturday?
>                 │         23 Feb  Anna Lind                  Where do we walk on Saturday?
|                 │
|                 │
|                                                                                                                    all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search  l:Limit  G:Fetch  ?:Help
keys C-o
screen
| Drafts: 0 messages                                                                                               dewey
| Inbox         2 │
| Sent            │
|▸Drafts          │
| Archive         │
| Trash           │  no messages here
| On the server   │
|                 │
|                 │
|                 │
|                                                                                                                    all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search  l:Limit  G:Fetch  ?:Help
keys B
screen
| Drafts: 0 messages                                                                                               dewey
|
|
|
|
|  no messages here
|
|
|
|
|                                                                                                                    all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search  l:Limit  G:Fetch  ?:Help
