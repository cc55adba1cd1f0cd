# The order of a list: chosen by a key, turned round, remembered for the folder.
use letters.inc
size 12 80
start
keys <End> o
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
> N       23 Feb  Anna Lind               └─>
|
|
|
|
|                                                                            all
|Sort by (d)ate (t)hread (s)ender s(u)bject si(z)e s(c)ore:
keys s
screen
| Inbox: 5 messages, 2 unread                                              dewey
|         23 Feb  Anna Lind             Where do we walk on Saturday?
> N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|
|
|
|
|                                                                            all
|listed by sender
keys o s
screen
| Inbox: 5 messages, 2 unread                                              dewey
|  !      24 Feb  Мария                 Счёт за февраль
| N        07:15  Tanaka 太郎           東京の月曜日
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
> N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|
|
|
|
|                                                                            all
|listed by sender, backwards
keys :
type sort subject
keys <Enter>
screen
| Inbox: 5 messages, 2 unread                                              dewey
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
> N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|  !      24 Feb  Мария                 Счёт за февраль
| N        07:15  Tanaka 太郎           東京の月曜日
|
|
|
|
|                                                                            all
|listed by subject
quit
start
screen
| Inbox: 5 messages, 2 unread                                              dewey
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|  !      24 Feb  Мария                 Счёт за февраль
| N        07:15  Tanaka 太郎           東京の月曜日
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
