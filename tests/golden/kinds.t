# Reports and receipts (their fields once, in the card), patches, invitations, digests, forwarded letters, cards.
size 40 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open mail/report.eml
screen
| Inbox: Undelivered                                                       dewey
|? first letter from this address
|Date: not given
|From: <MAILER-DAEMON@example.org>
|To: <ivan@example.org>
|Subject: Undelivered
|────────────────────────────────────────────────────────────────────────────────
|Reported: nobody@example.org: not delivered: 5.1.1
|press A to send it again to those whom it did not reach
|────────────────────────────────────────────────────────────────────────────────
|
|Your message was not delivered.
|
|Subject: the lost letter
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/report-failed.eml
screen
| Inbox: Delivery Status Notification (Failure)                            dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Mail Delivery Subsystem <mailer-daemon@mx.example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Delivery Status Notification (Failure)
|────────────────────────────────────────────────────────────────────────────────
|Reported: nobody@example.net: not delivered: 550 5.1.1 no such user
|          full@example.net: delayed, the server goes on trying: 452 4.2.2
|          mailbox full
|press A to send it again to those whom it did not reach
|────────────────────────────────────────────────────────────────────────────────
|
|Your letter could not be delivered to one or more recipients.
|
|A letter within:
|  From: ivan@example.org
|  To: nobody@example.net, full@example.net
|  Subject: Boxes
|
|How many boxes are there?
|
|
|
|
|
|
|
|
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
open golden/report-receipt.eml
screen
| Inbox: Read: Boxes                                                       dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Anna <anna@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Read: Boxes
|────────────────────────────────────────────────────────────────────────────────
|Reported: anna@example.net: read
|────────────────────────────────────────────────────────────────────────────────
|
|The letter was displayed. This does not say that it was understood.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/patch.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|Attached: 2: fix.patch (text/x-patch, 25 B)
|────────────────────────────────────────────────────────────────────────────────
|
|The patch follows.
|
|--- a/x
|+++ b/x
|-old
|+new
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/patch-series.eml
screen
| Inbox: [PATCH 2/3] lib: count the boxes once                             dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: [PATCH 2/3] lib: count the boxes once
|────────────────────────────────────────────────────────────────────────────────
|
|The boxes were counted for each van. Count them when the list is made.
|
|Signed-off-by: Petra <petra@example.net>
|---
| lib/box.c | 7 ++++---
| 1 file changed, 4 insertions(+), 3 deletions(-)
|
|diff --git a/lib/box.c b/lib/box.c
|index 1111111..2222222 100644
|--- a/lib/box.c
|+++ b/lib/box.c
|@@ -10,7 +10,8 @@ struct boxes {
|
| int boxes_total(const struct boxes *b)
| {
|-       int n = 0;
|-       for (int i = 0; i < b->vans; i++)
|-               n += count(b, i);
|-       return n;
|+       return b->total;
| }
|+
|+/* counted once */
|--
|
|2.39.2
|
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
open golden/invitation.eml
screen
| Inbox: Invitation: Moving boxes                                          dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Invitation: Moving boxes
|────────────────────────────────────────────────────────────────────────────────
|
|  An invitation
|  Event:     Moving boxes
|  When:      Tue, 10 March 2026, 12:00 – 13:30 (15:00 in Europe/Moscow)
|  Repeats:   every week (Tue), 4 times
|  Where:     Room 3
|  Organizer: Petra <petra@example.net>
|  Invited:   Ivan Petrov <ivan@example.org>: not answered
|             Anna <anna@example.net>: accepted, need not come
|
|Bring the list of boxes.
|Tea is there.
|
|You are invited; see the calendar part.
|
|
|
|
|
|
|
|
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
open golden/invitation-ru.eml
screen
| Inbox: Приглашение: Переезд                                              dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Приглашение: Переезд
|────────────────────────────────────────────────────────────────────────────────
|
|  An invitation
|  Event:     Переезд: считаем коробки
|  When:      Tue, 10 March 2026, 12:00 – 13:30 (15:00 in Europe/Moscow)
|  Repeats:   every week (Tue), 4 times
|  Where:     Комната 3, второй этаж
|  Organizer: Petra <petra@example.net>
|  Invited:   Ivan Petrov <ivan@example.org>: not answered
|             Anna <anna@example.net>: accepted, need not come
|
|Bring the list of boxes.
|Tea is there.
|
|You are invited; see the calendar part.
|
|
|
|
|
|
|
|
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
open golden/invitation-cancel.eml
screen
| Inbox: Cancelled: Moving boxes                                           dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Cancelled: Moving boxes
|────────────────────────────────────────────────────────────────────────────────
|
|  It is called off
|  Event:     Moving boxes
|  When:      Tue, 10 March 2026, 12:00 – 13:30 (15:00 in Europe/Moscow)
|  Repeats:   every week (Tue), 4 times
|  Where:     Room 3
|  Organizer: Petra <petra@example.net>
|  Invited:   Ivan Petrov <ivan@example.org>: not answered
|             Anna <anna@example.net>: accepted, need not come
|
|Bring the list of boxes.
|Tea is there.
|
|You are invited; see the calendar part.
|
|
|
|
|
|
|
|
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
open golden/digest.eml
screen
| Inbox: Boxes Digest, Vol 3, Issue 1                                      dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Boxes list <boxes-request@lists.example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Boxes Digest, Vol 3, Issue 1
|────────────────────────────────────────────────────────────────────────────────
|
|A letter within:
|  From: anna@example.net
|  Subject: Question 1
|  Date: Sun, 01 Mar 2026 08:00:00 +0000
|
|Text of question 1.
|
|A letter within:
|  From: boris@example.net
|  Subject: Question 2
|  Date: Sun, 02 Mar 2026 08:00:00 +0000
|
|Text of question 2.
|
|A letter within:
|  From: cora@example.net
|  Subject: Question 3
|  Date: Sun, 03 Mar 2026 08:00:00 +0000
|
|Text of question 3.
|
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
open golden/forwarded.eml
screen
| Inbox: Fwd: Keys                                                         dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Boris <boris@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Fwd: Keys
|Attached: 2: (no name) (message/rfc822, 431 B)
|          2.2: keys.csv (text/csv, 14 B)
|────────────────────────────────────────────────────────────────────────────────
|
|See below.
|
|A letter within:
|  From: Пётр <petr@example.org>
|  To: boris@example.net
|  Subject: Ключи
|  Date: Sun, 1 Mar 2026 08:00:00 +0300
|
|Ключи лежат на столе.
|
|
|
|
|
|
|
|
|
|
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
open mail/nested.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|Attached: 2.2: a.pdf (application/pdf, 4 B)
|────────────────────────────────────────────────────────────────────────────────
|
|See below.
|
|A letter within:
|  From: Анна <anna@example.org>
|  To: ivan@example.org
|  Subject: inner
|
|Inner text.
|
|
|
|
|
|
|
|
|
|
|
|
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
open mail/nested-base64.eml
screen
| Inbox: test                                                              dewey
|? from your own address
|Date: Thu, 12 March 2026, 07:00
|From: Ivan <ivan@example.org>
|To: <anna@example.org>
|Subject: test
|────────────────────────────────────────────────────────────────────────────────
|
|A letter within:
|  From: anna@example.org
|  Subject: encoded inner
|
|Deep text.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
open golden/contact.eml
screen
| Inbox: My card                                                           dewey
|? first letter from this address
|Date: Mon,  2 March 2026, 07:00
|From: Cora <cora@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: My card
|Attached: 2: cora.vcf (text/vcard, 254 B)
|────────────────────────────────────────────────────────────────────────────────
|
|As you asked.
|
|  Name:         Cora Ivanova
|  Organization: Boxes Ltd
|  Position:     Head of cups
|  Phone:        +7 900 000-00-00
|  E-mail:       cora@example.net
|  Address:      1 Long Street, Townsville, 12345, Nowhere
|  Page:         https://cora.example.net/
|
|
|
|
|
|
|
|
|
|
|
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
open golden/trick-receipt.eml
screen
| Inbox: Did you read it?                                                  dewey
|? first letter from this address · asks for a receipt (:send-receipt)
|Date: Mon,  2 March 2026, 07:00
|From: Curious <curious@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Did you read it?
|────────────────────────────────────────────────────────────────────────────────
|
|Please confirm.
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
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
