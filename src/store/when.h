/* SPDX-License-Identifier: MIT
 *
 * Times as people write them, for sending later.  A small exact grammar; its
 * words, English and Russian whatever the locale, are when-words.def.
 *
 *   when   = "now" | ISO | span | [day] [time] | [time] day
 *   ISO    = 2026-11-23 [ ("T" | " ") 9:00[:00] [ "Z" | "+03:00" ] ]
 *   span   = "in" [number | "a"] unit [time]        the time: of days and more
 *   day    = "today" | "tomorrow" | ["on"] weekday | 25 month [year] |
 *            month 25 [year] | 25.12[.2026]
 *   time   = ["at"] ( 9:00 | 9 ) [ "am" | "pm" ] | "morning" | "noon" | …
 *
 * A day without a time means 9:00.  A weekday is one of the seven days to come,
 * never today.  A time without a day is its next one; a date without a year too.
 * "in 2 days" keeps the time of day.  Upper case, ё for е and commas do not
 * matter.  A time that a clock change skips is as much later as the clock jumps;
 * of one that comes twice the first is meant. */
#ifndef DEWEY_STORE_WHEN_H
#define DEWEY_STORE_WHEN_H

#include "store/store.h"

/* The moment that text means at now, in the local zone ($TZ).  Error:
 * STORE_ERROR_QUERY, names the word that is not understood, or says that the
 * time is past. */
bool when_parse(const char *text, int64_t now, int64_t *at, GError **error);

/* A moment for people, to the minute, in their language; when_parse() reads it
 * back.  "tomorrow 09:00".  g_free() it. */
char *when_text(int64_t at);

#endif
