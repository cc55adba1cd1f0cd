# M-40: invitations are a card, times in the reader's own zone; they are answered by
# a letter that is seen first; changes and cancellations are known.
dotfile
|[account home]
|name = Ivan Petrov
|address = ivan@example.org
|smtp = smtps://ivan@smtp.example.org
|[dewey]
|undo = 0
use sender.inc
agent dewey-smtp
|#!/usr/bin/python3
|import sys
|sys.path.insert(0, "$DIR")
|from wire import say, sends
|for id, ledger in sends():
|    say(event="done", id=id, sent=0, deferred=0, uncertain=0, refused=0)
letter Inbox S
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Invitation: Moving boxes
|Date: Mon, 23 Feb 2026 10:00:00 +0000
|Message-ID: <i.1@example.net>
|MIME-Version: 1.0
|Content-Type: multipart/alternative; boundary=edge
|
|--edge
|Content-Type: text/plain; charset=utf-8
|
|You are invited; see the calendar part.
|--edge
|Content-Type: text/calendar; charset=utf-8; method=REQUEST
|
|BEGIN:VCALENDAR
|PRODID:-//Example//Calendar//EN
|VERSION:2.0
|METHOD:REQUEST
|BEGIN:VTIMEZONE
|TZID:Lake time
|BEGIN:STANDARD
|DTSTART:19701025T030000
|RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
|TZOFFSETFROM:+0200
|TZOFFSETTO:+0100
|END:STANDARD
|BEGIN:DAYLIGHT
|DTSTART:19700329T020000
|RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
|TZOFFSETFROM:+0100
|TZOFFSETTO:+0200
|END:DAYLIGHT
|END:VTIMEZONE
|BEGIN:VEVENT
|UID:boxes-1@example.net
|SEQUENCE:1
|DTSTAMP:20260201T080000Z
|DTSTART;TZID=Lake time:20260410T150000
|DTEND;TZID=Lake time:20260410T163000
|SUMMARY:Moving boxes
|LOCATION:Room 3
|DESCRIPTION:Bring the list of boxes.\nTea is there.
|ORGANIZER;CN=Petra:mailto:petra@example.net
|ATTENDEE;CN=Ivan Petrov;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ivan@example.org
|ATTENDEE;CN=Anna;ROLE=OPT-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:anna@example.net
|RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=FR
|END:VEVENT
|END:VCALENDAR
|--edge--
letter Inbox S
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Changed: Moving boxes
|Date: Mon, 23 Feb 2026 11:00:00 +0000
|Message-ID: <i.2@example.net>
|MIME-Version: 1.0
|Content-Type: text/calendar; charset=utf-8; method=REQUEST
|
|BEGIN:VCALENDAR
|VERSION:2.0
|METHOD:REQUEST
|BEGIN:VEVENT
|UID:boxes-1@example.net
|SEQUENCE:2
|DTSTAMP:20260202T080000Z
|DTSTART;VALUE=DATE:20260411
|DTEND;VALUE=DATE:20260413
|SUMMARY:Moving boxes at the weekend
|ORGANIZER;CN=Petra:mailto:petra@example.net
|ATTENDEE:mailto:ivan@example.org
|END:VEVENT
|END:VCALENDAR
letter Inbox S
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Called off
|Date: Mon, 23 Feb 2026 12:00:00 +0000
|Message-ID: <i.3@example.net>
|MIME-Version: 1.0
|Content-Type: text/calendar; charset=utf-8; method=CANCEL
|
|BEGIN:VCALENDAR
|VERSION:2.0
|METHOD:CANCEL
|BEGIN:VEVENT
|UID:boxes-1@example.net
|SEQUENCE:0
|DTSTAMP:20260202T080000Z
|DTSTART:20260410T130000Z
|SUMMARY:Moving boxes
|ORGANIZER:mailto:petra@example.net
|END:VEVENT
|END:VCALENDAR
size 24 80
start
keys Enter M-y
has there is no invitation here
screen
| Inbox: Called off                                                        dewey
|  letters from this address: 3, to it: 0
|Date: Mon, 23 February 2026, 12:00
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Called off
|────────────────────────────────────────────────────────────────────────────────
|
|  It is called off
|  Event:     Moving boxes
|  When:      Fri, 10 April 2026, 13:00
|  Organizer: petra@example.net
|
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
|there is no invitation here
keys q j j Enter
screen
| Inbox: Invitation: Moving boxes                                          dewey
|  letters from this address: 3, to it: 0
|Date: Mon, 23 February 2026, 10:00
|From: Petra <petra@example.net>
|To: Ivan Petrov <ivan@example.org>
|Subject: Invitation: Moving boxes
|────────────────────────────────────────────────────────────────────────────────
|
|  An invitation
|  Event:     Moving boxes
|  When:      Fri, 10 April 2026, 13:00 – 14:30 (15:00 in Lake time)
|  Repeats:   every week (Fri), 4 times
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
|                                                                            all
|q:Back  <Space>:On  d:Delete  u:Undo  s:Move  r:Reply  g:Reply to all  ?:Help
keys M-m
screen
| Write: Maybe: Moving boxes                                               dewey
|From:       Ivan Petrov <ivan@example.org>
|To:         Petra <petra@example.net>
|Cc:
|Bcc:
|Subject:    Maybe: Moving boxes
|your answer goes along, for calendars; what you write is its comment
|────────────────────────────────────────────────────────────────────────────────
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|
|q:Back  y:Send  Y:Later  e:Edit  a:Attach  p:Postpone  ?:Help
keys y
has You said:  maybe
keys M-n
has Declined: Moving boxes
keys q n
keys k
has maybe, but the event was changed since: answer again
has When:      Sat, 11 April 2026 – Sun, 12 April 2026
keys k
has maybe, to a newer version: this one is out of date
