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
type subject:bulk
keys <Enter> ; N C-t <Home> N
keys <End> k k k k k k k k k
keys N <Home> <Tab>
