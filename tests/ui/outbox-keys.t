# What waits in the outbox, and what can be done with it: another time, now, held, back
# into the editor, thrown away; a letter that may have been sent has two ways out (S-50).
use letters.inc
agent dewey-smtp
|#!/usr/bin/python3
|import json, os, sqlite3, sys
|NOW = int(os.environ["DEWEY_CLOCK"])
|QUEUED, UNCERTAIN, DONE = 1, 4, 5
|WAITING, ACCEPTED, SENT, DEFERRED = 0, 1, 2, 3
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "send":
|        continue
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    def set_item(item, state, recipients, **columns):
|        ledger.execute("UPDATE recipient SET state = ?, attempts = attempts + 1, heard = ?,"
|                       " reply = ? WHERE item = ?",
|                       (recipients, NOW, columns.pop("reply", None), item))
|        ledger.execute("UPDATE outbox SET state = ?, attempts = attempts + 1, first = ? WHERE id = ?",
|                       (state, NOW, item))
|        for name, value in columns.items():
|            ledger.execute("UPDATE outbox SET %s = ? WHERE id = ?" % name, (value, item))
|    sent = 0
|    for item, address, subject in ledger.execute("SELECT outbox.id, address, subject FROM outbox"
|            " JOIN recipient ON item = outbox.id WHERE outbox.state = ? AND due <= ?",
|            (QUEUED, NOW)).fetchall():
|        if address.startswith("maybe@"):
|            set_item(item, UNCERTAIN, ACCEPTED, error="the connection broke")
|        elif address.startswith("later@"):
|            set_item(item, QUEUED, DEFERRED, due=NOW + 300, reply="451 4.4.1 try later",
|                     error="not everybody")
|        else:
|            set_item(item, DONE, SENT)
|            sent += 1
|            with open("$DIR/sent", "a") as out:
|                out.write("%s %s\n" % (address, subject))
|    say(event="done", id=request["id"], sent=sent)
file editor 0700
|#!/bin/sh
|echo "Dear all" >>"$1"
size 12 80
start
# A time of its own.
keys m
type monday@example.com
keys <Enter>
type The week
keys <Enter> Y
type next blue moon
keys <Enter>
has blue
keys C-u
type tomorrow 9:00
keys <Enter>
wait in the outbox until
# One that the server wants later, one that nobody knows of.
keys m
type later@example.com
keys <Enter>
type Patience
keys <Enter> y
gone sending home
keys m
type maybe@example.com
keys <Enter>
type Perhaps
keys <Enter> y
gone sending home
keys O
screen
| Outbox: 3 letters                                                        dewey
> The week  [waiting]  leaves tomorrow 09:00
|     monday@example.com: waiting
| Patience  [waiting]  tried 1 time, again today 12:05: not everybody
|     later@example.com: later, 12:00: 451 4.4.1 try later
| Perhaps  [may have been sent]  r: send it again, t: take it as sent
|     maybe@example.com: accepted, 12:00
|
|
|
|
|q:Back  e:Edit  r:Send now  h:Hold  T:Time  g:Give up  d:Drop  ?:Help
# All that is known of a letter.
keys j j <Enter>
wait Attempts
screen
| Outbox                                                                   dewey
|Subject: Patience
|State: waiting: tried 1 time, again today 12:05: not everybody
|Account: home
|Sender: <ivan@example.org>
|Size: 270 B
|Queued: Wed, 25 February 2026, 12:00
|First attempt: Wed, 25 February 2026, 12:00
|Attempts: 1
|Next attempt: Wed, 25 February 2026, 12:05
|                                                                            69%
|q:Back  /:Find  ?:Help
keys q
# Another time; a wrong word is told; the present time is where it begins.
keys k k T
has Send when (tomorrow 9:00, monday, in 2 hours): tomorrow 09:00
keys C-u
type in 2 parsecs
keys <Enter>
has parsecs
keys T C-u
type in 2 hours
keys <Enter>
wait leaves today 14:00
# Held, and let go.
keys h
wait [held]
keys r
wait 1 message sent
hasnt The week
# May have been sent: not edited, and not sent again without a word of warning.
keys j j e
has it may have been sent
keys r
has It may arrive twice. Send it again? (y/n)
keys n t
gone Perhaps
has Patience
# Back into the editor: the letter that is sent then is the only one.
keys e
wait Write: Patience
keys t C-u
type now@example.com
keys <Enter> y
wait 1 message sent
grep sent now@example.com Patience
has nothing waits to be sent
keys q
quit
