# The command line: completion of names and of what stands behind, history, editing.
use letters.inc
size 8 80
start
keys : l i <Tab>
screen
| Inbox: 5 messages, 2 unread                                              dewey
> N        07:15  Tanaka 太郎           東京の月曜日
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|                                                                            all
|:limit
type  is:unread
keys <Enter>
screen
| Inbox: 5 messages, 2 unread (limit: is:unread; 2 found)                  dewey
> N        07:15  Tanaka 太郎           東京の月曜日
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys : <Up>
screen
| Inbox: 5 messages, 2 unread (limit: is:unread; 2 found)                  dewey
> N        07:15  Tanaka 太郎           東京の月曜日
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|
|
|
|                                                                            all
|:limit is:unread
keys C-a <Delete> <Delete> C-e C-w <Left> <Left> <Backspace>
screen
| Inbox: 5 messages, 2 unread (limit: is:unread; 2 found)                  dewey
> N        07:15  Tanaka 太郎           東京の月曜日
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|
|
|
|                                                                            all
|:mit s:
keys <Esc>
hasnt :mi
type :chan
keys <Tab>
type  Ar
keys <Tab>
screen
| Inbox: 5 messages, 2 unread (limit: is:unread; 2 found)                  dewey
> N        07:15  Tanaka 太郎           東京の月曜日
| N       23 Feb  Anna Lind             Re: Where do we walk on Saturday?
|
|
|
|                                                                            all
|:change-folder Archive
keys <Enter>
has Archive: 1 message
type :delte
keys <Enter>
has unknown command 'delte'; did you mean 'delete'?
type :send
keys <Enter>
has 'send' does nothing here
type :help me
keys <Enter>
has 'help' takes nothing behind it
type :ц
screen
| Archive: 1 message                                                       dewey
>     2025-01-03  Old Friend            The lake in winter
|
|
|
|
|                                                                            all
|:ц
