# Deleting is seen at once, undo takes it back; in Trash it asks first.
use letters.inc
size 10 80
start
keys j d
screen
| Inbox: 4 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|                                                                            all
|1 message deleted
count Trash 1
keys u
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                            all
|1 deleted message is back
count Trash 0
keys j j d <Enter>
has Where do we walk
keys d q
screen
| Inbox: 3 messages, 1 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
count Trash 2
keys c
type Trash
keys <Enter>
screen
| Trash: 2 messages                                                        dewey
>         23 Feb  Boris                 Re: Where do we walk on Saturday?
|         23 Feb  Anna Lind             └─>
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys d
screen
| Trash: 2 messages                                                        dewey
>         23 Feb  Boris                 Re: Where do we walk on Saturday?
|         23 Feb  Anna Lind             └─>
|
|
|
|
|
|                                                                            all
|Delete 1 message for good? (y/n)
keys n d y
count Trash 1
has for good
keys U
count Trash 0
keys u
screen
| Trash: 1 message                                                         dewey
>         23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|
|
|
|
|
|
|                                                                            all
|1 message moved back
