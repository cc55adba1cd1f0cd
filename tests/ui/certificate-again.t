# What goes on by itself asks about a key once in a run; about another key again, and
# by hand again (T-02).
dotfile
|[dewey]
|mail = $DIR/Mail
|interval = 1
|[account home]
|name = Ivan
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|password = file:$DIR/secret
agent dewey-pop3
|#!/usr/bin/python3
|import json, os, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|def answers():
|    with open("$DIR/log", "a+") as log:
|        log.seek(0)
|        return len(log.read().splitlines())
|say(event="hello", version=1, program="dewey-pop3")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] == "fetch":
|        key = "beef" if os.path.exists("$DIR/other") else "47de"
|        say(event="ask", id=request["id"], ask=1, what="certificate", host="pop.example.org",
|            port=995, reason="it is self-signed", fingerprint="sha256:" + 16 * key, text="Key " + key)
|    elif request["do"] == "answer":
|        with open("$DIR/log", "a") as log:
|            log.write("answer %s\n" % request.get("secret"))
|        # A failure that is not told cannot be waited for.
|        if answers() in (2, 3, 5):
|            say(event="done", id=request["id"], new=answers())
|        else:
|            say(event="failed", id=request["id"], code="certificate", retry="ask",
|                text="nobody vouches for key %d" % answers())
size 8 80
start
wait accept this key
has Key 47de
type no
keys <Enter>
wait nobody vouches for key 1
# What is told stays until a key is pressed.
keys j
env DEWEY_CLOCK 1772022000
wait 2 new messages
hasnt accept this key
grep log answer None
env DEWEY_CLOCK 1772022100
wait 3 new messages
# By hand the same question, and another key is another one.
keys G
wait accept this key
has Key 47de
keys <Esc>
wait nobody vouches for key 4
keys j
env DEWEY_CLOCK 1772024000
wait 5 new messages
file other 0600
|x
env DEWEY_CLOCK 1772025000
wait accept this key
has Key beef
keys <Esc>
wait nobody vouches for key 6
