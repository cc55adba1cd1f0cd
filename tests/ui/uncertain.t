# A letter of which nobody knows goes once more by itself where the account says so,
# half an hour later, though nobody asks for anything (S-50).
use letters.inc
agent dewey-smtp
|#!/usr/bin/python3
|import json, sqlite3, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "send":
|        continue
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    row = ledger.execute("SELECT dotted FROM outbox").fetchone()
|    if row[0]:
|        ledger.execute("UPDATE outbox SET state = 5")
|    else:
|        ledger.execute("UPDATE outbox SET state = 4, dotted = 1772020800")
|    say(event="done", id=request["id"], sent=1 if row[0] else 0)
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|uncertain = retry
|[dewey]
|editor = $DIR/editor
|undo = 0
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
keys o
wait may have been sent
env DEWEY_CLOCK 1772022600
wait message sent
has nothing waits to be sent
quit
