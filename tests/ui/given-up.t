# A letter that could not be sent for days: told when it is given up (S-52); a network
# that is away is told to who sends, and not again (S-54).
use letters.inc
agent dewey-smtp
|#!/usr/bin/python3
|import json, sqlite3, sys
|THEN = 1772020860
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "send":
|        continue
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    number = request["id"]
|    round = ledger.execute("SELECT max(attempts) FROM outbox").fetchone()[0]
|    ledger.execute("UPDATE outbox SET due = ? + 60 * attempts, attempts = attempts + 1", (THEN,))
|    if round < 2:
|        say(event="failed", id=number, code="offline", retry="later",
|            text="there is no network " + "at all" * round)
|    else:
|        ledger.execute("UPDATE outbox SET state = 5")
|        say(event="given-up", id=number, item=1, subject="Meeting",
|            text="given up after 5 days: no answer")
|        say(event="failed", id=number, code="network", retry="later",
|            text="cannot connect")
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
wait there is no network
keys o
wait Outbox: 1 letter
wait tried 1 time
env DEWEY_CLOCK 1772020860
wait tried 2 times
hasnt at all
env DEWEY_CLOCK 1772020920
wait was not sent
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
|'Meeting' was not sent, see Drafts and the outbox: given up after 5 days: no
|answer
