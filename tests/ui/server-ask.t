# The password is typed once for all errands of a view, and asked for again by
# the next view.
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
wait password for
# Nobody answers: what was seen is shown, and why there is no more.
keys <Esc>
wait home: cannot fetch
has 3 letters
