# Colours of rows: the first section that fits, of read and of unread letters.
use letters.inc
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[color friends]
|match = from:anna
|fg = green
|[color walks]
|match = subject:walk OR body:winter
|bg = blue
|[color bills]
|match = tag:bill
|attr = underline
size 9 80
start
# The cursor's own row is told by the cursor.
coloured 0 Tanaka
coloured 0 Мария
coloured 1 Anna Lind
coloured 1 Where do we walk
coloured 2 Boris
keys j
coloured 0 Tanaka
keys =
# Unread as well, and the whole of a row.
coloured 1+ N       23 Feb
# A tag is put on, and goes.
keys j `
type bill
keys <Enter> =
coloured 3 Мария
keys u =
coloured 0 Мария
# In a search, its marks on top of it.
keys /
type walk
keys <Enter>
marked walk walk walk
coloured 2 Boris
keys j
coloured 1+ Anna
