# Plain text: threads, format=flowed, long lines, lists.
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open golden/ru-thread.eml
screen
| Inbox: Re: Поездка на дачу в субботу                                     dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Мария Сергеева <maria@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Re: Поездка на дачу в субботу
|────────────────────────────────────────────────────────────────────────────────
|
|Добрый день, Иван!
|
|> Я думаю выехать в девять, чтобы к обеду быть на месте.
|> > А может быть, в восемь? По субботам после девяти на шоссе уже стоят.
|> > > Пишите, кто когда сможет: машина одна, мест четыре.
|
|В восемь мне удобнее. Захвачу пирог с капустой, самовар и чёрный чай; с вас, как
|договаривались, дрова и хорошее настроение. Если будет дождь, останемся на
|веранде и поиграем в шахматы.
|
|--
|Мария Сергеева
|отдел писем, тел. 123-45-67
|
|
|
|
|
|
|
|
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
open mail/flowed.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|This paragraph is flowed over two lines.
|> > Quoted twice and flowed as well.
|> Once.
|From stuffed.
|--
|Signature
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/flowed-delsp.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|Это слово разорвано.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/flowed-quotes.eml
screen
| Inbox: Re: Flowed                                                        dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Anna <anna@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Re: Flowed
|────────────────────────────────────────────────────────────────────────────────
|
|> This paragraph is quoted and flowed, which means that it may be wrapped anew
|> at any width without becoming ragged.
|> > Deeper words that are flowed as well.
|
|And an answer that was written in lines of seventy columns and comes out as one
|paragraph as wide as the screen is.
|
|--
|Anna
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/quotes.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|> > twice
|> > also twice
|> once
|none
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/long-lines.eml
screen
| Inbox: Very long lines                                                   dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Log <log@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Very long lines
|────────────────────────────────────────────────────────────────────────────────
|
|word word word word word word word word word word word word word word word word
|word word word word word word word word word word word word word word word word
|word word word word word word word word word word word word word word word word
|word word word word word word word word word word word word word word word word
|word word word word word word word word word word word word word word word word
|word word word word word word word word word word word word word word word word
|word word word word word word word word word word word word word word word word
|word word word word word word word word
|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
|xxxxxxxxxxxxxxxxxxxx
|/usr/share/very-long-directory-name/very-long-directory-name/very-long-directory
|-name/very-long-directory-name/very-long-directory-name/very-long-directory-name
|/very-long-directory-name/very-long-directory-name/file
|        tab     stops   here
|end
|
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
open golden/list-footer.eml
screen
| Inbox: [boxes] Cups                                                      dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Boris <boris@example.net>
|Sender: <boxes-bounces@lists.example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: [boxes] Cups
|────────────────────────────────────────────────────────────────────────────────
|
|Where are the cups?
|
|_______________________________________________
|Boxes mailing list
|Boxes@lists.example.net
|https://lists.example.net/listinfo/boxes
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/uuencode.eml
screen
| Inbox: File below                                                        dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Old Timer <old@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: File below
|Attached: 1.1: cups.txt (text/plain, 34 B)
|────────────────────────────────────────────────────────────────────────────────
|
|Here is the file.
|
|[attached file: cups.txt]
|
|Regards
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/trick-combining.eml
screen
| Inbox: Zalgo                                                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Z <z@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Zalgo
|────────────────────────────────────────────────────────────────────────────────
|
|H̀̀̀̀̀̀̀̀é́́́́́́́llo
|hidden joiners
|Softhyphen
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/trick-fake-header.eml
screen
| Inbox: Fake                                                              dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Eve <eve@evil.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Fake
|────────────────────────────────────────────────────────────────────────────────
|
|From: Director <director@bank.example>
|Date: Mon, 2 Mar 2026
|Subject: Pay at once
|────────────────────────────────────────────────────────────────────────────────
|✓ signed by Director <director@bank.example>
|
|Pay at once.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
