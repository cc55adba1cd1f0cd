# What is done to very many messages at once: looked at on a thread, one change.
use letters.inc
letters Inbox 120
size 8 80
start
keys T
type subject:bulk
keys <Enter>
has 120 messages marked
keys ; F
has 120 messages marked
keys l
type is:flagged
keys <Enter>
has (limit: is:flagged; 121 found)
keys l C-u <Enter>
# All have the flag: it is taken away.
keys ; F l
type is:flagged
keys <Enter>
has (limit: is:flagged; 1 found)
keys l C-u <Enter>
keys ; d
has 120 messages deleted
count Inbox 5
count Trash 120
keys u
count Inbox 125
count Trash 0
# In Trash it asks first, however many they are.
keys T
type subject:bulk
keys <Enter> ; d c
type Trash
keys <Enter> T
type bulk
keys <Enter> ; d
has Delete 120 messages for good? (y/n)
keys n
count Trash 120
keys ; d y
count Trash 0
