# A letter that its server put off is tried again when its time has come,
# without a key being pressed (S-52).
use letters.inc
agent dewey-smtp
|#!/usr/bin/python3
|import json, sqlite3, sys
|QUEUED, DONE = 1, 5
|TRIED, THEN = 1772020800, 1772020860
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "send":
|        continue
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    first = ledger.execute("UPDATE outbox SET due = ?, attempts = 1 WHERE state = ?"
|                           " AND attempts = 0", (THEN, QUEUED)).rowcount
|    sent = 0 if first else ledger.execute("UPDATE outbox SET state = ? WHERE state = ?",
|                                          (DONE, QUEUED)).rowcount
|    say(event="done", id=request["id"], sent=sent)
file editor 0700
|#!/bin/sh
|echo "Dear Jones" >>"$1"
size 12 80
start
keys m
type jones@example.com
keys <Enter>
type Meeting
keys <Enter> y
wait sending home
gone sending home
keys o
wait Outbox: 1 letter
env DEWEY_CLOCK 1772020860
wait 1 message sent
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
