# A letter that could not be sent for days: told when it is given up (S-52); a network
# that is away is told to who sends, and not again (S-54).
use letters.inc
use sender.inc
agent dewey-smtp
|#!/usr/bin/python3
|import sys
|sys.path.insert(0, "$DIR")
|from wire import say, sends
|THEN = 1772020860
|for number, ledger in sends():
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
use meeting.inc
wait there is no network
keys O
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
