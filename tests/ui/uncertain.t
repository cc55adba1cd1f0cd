# A letter of which nobody knows goes once more by itself where the account says so,
# half an hour later, though nobody asks for anything (S-50).
use letters.inc
use sender.inc
agent dewey-smtp
|#!/usr/bin/python3
|import sys
|sys.path.insert(0, "$DIR")
|from wire import say, sends
|for number, ledger in sends():
|    row = ledger.execute("SELECT dotted FROM outbox").fetchone()
|    if row[0]:
|        ledger.execute("UPDATE outbox SET state = 5")
|    else:
|        ledger.execute("UPDATE outbox SET state = 4, dotted = 1772020800")
|    say(event="done", id=number, sent=1 if row[0] else 0)
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|uncertain = retry
|[dewey]
|editor = $DIR/editor
|undo = 0
use meeting.inc
keys O
wait may have been sent
env DEWEY_CLOCK 1772022600
wait message sent
has nothing waits to be sent
quit
