# Trash empties itself: what was deleted so many days ago goes when dewey starts.
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|[dewey]
|trash = 30 days
size 8 80
start
keys <Home> d
count Trash 1
quit
env DEWEY_CLOCK 1774440000
start
count Trash 1
quit
env DEWEY_CLOCK 1774620000
start
has 1 message removed from Trash for good
count Trash 0
count Inbox 4
