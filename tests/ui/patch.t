# A patch is shown as one, and git am is one key away; what a list adds below it is
# not of it.  Marked letters of a series go at once and in its order, however they are
# listed.
file setup 700
|#!/bin/sh
|exec >/dev/null 2>&1
|mkdir -p $DIR/work && cd $DIR/work && git init -q . && git config user.name Ivan &&
|git config user.email ivan@example.org && printf 'one\ntwo\nthree\n' >song &&
|git add song && git commit -qm first
|echo ready >$DIR/ready
env GIT_CONFIG_GLOBAL /dev/null
env MAILCAPS $DIR/mailcap
file mailcap 600
|text/x-setup; $DIR/setup
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: [PATCH] song: the second line is new
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <patch.1@example.org>
|
|It was old.
|---
| song | 2 +-
| 1 file changed, 1 insertion(+), 1 deletion(-)
|
|diff --git a/song b/song
|index 4cb29ea..1f6f5a2 100644
|--- a/song
|+++ b/song
|@@ -1,3 +1,3 @@
| one
|-two
|+second
| three
|-- 
|2.39.5
|
|_______________________________________________
|+ a list that adds a line
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: Setup
|Date: Wed, 25 Feb 2026 08:00:00 +0000
|Message-ID: <patch.2@example.org>
|Content-Type: application/octet-stream; name=x
|
|x
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: [PATCH v2 2/3] song: go on
|Date: Wed, 25 Feb 2026 07:40:00 +0000
|Message-ID: <series.2@example.org>
|
|From now on there is one line more.
|>From here, too.
|---
|diff --git a/verse b/verse
|--- a/verse
|+++ b/verse
|@@ -1 +1,2 @@
| line 1
|+line 2
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: [PATCH v2 0/3] song: a verse
|Date: Wed, 25 Feb 2026 07:30:00 +0000
|Message-ID: <series.0@example.org>
|
|What it is about.
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: [PATCH v2 3/3] song: end
|Date: Wed, 25 Feb 2026 07:20:00 +0000
|Message-ID: <series.3@example.org>
|
|From now on there is one line more.
|>From here, too.
|---
|diff --git a/verse b/verse
|--- a/verse
|+++ b/verse
|@@ -1,2 +1,3 @@
| line 1
| line 2
|+line 3
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: [PATCH v2 1/3] song: begin
|Date: Wed, 25 Feb 2026 07:10:00 +0000
|Message-ID: <series.1@example.org>
|
|From now on there is one line more.
|>From here, too.
|---
|diff --git a/verse b/verse
|new file mode 100644
|--- /dev/null
|+++ b/verse
|@@ -0,0 +1 @@
|+line 1
size 26 80
start
keys <Enter>
screen
| Inbox: [PATCH] song: the second line is new                              dewey
|  letters from this address: 6, to it: 0
|Date: Wed, 25 February 2026, 09:00
|From: Anna <anna@example.org>
|To: <ivan@example.org>
|Subject: [PATCH] song: the second line is new
|────────────────────────────────────────────────────────────────────────────────
|
|It was old.
|---
| song | 2 +-
| 1 file changed, 1 insertion(+), 1 deletion(-)
|
|diff --git a/song b/song
|index 4cb29ea..1f6f5a2 100644
|--- a/song
|+++ b/song
|@@ -1,3 +1,3 @@
| one
|-two
|+second
| three
|
|--
|                                                                            84%
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys M-a
type $DIR
keys <Enter>
has is no directory that git keeps
keys <Esc>
# The directory is made by a program.
keys i j v :
type pipe-part $DIR/setup
keys <Enter>
await ready ready
keys i k <Enter> M-a
type $DIR/work
keys <Enter>
wait 1 patch was applied.
has reset --keep HEAD~1
grep work/song second
keys q i T
type subject:v2
keys <Enter> ; M-a
has Apply 3 patches in the directory:
keys <Up> <Enter>
wait 3 patches were applied.
has Applying: song: begin
has reset --keep HEAD~3
grep work/verse line 3
keys q <Enter> M-a
keys <Up> <Enter>
wait 1 patch was not applied.
has am --abort
