# A password is typed once in a run: for fetches, for the server view, for what an
# interval brings.  The server refuses it: it is asked for again.  Nobody gives one:
# nothing that goes on by itself asks for it any more.
dotfile
|[dewey]
|mail = $DIR/Mail
|interval = 1
|[account home]
|name = Ivan
|address = ivan@example.org
|pop3 = pop3+insecure://ivan@pop.example.org
|password = prompt:
agent dewey-pop3
|#!/usr/bin/python3
|import json, os, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-pop3")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] == "fetch":
|        asks = 1 if not os.path.exists("$DIR/twice") else 2
|    elif request["do"] != "answer":
|        continue
|    else:
|        with open("$DIR/log", "a") as log:
|            log.write("answer %s\n" % request.get("secret"))
|        if request.get("secret") is None:
|            say(event="failed", id=request["id"], code="config", retry="never", text="no password")
|            continue
|        asks -= 1
|    if asks > 0:
|        say(event="ask", id=request["id"], ask=1, what="password", text="password for pop")
|    elif os.path.exists("$DIR/refuse"):
|        os.remove("$DIR/refuse")
|        say(event="failed", id=request["id"], code="auth", retry="ask", text="cannot log in")
|    else:
|        with open("$DIR/log") as log:
|            text = log.read()
|        new = 100 if "another" in text else text.count("answer one")
|        say(event="done", id=request["id"], new=new)
size 8 80
start
wait password for pop:
keys <Esc>
wait home is not fetched by itself any more: no password
env DEWEY_CLOCK 1772020850
keys G
wait password for pop:
type one
keys <Enter>
wait 1 new message
# By hand, and by the interval, without a question.
keys G
wait 2 new messages
env DEWEY_CLOCK 1772020900
wait 3 new messages
hasnt password for pop
file refuse 0600
|x
env DEWEY_CLOCK 1772021000
wait is not fetched by itself any more: cannot log in
keys G
wait password for pop:
keys <Esc>
wait home: no password
grep log answer None
# By hand it is asked for again, the right one lasts; and one that will not do in
# the same session is not given twice.
keys G
wait password for pop:
type one
keys <Enter>
wait new messages
file twice 0600
|x
env DEWEY_CLOCK 1772021100
wait password for pop:
type another
keys <Enter>
wait 100 new messages
grep log answer another
