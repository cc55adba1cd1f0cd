# Writing: a new letter, a reply with its thread, attaching, postponing and going
# on, mistakes in the editor, sending.
use letters.inc
use agents.inc
file editor 0700
|#!/bin/sh
|cp "$1" "$DIR/edited"
|echo "Written by hand." >>"$1"
file note.txt
|A note.
size 16 80
start
keys m
type green@example.com, Brown <brown@example.com>
keys <Enter>
type Привет
keys <Enter>
screen
| Write: Привет                                                            dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com, Brown <brown@example.com>
|Cc:
|Bcc:
|Subject:    Привет
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
keys a
type nowhere
keys <Enter>
has cannot attach 'nowhere': No such file or directory
# What was typed stays, to be corrected.
has Attach file: nowhere
keys <Backspace> <Backspace> <Backspace> <Backspace> <Backspace>
keys <Tab> <Enter>
screen
| Write: Привет                                                            dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com, Brown <brown@example.com>
|Cc:
|Bcc:
|Subject:    Привет
>  1  ~/note.txt                                                             8 B
|────────────────────────────────────────────────────────────────────────────────
|Written by hand.
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# S-76: the file is another one since.
file note.txt
|A longer note.
keys <Down>
has changed, 15 B
file note.txt
|A note.
keys b
type boris@example.net
keys <Enter> s C-u
type Second thoughts
keys <Enter>
screen
| Write: Second thoughts                                                   dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com, Brown <brown@example.com>
|Cc:
|Bcc:        boris@example.net
|Subject:    Second thoughts
>  1  ~/note.txt                                                    changed, 8 B
|────────────────────────────────────────────────────────────────────────────────
|Written by hand.
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys p
wait kept in Drafts
count Drafts 1
keys c
type Drafts
keys <Enter>
screen
| Drafts: 1 message                                                        dewey
>          12:00  to green@example.co…  Second thoughts
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
keys <Enter>
screen
| Write: Second thoughts                                                   dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         green@example.com, Brown <brown@example.com>
|Cc:
|Bcc:        boris@example.net
|Subject:    Second thoughts
>  1  ~/note.txt                                                             8 B
|────────────────────────────────────────────────────────────────────────────────
|Written by hand.
|
|
|
|
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
# The answer to a letter of a thread quotes it.
keys q n c
type Inbox
keys <Enter> <End> <Up> r
screen
| Write: Re: Where do we walk on Saturday?                                 dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         Boris <boris@example.net>
|Cc:
|Bcc:
|Subject:    Re: Where do we walk on Saturday?
|────────────────────────────────────────────────────────────────────────────────
|Mon, 23 February 2026, 10:00, Boris wrote:
|> > Does anyone know whether it is open again?
|>
|> It is, since Friday.
|
|Written by hand.
|
|                                                                            all
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
grep edited In-Reply-To: <walk.2@example.net>
keys t C-u
type not an address
keys <Enter> y
has not an address
keys q
screen
| Write: Re: Where do we walk on Saturday?                                 dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         not an address
|Cc:
|Bcc:
|Subject:    Re: Where do we walk on Saturday?
|────────────────────────────────────────────────────────────────────────────────
|Mon, 23 February 2026, 10:00, Boris wrote:
|> > Does anyone know whether it is open again?
|>
|> It is, since Friday.
|
|Written by hand.
|
|                                                                            all
|Keep the letter in Drafts? (y/n)
keys n
hasnt Keep the letter
