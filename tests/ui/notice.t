# What an agent tells about a maildrop stays on the screen when the fetch is over;
# a fetch by itself that fails for a passing reason says nothing, one that was
# asked for does.
use letters.inc
agent dewey-pop3
|#!/usr/bin/python3
|import json, os, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-pop3")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "fetch":
|        continue
|    count = "$DIR/count"
|    open(count, "a").write("x")
|    if os.path.getsize(count) < 3:
|        say(event="failed", id=request["id"], code="network", retry="later",
|            text="the server cannot be reached (%d)" % os.path.getsize(count) + 72 * " word"
|                 + " and the cure")
|        continue
|    say(event="notice", id=request["id"], kind="partial",
|        text="home: the server lists only a part of its mail at a time")
|    say(event="done", id=request["id"], new=0)
dotfile
|[dewey]
|mail = $DIR/Mail
|interval = 1 hour
|[account home]
|name = Иван Петров
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|smtp = smtps://ivan@smtp.example.org
|password = prompt:
size 12 80
start
gone fetching
hasnt cannot be reached
keys G
wait cannot be reached (2)
# What to do stands at the end of a message.
has and the cure
keys G
wait lists only a part
hasnt no new messages
# What somebody has to mend stops the fetching by itself, and says so.
agent dewey-pop3
|#!/usr/bin/python3
|import json, sys
|print(json.dumps({"event": "hello", "version": 1, "program": "dewey-pop3"}), flush=True)
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] == "fetch":
|        print(json.dumps({"event": "failed", "id": request["id"], "code": "refused",
|                          "retry": "never", "text": "[SYS/PERM] the mailbox is closed"}),
|              flush=True)
quit
start
wait home is not fetched by itself any more: [SYS/PERM]
hasnt fetching
keys G
wait home: [SYS/PERM]
hasnt by itself
# Of two accounts none hides what the other came to: neither a result …
agent dewey-pop3
|#!/usr/bin/python3
|import json, os, sys, time
|print(json.dumps({"event": "hello", "version": 1, "program": "dewey-pop3"}), flush=True)
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] != "fetch":
|        continue
|    home = request["account"] == "home"
|    if home:
|        open("$DIR/fetches", "a").write("x")
|    if home and os.path.getsize("$DIR/fetches") == 2:
|        print(json.dumps({"event": "failed", "id": request["id"], "code": "network",
|                          "retry": "later", "text": "the line is down"}), flush=True)
|    else:
|        print(json.dumps({"event": "done", "id": request["id"],
|                          "new": 3 if home else 0}), flush=True)
dotfile
|[dewey]
|mail = $DIR/Mail
|[account home]
|name = Иван Петров
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|[account work]
|name = Иван Петров
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.com
quit
start
keys G
wait work: no new messages
wait home: 3 new messages
has work: no new messages
# … nor a failure.
keys G
wait work: no new messages
wait home: the line is down
has work: no new messages
# The next key clears them.
keys j
hasnt no new messages
hasnt the line is down
