# A picture is a page of its own; one that is none says so.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: Anna <anna@example.org>
|To: ivan@example.org
|Subject: Red
|Date: Wed, 25 Feb 2026 09:00:00 +0000
|Message-ID: <picture.1@example.org>
|Content-Type: multipart/mixed; boundary=x
|
|--x
|Content-Type: image/png; name=red.gif
|Content-Transfer-Encoding: base64
|
|R0lGODdhBAACAIAAAP8AAAAA/ywAAAAABAACAAACA4RvBQA7
|--x
|Content-Type: image/gif; name=torn.gif
|Content-Transfer-Encoding: base64
|
|R0lGODdhBAACAIAAAP8AAA==
|--x--
size 14 60
start
keys <Enter> v <Enter>
screen
| red.gif (4 × 2)                                      dewey
|
|
|
|
|
|
|
|
|
|
|
|
|q:Back  /:Find  ?:Help
# Another size: it is decoded again.
size 10 40
has red.gif (4 × 2)
keys q
has Parts of: Red
keys j <Enter>
has the picture is damaged or too large
