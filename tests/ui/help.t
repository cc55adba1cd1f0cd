# Help is made of the commands and the keys as they are, those of the dotfile too.
use letters.inc
file deweyrc
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[keys list]
|X = delete
|d = none
|<F5> = fetch
size 40 90
start
keys ?
screen
| Help                                                                               dewey
|Here:
|
|j, <Down>, J           next              go to the next entry, or one line down
|k, <Up>, K             previous          go to the previous entry, or one line up
|<Space>, <PageDown>, z page-down         go one page down; behind the end of a message,
|                                         open the next
|<PageUp>, -, Z         page-up           go one page up
|C-d, ]                 half-down         go half a page down
|C-u, [                 half-up           go half a page up
|<Home>, =              first             go to the first entry
|<End>, *               last              go to the last entry
|<Tab>                  next-unread       go to the next unread message
|<Enter>, <Right>       open              open the entry under the cursor
|E                      fetch-rest        fetch the rest of a message of which a preview is
|                                         here
|e                      source            show the message as it came
|M-x                    unsubscribe       leave the mailing list of the message
|W                      why               say why the message is here: how it came, and
|                                         what was done to it
|v                      attachments       list the parts of the message
|M-a                    apply-patch       apply the patch of the message in a directory, by
|                                         git am
|                       save-attachments  save all attachments to a directory
|/                      search            search all folders
|l                      limit             show only what a query finds here; empty:
|                                         everything again
|S                      threads           list by threads, or by date
|o                      sort              sort by date, thread, sender, subject, size or
|                                         score; the same again: the other way round
|C-s                    relevance         list what is found best first, or newest first
|                                         again; also while a query is typed
|V                      save-view         say what lines of the dotfile make a saved view
|                                         of what is found
|M-d                    fold-duplicates   hide letters that are here already, or show them
|                                         again
|M-v                    fold              fold or unfold the thread
|M-V                    fold-all          fold or unfold all threads
|                                                                                      20%
|q:Back  /:Find  ?:Help
keys / d e l e t e <Enter>
screen
| Help                                                                               dewey
|<Delete>, X            delete            move to Trash; in Trash, delete for good
|u                      undo              call back the letter that is about to leave, or
|                                         take the last change back
|U                      undelete          move from Trash back to where it was
|s                      move              move to a folder
|C                      copy              copy to a folder
|F                      flag              flag as important, or take the flag away
|N                      toggle-new        mark as unread, or as read
|`                      tag               change the tags: +work -todo
|!                      spam              teach the spam program that it is spam, and move
|                                         it to Junk
|H                      ham               teach the spam program that it is none, and move
|                                         it back
|#                      split-thread      split the message from its thread
|&                      join-threads      hang the marked messages below this one
|t                      mark              mark the message and go to the next
|T                      mark-matching     mark what a query finds here
|C-t                    unmark-all        take all marks away
|;                      apply-to-marked   the next key acts on all marked messages
|m                      mail              write a new message
|r                      reply             answer the sender
|g                      reply-all         answer the sender and all others
|A                      resend-failed     send a letter again to those whom it did not
|                                         reach
|L                      reply-list        answer the mailing list
|f                      forward           forward the message
|M-f                    forward-other     forward the message whole rather than its text,
|                                         or the other way
|b                      resend            send the message on as it is, to somebody else
|R                      recall            go on writing a postponed message
|O                      outbox            open the outbox
|                       send-queued       send what is waiting in the outbox
|M                      server            look at what lies on the server, before it is
|                                         fetched
|G, <F5>                fetch             fetch new mail now
|M-l                    session-log       show what was said to the servers in the last
|                                         session
|                                                                                      40%
|q:Back  /:Find  ?:Help
keys q d
has the key d does nothing here
quit
file deweyrc
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[keys list]
|d = delet
start
has deweyrc:5: unknown command 'delet'; did you mean 'delete'?
quit
file deweyrc
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[keys kitchen]
|d = delete
start
has unknown place
quit
file deweyrc
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[keys list]
|<Foo> = delete
start
has unknown key
