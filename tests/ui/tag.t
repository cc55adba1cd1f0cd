# Tags are seen in the list, completed from those there are, and undone.
use letters.inc
size 10 80
start
keys j `
type +work todo
keys <Enter>
has [todo work] Счёт за февраль
has tags of 1 message changed
keys j `
type +w
keys <Tab> <Enter>
has [work] Where do we walk
keys `
type work -work(
keys <Enter>
has 'work(' cannot be a tag
keys <Esc> <Esc> u
hasnt [work] Where do we walk
has tags of 1 message taken back
has [todo work] Счёт за февраль
keys k :
type tag -todo -work
keys <Enter>
hasnt [todo work]
