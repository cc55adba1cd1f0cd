# Search as you type: results from the first letters on, how many, and Escape gives
# back what was there, with the cursor where it stood.
use letters.inc
size 9 80
start
keys j j
# One letter begins a word of everything.
keys / b
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|Search all: b
type rid
screen
| All folders: brid*: 1 found                                              dewey
>         23 Feb  Anna Lind             Where do we walk on…  …week the bridge a…
|
|
|
|
|
|                                                            C-s:best first  all
|Search all: brid
# What cannot be read yet changes nothing; groups and quotes are closed.
type ge OR (wint
screen
| All folders: bridge OR (wint*): 2 found                                  dewey
>         23 Feb  Anna Lind             Where do we walk on…  …week the bridge a…
|     2025-01-03  Old Friend            The lake in winter
|
|
|
|
|                                                            C-s:best first  all
|Search all: bridge OR (wint
keys C-u
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|Search all:
type "path along
has All folders: "path along"*: 1 found
keys C-u
type from:ann AND
has All folders: from:ann*: 2 found
keys <Esc>
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# Entered: it stays as it was seen; another form of the word finds it too.
keys /
type bridges
keys <Enter>
screen
| All folders: bridges*: 1 found                                           dewey
>         23 Feb  Anna Lind             Where do we walk on…  …week the bridge a…
|
|
|
|
|
|                                                            C-s:best first  all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys q
# The limit.
keys l
type is:unr
has Limit to: is:unr
hasnt limit: is:
type ead
screen
| Inbox: 5 messages, 2 unread (limit: is:unread; 2 found)                  dewey
> N        07:15  Tanaka 太郎           東京の月曜日
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|
|
|
|
|                                                                            all
|Limit to: is:unread
keys <Esc>
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
>         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys l
type mar
keys <Enter>
screen
| Inbox: 5 messages, 2 unread (limit: mar*; 1 found)                       dewey
>  !      24 Feb  Мария                 Счёт за февраль
|
|
|
|
|
|                                                            C-s:best first  all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys l C-u
screen
| Inbox: 5 messages, 2 unread (limit: mar*; 1 found)                       dewey
>  !      24 Feb  Мария                 Счёт за февраль
|
|
|
|
|
|                                                            C-s:best first  all
|Limit to:
type bor
has limit: bor*
keys <Esc>
has limit: mar*; 1 found
keys l C-u <Enter>
screen
| Inbox: 5 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# History: Up shows the results of what is recalled.
keys / <Up>
has Search all: mar
keys <Up>
screen
| All folders: bridges*: 1 found                                           dewey
>         23 Feb  Anna Lind             Where do we walk on…  …week the bridge a…
|
|
|
|
|
|                                                            C-s:best first  all
|Search all: bridges
keys <Esc>
hasnt All folders
# A mistake is told when it is entered, and what was typed stays.
keys /
type in:Inbox size:3
keys <Enter>
screen
| All folders: in:Inbox: 5 found                                           dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|         23 Feb  Boris                 Re: Where do we walk on Saturday?
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|                                                                            all
|unknown term 'size:' at 10; put it in quotes to look for the words
|Search all: in:Inbox size:3
keys <Esc>
hasnt Search all
