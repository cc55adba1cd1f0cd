# A letter that is sent can be called back for a while, and then leaves by itself.
use letters.inc
use agents.inc
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
size 12 80
start
keys m
type jones@example.com
keys <Enter>
type Meeting
keys <Enter> y
wait leaves in 10 seconds, u calls it back
env DEWEY_CLOCK 1772020803
wait leaves in 7 seconds
keys u
wait Write: Meeting
screen
| Write: Meeting                                                           dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         jones@example.com
|Cc:
|Bcc:
|Subject:    Meeting
|────────────────────────────────────────────────────────────────────────────────
|Dear all
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys y
wait leaves in 10 seconds
keys O
screen
| Outbox: 1 letter                                                         dewey
> Meeting  [waiting]  leaves in 10 seconds
|     jones@example.com: waiting
|
|
|
|
|
|
|
| leaves in 10 seconds, u calls it back
|q:Back  e:Edit  r:Send now  h:Hold  T:Time  g:Give up  d:Drop  ?:Help
# The time is over, and it goes.
env DEWEY_CLOCK 1772020814
wait message sent
has nothing waits
# Too late: what was sent is not called back, and nothing else is taken back instead.
keys u
hasnt Write:
# Held or sent in the outbox: nothing is promised any more.
keys m
type jones@example.com
keys <Enter>
type Second meeting
keys <Enter> y
wait leaves in 10 seconds, u calls it back
keys O h
wait [held]
hasnt calls it back
keys r
wait nothing waits
hasnt calls it back
quit
# Who quits before lets it leave, by an agent that nobody waits for; one of a later
# time stays.
agent dewey-smtp
|#!/bin/sh
|echo "$@" >>$DIR/alone
start
keys m
type jones@example.com
keys <Enter>
type Now
keys <Enter> y
wait leaves in 10 seconds
keys m
type brown@example.com
keys <Enter>
type Later
keys <Enter> Y
type tomorrow 9:00
keys <Enter>
has in the outbox until tomorrow 09:00
keys j
has for 10 seconds u calls it back
quit
await alone -a home -q
agent dewey-smtp
|#!/bin/sh
|exit 1
start
keys O
has Now  [waiting]
has Later  [waiting]  leaves tomorrow 09:00
hasnt leaves in
quit
# S-16: a server that keeps letters gets it now, and that is said.
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|future-release = yes
|[dewey]
|editor = $DIR/editor
|undo = 10s
start
keys m
type white@example.com
keys <Enter>
type There
keys <Enter> Y
type tomorrow 9:00
keys <Enter>
has goes to the server to wait there until tomorrow 09:00, and cannot be called back
keys O
has leaves in 10 seconds, u calls it back
has There  [waiting]  leaves in 10 seconds
# Without a time there is nothing to wait for.
keys u
wait Write: There
keys y
wait leaves in 10 seconds
quit
