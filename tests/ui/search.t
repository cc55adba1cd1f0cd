# Searching all, limiting, errors of the query language shown with their place.
use letters.inc
size 12 80
start
keys /
type lake
screen
| All folders: lake*: 2 found                                              dewey
>         23 Feb  Anna Lind             Where do we walk on…  …along the lake. A…
|     2025-01-03  Old Friend            The lake in winter  …about the lake.
|
|
|
|
|
|
|
|                                                            C-s:best first  all
|Search all: lake
keys <Enter>
screen
| All folders: lake*: 2 found                                              dewey
>         23 Feb  Anna Lind             Where do we walk on…  …along the lake. A…
|     2025-01-03  Old Friend            The lake in winter  …about the lake.
|
|
|
|
|
|
|
|                                                            C-s:best first  all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys q l
type subject:счёт
keys <Enter>
screen
| Inbox: 5 messages, 2 unread (limit: subject:счёт*; 1 found)              dewey
>  !      24 Feb  Мария                 Счёт за февраль
|
|
|
|
|
|
|
|
|                                                            C-s:best first  all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys l
screen
| Inbox: 5 messages, 2 unread (limit: subject:счёт*; 1 found)              dewey
>  !      24 Feb  Мария                 Счёт за февраль
|
|
|
|
|
|
|
|
|                                                            C-s:best first  all
|Limit to: subject:счёт*
keys C-u <Enter>
has 5 messages
hasnt limit
keys / f o r m : x <Enter>
has unknown term 'form:' at 1; did you mean 'from:'?
keys <Esc>
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
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys l
type form:x
keys <Enter>
has unknown term 'form:' at 1
keys <Esc>
has 5 messages
hasnt limit
keys l C-u
type is:unread ha
keys <Tab>
screen
| Inbox: 5 messages, 2 unread (limit: is:unread ha*; 0 found)              dewey
|
|
|
|
|  nothing is found
|
|
|
|
|                                                            C-s:best first  all
|Limit to: is:unread has:
type li
keys <Tab>
has Limit to: is:unread has:link
type  from:мари
keys <Tab>
has Limit to: is:unread has:link from:maria@example.ru
keys <Esc>
hasnt Limit to
