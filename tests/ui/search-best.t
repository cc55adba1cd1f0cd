# Best first or newest first: by one key, while a query is typed and afterwards.
letter Inbox S
|From: Anna <anna@example.org>
|Subject: One of many words
|Date: Tue, 24 Feb 2026 10:00:00 +0000
|Message-ID: <1@example.org>
|
|There is a lake, and there are many other things in this letter that goes on for a while.
letter Inbox S
|From: Boris <boris@example.org>
|Subject: Lake
|Date: Mon, 23 Feb 2026 10:00:00 +0000
|Message-ID: <2@example.org>
|
|Lake, lake, lake.
letter Inbox -
|From: Clara <clara@example.org>
|Subject: Nothing of it
|Date: Sun, 22 Feb 2026 10:00:00 +0000
|Message-ID: <3@example.org>
|
|A bill.
size 8 80
start
keys /
type lak
screen
| All folders: lak*: 2 found                                               dewey
>         24 Feb  Anna                  One of many words  There is a lake, and …
|         23 Feb  Boris                 Lake  Lake, lake, lake.
|
|
|
|                                                            C-s:best first  all
|Search all: lak
keys C-s
screen
| All folders: lak*: 2 found, best first                                   dewey
>         23 Feb  Boris                 Lake  Lake, lake, lake.
|         24 Feb  Anna                  One of many words  There is a lake, and …
|
|
|
|                                                          C-s:newest first  all
|Search all: lak
# It stays while one types on.
type e
has best first
screen
| All folders: lake*: 2 found, best first                                  dewey
>         23 Feb  Boris                 Lake  Lake, lake, lake.
|         24 Feb  Anna                  One of many words  There is a lake, and …
|
|
|
|                                                          C-s:newest first  all
|Search all: lake
keys <Enter>
screen
| All folders: lake*: 2 found, best first                                  dewey
>         23 Feb  Boris                 Lake  Lake, lake, lake.
|         24 Feb  Anna                  One of many words  There is a lake, and …
|
|
|
|                                                          C-s:newest first  all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys C-s
screen
| All folders: lake*: 2 found                                              dewey
>         24 Feb  Anna                  One of many words  There is a lake, and …
|         23 Feb  Boris                 Lake  Lake, lake, lake.
|
|
|
|                                                            C-s:best first  all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys q
# Before anything is shown.
keys / C-s
type lake
has All folders: lake*: 2 found, best first
keys <Esc>
# Without words there is no score.
keys /
type is:unread
hasnt C-s
keys <Enter> C-s
has only what is found by words has a score
keys q
# A limit, and its end, gives back the order of before.
keys l
type lake
keys C-s
has best first
keys <Enter>
screen
| Inbox: 3 messages, 1 unread (limit: lake*; 2 found), best first          dewey
>         23 Feb  Boris                 Lake  Lake, lake, lake.
|         24 Feb  Anna                  One of many words  There is a lake, and …
|
|
|
|                                                             C-s:as before  all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys l C-u <Enter>
screen
| Inbox: 3 messages, 1 unread                                              dewey
>         24 Feb  Anna                  One of many words
|         23 Feb  Boris                 Lake
| N       22 Feb  Clara                 Nothing of it
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys l
type lake
keys C-s <Esc>
screen
| Inbox: 3 messages, 1 unread                                              dewey
>         24 Feb  Anna                  One of many words
|         23 Feb  Boris                 Lake
| N       22 Feb  Clara                 Nothing of it
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# Another key.
quit
dotfile
|[keys list]
|M-b = relevance
start
keys /
type lake
keys M-b
has , best first
