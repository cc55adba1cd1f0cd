# Why it was found: words marked in the list and in the letter, and a piece of the text
# where they stand in nothing that is seen.
use letters.inc
letter Inbox S
|From: "Lake Office" <office@example.org>
|To: ivan@example.org
|Subject: A long subject that says all about the timetable of the boats on the lakes
|Date: Sun, 22 Feb 2026 09:00:00 +0000
|Message-ID: <boats.1@example.org>
|
|Boats go at nine.
size 10 100
start
marked
keys /
type bridg
screen
| All folders: bridg*: 1 found                                                                 dewey
>▸Inbox         2 │         23 Feb  Anna Lind             Where do we walk on Saturday?  …the bridge…
| Sent            │
| Drafts          │
| Archive         │
| Trash           │
| On the server   │
|                 │
|                                                                                C-s:best first  all
|Search all: bridg
marked bridge
keys C-u
type lake
screen
| All folders: lake*: 3 found                                                                  dewey
>▸Inbox         2 │         23 Feb  Anna Lind             Where do we walk on Saturday?  …the lake. …
| Sent            │         22 Feb  Lake Office           A long subject that says all about the tim…
| Drafts          │     2025-01-03  Old Friend            The lake in winter  …letter about the lake.
| Archive         │
| Trash           │
| On the server   │
|                 │
|                                                                                C-s:best first  all
|Search all: lake
marked lake Lake lake lake
keys <Enter> j <Enter>
screen
| Inbox: A long subject that says all about the timetable of the boats on the lakes            dewey
> Inbox         2 │? first letter from this address
| Sent            │Date: Sun, 22 February 2026, 09:00
| Drafts          │From: Lake Office <office@example.org>
| Archive         │To: <ivan@example.org>
| Trash           │Subject: A long subject that says all about the timetable of the boats on the
| On the server   │         lakes
|                 │──────────────────────────────────────────────────────────────────────────────────
|                                                                                                75%
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  v:Parts  /:Find  ?:Help
marked Lake lakes
# n goes to the next line with a word that was looked for.
keys q k <Enter>
size 8 60
hasnt along the lake
keys n
has along the lake
marked lake
keys q q
# Of a field only there; what is excluded is not marked.
size 10 100
keys /
type from:anna mill -lake
screen
| All folders: from:anna mill -lake*: 1 found                                                  dewey
> Inbox         2 │ N       23 Feb  Anna Lind             Re: Where do we walk…  Then the mill it is.
| Sent            │
| Drafts          │
| Archive         │
| Trash           │
| On the server   │
|                 │
|                                                                                C-s:best first  all
|Search all: from:anna mill -lake
marked Anna mill
keys <Esc>
marked
# In the limit too.
keys l
type фев
marked февраль февраль
keys <Esc>
marked
