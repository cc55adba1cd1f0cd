#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Calendar objects in letters (RFC 5545, 5546) through dewey-mime: what becomes a
card, what stays text, and what is made to harm."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import mimewire
import tap

EVENT = ["UID:u@example.net", "SEQUENCE:3", "DTSTAMP:20260101T000000Z", "SUMMARY:Boxes\\, all",
         "DTSTART:20260310T120000Z", "DTEND:20260310T133000Z",
         "ORGANIZER;CN=\"Petra; P\":MAILTO:petra@example.net",
         "ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR;CN=Anna:mailto:anna@example.net"]


def calendar(lines, method="REQUEST", before=()):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:" + method, *before,
                        "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])


def read(text, kind="text/calendar; charset=utf-8; method=REQUEST", head=""):
    letter = ("From: a@example.org\r\nMIME-Version: 1.0\r\n%sContent-Type: %s\r\n"
              "Content-Transfer-Encoding: 8bit\r\n\r\n%s" % (head, kind, text))
    worker = mimewire.Worker()
    answer = worker.read(letter.encode("utf-8", "surrogateescape"))
    worker.close()
    tap.equal(answer["event"], "done")
    return answer


def cards(answer):
    out = []
    for block in answer.get("blocks", []):
        if block["kind"] == "invitation":
            f = block["fields"]
            out.append(list(zip(f[::2], f[1::2])))
    return out


def fact(answer, name):
    return [v for k, v in cards(answer)[0] if k == name]


@tap.test("M-40: what, when, where and who of an event, each fact one clean line")
def facts():
    answer = read(calendar(EVENT + ["LOCATION:Room\\n3 \u202e\x1b[2J", "DESCRIPTION:a\\nb\\n\\nc"]))
    wanted = {"method": ["request"], "summary": ["Boxes, all"], "uid": ["u@example.net"],
              "sequence": ["3"], "start": ["2026-03-10T12:00:00"], "start-offset": ["0"],
              "end": ["2026-03-10T13:30:00"], "organizer": ["petra@example.net"],
              "organizer-name": ["Petra; P"],
              "attendee": ["accepted chair anna@example.net Anna"],
              "description": ["a", "b", " ", "c"]}
    for name, values in wanted.items():
        tap.equal(fact(answer, name), values, name)
    place = fact(answer, "location")[0]
    tap.ok("\x1b" not in place and "\n" not in place and "\u202e" not in place, place)
    tap.contains(answer["text"], "Boxes, all")


@tap.test("each method of iTIP is told; a letter of several events has a card for each")
def methods():
    for method in ("PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER",
                   "DECLINECOUNTER"):
        tap.equal(fact(read(calendar(EVENT, method)), "method"), [method.lower()])
    two = calendar(EVENT).replace("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT")
    tap.equal(len(cards(read(two))), 2)
    tap.equal(fact(read(calendar(EVENT + ["STATUS:CANCELLED"])), "cancelled"), ["yes"])


@tap.test("times: a day, a length, a zone of the letter on both sides of summer time, none")
def times():
    day = [l for l in EVENT if not l.startswith("DT")] + ["DTSTART;VALUE=DATE:20260310"]
    tap.equal(fact(read(calendar(day)), "start"), ["2026-03-10"])
    length = [l for l in EVENT if not l.startswith("DTEND")] + ["DURATION:PT45M"]
    tap.equal(fact(read(calendar(length)), "end"), ["2026-03-10T12:45:00"])
    zone = ["BEGIN:VTIMEZONE", "TZID:Own/Zone", "BEGIN:STANDARD", "DTSTART:19701025T030000",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
            "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:19700329T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
            "END:DAYLIGHT", "END:VTIMEZONE"]
    for date, offset in (("20260328", 3600), ("20260329", 7200), ("20260701", 7200),
                         ("20261024", 7200), ("20261026", 3600), ("20260101", 3600)):
        event = ["UID:z", "DTSTART;TZID=Own/Zone:%sT120000" % date]
        answer = read(calendar(event, before=zone))
        tap.equal(fact(answer, "start-offset"), [str(offset)], date)
        tap.equal(fact(answer, "start-zone"), ["Own/Zone"])
    plain = read(calendar(["UID:f", "DTSTART:20260310T120000"]))
    tap.equal(fact(plain, "start-offset"), [])
    for bad in ("20261399T120000Z", "99999999T999999Z", "garbage", "", "00000000T000000Z"):
        tap.equal(fact(read(calendar(["UID:b", "DTSTART:" + bad])), "start"), [], bad)


@tap.test("what repeats is said in words")
def rules():
    for rule, words in (("FREQ=DAILY", "every day"), ("FREQ=WEEKLY;INTERVAL=2", "every 2 weeks"),
                        ("FREQ=WEEKLY;COUNT=4;BYDAY=TU,TH", "every week (Tue, Thu), 4 times"),
                        ("FREQ=MONTHLY;BYDAY=-1FR", "every month (last Fri)"),
                        ("FREQ=YEARLY;UNTIL=20300101T000000Z", "every year, until 2030-01-01"),
                        ("FREQ=SECONDLY", "repeatedly, by a rule of its own")):
        tap.equal(fact(read(calendar(EVENT + ["RRULE:" + rule])), "repeats"), [words], rule)


@tap.test("a card stands once: as alternative and attachment it is the same; words stay text")
def once():
    ics = calendar(EVENT)
    both = ("--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\n"
            "Content-Type: text/plain\r\n\r\nYou are invited.\r\n--y\r\nContent-Type: text/calendar;"
            " method=REQUEST\r\n\r\n" + ics + "\r\n--y--\r\n--x\r\nContent-Type: text/calendar\r\n"
            "Content-Disposition: attachment; filename=invite.ics\r\n\r\n" + ics + "\r\n--x--\r\n")
    answer = read(both, "multipart/mixed; boundary=x")
    tap.equal(len(cards(answer)), 1)
    tap.contains(answer["text"], "You are invited.")
    tap.equal(cards(read("no calendar at all")), [])
    tap.contains(read("no calendar at all")["text"], "no calendar at all")


def bombs():
    yield "nesting", "BEGIN:VCALENDAR\r\n" * 50000
    yield "components", calendar(["BEGIN:VALARM\r\nEND:VALARM"] * 100000)
    yield "attendees", calendar(EVENT + ["ATTENDEE:mailto:a%d@b" % i for i in range(100000)])
    yield "a line", calendar(EVENT + ["DESCRIPTION:" + "x" * 900000])
    yield "folds", calendar(EVENT + ["DESCRIPTION:a" + "\r\n b" * 200000])
    yield "parameters", calendar(EVENT + ["ATTENDEE" + ";X=y" * 100000 + ":mailto:a@b"])
    yield "rule", calendar(EVENT + ["RRULE:FREQ=YEARLY;BYDAY=" + ",".join(["1MO"] * 50000)])
    yield "empty rule", calendar(EVENT + ["RRULE:", "RRULE:FREQ=", "RRULE:FREQ=YEARLY;BYMONTH=99"])
    yield "impossible zone", calendar(
        ["UID:z", "DTSTART;TZID=Z:20260310T120000"],
        before=["BEGIN:VTIMEZONE", "TZID:Z", "BEGIN:STANDARD", "DTSTART:19700101T000000",
                "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;BYSECOND=1,2,3", "TZOFFSETTO:+9999",
                "END:STANDARD", "END:VTIMEZONE"])
    yield "wrong kinds", calendar(["UID:w", "DTSTART:PT1H", "DURATION:20260101", "SEQUENCE:x",
                                   "ORGANIZER:20260101", "ATTENDEE:", "STATUS:WEIRD", "RRULE:x",
                                   "RECURRENCE-ID:nothing", "DTEND;VALUE=PERIOD:1/2"])
    yield "odd octets", calendar(EVENT + ["SUMMARY:\udcff\udcfe\x01\x02\x7f"])
    yield "cut", calendar(EVENT)[:-40]
    yield "many events", "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n" * 900 + \
        "END:VCALENDAR\r\n"


@tap.test("M-03: bombs cost the card at most, never the letter")
def bomb():
    for name, text in bombs():
        answer = read(text)
        tap.ok(len(cards(answer)) <= 10, name)
        tap.ok(sum(1 for c in cards(answer) for k, _ in c if k == "attendee") <= 500, name)


@tap.test("M-61: who can be answered is a mailbox, whatever the organizer is called")
def organizers():
    for uri in ("http://evil.example/", "mailto:a@b,c@d", "mailto:a%0Ab@c", "MAILTO:", "x",
                "mailto:a b@c", "mailto:<a@b>"):
        event = [l for l in EVENT if not l.startswith("ORGANIZER")] + ["ORGANIZER:" + uri]
        tap.equal(fact(read(calendar(event)), "organizer"), [], uri)


tap.main()
