# RFC 821's example: Jones and Brown are accepted, Green is refused, corrected,
# and the letter goes to the corrected address alone.
use letters.inc
use agents.inc
file editor 0700
|#!/bin/sh
|echo "Dear all" >>"$1"
size 12 80
start
keys m
type jones@example.com, green@example.com, brown@example.com
keys <Enter>
type Meeting
keys <Enter> y
wait refused
gone sending home
screen
| Inbox: 5 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|
|                                                                            all
|'green@example.com' was refused, press O to correct it: 550 no such user here
keys O
screen
| Outbox: 1 letter                                                         dewey
> Meeting  [held]
|     jones@example.com: sent
|     green@example.com: refused: 550 no such user here
|     brown@example.com: sent
|
|
|
|
|
|
|q:Back  e:Edit  r:Send now  h:Hold  T:Time  g:Give up  d:Drop  ?:Help
keys e
screen
| Outbox: 1 letter                                                         dewey
> Meeting  [held]
|     jones@example.com: sent
|     green@example.com: refused: 550 no such user here
|     brown@example.com: sent
|
|
|
|
|
|
|Send to instead: green@example.com
keys C-u
type greene@example.com
keys <Enter>
wait nothing waits
gone sending home
screen
| Outbox: 0 letters                                                        dewey
|
|
|
|
|  nothing waits to be sent
|
|
|
|
|
|home: 1 message sent
# Here already: the key is that of this page.
keys m
type green@example.com
keys <Enter>
type Lunch
keys <Enter> y
wait was refused, press e to correct it
keys q
has Inbox
