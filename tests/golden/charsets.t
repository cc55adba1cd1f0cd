# Letters in the character sets of everyday mail, right, wrong and missing labels (M-07, M-12).
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open mail/koi8-r.eml
screen
| Inbox: Привет из кодировки                                               dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Привет из кодировки
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/windows-1251.eml
screen
| Inbox: Привет из кодировки                                               dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Привет из кодировки
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/cp866.eml
screen
| Inbox: Привет из кодировки                                               dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Привет из кодировки
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/iso-8859-5.eml
screen
| Inbox: Привет из кодировки                                               dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Привет из кодировки
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/latin1.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|Voilà une lettre écrite en français, très élégante.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/utf-8.eml
screen
| Inbox: Привет из кодировки                                               dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Привет из кодировки
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/utf-16.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|Юникод в два октета
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/utf-7.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|+ADw-script+AD4-
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/unlabelled-koi8-r.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: koi8-r
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/unlabelled-cp1251.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: windows-1251
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/unlabelled-cp866.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: cp866
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/unlabelled-iso8859-5.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: iso-8859-5
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/mislabelled-1251-as-latin1.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: windows-1251
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/mislabelled-koi8-as-1251.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: koi8-r
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/mislabelled-utf8-as-latin1.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: utf-8
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/ru-double.eml
screen
| Inbox: Счёт за март                                                      dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: <anna@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Счёт за март
|! encoded twice, and mended: utf-8 that was read as windows-1252
|────────────────────────────────────────────────────────────────────────────────
|
|Иван, посылаю счёт за март, проверьте, пожалуйста, сумму до пятницы.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/ru-short.eml
screen
| Inbox: Re:                                                               dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Оля <olya@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Re:
|! charset guessed: windows-1251
|────────────────────────────────────────────────────────────────────────────────
|
|Да, приду.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/label-typo.eml
screen
| Inbox: Привет из кодировки                                               dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Привет из кодировки
|────────────────────────────────────────────────────────────────────────────────
|
|Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/invalid-utf8.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|Слова по-русски и один � чужой октет.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/iso-2022-jp-undeclared.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! charset guessed: iso-2022-jp
|────────────────────────────────────────────────────────────────────────────────
|
|これは手紙です
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
