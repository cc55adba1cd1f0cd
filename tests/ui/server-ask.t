# The password is typed once for all errands, of the next view too.
use server.inc
dotfile
|[dewey]
|mail = $DIR/Mail
|[account home]
|name = Ivan
|address = ivan@example.org
|pop3 = pop3+insecure://ivan@pop.example.org
|tunnel = $DIR/pop
|password = prompt:
size 12 80
start
# Nobody answers: there is nothing to be seen, and why.
keys M
wait password for
keys <Esc>
wait home: no password
keys q
wait Inbox
keys M
wait password for
type secret
keys <Enter>
wait 4 letters, 4 new
gone looking
keys <Enter>
wait Two
keys i r
has looking at home
gone looking
keys d $ y
wait home: 1 deleted
grep log PASS secret
keys q
wait Inbox
keys M
wait 3 letters
