# A preview among the letters: its mark, size and page; the rest by E, by an
# answer, after a question; deleted, and on the server only after a yes.
use letters.inc
file editor 0700
|#!/bin/sh
|cp "$1" "$DIR/edited"
|echo "Written by hand." >>"$1"
agent dewey-pop3
|#!/usr/bin/python3
|import json, os, sqlite3, sys
|PREVIEW, STORED = 5, 1
|HEAD = ("From: Big <big@example.org>\nTo: Ivan Petrov <ivan@example.org>\nSubject: %s\n"
|        "Message-ID: <%s@x>\nDate: Wed, 25 Feb 2026 11:59:00 +0000\n\nThe first lines.\n")
|MAIL = "$DIR/Mail/"
|def say(**record):
|    print(json.dumps(record), flush=True)
|def ledger():
|    return sqlite3.connect(MAIL + ".dewey/ledger.db", timeout=30, isolation_level=None)
|def preview(db, n, subject):
|    base = "177202080%d.M1P1Q%d.fake" % (n, n)
|    db.execute("INSERT OR IGNORE INTO maildrop(id, account)"
|               " VALUES(1, 'home|pop.example.org|995|ivan')")
|    db.execute("INSERT INTO uid(maildrop, uid, state, folder, base, seen, size, sha256, whole)"
|               " VALUES(1, ?, ?, 'Inbox', ?, 1772020800, 0, x'', ?)",
|               (b"%d" % n, PREVIEW, base, 12900000 + n))
|    for part in ("cur", "new", "tmp"):
|        os.makedirs(MAIL + ".dewey/preview/Inbox/" + part, exist_ok=True)
|    with open(MAIL + ".dewey/preview/Inbox/new/" + base, "w") as out:
|        out.write(HEAD % (subject, subject))
|def whole(db, row, fetch):
|    base, = db.execute("SELECT base FROM uid WHERE id = ?", (row,)).fetchone()
|    for top, _, files in os.walk(MAIL + ".dewey/preview"):
|        for name in files:
|            if name.startswith(base):
|                with open(os.path.join(top, name)) as file:
|                    text = file.read()
|                with open(MAIL + "Inbox/cur/" + name, "w") as file:
|                    file.write(text + "And the last.\n")
|                os.unlink(os.path.join(top, name))
|    db.execute("UPDATE uid SET state = ? WHERE id = ?", (STORED, row))
|    say(event="stored", id=fetch, message=row, folder="Inbox", name=base)
|say(event="hello", version=1, program="dewey-pop3")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "fetch":
|        continue
|    db = ledger()
|    if "only" in request:
|        for row in request["only"]:
|            whole(db, row, request["id"])
|        say(event="done", id=request["id"], new=len(request["only"]),
|            listed=len(request["only"]))
|        continue
|    with open("$DIR/rows", "w") as out:
|        for row in db.execute("SELECT uid, state, base = '' FROM uid ORDER BY id"):
|            print("%s %d %d" % (row[0].decode(), *row[1:]), file=out)
|    if os.path.exists(MAIL + ".dewey/preview"):
|        say(event="done", id=request["id"], new=0, large=1)
|        continue
|    for n, subject in enumerate(("Music", "Video", "Pictures"), 1):
|        preview(db, n, subject)
|    say(event="done", id=request["id"], new=0, previews=3)
size 12 80
start
keys G
wait Pictures
screen
| Inbox: 8 messages, 5 unread                                              dewey
> N %      11:59  Big                   Pictures                          12.3 MB
| N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|home: 3 new messages
keys Enter
wait The first lines
screen
| Inbox: Pictures                                                          dewey
|partial: the first 20 lines of 12.3 MB; press E to fetch the rest
|Date: Wed, 25 February 2026, 11:59
|From: Big <big@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Pictures
|────────────────────────────────────────────────────────────────────────────────
|
|The first lines.
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  v:Parts
keys E
wait And the last
gone fetching the rest
screen
| Inbox: Pictures                                                          dewey
|Date: Wed, 25 February 2026, 11:59
|From: Big <big@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Pictures
|────────────────────────────────────────────────────────────────────────────────
|
|The first lines.
|And the last.
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  v:Parts
keys i
screen
| Inbox: 8 messages, 4 unread                                              dewey
>          11:59  Big                   Pictures
| N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search
keys E
has is here whole
keys j v
screen
| Inbox: 8 messages, 4 unread                                              dewey
|          11:59  Big                   Pictures
> N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|Only a preview is here. Fetch the rest first? (y/n)
keys n
wait Parts of
keys s
has would not be whole
keys i r
screen
| Inbox: 8 messages, 4 unread                                              dewey
|          11:59  Big                   Pictures
> N %      11:59  Big                   Video                             12.3 MB
| N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|Only a preview is here. Fetch the rest first? (y/n)
keys y
wait Write: Re
gone fetching the rest
grep edited And the last
screen
| Write: Re: Video                                                         dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         Big <big@example.org>
|Cc:
|Bcc:
|Subject:    Re: Video
|────────────────────────────────────────────────────────────────────────────────
|Wed, 25 February 2026, 11:59, Big wrote:
|> The first lines.
|> And the last.
|                                                                            60%
|q:Back  y:Send  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n
keys j j d
screen
| Inbox: 7 messages, 3 unread                                              dewey
| N        11:59  Big                   Video
|          11:59  Big                   Pictures
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|                                                                            all
|1 message deleted
keys u
screen
| Inbox: 8 messages, 4 unread                                              dewey
| N        11:59  Big                   Video
|          11:59  Big                   Pictures
> N %      11:59  Big                   Music                             12.3 MB
| N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|                                                                            all
|1 deleted message is back
keys d c
type Trash
keys <Enter>
screen
| Trash: 1 message, 1 unread                                               dewey
> N %      11:59  Big                   Music                             12.3 MB
|
|
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  /:Search
keys d y
screen
| Trash: 1 message, 1 unread                                               dewey
> N %      11:59  Big                   Music                             12.3 MB
|
|
|
|
|
|
|
|
|                                                                            all
|1 letter is still on the server. Delete it there too, unseen? (y/n)
keys y
wait for good
count Trash 0
keys G
wait too large
screen
| Trash: 0 messages                                                        dewey
|
|
|
|
|  no messages here
|
|
|
|
|                                                                            all
|home: new messages: 0; 1 letter is too large and is left on the server
grep rows 1 3 1
grep rows 2 1 0
