# Newsletters, shops, quotes, broken HTML and worse (M-60 to M-62).
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open mail/html.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|! 1 remote file not fetched (tracker.example)
|────────────────────────────────────────────────────────────────────────────────
|
|Новости
|
|Первый абзац с ссылкой [1] и жирным.
|
|• one
|• two
|  • inner
|1. first
|2. second
|
|> quoted
|>
|> > twice
|
|a  b
|c  d
|
|  keep
|   this
|
|[a cat]
|
|Go to https://bank.example.com/ [2] or here or again [1].
|Last.
|
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open golden/ru-newsletter.eml
screen
| Inbox: Новинки марта и скидки до воскресенья                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Книжная лавка <news@lavka.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Новинки марта и скидки до воскресенья
|! 2 remote files not fetched (pictures.lavka.example, track.lavka.example), 1 to
|  tell that you read it
|────────────────────────────────────────────────────────────────────────────────
|
|[Книжная лавка]  Открыть в браузере [1]
|
|Новинки марта
|
|Здравствуйте, Иван! На этой неделе мы получили три книги, о которых вы
|спрашивали.
|
|Книга                                                   Автор              Цена
|──────────────────────────────────────────────────────  ────────────  ─────────
|Как построить дом                                       П. Плотников   450 руб.
|Грибы средней полосы: полный определитель с картинками  А. Лесная     1200 руб.
|Сто задач                                               И. Считалов     99 руб.
|
|• Доставка по почте [2]
|  • до двери
|  • до отделения
|• Самовывоз
|
|Отписаться можно здесь [3].
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
open golden/html-order.eml
screen
| Inbox: Your order 4711 is on its way                                     dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Shop <orders@shop.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Your order 4711 is on its way
|────────────────────────────────────────────────────────────────────────────────
|
|Thank you, Ivan
|
|Item                                                        Pieces   Each    Sum
|──────────────────────────────────────────────────────────  ──────  ─────  ─────
|Kettle, steel, 1.7 litres, with a whistle that can be       1       29.90  29.90
|heard in the garden
|
|Cups                                                        6        4.50  27.00
|
|                                                                  Postage   5.00
|
|                                                                    Total  61.90
|
|Sent to:
|Ivan Petrov
|1 Long Street
|Townsville
|
|Where is it? [1]
|
|────────────────────
|
|You get this letter since you ordered with us. Terms [2] | Privacy [3]
|
|
|
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open golden/html-lists.eml
screen
| Inbox: Steps and lists                                                   dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Docs <docs@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Steps and lists
|────────────────────────────────────────────────────────────────────────────────
|
|Moving house
|
|Before
|
|1. Count the boxes
|  1. books
|  2. cups
|2. Call the van
|7. Seventh thing
|
|Then
|
|• Drink tea
|  • green
|    • from a bowl
|
|Van
|  A car for things.
|Box
|  A thing for things.
|
|for box in $(boxes); do
|    carry   "$box"   # not wrapped even if this line is much longer than eighty
|columns are wide
|done
|
|E = mc2, H2O, old new, 1 < 2 && 3 > 2, café, € 5, a b.
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open golden/html-quote.eml
screen
| Inbox: Re: The garden                                                    dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Lena <lena@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Re: The garden
|────────────────────────────────────────────────────────────────────────────────
|
|I agree with all of it.
|
|On Sunday Ivan wrote:
|
|> We could plant apples along the fence, where the ground is dry and there is
|> sun from the morning to the evening.
|>
|> > What about pears?
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/html-phish.eml
screen
| Inbox: Your account is limited                                           dewey
|! answers go to collector@elsewhere.example · ? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Bank security <service@bank.example>
|Reply to: <collector@elsewhere.example>
|To: Ivan Petrov <ivan@example.org>
|Subject: Your account is limited
|────────────────────────────────────────────────────────────────────────────────
|
|Dear customer, please confirm at https://www.bank.example/login [1] today.
|
|Or our site [2], or here, or there, and there.
|
|Log in
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/html-broken.eml
screen
| Inbox: Broken HTML                                                       dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Old <old@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Broken HTML
|────────────────────────────────────────────────────────────────────────────────
|
|cell one    cell two
|cell three
|
|open bold both italic
|
|second link
|
|third &nosuch; &amp text [1]
|
|after the end
|
|
|
|
|
|
|
|
|
|
|
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
open golden/html-nested-tables.eml
screen
| Inbox: A layout of tables                                                dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Letters <letters@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: A layout of tables
|────────────────────────────────────────────────────────────────────────────────
|
|Home [1]
|News [2]
|
|Spring
|
|The snow is gone and the river is high. On the bank the first flowers are out,
|and whoever has a boat is painting it.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/html-related.eml
screen
| Inbox: With a picture inside                                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Pictures <pics@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: With a picture inside
|Attached: 2: sun.png (image/png, 176 B)
|────────────────────────────────────────────────────────────────────────────────
|
|Look: [the sun] and [picture]
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/html-differs.eml
screen
| Inbox: Plain and HTML differ                                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Two <two@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Plain and HTML differ
|! the HTML of this letter says something else than this text
|────────────────────────────────────────────────────────────────────────────────
|
|Nothing of interest here, the meeting is as planned on Tuesday at ten in the
|usual room.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/alternative.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|The plain text.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/alternative-stub.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|The long letter that everybody should read. The long letter that everybody
|should read. The long letter that everybody should read. The long letter that
|everybody should read. The long letter that everybody should read. The long
|letter that everybody should read. The long letter that everybody should read.
|The long letter that everybody should read. The long letter that everybody
|should read. The long letter that everybody should read. The long letter that
|everybody should read. The long letter that everybody should read.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
