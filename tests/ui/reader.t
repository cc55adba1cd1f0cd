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
