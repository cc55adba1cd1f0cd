# Marks, a command for all marked, moving to a folder that is made, flags.
use letters.inc
size 10 80
start
keys t j t
screen
| Inbox: 5 messages, 2 unread                                              dewey
|*N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|*        23 Feb  Anna Lind             Where do we walk on Saturday?
>         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                  2 marked  all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys ;
screen
| Inbox: 5 messages, 2 unread                                              dewey
|*N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|*        23 Feb  Anna Lind             Where do we walk on Saturday?
>         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                  2 marked  all
|to all marked: press the key of a command
keys s
type Lists/walks
keys <Enter>
screen
| Inbox: 5 messages, 2 unread                                              dewey
|*N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|*        23 Feb  Anna Lind             Where do we walk on Saturday?
>         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                  2 marked  all
|There is no folder 'Lists/walks'. Make it? (y/n)
keys y
screen
| Inbox: 3 messages, 1 unread                                              dewey
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Boris                 Re: Where do we walk on Saturday?
| N       23 Feb  Anna Lind             └─>
|
|
|
|
|                                                                            all
|2 messages moved to Lists/walks
count Lists/walks 2
keys u j
count Lists/walks 0
has 5 messages
keys T
type from:anna
keys <Enter> ; F
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|* !      23 Feb  Anna Lind             Where do we walk on Saturday?
>         23 Feb  Boris                 └─>
|*N!      23 Feb  Anna Lind               └─>
|
|
|                                                                  2 marked  all
|2 messages marked
keys C-t F
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|  !      23 Feb  Anna Lind             Where do we walk on Saturday?
>  !      23 Feb  Boris                 └─>
| N!      23 Feb  Anna Lind               └─>
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys F N
screen
| Inbox: 5 messages, 3 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|  !      23 Feb  Anna Lind             Where do we walk on Saturday?
> N       23 Feb  Boris                 └─>
| N!      23 Feb  Anna Lind               └─>
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys <Tab>
screen
| Inbox: 5 messages, 3 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|  !      23 Feb  Anna Lind             Where do we walk on Saturday?
| N       23 Feb  Boris                 └─>
> N!      23 Feb  Anna Lind               └─>
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys <End> C
type Archive
keys <Enter>
count Archive 2
type :move Nowhere/../else
keys <Enter>
screen
| Inbox: 5 messages, 3 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|  !      23 Feb  Anna Lind             Where do we walk on Saturday?
| N       23 Feb  Boris                 └─>
> N!      23 Feb  Anna Lind               └─>
|
|                                                                            all
|'Nowhere/../else' cannot be the name of a folder; write it as 'Lists/debian': no
|part may be empty, begin with a dot, or be cur, new or tmp
