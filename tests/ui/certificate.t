# A certificate that cannot be verified: the page says host, reason and fingerprint,
# and the key is accepted by a word typed in full, and by nothing less (T-02).
use letters.inc
agent dewey-pop3
|#!/usr/bin/python3
|import json, sys
|def say(**record):
|    print(json.dumps(record), flush=True)
|say(event="hello", version=1, program="dewey-pop3")
|for line in sys.stdin:
|    request = json.loads(line)
|    if request["do"] == "fetch":
|        fetch = request["id"]
|        say(event="ask", id=fetch, ask=1, what="certificate", host="pop.example.org", port=995,
|            reason="it is self-signed", fingerprint="sha256:" + 16 * "47de",
|            text="The certificate of 'pop.example.org' \u001b[31m(port 995) cannot be trusted: "
|                 "it is self-signed.\n\nThe fingerprint is (SHA-256)\n\n    "
|                 + " ".join(8 * ["47de"]) + "\n    " + " ".join(8 * ["47de"])
|                 + "\n\nRefuse if you do not know.")
|    if request["do"] == "answer":
|        good = request.get("secret") == "yes"
|        say(**(dict(event="done", id=fetch, new=0) if good else
|               dict(event="failed", id=fetch, code="certificate", retry="ask",
|                    text="nobody vouches for it")))
size 16 72
start
keys G
wait accept this key
screen
| Certificate of pop.example.org                                   dewey
|The certificate of 'pop.example.org' ␛[31m(port 995) cannot be trusted:
|it is self-signed.
|
|The fingerprint is (SHA-256)
|
|    47de 47de 47de 47de 47de 47de 47de 47de
|    47de 47de 47de 47de 47de 47de 47de 47de
|
|Refuse if you do not know.
|
|
|
|
| fetching home                                                      all
|Type "yes" to accept this key:
keys <Enter>
wait nobody vouches
hasnt fingerprint
keys G
wait accept this key
type y
keys <Enter>
wait nobody vouches
keys G
wait accept this key
keys <Esc>
wait nobody vouches
has Where do we walk
keys G
wait accept this key
type yes
keys <Enter>
wait no new messages
hasnt fingerprint
