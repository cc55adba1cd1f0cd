# What is told of a letter's HTML, its other form by one key, and tables on another
# screen (M-60, M-62).
size 24 80
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
open golden/html-differs.eml
has Nothing of interest here
has the HTML of this letter says something else than this text
keys M-h
has Send money to account
has the plain text of this letter says something else than this HTML
hasnt Nothing of interest here
keys M-h
has Nothing of interest here
open golden/ru-newsletter.eml
has 2 remote files not fetched (pictures.lavka.example, track.lavka.example), 1
has Грибы средней полосы: полный определитель с картинками  А. Лесная     1200 руб.
keys M-h
has there is no other form of this text
size 24 60
has Грибы средней полосы: полный
hasnt полный определитель с картинками  А. Лесная
size 24 80
has полный определитель с картинками  А. Лесная     1200 руб.
