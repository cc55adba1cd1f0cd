# A password that was typed and that the server refuses: what was said names the key
# that asks for it again, and the letter in the outbox says that it needs somebody.
use letters.inc
agent dewey-smtp
|#!/usr/bin/python3
|import json, sqlite3, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    request = json.loads(line)
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    if request["do"] == "send":
|        say(event="ask", id=request["id"], ask=1, what="password", text="password for smtp")
|    elif request["do"] == "answer" and request.get("secret") == "right":
|        ledger.execute("UPDATE outbox SET state = 5")
|        ledger.execute("DELETE FROM relay")
|        say(event="done", id=request["id"], sent=1)
|    elif request["do"] == "answer":
|        ledger.execute("UPDATE outbox SET error = 'cannot log in'")
|        ledger.execute("INSERT OR REPLACE INTO relay (account, server, settings, failures,"
|                       " tried, due, why) VALUES ('home', 'smtp:465', '', 1, 1772020800, -1, '')")
|        say(event="failed", id=request["id"], code="auth", retry="ask", text="cannot log in")
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
wait password for smtp
type wrong
keys <Enter>
wait home: cannot log in; press O, then r to be asked for it again
keys O
screen
| Outbox: 1 letter                                                         dewey
> Meeting  [needs you]  r: send it; cannot log in
|     jones@example.com: waiting
|
|
|
|
|
|
|
|
|q:Back  e:Edit  r:Send now  h:Hold  T:Time  g:Give up  d:Drop  ?:Help
keys r
wait password for smtp
type wrong
keys <Enter>
wait home: cannot log in; press r to be asked for it again
keys r
wait password for smtp
type right
keys <Enter>
wait 1 message sent
has nothing waits to be sent
quit
