# Attachments and broken structures (M-10, M-50, M-52).
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open golden/ru-attachments.eml
screen
| Inbox: Документы к договору                                              dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Мария Сергеева <maria@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Документы к договору
|Attached: 2: Договор N 7.pdf (application/pdf, 909 B)
|          3: Таблица расходов.xls (application/vnd.ms-excel, 304 B)
|────────────────────────────────────────────────────────────────────────────────
|
|Прилагаю договор и таблицу.
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
open golden/trick-file-names.eml
screen
| Inbox: Files                                                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Eve <eve@evil.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Files
|Attached: 2! invoice‹202E›fdp.exe (application/pdf, 62 B): this is a program:
|          application/pdf
|          3: ../../.ssh/authorized_keys (image/png, 12 B)
|          4! report.pdf.sh (text/plain, 20 B): this is a program or page that
|          poses as another file: text/x-script
|          5: aux.txt (application/octet-stream, 3 B)
|          6: -rf $(id);`id`.zip (application/zip, 4 B)
|────────────────────────────────────────────────────────────────────────────────
|
|Files.
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
open mail/boundary-missing.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|No boundary was named.
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
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/boundary-prefix.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|inner
|
|outer
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
open mail/boundary-unended.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|The end never comes.
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
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/base64-cut.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|Cut in the midd
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
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/encoding-unknown.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|Unknown encoding.
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
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/content-type-text.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|A type without a subtype.
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
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/empty.eml
screen
| Inbox: (no subject)                                                      dewey
|? no sender is named
|Date: not given
|Subject: (no subject)
|────────────────────────────────────────────────────────────────────────────────
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
|
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/one-byte.eml
screen
| Inbox: (no subject)                                                      dewey
|? no sender is named
|Date: not given
|Subject: (no subject)
|────────────────────────────────────────────────────────────────────────────────
|
|x
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
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/nul.eml
screen
| Inbox: before�after                                                      dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: before�after
|────────────────────────────────────────────────────────────────────────────────
|
|body�text
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
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/cr-only.eml
screen
| Inbox: bare cr                                                           dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: bare cr
|────────────────────────────────────────────────────────────────────────────────
|
|line one
|line two
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
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/no-blank-line.eml
screen
| Inbox: no blank                                                          dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: no blank
|────────────────────────────────────────────────────────────────────────────────
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
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/garbage-first.eml
screen
| Inbox: late                                                              dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: late
|────────────────────────────────────────────────────────────────────────────────
|
|body
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
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/escapes.eml
screen
| Inbox: ␛]0;owned␇␊␍next ␛]0;owned␇␛[31m›2J                               dewey
|! poses as '␛]0;owned␇␛[2J <a␛[31m@example.org>' · ? 1 more: M-t
|Date: not given
|From: ␛]0;owned␇␛[2J <a␛[31m@example.org>
|To: ␛]0;owned␇␛[31m›2J <b@example.org>
|Subject: ␛]0;owned␇␊␍next ␛]0;owned␇␛[31m›2J
|Attached: 3: ␛]0;owned␇␛[2J (application/x-, 4 B)
|! charset guessed: windows-1252
|────────────────────────────────────────────────────────────────────────────────
|
|␛]0;owned␇␛[31m›2J body Â›31m
|
|[31m›2J]0;x [1]
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
open mail/bidi.eml
screen
| Inbox: a‹202E›bc                                                         dewey
|? from your own address
|Date: not given
|From: Ivan ‹202E›gro.live <ivan@example.org>
|Subject: a‹202E›bc
|! charset guessed: utf-8
|────────────────────────────────────────────────────────────────────────────────
|
|body override
|isolate
|plain
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
