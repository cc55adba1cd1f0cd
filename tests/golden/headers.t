# Header fields: raw octets, encoded words broken by mailers, names and addresses (M-05, M-07, M-11, M-43).
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open mail/raw-header-1251.eml
screen
| Inbox: Совершенно сырой заголовок                                        dewey
|? from your own address
|Date: not given
|From: Иван Петров <ivan@example.org>
|To: <anna@example.org>
|Subject: Совершенно сырой заголовок
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
open mail/raw-header-utf8.eml
screen
| Inbox: Совершенно сырой заголовок                                        dewey
|? from your own address
|Date: not given
|From: Иван Петров <ivan@example.org>
|Subject: Совершенно сырой заголовок
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/words-odd.eml
screen
| Inbox: Re:Приветwith spaces insidexunended                               dewey
|? first letter from this address
|Date: not given
|From: Привет <a@example.org>
|Subject: Re:Приветwith spaces insidexunended
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/words-split-b.eml
screen
| Inbox: Письмо с разорванными буквами tail                                dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: Письмо с разорванными буквами tail
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/words-split-q.eml
screen
| Inbox: Письмо с разорванными буквами tail                                dewey
|? first letter from this address
|Date: not given
|From: Письмо с разорванными буквами <a@example.org>
|Subject: Письмо с разорванными буквами tail
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/names.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|Attached: 2: Отчёт.pdf (application/pdf, 3 B)
|          3: Отчёт.pdf (application/pdf, 3 B)
|          4: Отчёт.pdf (application/pdf, 3 B)
|          5: ../../../etc/passwd (application/octet-stream, 3 B)
|          6: notes.txt (text/plain, 3 B)
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/name-raw-8bit.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|Attached: 2: Отчёт о работе.pdf (application/pdf, 1 B)
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
open mail/addresses.eml
screen
| Inbox: addresses                                                         dewey
|? from your own address
|Date: not given
|From: Petrov, Ivan <ivan@example.org>
|Reply to: just words
|To: Team: <anna@example.org>, B. "Bob" Jones <bob@example.org>, Carl
|    <carl@example.org>
|Subject: addresses
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/several-from.eml
screen
| Inbox: one                                                               dewey
|! several senders: good@example.org, evil@example.net · ? 1 more: M-t
|Date: not given
|From: <good@example.org>, <evil@example.net>
|Subject: one
|! the header 'Subject' stands here more than once
|! there is more than one 'From' header
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/bad-date.eml
screen
| Inbox: bad date                                                          dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: bad date
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open mail/no-header.eml
screen
| Inbox: (no subject)                                                      dewey
|? no sender is named
|Date: not given
|Subject: (no subject)
|────────────────────────────────────────────────────────────────────────────────
|
|
|Only a body.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/only-header.eml
screen
| Inbox: only header                                                       dewey
|? first letter from this address
|Date: not given
|From: <a@example.org>
|Subject: only header
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
open mail/mailsploit.eml
screen
| Inbox: potus�bolt                                                        dewey
|? first letter from this address
|Date: not given
|From: <=?utf-8?b?cG90dXM=?=@example.org>
|Subject: potus�bolt
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open golden/trick-name.eml
screen
| Inbox: Quick question                                                    dewey
|! poses as 'Ivan Petrov <ivan@example.org>' · 2 more: M-t
|Date: Mon,  2 March 2026, 07:00
|From: <thief@evil.example> (under the name of another address)
|Reply to: Ivan Petrov <ivan.petrov@freemail.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Quick question
|────────────────────────────────────────────────────────────────────────────────
|
|Are you at your desk? I need a favour, quickly.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/trick-lookalike.eml
screen
| Inbox: Notice                                                            dewey
|! xn--bnk-5cd.example is written in letters that pose as others · ? 1 more: M-t
|Date: Mon,  2 March 2026, 07:00
|From: Служба банка <info@xn--bnk-5cd.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Notice
|────────────────────────────────────────────────────────────────────────────────
|
|Please read the notice.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/trick-long-name.eml
screen
| Inbox: Long                                                              dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: A very long display name that goes on A very long display name that goes
|      on A very long display name that goes on A very long display name that
|      goes on A very long display name that goes on A very long display name
|      that goes on A very long display name that goes on A very long display
|      name that goes on <real@evil.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Long
|────────────────────────────────────────────────────────────────────────────────
|
|Text.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
