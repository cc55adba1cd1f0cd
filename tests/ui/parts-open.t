# M-51, M-52: parts are opened by the program of mailcap, asked about where they may
# harm, piped, printed; letters within letters are pages of their own.
env MAILCAPS $DIR/mailcap
file mailcap 600
|image/png; $DIR/show %s; test=test -z "$DISPLAY"
|application/pdf; $DIR/dump %s; copiousoutput
|application/x-dosexec; $DIR/dump %s; copiousoutput
file show 700
|#!/bin/sh
|echo "$@" >$DIR/shown
|echo "ours: $(env | grep -c ^DEWEY)" >>$DIR/shown
|stat -c %a "$1" >>$DIR/shown
|stat -c %a "$(dirname "$1")" >>$DIR/shown
|cat >>$DIR/shown
|echo end >>$DIR/shown
file dump 700
|#!/bin/sh
|printf 'a page\033[2J of %s\n' "$(cat "$1")"
file lp 700
|#!/bin/sh
|cat >$DIR/printed
dotfile
|[dewey]
|print = $DIR/lp
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: Many things
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <parts.2@example.org>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: text/plain
|
|See below.
|--x
|Content-Type: image/png; name="$(id);`id`.png"
|
|not a picture
|--x
|Content-Type: application/pdf
|Content-Disposition: attachment; filename="-o x.pdf"
|
|%PDF-1.4
|--x
|Content-Type: application/pdf
|Content-Disposition: attachment; filename="invoice.pdf.exe"
|Content-Transfer-Encoding: base64
|
|TVqQAAMAAAAEAAAA//8AALgAAAAAAAAA
|--x
|Content-Type: application/x-nobody-knows
|Content-Disposition: attachment; filename="x.bin"
|
|what is it
|--x
|Content-Type: message/external-body; access-type=anon-ftp; site=a.example;
| name=p.ps
|
|Content-Type: application/postscript
|
|--x
|Content-Type: message/rfc822
|
|From: Boris <boris@example.org>
|Subject: An older letter
|Content-Type: multipart/mixed; boundary=y
|
|--y
|
|The older text.
|--y
|Content-Type: text/plain; name=deep.txt
|
|Deep inside.
|--y--
|--x--
size 16 80
start
# The letter itself names what is attached by the same numbers, and what poses.
keys <Enter>
has 4! invoice.pdf.exe (application/pdf, 24 B): this is a program or page
has 5: x.bin (application/x-nobody-knows, 10 B)
# M-51, M-52: a part is opened by its number from the letter, as from the page of parts.
keys M-o
type 9
keys <Enter>
has there is no part '9' here
keys M-o
type 4
keys <Enter>
has This is a program or page that poses as another file (application/x-dosexec).
keys n M-o
type 3
keys <Enter>
wait a page
has of %PDF-1.4
keys q M-o
type 7
keys <Enter>
wait A letter within: An older letter
# There its only part that is attached needs no number.
keys M-o
has Deep inside.
keys q q :
type open-attachment 7.2
keys <Enter>
wait Deep inside.
keys q v
screen
| Parts of: Many things                                                    dewey
> 1      (no name)                         text/plain                       10 B
| 2      $(id);`id`.png                    image/png                        13 B
| 3      -o x.pdf                          application/pdf                   8 B
| 4!     invoice.pdf.exe                   application/pdf                  24 B
| 5      x.bin                             application/x-nobo…              10 B
| 6      p.ps                              message/external-b…              37 B
| 7      (no name)                         message/rfc822                  178 B
| 7.1        (no name)                     text/plain                       15 B
| 7.2        deep.txt                      text/plain                       12 B
|
|
|
|
|
|q:Back  <Enter>:Open  s:Save  ?:Help
# What is in the name does not reach the program; no input; a place of its own.
keys j <Enter>
await shown end
grep shown part-2.png
grep shown ours: 0
grep shown 600
grep shown 700
grep shown end
# Copious output is shown here, and cannot draw on the screen.
keys j <Enter>
wait a page
screen
| -o x.pdf                                                                 dewey
|a page␛[2J of %PDF-1.4
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
|q:Back  /:Find  ?:Help
# What runs is asked about, by its real type.
keys q j <Enter>
has This is a program or page that poses as another file (application/x-dosexec).
has Open it all the same? (y/n)
keys n
has this is a program or page that poses as another file: application/x-dosexec
# Nobody shows it.
keys j <Enter>
has no program is named for 'application/x-nobody-knows'
# A part that lies elsewhere is named, and not fetched.
keys j <Enter>
has it lies elsewhere and is not fetched: anon-ftp site=a.example name=p.ps
# A letter within, its parts, and one of them.
keys j <Enter>
screen
| A letter within: An older letter                                         dewey
|Date: not given
|From: Boris <boris@example.org>
|Subject: An older letter
|Attached: 2: deep.txt (text/plain, 12 B)
|────────────────────────────────────────────────────────────────────────────────
|
|The older text.
|
|
|
|
|
|
|                                                                            all
|q:Back  /:Find  ?:Help
keys v j <Enter>
has Deep inside.
# It is piped to what is typed, and printed.
keys q |
type sed s/Deep/Not/
keys <Enter>
wait Not inside.
has sed s/Deep/Not/
keys q p
has Print it with
keys y
await printed Deep inside.
# All of a letter at once: those in a saved letter not again.
keys q q S C-u
type $DIR
keys <Enter>
has 5 files saved in
grep x.bin what is it
