# What is spam is taught to a program and goes to Junk, by a key; so is what is none.
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|[dewey]
|spam-learn = $DIR/learn spam
|spam-forget = $DIR/learn forget-spam
|ham-learn = $DIR/learn ham
|ham-forget = $DIR/learn forget-ham
file learn 755
|#!/bin/sh
|echo "$1 $(grep '^Message-ID')" >>$DIR/learnt
size 12 80
start
keys <Home> !
has 1 message is spam
count Junk 1
hasnt 東京
grep learnt spam Message-ID: <tokyo.1@example.jp>
keys t t ; !
has 2 messages are spam
count Junk 3
keys M-u
has called spam: 4 changes
keys q u
has the spam lesson taken back
count Junk 1
grep learnt forget-spam Message-ID: <bill.1@example.ru>
keys c
type Junk
keys <Enter> H
has 1 message is no spam
count Junk 0
grep learnt ham Message-ID: <tokyo.1@example.jp>
