# New letters that a query finds: the bell, and a program.
file say 700
|#!/bin/sh
|for word; do printf '<%s>' "$word"; done >>$DIR/said
|printf '\n' >>$DIR/said
letter Inbox -
|From: Anna Lind <anna@example.org>
|Subject: Was here before
|Date: Mon, 23 Feb 2026 09:00:00 +0000
|Message-ID: <0@example.org>
|
|Old.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[notify anna]
|match = from:anna
|do = bell, command $DIR/say -u %s --from=%a %n %f %c 100%%
|[notify bills]
|match = subject:bill
|do = bell
start
# What came before the start is not new.
quit
start
beeps 0
letter Inbox -
|From: Anna Lind <anna@example.org>
|Subject: -rf and $(id)
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <1@example.org>
|
|New.
wait -rf and
await said <-u>< -rf and $(id)><--from=anna@example.org><Anna Lind><Inbox><1><100%>
beeps 1
# Neither what nobody asked for, nor what another program has read already.
letter Inbox -
|From: Boris <boris@example.org>
|Subject: Hello
|Date: Wed, 25 Feb 2026 09:10:00 +0000
|Message-ID: <2@example.org>
|
|New.
letter Inbox S
|From: Anna <anna@example.org>
|Subject: noise
|Date: Wed, 25 Feb 2026 09:10:00 +0000
|Message-ID: <3@example.org>
|
|New.
wait noise
beeps 1
letter Archive -
|From: Shop <shop@example.org>
|Subject: Your bill
|Date: Wed, 25 Feb 2026 09:20:00 +0000
|Message-ID: <4@example.org>
|
|New.
keys c
type Archive
keys <Enter>
wait Your bill
beeps 2
# Moved, it is not new again.
keys s
type Inbox
keys <Enter>
beeps 2
