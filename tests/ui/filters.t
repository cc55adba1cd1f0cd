# The filters have a page; one is tried and run from there, and a program that hangs
# holds up nothing.
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|smtp = smtps://ivan@smtp.example.org
|[filter friends]
|match = from:anna
|do = move Friends, tag friends, mark flagged
|[filter slow]
|match = from:boris
|do = pipe $DIR/slow, tag slow
file slow 755
|#!/bin/sh
|cp $DIR/clara $DIR/Mail/Inbox/new/1772094600.clara
|exec sleep 1000
file clara 600
|From: Clara <clara@example.org>
|To: ivan@example.org
|Subject: In the meantime
|Date: Thu, 26 Feb 2026 08:30:00 +0000
|Message-ID: <clara.1@example.org>
|
|Text.
size 16 80
start
keys M-r
has Filters: 2
has  1  friends              0 letters
has match = from:anna
has do = move Friends, tag friends, mark flagged
has  2  slow                 0 letters
has t:Try  r:Run
keys t
type  from:boris OR from:anna
keys <Enter>
has 2 letters would be filtered, nothing was changed
has friends  Anna Lind: Where do we walk on Saturday?
keys q
has 0 letters
keys r <Enter>
has 2 letters filtered
has 2 letters, last 
count Friends 2
# One undo for what the filter did, all of it.
keys u
count Friends 0
keys q
hasnt [friends]
keys M-r <Down>
press r <Enter>
glimpse filters: a program runs; Esc stops
press q
glimpse In the meantime
press <Esc>
wait the filter 'slow' failed with
keys M-r
has failed 1 time: 
