/* SPDX-License-Identifier: MIT
 *
 * Time, in one place, so that tests can hold it still: DEWEY_CLOCK=SECONDS in
 * the environment fixes clock_now(); clock_monotonic() always runs. */
#ifndef DEWEY_BASE_CLOCK_H
#define DEWEY_BASE_CLOCK_H

#include "base/base.h"

/* Seconds since 1970-01-01 UTC. */
int64_t clock_now(void);

/* Milliseconds of a clock that never jumps. */
int64_t clock_monotonic(void);

/* Seconds since the machine was started, those asleep included; at least 1.  Nobody
 * sets this clock.  Tests: DEWEY_UPTIME=SECONDS, or else DEWEY_CLOCK. */
int64_t clock_uptime(void);
/* Seconds that have passed at least since clock_uptime() said then, maybe before the
 * machine was started anew. */
int64_t clock_since(int64_t then);

/* A date for the message list, in the local zone and locale: the time of day
 * for today, "12 мар" for this year, "12.03.24" otherwise.  g_free() it. */
char *clock_short(int64_t when);

/* A date for the reader: weekday, day, month, year, time, by the locale. */
char *clock_long(int64_t when);

/* ISO 8601 in UTC, "2026-11-21T13:40:00Z": for --json and logs. */
char *clock_iso(int64_t when);

#endif
