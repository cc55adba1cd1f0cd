# The next unread one in what a search finds, far below what is on the screen.
use letters.inc
letters Archive 300
size 8 80
start
keys /
type subject:bulk OR subject:walk
keys <Enter>
has 303 found
keys T
type subject:bulk OR subject:walk
keys <Enter> ; N C-t <Home> N
keys <End> k k k k k k k k k
keys N <Home> <Tab>
screen
| All folders: subject:bulk OR subject:walk*: 303 found                    dewey
|         24 Feb  Bulk                  bulk 9
|         24 Feb  Bulk                  bulk 8
> N       24 Feb  Bulk                  bulk 7
|         24 Feb  Bulk                  bulk 6
|         24 Feb  Bulk                  bulk 5
|                                                               C-s:best first
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
# From there the first one again, and then there is none.
keys N <Tab>
screen
| All folders: subject:bulk OR subject:walk*: 303 found                    dewey
> N       24 Feb  Bulk                  bulk 300
|         24 Feb  Bulk                  bulk 299
|         24 Feb  Bulk                  bulk 298
|         24 Feb  Bulk                  bulk 297
|         24 Feb  Bulk                  bulk 296
|                                                            C-s:best first  top
|q:Back  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys N <Tab>
has no unread messages here
