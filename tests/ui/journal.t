# The journal lists what was changed; what is under the cursor and all since is taken back.
use letters.inc
size 12 80
start
keys <Home> d F
keys M-u
has Journal: 2 changes
has 1 message marked: not flagged
has 1 message deleted
keys <Down> <Enter>
has Take the last 2 changes back? (y/n)
keys n
count Trash 1
keys <Enter> y
count Trash 0
has 2 changes taken back
has nothing was changed yet
keys q
has 5 messages
