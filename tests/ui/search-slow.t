# A store that answers slowly: no key waits for it, and Escape is at once.
use letters.inc
size 8 80
start
keys j
hold
press / l a
screen
| All folders: la*                                                         dewey
|
|
|
|
|
|                                                     C-s:best first  searching…
|Search all: la
press k e
screen
| All folders: lake*                                                       dewey
|
|
|
|
|
|                                                     C-s:best first  searching…
|Search all: lake
press <Esc>
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
release
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# What was typed last is what is found.
hold
press / b r i d g e C-u w i n
has Search all: win
release
screen
| All folders: win*: 1 found                                               dewey
>     2025-01-03  Old Friend            The lake in winter
|
|
|
|
|                                                            C-s:best first  all
|Search all: win
keys <Esc>
# The rows of before stand there until others come.
keys /
type lake
hold
press <Space> w
press i
screen
| All folders: lake wi*                                                    dewey
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|     2025-01-03  Old Friend            The lake in winter
|
|
|
|                                                     C-s:best first  searching…
|Search all: lake wi
release
screen
| All folders: lake wi*: 1 found                                           dewey
>     2025-01-03  Old Friend            The lake in winter  …about the lake.
|
|
|
|
|                                                            C-s:best first  all
|Search all: lake wi
keys <Esc>
# A limit: the same, and moving in what is there.
hold
press l m a r
has Limit to: mar
press <Esc> j
hasnt Limit to
release
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
