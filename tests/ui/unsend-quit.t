# Who sends a letter and quits in the same moment, while it is still being written to the
# outbox, has sent it: it leaves by an agent that nobody waits for (S-52).
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|editor = $DIR/editor
|undo = 10s
file editor 0700
|#!/bin/sh
|echo "Dear all" >>"$1"
agent dewey-smtp
|#!/bin/sh
|echo "$@" >>$DIR/alone
size 12 80
start
keys m
type jones@example.com
keys <Enter>
type Now
keys <Enter>
quit y
await alone -a home -q
start
keys O
has Now  [waiting]
hasnt leaves in
quit
