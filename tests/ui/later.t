# A letter that its server put off is tried again when its time has come,
# without a key being pressed (S-52).
use letters.inc
use sender.inc
agent dewey-smtp
|#!/usr/bin/python3
|import sys
|sys.path.insert(0, "$DIR")
|from wire import say, sends
|QUEUED, DONE = 1, 5
|TRIED, THEN = 1772020800, 1772020860
|for number, ledger in sends():
|    first = ledger.execute("UPDATE outbox SET due = ?, attempts = 1 WHERE state = ?"
|                           " AND attempts = 0", (THEN, QUEUED)).rowcount
|    sent = 0 if first else ledger.execute("UPDATE outbox SET state = ? WHERE state = ?",
|                                          (DONE, QUEUED)).rowcount
|    say(event="done", id=number, sent=sent)
use meeting.inc
wait sending home
gone sending home
keys O
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
