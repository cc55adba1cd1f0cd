# What is typed at the bottom of the screen and will not do stays there to be
# corrected, with the reason above it; q leaves a question as Esc does [S-16].
use letters.inc
use agents.inc
file editor 0700
|#!/bin/sh
|echo "See you there." >>"$1"
size 12 80
start
keys m
type maria@example.ru
keys <Enter>
type Plans
keys <Enter> Y
type tomorow
keys <Enter>
screen
| Write: Plans                                                             dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         maria@example.ru
|Cc:
|Bcc:
|Subject:    Plans
|────────────────────────────────────────────────────────────────────────────────
|See you there.
|                                                                            all
|'tomorow' is not a time; write for example 'tomorrow 9:00', 'in 2 hours' or
|'2026-11-23 9:00'
|Send when (tomorrow 9:00, monday, in 2 hours): tomorow
keys <Backspace>
screen
| Write: Plans                                                             dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         maria@example.ru
|Cc:
|Bcc:
|Subject:    Plans
|────────────────────────────────────────────────────────────────────────────────
|See you there.
|
|
|                                                                            all
|Send when (tomorrow 9:00, monday, in 2 hours): tomoro
keys <Backspace>
type row 9:00
keys <Enter>
wait in the outbox until
keys O T C-u
type yesterday
keys <Enter>
has 'yesterday' is not a time
has in 2 hours): yesterday
keys <Esc> e
wait Write: Plans
# The letter is neither kept nor thrown away.
keys q
has Keep the letter in Drafts? (y/n)
keys q
hasnt Keep the letter
has Write
keys q <Esc>
has Write
keys M-d
type sometimes
keys <Enter>
has reports cannot be 'sometimes'
has or never: sometimes
keys C-u
type never
keys <Enter>
has no reports
