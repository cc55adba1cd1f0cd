# M-40, M-42: nothing of a letter reaches a cell as a control; the harness looks
# at every cell of every screen.  Wide characters at the last column.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: =?utf-8?Q?=1B]0;evil=07=1B[2J=E2=80=AEtxet?= <e@example.net>
|To: =?utf-8?Q?=C2=9B31m?= <ivan@example.org>
|Subject: =?utf-8?Q?=1B[31mred=E2=80=AE=E2=81=A6_=0D=0A_and=00_gone?=
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <evil.1@example.net>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: text/plain; charset=utf-8
|Content-Transfer-Encoding: quoted-printable
|
|=1B[2Jcleared =C2=9B31m =E2=80=AEright to left=E2=80=AC =07bell=08=08=7F
|a=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81 marks
|--x
|Content-Type: application/octet-stream; name="=?utf-8?Q?=1B[2J..=2F..=2Fpasswd?="
|Content-Disposition: attachment; filename="../../\u001b[2Jpasswd"
|
|data
|--x--
letter Inbox S
|From: wide@example.jp
|Subject: =?utf-8?B?5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs5p2x5Lqs?=
|Date: Wed, 25 Feb 2026 08:00:00 +0000
|Message-ID: <wide.1@example.jp>
|Content-Type: text/plain; charset=utf-8
|Content-Transfer-Encoding: 8bit
|
|東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京
|a東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京
size 20 61
start
screen
| Inbox: 2 messages                                     dewey
>   +      09:00  ␛]0;evil␇␛[2J‹…  ␛[31mred‹202E›‹2066› ␍␊ an…
|          08:00  wide@example.jp  東京東京東京東京東京東京東…
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|                                                         all
|q:Quit  <Enter>:Open  d:Delete  u:Undo  s:Move  ?:Help
keys <Enter>
screen
| Inbox: ␛[31mred‹202E›‹2066› ␍␊ and� gone              dewey
|? first letter from this address
|Date: Wed, 25 February 2026, 09:00
|From: ␛]0;evil␇␛[2J‹202E›txet <e@example.net>
|To: �31m <ivan@example.org>
|Subject: ␛[31mred‹202E›‹2066› ␍␊ and� gone
|Attached: 2: ../../\u001b[2Jpasswd (application/octet-stream,
|          4 B)
|─────────────────────────────────────────────────────────────
|
|␛[2Jcleared �31m right to left ␇bell␈␈␡
|á́́́́́́́ marks
|
|
|
|
|
|
|                                                         all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  ?:Help
keys v
screen
| Parts of: ␛[31mred‹202E›‹2066› ␍␊ and� gone           dewey
> 1     (no name)               text/plain               76 B
| 2     ../../\u001b[2Jpasswd   application/oc…           4 B
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|q:Back  <Enter>:Open  s:Save  ?:Help
keys q e
screen
| Source of: ␛[31mred‹202E›‹2066› ␍␊ and� gone          dewey
|From: =?utf-8?Q?=1B]0;evil=07=1B[2J=E2=80=AEtxet?=
|<e@example.net>
|To: =?utf-8?Q?=C2=9B31m?= <ivan@example.org>
|Subject:
|=?utf-8?Q?=1B[31mred=E2=80=AE=E2=81=A6_=0D=0A_and=00_gone?=
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <evil.1@example.net>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: text/plain; charset=utf-8
|Content-Transfer-Encoding: quoted-printable
|
|=1B[2Jcleared =C2=9B31m =E2=80=AEright to left=E2=80=AC
|=07bell=08=08=7F
|a=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81=CC=81
|=CC=81 marks
|                                                         68%
|q:Back  /:Find  ?:Help
keys q j
screen
| Inbox: 東京東京東京東京東京東京東京東京東京東京       dewey
|? first letter from this address
|Date: Wed, 25 February 2026, 08:00
|From: <wide@example.jp>
|Subject: 東京東京東京東京東京東京東京東京東京東京
|─────────────────────────────────────────────────────────────
|
|東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京
|東京東京東京東京東京
|a東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京
|東京東京東京東京東京
|
|
|
|
|
|
|
|                                                         all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  ?:Help
size 20 60
screen
| Inbox: 東京東京東京東京東京東京東京東京東京東京      dewey
|? first letter from this address
|Date: Wed, 25 February 2026, 08:00
|From: <wide@example.jp>
|Subject: 東京東京東京東京東京東京東京東京東京東京
|────────────────────────────────────────────────────────────
|
|東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京
|東京東京東京東京東京
|a東京東京東京東京東京東京東京東京東京東京東京東京東京東京東
|京東京東京東京東京東京
|
|
|
|
|
|
|
|                                                        all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  ?:Help
size 20 62
screen
| Inbox: 東京東京東京東京東京東京東京東京東京東京        dewey
|? first letter from this address
|Date: Wed, 25 February 2026, 08:00
|From: <wide@example.jp>
|Subject: 東京東京東京東京東京東京東京東京東京東京
|──────────────────────────────────────────────────────────────
|
|東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東
|京東京東京東京東京
|a東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京
|東京東京東京東京東京
|
|
|
|
|
|
|
|                                                          all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  ?:Help
size 20 9
screen
| Inbox:…
|? first …
|Da… Wed,
|    25
|    Febru
|    ary
|    2026,
|    08:00
|Fr… <wide
|    @exam
|    ple.j
|    p>
|Su… 東京
|    東京
|    東京
|    東京
|    東京
|    東京
|     38%
|q:Back
