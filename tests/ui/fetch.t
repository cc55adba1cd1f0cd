# Fetching: the password is asked without echo, a failure is told in clean words,
# new mail comes into the list and the cursor stays on its message.
use letters.inc
use agents.inc
size 12 80
start
keys j j G
wait Password for home:
type wrong
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|
| fetching home                                                              all
|Password for home:
keys <Enter>
wait cannot log in
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|                                                                            all
|home: cannot log in as 'me': the server says "␛[31mno"; press G to be asked for
|it again
keys G
wait Password for home:
type ключ
keys <Enter>
wait Fresh
screen
| Inbox: 6 messages, 3 unread                                              dewey
| N        11:59  New                   Fresh
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|                                                                            all
|home: 1 new message
