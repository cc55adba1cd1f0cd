# M-61: links of a letter within are followed by their numbers, as those of the letter are.
dotfile
|[account home]
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
letter Inbox S
|From: Anna <anna@example.net>
|To: ivan@example.org
|Subject: Forwarded
|Date: Mon, 23 Feb 2026 20:00:00 +0000
|Content-Type: multipart/mixed; boundary=b
|
|--b
|
|See below.
|--b
|Content-Type: message/rfc822
|
|From: Boris <boris@example.net>
|Subject: Inner
|Content-Type: text/html
|
|<p><a href="https://one.example/">First</a> and
|<a href="https://evil.example/">www.bank.example</a></p>
|--b--
size 14 120
start
keys Enter v j Enter
wait A letter within: Inner
keys o
has Open link number:
has [2]
type 2
keys Enter
has Open evil.example?
has The letter names another place for it!
keys n q q
has See below.
