# Attachments: listed, read, saved under a safe name, never over something.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: Two files
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <parts.1@example.org>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: text/html; charset=utf-8
|
|<p>See <a href="https://example.org/a">the page</a> and <a href="https://evil.example/">https://bank.example/</a>.</p>
|--x
|Content-Type: text/plain; charset=utf-8; name="notes.txt"
|Content-Disposition: attachment; filename="notes.txt"
|
|Some notes.
|--x
|Content-Type: application/pdf
|Content-Disposition: attachment; filename="../../.hidden/report.pdf"
|Content-Transfer-Encoding: base64
|
|JVBERi0xLjQ=
|--x--
size 14 80
start
keys <Enter>
screen
| Inbox: Two files                                                         dewey
|? first letter from this address
|Date: Wed, 25 February 2026, 09:00
|From: Anna <anna@example.org>
|To: <ivan@example.org>
|Subject: Two files
|Attached: 2: notes.txt (text/plain, 11 B)
|          3: ../../.hidden/report.pdf (application/pdf, 8 B)
|────────────────────────────────────────────────────────────────────────────────
|
|See the page [1] and https://bank.example/ [2].
|
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys C-b
screen
| Links                                                                    dewey
|[1] https://example.org/a
|    the page
|[2] https://evil.example/
|    https://bank.example/
|    ! the text looks like another address than the link's
|
|
|
|
|
|
|                                                                            all
|q:Back  /:Find  ?:Help
keys q v
screen
| Parts of: Two files                                                      dewey
> 1     (no name)                         text/html                        118 B
| 2     notes.txt                         text/plain                        11 B
| 3     ../../.hidden/report.pdf          application/pdf                    8 B
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
keys j <Enter>
screen
| notes.txt                                                                dewey
|Some notes.
|
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
|q:Back  /:Find  ?:Help
keys q j s
screen
| Parts of: Two files                                                      dewey
| 1     (no name)                         text/html                        118 B
| 2     notes.txt                         text/plain                        11 B
> 3     ../../.hidden/report.pdf          application/pdf                    8 B
|
|
|
|
|
|
|
|
|
|Save as: report.pdf
keys <Enter>
has saved as
grep report.pdf %PDF-1.4
keys s <Enter>
has is there already
keys s C-u
type $DIR/Mail
keys <Enter>
has saved as
grep Mail/report.pdf %PDF-1.4
