# Another charset for a letter: C-e goes through those it may be in, the choice is kept
# for the sender, other letters of whom and the list follow (M-07 M-12).
use letters.inc
letter Inbox S
|From: =?x-unknown?Q?=EF=CC=D8=C7=C1?= <olga@example.org>
|Subject: =?x-unknown?Q?=F0=C9=D3=D8=CD=CF =D0=C5=D2=D7=CF=C5?=
|Date: Tue, 24 Feb 2026 11:00:00 +0000
|Message-ID: <c1@example.org>
|Content-Type: text/plain
|Content-Transfer-Encoding: quoted-printable
|
|=E4=CF=C2=D2=D9=CA =C4=C5=CE=D8, =E9=D7=C1=CE! =F6=C4=D5 =CF=D4=D7=C5=D4=C1.
letter Inbox S
|From: =?x-unknown?Q?=EF=CC=D8=C7=C1?= <olga@example.org>
|Subject: =?x-unknown?Q?=E5=DD=A3 =CF=C4=CE=CF?=
|Date: Tue, 24 Feb 2026 12:00:00 +0000
|Message-ID: <c2@example.org>
|Content-Type: text/plain
|Content-Transfer-Encoding: quoted-printable
|
|=F7=D4=CF=D2=CF=C5 =D0=C9=D3=D8=CD=CF, =D4=CF=D6=C5 =C2=C5=DA =CD=C5=D4=CB=C9.
start
keys j Enter
screen
| Inbox: Ещё одно                                                          dewey
|  letters from this address: 2, to it: 0
|Date: Tue, 24 February 2026, 12:00
|From: Ольга <olga@example.org>
|Subject: Ещё одно
|! charset guessed: koi8-r
|────────────────────────────────────────────────────────────────────────────────
|
|Второе письмо, тоже без метки.
|
|
|
|
|
|
|
|
|
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys C-e
screen
| Inbox: еЭЈ ПДОП                                                          dewey
|  letters from this address: 2, to it: 0
|Date: Tue, 24 February 2026, 12:00
|From: пМШЗБ <olga@example.org>
|Subject: еЭЈ ПДОП
|! charset: windows-1251, as you chose
|────────────────────────────────────────────────────────────────────────────────
|
|чФПТПЕ РЙУШНП, ФПЦЕ ВЕЪ НЕФЛЙ.
|
|
|
|
|
|
|
|
|
|
|
|
|                                                                            all
|letters of olga@example.org are read as windows-1251 from now on; 1 other is
|looked at
keys q
screen
| Inbox: 7 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
>         24 Feb  пМШЗБ                 еЭЈ ПДОП
|         24 Feb  пМШЗБ                 рЙУШНП РЕТЧПЕ
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys j Enter
has charset: windows-1251, as you chose
keys :
type charset koi8-r
keys Enter
has From: Ольга <olga@example.org>
has charset: koi8-r, as you chose
keys :
type charset auto
keys Enter
has charset guessed: koi8-r
has letters of olga@example.org are read as they say again
keys q
screen
| Inbox: 7 messages, 2 unread                                              dewey
| N        07:15  Tanaka 太郎           東京の月曜日
|         24 Feb  Ольга                 Ещё одно
>         24 Feb  Ольга                 Письмо первое
|  !      24 Feb  Мария                 Счёт за февраль
|         23 Feb  Anna Lind             Where do we walk on Saturday?
|         23 Feb  Boris                 └─>
| N       23 Feb  Anna Lind               └─>
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|                                                                            all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  m:Write  r:Reply  ?:Help
keys k Enter :
type charset klingon
keys Enter
has unknown charset 'klingon'
keys q k Enter C-e
has this letter is read as
keys C-e C-e C-e C-e C-e C-e C-e
has 東京は晴れです。
