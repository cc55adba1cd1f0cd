# A letter that an agent has can be called back no more, nor held, changed or thrown
# away: one of the two wins, and the other is told (S-53).
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|editor = $DIR/editor
|undo = 0
file editor 0700
|#!/bin/sh
|echo "Dear all" >>"$1"
agent dewey-smtp
|#!/usr/bin/python3
|import fcntl, json, os, sqlite3, struct, sys
|F_OFD_SETLK = 37
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    if json.loads(line)["do"] != "send":
|        continue
|    lock = os.open("$DIR/Mail/.dewey/lock/outbox-home", os.O_RDWR | os.O_CREAT, 0o600)
|    fcntl.fcntl(lock, F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    ledger.execute("UPDATE outbox SET state = 2")
|    say(event="progress", id=json.loads(line)["id"], done=0, total=1)
size 12 80
start
keys m
type jones@example.com
keys <Enter>
type Meeting
keys <Enter> y
wait sending home: 0 of 1
keys O
has Meeting  [being sent]
keys e
wait too late: the letter is on its way
hasnt Write:
keys h
wait too late: item 1 of the outbox is being sent
keys r
wait too late: item 1 of the outbox is being sent
keys d y
wait too late: item 1 of the outbox is being sent
has Meeting  [being sent]
quit
