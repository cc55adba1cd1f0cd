# Why a letter is here: how it came, where it lies, what was done to it.
use letters.inc
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|smtp = smtps://ivan@smtp.example.org
|[filter old]
|match = from:old@example.com
|do = move Friends, tag friends
letter Inbox S
|From: Old Friend <old@example.com>
|To: ivan@example.org
|Subject: The lake in winter
|Date: Fri, 03 Jan 2025 12:00:00 +0000
|Message-ID: <lake.1@example.com>
|
|A letter about the lake.
start
keys M-r r <Enter>
has 1 letter filtered
keys q c
type Friends
keys <Enter> <Enter>
has A letter about the lake.
keys W
has Why is this here
has none: it was written here, imported, or put
has /Mail/Friends/cur/
has 181 B (181 octets)
has SHA-256:
has filter 'old': 1 message moved to Friends
has filter 'old': tags of 1 message changed
hasnt In Trash since:
has Archive
has the same letter
# What was deleted says since when, and undo takes it back.
keys q d
keys c
type Trash
keys <Enter> W
has In Trash since:
has Wed, 25 February 2026, 12:00
has 1 message deleted
keys q u c
type Friends
keys <Enter> W
hasnt In Trash since:
hasnt 1 message deleted
# Of one that only lies there nothing is told but that.
keys q c
type Inbox
keys <Enter> <Enter> W
has What was done to it and can be undone
has nothing
