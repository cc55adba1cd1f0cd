# A server that accepts and then says nothing: every key still works, Esc ends it.
use letters.inc
agent dewey-pop3
|#!/usr/bin/python3
|import json, sys
|print(json.dumps({"event": "hello", "version": 1, "program": "dewey-pop3"}), flush=True)
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] == "fetch":
|        fetch = request["id"]
|        print(json.dumps({"event": "progress", "id": fetch, "done": 3, "total": 12,
|                          "octets": 49152}), flush=True)
|    if request["do"] == "cancel":
|        print(json.dumps({"event": "failed", "id": fetch, "code": "cancelled",
|                          "retry": "never", "text": "cancelled"}), flush=True)
size 10 80
start
keys G
wait 3 of 12
screen
| Inbox: 5 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
| fetching home: 3 of 12, 48 KB                                              all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys q
has Mail is being fetched or sent. Quit?
keys n
hasnt Quit?
keys j <Enter>
has Счёт за февраль
has fetching home: 3 of 12, 48 KB
keys q / l a k e <Enter>
has The lake in winter
keys q ? q y q
size 20 60
size 10 80
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
| fetching home: 3 of 12, 48 KB                                              all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys x
screen
| Inbox: 5 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
| fetching home: 3 of 12, 48 KB                                              all
|Mail is being fetched or sent. Quit? (y/n)
keys n
keys <Esc>
wait home: stopped
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
|home: stopped
# One that ends without a word fails its request.
agent dewey-pop3
|#!/bin/sh
|exit 0
keys G
wait ended before
# One that is no agent of ours at all.
agent dewey-pop3
|#!/bin/sh
|printf 'not a record \033[2J\n'
keys G
gone fetching home
has Inbox
