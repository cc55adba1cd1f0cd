# A preview whose rest is over max-size: why it cannot be had, and what to do.
use preview.inc
dotfile
|[dewey]
|mail = $DIR/Mail
|[account home]
|name = Ivan
|address = ivan@example.org
|pop3 = pop3s://ivan@pop.example.org
|preview = over 512K
|max-size = 1M
size 14 80
start
keys G
wait Pictures
keys <Enter>
wait The first lines
has the rest is over the max-size of 'home';
has raise it in
keys E
wait deweyrc:8, and start dewey again
