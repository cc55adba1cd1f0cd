# Filters of the dotfile that look at heads mark rows: one may be unmarked again,
# and stays so.
use server.inc
dotfile
|[dewey]
|mail = $DIR/Mail
|[account home]
|name = Ivan
|address = ivan@example.org
|pop3 = pop3+insecure://ivan@pop.example.org
|tunnel = $DIR/pop
|password = command:echo secret
|keep = always
|[filter phish]
|match = from:phish.example
|when = preview
|do = delete on server
|[filter museum]
|match = subject:rooms
|when = preview
|do = skip
|[filter all of Olga]
|match = from:olga OR from:phish
|when = preview
|do = fetch
size 12 80
start
keys M
wait 4 letters, 3 new
gone looking
screen
| On the server: home: 4 letters, 3 new, as of 12:00                       dewey
>  new        417 B  40m  Anna Lind        Pictures of Saturday
|* delete     241 B  13h  Your Bank        Urgent ␛[31mnow
|* get        277 B   3d  Ольга            Счёт
|  left       238 B  15d  Harbour Museum   Three new rooms
|
|
|
|
|
|                                                       fetch 1, delete 1 unseen
|q:Back  g:Get  s:Take  d:Delete  u:Leave  $:Do it  ?:Help
keys j u
keys r
gone looking
hasnt * delete
has * get
keys $ y
wait home: 1 fetched
gone at the server
screen
| On the server: home: 4 letters, 2 new, as of 12:00                       dewey
|  new        417 B  40m  Anna Lind        Pictures of Saturday
|  new        241 B  13h  Your Bank        Urgent ␛[31mnow
>  here       277 B   3d  Ольга            Счёт
|  left       238 B  15d  Harbour Museum   Three new rooms
|
|
|
|
|
|                                                                            all
|home: 1 fetched
