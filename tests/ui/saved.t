# Saved views: by name in the title, in their own order; what is found becomes one.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[view walks]
|query = subject:walk
|sort = -date
|[view talk]
|query = subject:walk
|threads = yes
|[view large first]
|query = is:read
|sort = size
letter Inbox S
|From: Anna Lind <anna@example.org>
|Subject: Where do we walk?
|Date: Mon, 23 Feb 2026 09:00:00 +0000
|Message-ID: <walk.1@example.org>
|
|A long letter about a walk, longer than the one that answers it.
letter Inbox S
|From: Boris <boris@example.net>
|Subject: Re: Where do we walk?
|Date: Mon, 23 Feb 2026 10:00:00 +0000
|Message-ID: <walk.2@example.net>
|References: <walk.1@example.org>
|
|There.
letter Inbox -
|From: Clara <clara@example.net>
|Subject: Bill
|Date: Tue, 24 Feb 2026 10:00:00 +0000
|Message-ID: <bill@example.net>
|
|To be paid.
size 8 80
start
keys c
type walks
keys <Enter>
screen
| walks: 2 found                                                           dewey
>         23 Feb  Anna Lind             Where do we walk?
|         23 Feb  Boris                 Re: Where do we walk?
|
|
|
|                                                            C-s:best first  all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys q c
type talk
keys <Enter>
screen
| talk: 2 found                                                            dewey
>         23 Feb  Anna Lind             Where do we walk?
|         23 Feb  Boris                 └─>
|
|
|
|                                                            C-s:best first  all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys q c
type lar
keys <Tab> <Enter>
screen
| large first: 2 found                                                     dewey
>         23 Feb  Anna Lind             Where do we walk?
|         23 Feb  Boris                 Re: Where do we walk?
|
|
|
|                                                                            all
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# What is not searched or limited is no view.
size 12 80
keys q
keys V
has search or limit first
keys l
type is:unread
keys <Enter> o z V
type walks
keys <Enter>
has there is a view 'walks' already
keys C-u
type to do
keys <Enter>
has /deweyrc make it a view beside the folders,
has [view to do]
has query = in:"Inbox" AND (is:unread)
has sort = size
keys q /
type "bill #1" OR walk
keys <Enter> V
type bills
keys <Enter>
has query = "\"bill #1\" OR walk*"
has sort = date
