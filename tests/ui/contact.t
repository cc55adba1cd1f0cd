# M-44: the card of a person is shown as one, and has not the look of the letter's own
# header; M-50: it is saved by a key, all cards of the letter in one file, never over
# another one.
letter Inbox S
|From: Cora <cora@example.net>
|To: ivan@example.org
|Subject: Our cards
|Date: Mon, 02 Mar 2026 10:00:00 +0300
|Message-ID: <cards.1@example.net>
|Content-Type: multipart/mixed; boundary=edge
|
|--edge
|Content-Type: text/plain
|
|As you asked.
|--edge
|Content-Type: text/vcard; charset=utf-8
|Content-Disposition: attachment; filename=cora.vcf
|
|BEGIN:VCARD
|VERSION:4.0
|FN:Cora Ivanova
|ORG:Boxes Ltd
|TEL;TYPE=CELL:tel:+7-900-000-00-00
|EMAIL:cora@example.net
|ADR;TYPE=HOME:;;1 Long Street with a name that goes on and on;Townsville;;12345;Nowhere
|NOTE:From: Bank <bank@example.com>
|PHOTO:data:image/jpeg;base64,MICAgIC
|END:VCARD
|
|--edge
|Content-Type: text/x-vcard
|
|BEGIN:VCARD
|VERSION:3.0
|FN:Boris
|EMAIL:boris@example.net
|END:VCARD
|
|--edge--
letter Inbox S
|From: Cora <cora@example.net>
|To: ivan@example.org
|Subject: No card
|Date: Mon, 02 Mar 2026 09:00:00 +0300
|Message-ID: <cards.2@example.net>
|
|x
size 26 80
start
keys <Enter>
screen
| Inbox: Our cards                                                         dewey
|  letters from this address: 2, to it: 0
|Date: Mon,  2 March 2026, 07:00
|From: Cora <cora@example.net>
|To: <ivan@example.org>
|Subject: Our cards
|Attached: 2: cora.vcf (text/vcard, 282 B)
|────────────────────────────────────────────────────────────────────────────────
|
|As you asked.
|
|  Name:         Cora Ivanova
|  Organization: Boxes Ltd
|  Phone:        +7-900-000-00-00
|  E-mail:       cora@example.net
|  Address:      1 Long Street with a name that goes on and on, Townsville,
|                12345, Nowhere
|  Note:         From: Bank <bank@example.com>
|
|  Name:   Boris
|  E-mail: boris@example.net
|
|
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys M-c
has Save the card as: Cora Ivanova.vcf
keys C-u
type $DIR/Mail/cards.vcf
keys <Enter>
has saved as
grep Mail/cards.vcf PHOTO:data:image/jpeg
grep Mail/cards.vcf FN:Boris
keys M-c C-u
type $DIR/Mail/cards.vcf
keys <Enter>
has is there already
keys j M-c
has there is no card of a person in this message
