# Reading HTML and long answers: links, quotes that fold, what is found.
use letters.inc
letter Inbox -
|From: Vera <vera@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Links
|Date: Wed, 25 Feb 2026 12:00:00 +0000
|Message-ID: <links.1@example.org>
|Content-Type: text/html; charset=utf-8
|
|<p>Look at <a href="https://example.org/map">the map of the lake and of the mill, where we want to go on Saturday</a>.</p>
letter Inbox -
|From: Vera <vera@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Deep
|Date: Wed, 25 Feb 2026 11:00:00 +0000
|Message-ID: <deep.1@example.org>
|
|> > A hat?
|> > Or a cap?
|> A cap.
|
|STRASSE straße, and the word cap again.
|> Yes.
letter Inbox -
|From: Vera <vera@example.org>
|To: Ivan Petrov <ivan@example.org>
|Subject: Addresses
|Date: Wed, 25 Feb 2026 10:00:00 +0000
|Message-ID: <addresses.1@example.org>
|Content-Type: text/html; charset=utf-8
|
|<p><a href="https://other.example/x">https://bank.example/</a>,
|<a href="https://user@bücher.example:8080/%70?a=;id">books</a>,
|<a href="mailto:boris@example.net?subject=A%20hat&attach=/etc/passwd">Boris</a>
file browser 755
|#!/bin/sh
|printf '%s|' $# "$@" >>$DIR/opened
env BROWSER $DIR/browser
start
keys Enter
looks link the map of the
looks link on Saturday
looks normal Look at
keys j
has > > Or a cap?
keys T
hasnt Or a cap?
has > > [2 quoted lines]
has > A cap.
keys T
has > [3 quoted lines]
has > [1 quoted line]
hasnt A cap.
keys T
has > > Or a cap?
keys /
type strasse
keys Enter
marked STRASSE straße
keys /
type CAP
keys Enter
marked cap cap cap
keys n n
hasnt the search went on at the top
keys n
has the search went on at the top
keys /
type nowhere
keys Enter
has 'nowhere' is not found here
# M-61: the number, the real host, and only then the browser, with one word.
keys j
has Inbox: Addresses
keys o
looks number [1]
looks number [2]
has Open link number:
type 1
keys Enter
has Open other.example? (https://other.example/x)
has The letter names another place
keys n
looks link https://bank.example/ [1]
keys o
type 2
keys Enter
has Open xn--bcher-kva.example:8080?
has The name has foreign letters.
keys y
has handed to
await opened 1|https://user@
keys o
type 9
keys Enter
has there is no link '9' here
# M-63: a letter that the link begins, and what it may not say.
keys o
type 3
keys Enter
has Write to boris@example.net
keys y
has boris@example.net
has A hat
has attach
