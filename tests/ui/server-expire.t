# How long the server keeps letters stands in the title (P-19).
use server.inc
file capa 0600
|EXPIRE 30
size 12 100
start
keys M
wait 4 letters, 4 new
wait kept there for 30 days
keys q
file capa 0600
|EXPIRE 0
keys M
wait , not kept there
keys q
file capa 0600
|EXPIRE NEVER
keys M
wait as of 12:00
gone not kept there
hasnt kept there
