# A letter that is being written when dewey ends is offered when it comes back, with
# all that was typed, whatever the editor had of it; never twice.
use letters.inc
use agents.inc
file editor 0700
|#!/bin/sh
|echo "Written by hand." >>"$1"
file report.txt
|All is well.
size 16 80
start
keys m
type green@example.com
keys <Enter>
type Plans
keys <Enter> a
type report.txt
keys <Enter> c
type brown@example.com
keys <Enter> x
has Quit? The letter is kept
keys y
quit
start
screen
| Inbox: 5 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|
|
|
|
|
|                                                                            all
|The letter "Plans" was not finished. Go on with it? (y/n)
keys y
screen
| Write: Plans                                                             dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com
|Cc:         brown@example.com
|Bcc:
|Subject:    Plans
>  1  ~/report.txt                                                          13 B
|────────────────────────────────────────────────────────────────────────────────
|Written by hand.
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys q n
quit
start
hasnt was not finished
# No: it goes to Drafts.
keys m
type green@example.com
keys <Enter>
type Second
keys <Enter>
quit
start
has The letter "Second" was not finished
keys n
wait kept in Drafts
count Drafts 1
quit
start
hasnt was not finished
# A recalled draft: the one in Drafts goes with the letter, also across an end.
keys c
type Drafts
keys <Enter> <Enter> b
type maria@example.ru
keys <Enter>
quit
start
has The letter "Second" was not finished
keys y p
wait kept in Drafts
keys c
type Drafts
keys <Enter>
screen
| Drafts: 1 message                                                        dewey
>          12:00  to green@example.com  Second
|
|
|
|
|
|
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# Esc: asked again next time.
keys m
type green@example.com
keys <Enter>
type Third
keys <Enter>
quit
start
has The letter "Third" was not finished
keys <Esc>
quit
start
has The letter "Third" was not finished
keys y
# A mistake in the text is kept as well.
quit
file editor 0700
|#!/bin/sh
|sed -i 's/^Cc:/Copy:/' "$1"
start
keys y e
has Copy
quit
start
keys y
has the text has a mistake
file editor 0700
|#!/bin/sh
|sed -i 's/^Copy:/Cc: boris@example.net/' "$1"
keys e
screen
| Write: Third                                                             dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com
|Cc:         boris@example.net
|Bcc:
|Subject:    Third
|────────────────────────────────────────────────────────────────────────────────
|Written by hand.
|
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# Sent: nothing is left.
keys y
wait was refused
quit
start
hasnt was not finished
# Called back from the outbox, left on the desk, and let go from the outbox: it is not
# offered to be sent a second time [S-53].
quit
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|editor = $DIR/editor
|undo = 1 hour
file editor 0700
|#!/bin/sh
|echo "Written by hand." >>"$1"
start
keys m
type blue@example.com
keys <Enter>
type Fourth
keys <Enter> y
wait calls it back
keys u
wait Write: Fourth
quit
start
has The letter "Fourth" was not finished
keys <Esc> O <End> r
wait Outbox: 1 letter
quit
start
wait the letter was sent from the outbox meanwhile
hasnt not finished
count Drafts 2
quit
start
hasnt was not finished
