# Threads are split and joined by hand, as in mutt; a new index knows it, and it is undone.
use letters.inc
size 10 80
start
keys <Down> <Down> &
has mark what is to hang below this message first
keys <Down> #
has 1 message begins a thread of its own
screen
keys #
has nothing to split: it begins its thread already
keys <Home> t <End> &
screen
keys u
has 1 message is where it was before it was joined
keys u
has 1 message is in its thread again
screen
