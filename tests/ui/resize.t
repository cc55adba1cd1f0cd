# Any size down to 20 by 5 and below, on every page; the place is kept.
use letters.inc
start
size 5 20
screen
| Inbox: 5 messages…
> N  Tanaka …  東京…
|  ! Мария     Счёт …
|                top
|q:Quit  ?:Help
size 3 10
screen
> N  Tanak…
|      top
|q:Quit
size 1 1
size 6 20
keys j j <Enter>
screen
| Inbox: Where do w…
|  letters from this…
|Date: Mon, 23
|      February 2026,
|                 8%
|q:Back  ?:Help
size 24 40
screen
| Inbox: Where do we walk on Saturday?
|  letters from this address: 2, to it: 0
|Date: Mon, 23 February 2026, 09:00
|From: Anna Lind <anna@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Where do we walk on Saturday?
|────────────────────────────────────────
|
|Last week the bridge at the mill was
|closed. Does anyone know whether it is
|open again? If not, we could take the
|path along the lake.
|
|Anna
|
|
|
|
|
|
|
|
|                                    all
|q:Back  <Space>:On  d:Delete  ?:Help
keys ?
size 5 20
screen
| Help         dewey
|Here:
|
|                 0%
|q:Back  ?:Help
size 2 300
size 24 80
keys q q y
screen
| Folders                                                                  dewey
> Inbox                           2 unread of 5, 1 flagged, 2 KB
| Sent                            0
| Drafts                          0
| Archive                         1, 181 B
| Trash                           0
| On the server
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
|q:Back  <Enter>:Open  ?:Help
size 5 20
screen
| Folders      dewey
> Inbox     2 unread…
| Sent      0
|
|q:Back  ?:Help
