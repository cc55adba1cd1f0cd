#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""HTML of real letters as text: dewey-mime beside w3m -dump and lynx -dump.

    tests/bench/html.py                200 letters of ../shared/corpus
    tests/bench/html.py --losses       and which words one shows that another does not
    tests/bench/html.py --show N       the N-th letter as the three show it
    tests/bench/html.py --big          a newsletter of 2 MB, made here

The letters are the first ones, in the order of the names of folders and files, and in a
mailbox in its own, that have a text/html part of at least 200 octets; of one list at most
a third.  Each program gets the part alone, in UTF-8, on its standard input, 80 columns
wide.  Told is the processor time of each letter, of the programs with their start, and
of the worker as well without it, as the reader asks it: of many letters one after the
other.  An empty page tells what the start costs.

A word is lost if one program shows it and another does not: letters and digits, three of
them at least.  What is lost on purpose is so too: hidden text, the addresses of links
(not counted), names of pictures."""
import argparse
import email
import email.policy
import glob
import gzip
import os
import re
import resource
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tools"))
sys.path.insert(0, HERE)
import mimewire
import tap

CORPUS = os.path.join(tap.TOP, "..", "shared", "corpus")
LETTERS, LEAST = 200, 200
W3M = ["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "80", "-no-cookie",
       "-o", "display_image=0"]
LYNX = ["lynx", "-dump", "-stdin", "-force_html", "-width=80", "-nolist", "-assume_charset=UTF-8",
        "-display_charset=UTF-8"]
HEAD = b"Subject: x\nContent-Type: text/html; charset=utf-8\n\n"


def pages(data):
    """The HTML of a letter, in UTF-8."""
    letter = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in letter.walk():
        if part.get_content_type() != "text/html" or part.is_multipart():
            continue
        octets = part.get_payload(decode=True) or b""
        try:
            text = octets.decode(part.get_content_charset() or "utf-8", "replace")
        except LookupError:
            text = octets.decode("latin-1")
        text = re.sub(r"(?i)<meta[^>]*charset[^>]*>", "", text)
        if len(text) >= LEAST:
            yield text.encode("utf-8", "replace")


def letters():
    for path in sorted(glob.glob(os.path.join(CORPUS, "**"), recursive=True)):
        if not os.path.isfile(path) or path.endswith((".json", ".md", ".golden", "SOURCE", "INDEX")):
            continue
        name = os.path.relpath(path, CORPUS)
        if path.endswith(".mbox.gz"):
            with gzip.open(path) as file:
                for n, letter in enumerate(re.split(rb"(?m)^From .*\n", file.read())[1:]):
                    yield "%s:%d" % (name, n + 1), letter
        else:
            with open(path, "rb") as file:
                yield name, file.read()


def collect():
    found, of_list = [], {}
    for name, data in letters():
        folder = name.split(os.sep)[0]
        for n, page in enumerate(pages(data)):
            if of_list.get(folder, 0) < LETTERS // 3:
                of_list[folder] = of_list.get(folder, 0) + 1
                found.append(("%s#%d" % (name, n) if n else name, page))
    # Of each folder as many as there is room for.
    return sorted(found)[:LETTERS]


def big():
    """A newsletter of 2 MB: tables in tables, as such letters are made."""
    item = ("<tr><td style='padding:10px;font-family:Arial,sans-serif;font-size:14px;color:#333333'>"
            "<table width='100%%' cellpadding=0 cellspacing=0 role='presentation'><tr>"
            "<td width='120'><a href='https://shop.example/i/%d?utm=x'><img src="
            "'https://img.example/%d.png' width=120 height=90 alt='Thing %d'></a></td>"
            "<td style='padding-left:12px'><h3 style='margin:0;font-weight:bold'>Thing number %d</h3>"
            "<p style='margin:0 0 4px 0'>It is <b>as good</b> as the one before, and costs less: "
            "only <span style='color:#aa0000'>%d.99</span> until the end of the week.</p>"
            "<a href='https://shop.example/buy/%d' style='background:#0055aa;color:#ffffff'>Buy</a>"
            "</td></tr></table></td></tr>\n")
    rows = []
    while sum(map(len, rows)) < 2 * 1024 * 1024:
        n = len(rows)
        rows.extend(item % (k, k, k, k, k, k) for k in range(n, n + 100))
    return ("<html><body bgcolor='#eeeeee'><table>" + "".join(rows) + "</table></body></html>").encode()


def timed(command, page, environment=None):
    """Its output, and its processor time in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, input=page, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            env=environment, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result.stdout.decode("utf-8", "replace"), spent * 1000


def of_process(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def dewey(page):
    text, spent = timed([tap.program("dewey-mime")], HEAD + page)
    parts = re.split(r"(?m)^text/html .*\n\n", text, 1)
    return (parts[1] if len(parts) > 1 else ""), spent


PROGRAMS = [("dewey-mime", dewey), ("w3m -dump", lambda page: timed(W3M, page)),
            ("lynx -dump", lambda page: timed(LYNX, page))]


def words(text):
    text = re.sub(r"\S*://\S*", " ", text)
    text = re.sub("[\u200b-\u200f\u00ad\u2060-\u2069]", "", text)
    return re.findall(r"\w{3,}", text.lower())


def median(values):
    values = sorted(values)
    return values[len(values) // 2] if values else 0


def worker_time(found):
    """Of all, one after the other, in milliseconds."""
    worker = mimewire.Worker()
    worker.read(HEAD + b"<p>x</p>", ("text",))
    before = of_process(worker.process.pid), time.monotonic()
    for _, page in found:
        worker.read(HEAD + page, ("text",))
    after = of_process(worker.process.pid), time.monotonic()
    worker.close()
    return after[0] - before[0], (after[1] - before[1]) * 1000


def measure(found):
    shown = {}
    empty = {name: min(run(b"<p>x</p>")[1] for _ in range(5)) for name, run in PROGRAMS}
    print("%d letters, %.1f MB of HTML" % (len(found), sum(len(p) for _, p in found) / 1e6))
    print("%-12s %10s %10s %10s %12s" % ("", "all", "median", "longest", "empty page"))
    for name, run in PROGRAMS:
        results = [run(page) for _, page in found]
        shown[name] = [text for text, _ in results]
        times = [spent for _, spent in results]
        print("%-12s %7.0f ms %7.1f ms %7.1f ms %9.1f ms" %
              (name, sum(times), median(times), max(times), empty[name]))
    spent, clock = worker_time(found)
    print("%-12s %7.0f ms %7.2f ms each on average, %.0f ms by the clock" %
          ("one worker", spent, spent / len(found), clock))
    return shown


def losses(found, shown):
    """Words that both others show, and those that only we show."""
    lost, more = [], 0
    for i, (name, _) in enumerate(found):
        ours, w3m, lynx = (set(words(shown[n][i])) for n, _ in PROGRAMS)
        missing = sorted((w3m & lynx) - ours)
        more += len(ours - w3m - lynx)
        if missing:
            lost.append((len(missing), name, i, missing))
    print("words that w3m and lynx show and we do not: %d in %d letters" %
          (sum(n for n, *_ in lost), len(lost)))
    print("words that only we show: %d" % more)
    for n, name, i, missing in sorted(lost, reverse=True)[:40]:
        print("%4d  %s (--show %d): %s" % (n, name, i + 1, " ".join(missing[:14])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--losses", action="store_true")
    parser.add_argument("--show", type=int)
    parser.add_argument("--big", action="store_true")
    chosen = parser.parse_args()
    if chosen.big:
        measure([("newsletter", big())])
        return
    found = collect()
    if chosen.show:
        name, page = found[chosen.show - 1]
        print(name)
        for program, run in PROGRAMS:
            print("=== %s\n%s" % (program, run(page)[0]))
        return
    shown = measure(found)
    if chosen.losses:
        losses(found, shown)


main()
