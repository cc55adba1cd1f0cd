# What is read by the way is not what undo takes back.
use letters.inc
size 16 80
start
keys <End> <Up> <Enter>
has It is, since Friday
keys d
has Then the mill
count Trash 1
keys u
count Trash 0
keys q
screen
| Inbox: 5 messages, 1 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
>         23 Feb  Anna Lind               └─>
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
keys u
screen
| Inbox: 5 messages, 1 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
>         23 Feb  Anna Lind               └─>
|
|
|
|
|
|
|
|
|                                                                            all
|there is nothing to take back
# What comes back above the screen is brought to sight, the cursor on it.
size 6 80
keys <Home> d d d u
screen
| Inbox: 3 messages                                                        dewey
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
|         23 Feb  Anna Lind               └─>
|                                                                            all
|1 deleted message is back
keys u u
screen
| Inbox: 5 messages, 1 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|                                                                            top
|1 deleted message is back
