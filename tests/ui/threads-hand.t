# Threads are split and joined by hand, as in mutt; a new index knows it, and it is undone.
use letters.inc
size 10 80
start
keys <Down> <Down> &
has mark what is to hang below this message first
keys <Down> #
has 1 message begins a thread of its own
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Boris                 Re: Where do we walk on Saturday?
| N       23 Feb  Anna Lind             └─>
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|
|
|                                                                            all
|1 message begins a thread of its own
keys #
has nothing to split: it begins its thread already
keys <Home> t <End> &
screen
| Inbox: 5 messages, 2 unread                                              dewey
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|*N        07:15  Tanaka 太郎           └─>東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
| N       23 Feb  Anna Lind             └─>
|
|
|                                                                  1 marked  all
|1 message joined to 'Where do we walk on Saturday?'
keys u
has 1 message is where it was before it was joined
keys u
has 1 message is in its thread again
screen
| Inbox: 5 messages, 2 unread                                              dewey
|*N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                  1 marked  all
|1 message is in its thread again
