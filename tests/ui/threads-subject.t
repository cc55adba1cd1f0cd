# An answer that names no letter hangs where its subject is, with a star.
use letters.inc
letter Inbox S
|From: Carla <carla@example.org>
|Subject: AW: Where do we walk on Saturday?
|Date: Mon, 23 Feb 2026 19:30:00 +0000
|Message-ID: <walk.4@example.org>
|
|I am ill.
size 10 80
start
screen
| Inbox: 6 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 ├─>
| N       23 Feb  Anna Lind             │ └─>
|         23 Feb  Carla                 └*>
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
