# Japanese, Chinese, Korean, Hebrew, Arabic, Greek, emoji.
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open golden/ja-iso-2022.eml
screen
| Inbox: 会議の日程について                                                dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: 田中花子 <hanako@example.jp>
|To: Ivan Petrov <ivan@example.org>
|Subject: 会議の日程について
|────────────────────────────────────────────────────────────────────────────────
|
|田中です。
|
|来週の会議は水曜日の午後三時から、二階の会議室で行います。資料は前日までに送りま
|すので、目を通しておいてください。
|
|> 場所はどこですか。
|> 何か用意するものはありますか。
|
|よろしくお願いします。
|--
|田中花子
|
|
|
|
|
|
|
|
|
|
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
open golden/ja-sjis.eml
screen
| Inbox: 写真ありがとう                                                    dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: 太郎 <taro@example.jp>
|To: Ivan Petrov <ivan@example.org>
|Subject: 写真ありがとう
|────────────────────────────────────────────────────────────────────────────────
|
|写真をありがとうございました。とてもきれいに撮れていますね。
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/zh-gb.eml
screen
| Inbox: 周末的安排                                                        dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: 李明 <li@example.cn>
|To: Ivan Petrov <ivan@example.org>
|Subject: 周末的安排
|────────────────────────────────────────────────────────────────────────────────
|
|你好,
|
|周末我们去爬山,早上八点在车站集合。请带上水和午饭。
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/ko-euc.eml
screen
| Inbox: 주말 약속                                                         dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: 김민수 <kim@example.kr>
|To: Ivan Petrov <ivan@example.org>
|Subject: 주말 약속
|────────────────────────────────────────────────────────────────────────────────
|
|안녕하세요. 토요일 오후에 만나기로 한 약속을 일요일로 바꿀 수 있을까요?
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/he-plain.eml
screen
| Inbox: פגישה ביום ראשון                                                  dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: דוד כהן <david@example.il>
|To: Ivan Petrov <ivan@example.org>
|Subject: פגישה ביום ראשון
|────────────────────────────────────────────────────────────────────────────────
|
|שלום איוון,
|
|הפגישה תהיה ביום ראשון בשעה 10:30 במשרד (קומה 3). אנא אשר את הגעתך עד יום חמישי.
|
|> When do we meet?
|
|תודה,
|דוד
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/he-html.eml
screen
| Inbox: הזמנה                                                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: דוד כהן <david@example.il>
|To: Ivan Petrov <ivan@example.org>
|Subject: הזמנה
|────────────────────────────────────────────────────────────────────────────────
|
|שלום איוון, ההזמנה בקובץ כאן [1].
|
|The code is ABC-123 & the price 40.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/ar-plain.eml
screen
| Inbox: موعد الزيارة                                                      dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: ليلى <layla@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: موعد الزيارة
|────────────────────────────────────────────────────────────────────────────────
|
|مرحبا إيفان،
|موعد الزيارة يوم الاثنين الساعة 9:00. رقم الغرفة 12.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/greek-latin.eml
screen
| Inbox: Καλημέρα                                                          dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Νίκος <nikos@example.gr>
|To: Ivan Petrov <ivan@example.org>
|Subject: Καλημέρα
|────────────────────────────────────────────────────────────────────────────────
|
|Καλημέρα! Σας στέλνω τις φωτογραφίες από το ταξίδι στην Κρήτη.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/emoji.eml
screen
| Inbox: Party 🎂 on Friday 👩👩👧👦                                       dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Jo 🎉 <jo@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Party 🎂 on Friday 👩👩👧👦
|────────────────────────────────────────────────────────────────────────────────
|
|Hello 👋!
|
|The whole family 👩👩👧👦 comes, flags are up 🇳🇱🇫🇮, and there is cake 🎂🎂🎂🎂🎂
|🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂🎂.
|Combining: é ñ ö, and keycap 1⃣.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/multilingual.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|这是一封信
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
