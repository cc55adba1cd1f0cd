# What is counted of folders and saved views, and that it follows what is done.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[view walks]
|query = subject:walk
|[view starred]
|query = is:flagged
|[view nothing]
|query = subject:zither
|[view wrong]
|query = is:walk
letter Inbox -
|From: Anna Lind <anna@example.org>
|Subject: Where do we walk?
|Date: Mon, 23 Feb 2026 09:00:00 +0000
|Message-ID: <walk.1@example.org>
|
|By the lake.
letter Archive S
|From: Boris <boris@example.net>
|Subject: A walk
|Date: Sun, 22 Feb 2026 10:00:00 +0000
|Message-ID: <walk.2@example.net>
|
|There.
letter Inbox S
|From: Clara <clara@example.net>
|Subject: Bill
|Date: Sat, 21 Feb 2026 10:00:00 +0000
|Message-ID: <bill@example.net>
|
|To be paid.
size 14 100
start
screen
| Inbox: 2 messages, 1 unread                                                                  dewey
>▸Inbox         1 │ N       23 Feb  Anna Lind             Where do we walk?
| Sent            │         21 Feb  Clara                 Bill
| Drafts          │
| Archive         │
| Trash           │
| walks         1 │
| starred         │
| nothing         │
| wrong           │
|                 │
|                 │
|                                                                                                all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search  l:Limit  G:Fetch  ?:Help
size 14 180
screen
| Inbox: 2 messages, 1 unread                                                                                                                                                  dewey
>▸Inbox              1/2 │ N       23 Feb  Anna Lind                   Where do we walk?
| Sent                   │         21 Feb  Clara                       Bill
| Drafts                 │
| Archive              1 │
| Trash                  │
| walks              1/2 │
| starred                │
| nothing                │
| wrong                  │
|                        │
|                        │
|                                                                                                                                                                                all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search  l:Limit  G:Fetch  ?:Help
keys y
screen
| Folders                                                                                                                                                                      dewey
> Inbox                           1 unread of 2, 275 B
| Sent                            0
| Drafts                          0
| Archive                         1, 127 B
| Trash                           0
| walks                           1 unread of 2, 274 B  subject:walk
| starred                         0  is:flagged
| nothing                         0  subject:zither
| wrong                           is:walk
|
|
|
|q:Back  <Enter>:Open  ?:Help
keys q F y
screen
| Folders                                                                                                                                                                      dewey
> Inbox                           1 unread of 2, 1 flagged, 275 B
| Sent                            0
| Drafts                          0
| Archive                         1, 127 B
| Trash                           0
| walks                           1 unread of 2, 1 flagged, 274 B  subject:walk
| starred                         1 unread of 1, 1 flagged, 147 B  is:flagged
| nothing                         0  subject:zither
| wrong                           is:walk
|
|
|
|q:Back  <Enter>:Open  ?:Help
# Narrow: what is unread, else what a view finds.
size 14 100
keys q N
screen
| Inbox: 2 messages                                                                            dewey
>▸Inbox           │  !      23 Feb  Anna Lind             Where do we walk?
| Sent            │         21 Feb  Clara                 Bill
| Drafts          │
| Archive         │
| Trash           │
| walks         2 │
| starred       1 │
| nothing         │
| wrong           │
|                 │
|                 │
|                                                                                                all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search  l:Limit  G:Fetch  ?:Help
