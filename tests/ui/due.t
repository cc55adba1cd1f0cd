# Letters that go by themselves while dewey runs and nobody asks: those of all accounts
# whose time has come, what another program queued, and what a dead agent had (S-52, S-53).
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[account work]
|name = Ivan Petrov
|address = ivan@work.example
|smtp = smtps://ivan@smtp.work.example
|[dewey]
|editor = $DIR/editor
|undo = 0
# The editor is another program, too: it queues a letter.
file editor 0700
|#!/usr/bin/python3
|import sqlite3, sys
|with open(sys.argv[1], "a") as text:
|    text.write("Dear Jones")
|with sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30) as ledger:
|    item = ledger.execute("INSERT INTO outbox (state, account, sender, subject, message_id, file,"
|                          " size, queued, due) VALUES (1, 'work', 'ivan@work.example', 'Other',"
|                          " '', 'other', 1, 1772020800, 1772020860)").lastrowid
|    ledger.execute("INSERT INTO recipient (item, address) VALUES (?, 'brown@b.test')", (item,))
# The first time nothing goes.
agent dewey-smtp
|#!/usr/bin/python3
|import json, os, sqlite3, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-smtp")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "send":
|        continue
|    account = request["account"]
|    ledger = sqlite3.connect("$DIR/Mail/.dewey/ledger.db", timeout=30, isolation_level=None)
|    if not os.path.exists("$DIR/tried"):
|        open("$DIR/tried", "w").close()
|        ledger.execute("UPDATE outbox SET due = 1772020860 WHERE account = ?", (account,))
|        say(event="failed", id=request["id"], code="network", retry="later", text="not now")
|        continue
|    if os.path.exists("$DIR/dies"):
|        os.rename("$DIR/dies", "$DIR/died")
|        ledger.execute("UPDATE outbox SET state = 2 WHERE state = 1 AND account = ?", (account,))
|        sys.exit(1)
|    sent = ledger.execute("UPDATE outbox SET state = 5 WHERE state = 1 AND account = ?",
|                          (account,)).rowcount
|    with open("$DIR/log", "a") as log:
|        log.write("%s: %d sent%s\n" % (account, sent,
|                                       " again" if os.path.exists("$DIR/died") else ""))
|    say(event="done", id=request["id"], sent=sent)
size 12 80
start
keys m
type jones@example.com
keys <Enter>
type Meeting
keys <Enter> y
wait not now
keys O
has Meeting  [waiting]
env DEWEY_CLOCK 1772020860
await log home: 1 sent
await log work: 1 sent
wait nothing waits
# One that dies has the letter no longer than a minute.
file dies 0600
|once
keys q m
type jones@example.com
keys <Enter>
type Second
keys <Enter> y
await died once
wait home:
env DEWEY_CLOCK 1772021000
await log home: 1 sent again
await log work: 1 sent again
keys O
wait nothing waits
quit
