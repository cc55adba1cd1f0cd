# What lies on the server: looked at before it is fetched, marked, and done in
# one session.
use server.inc
size 12 80
start
keys M
wait 4 letters, 4 new
gone looking
screen
| On the server: home: 4 letters, 4 new, as of 12:00                       dewey
>  new        417 B  40m  Anna Lind        Pictures of Saturday
|  new        241 B  13h  Your Bank        Urgent ␛[31mnow
|  new        277 B   3d  Ольга            Счёт
|  new        238 B  15d  Harbour Museum   Three new rooms
|
|
|
|
|
|                                                                            all
|q:Back  g:Get  s:Take  d:Delete  u:Leave  $:Do it  ?:Help
# Enter shows the first lines, decoded; a mark there goes back, to the next one.
keys j j <Enter>
wait the bill is paid
screen
| On the server: Счёт                                                      dewey
|Date: Sun, 22 February 2026, 12:00
|From: Ольга <olga@example.org>
|To: Ivan <ivan@example.org>
|Subject: Счёт
|────────────────────────────────────────────────────────────────────────────────
|
|Hello Ivan,
|
|the bill is paid.
|                                                                            81%
|q:Back  g:Get  s:Take  d:Delete  u:Leave  $:Do it  ?:Help
keys g
screen
| On the server: home: 4 letters, 4 new, as of 12:00                       dewey
|  new        417 B  40m  Anna Lind        Pictures of Saturday
|  new        241 B  13h  Your Bank        Urgent ␛[31mnow
|* get        277 B   3d  Ольга            Счёт
>  new        238 B  15d  Harbour Museum   Three new rooms
|
|
|
|
|
|                                                                        fetch 1
|q:Back  g:Get  s:Take  d:Delete  u:Leave  $:Do it  ?:Help
keys / b i l l
keys <Enter>
has 'bill' is not found here
keys / b a n k
keys <Enter> d
has * delete     241 B  13h  Your Bank
keys k u
# What a query finds, and a limit: marks stay behind it.
keys T
type from:phish
keys <Enter>
has g: get, s: get and delete, d: delete unseen, u: leave?
keys d
wait 1 letter marked
keys l
type subject:rooms
keys <Enter>
wait Three new rooms
screen
| On the server: home: 1 letter, 1 new (limit: subject:rooms), as of 12:00
>  new        238 B  15d  Harbour Museum   Three new rooms
|
|
|
|
|
|
|
|
|                                                       fetch 1, delete 1 unseen
|q:Back  g:Get  s:Take  d:Delete  u:Leave  $:Do it  ?:Help
keys s l
keys C-u
keys <Enter>
wait Pictures
screen
| On the server: home: 4 letters, 4 new, as of 12:00                       dewey
>  new        417 B  40m  Anna Lind        Pictures of Saturday
|* delete     241 B  13h  Your Bank        Urgent ␛[31mnow
|* get        277 B   3d  Ольга            Счёт
|* take       238 B  15d  Harbour Museum   Three new rooms
|
|
|
|
|
|                                   fetch 1, fetch and delete 1, delete 1 unseen
|q:Back  g:Get  s:Take  d:Delete  u:Leave  $:Do it  ?:Help
# Where the question does not fit, it goes over two lines with its keys.
size 12 40
keys $
has (y/n)
keys n
size 12 80
# Nothing is done before the question is answered; then in one session.
keys $
has Fetch 1, fetch and delete 1, delete 1 unseen on the server? (y/n)
keys n
count Inbox 0
keys $ y
wait home: 2 fetched, 2 deleted
gone at the server
screen
| On the server: home: 2 letters, 1 new, as of 12:00                       dewey
>  new        417 B  40m  Anna Lind        Pictures of Saturday
|  here       277 B   3d  Ольга            Счёт
|
|
|
|
|
|
|
|                                                                            all
|home: 2 fetched, 2 deleted
count Inbox 2
grep log DELE 3
# The list of folders has it, too.
keys y <End>
has On the server
keys <Enter>
gone looking
has 2 letters, 1 new
# What is here already can be had again only if it was thrown away: it is said.
keys <End> g
has this letter is here: it comes again only if it was thrown away
keys <End> u
# The mark is taken away again; leaving with one asks.
keys <Home> d
has * delete
keys <Home> u
hasnt * delete
keys d q
has Leave without doing what is marked? (y/n)
keys y
wait Inbox: 2 messages
# It stands still: what is known is shown, a fetch waits its turn, Esc stops it.
file drop-b1 0600
|From: Boris <boris@example.org>
|Subject: Late
|Message-ID: <b1@host>
|
|Just now.
file hold 0600
|here
keys M
wait looking at home: 0 of 1 heads
has 3 letters, 2 new
has …
keys G
count Inbox 2
keys <Esc>
wait home: 2 new messages
count Inbox 4
has here
keys q
# Marks need not wait until all heads are there: the look goes on afterwards.
file drop-b2 0600
|Subject: Second
|
|Two.
file drop-b3 0600
|Subject: Third
|
|Three.
keys M
wait of 2 heads
keys g $ y
wait home: 1 fetched
count Inbox 5
wait looking at home: 0 of
keys <Esc>
wait home: stopped
keys q
# Without the server: what was seen last, and since when.
file pop 0600
|nothing
keys M
wait Pictures of Saturday
wait as of 12:00
has 5 letters
wait home: the tunnel's command ended with
