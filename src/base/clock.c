/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <time.h>

static bool fixed(const char *name, int64_t *when)
{
	const char *text = g_getenv(name);
	return text && g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, when, NULL);
}

int64_t clock_now(void)
{
	int64_t when;
	return fixed("DEWEY_CLOCK", &when) ? when : g_get_real_time() / G_USEC_PER_SEC;
}

int64_t clock_monotonic(void)
{
	return g_get_monotonic_time() / 1000;
}

int64_t clock_uptime(void)
{
	int64_t when;
	struct timespec up;
	if (fixed("DEWEY_UPTIME", &when) || fixed("DEWEY_CLOCK", &when))
		return when;
#ifdef CLOCK_BOOTTIME
	if (clock_gettime(CLOCK_BOOTTIME, &up) == 0)
		return MAX((int64_t)up.tv_sec, 1);
#endif
	return MAX(clock_monotonic() / 1000, 1);
}

/* After a new start all of its time has passed; where that cannot be told, less. */
int64_t clock_since(int64_t then)
{
	int64_t now = clock_uptime();
	return now >= then ? now - then : now;
}

static char *format_local(int64_t when, const char *format)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when);
	return time ? g_date_time_format(time, format) : g_strdup("?");
}

char *clock_short(int64_t when)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(when);
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(clock_now());
	if (!time || !now)
		return g_strdup("?");
	if (g_date_time_get_year(time) != g_date_time_get_year(now))
		/* TRANSLATORS: the date of a message of another year, at most 8 columns */
		return g_date_time_format(time, _("%Y-%m-%d"));
	if (g_date_time_get_day_of_year(time) != g_date_time_get_day_of_year(now))
		/* TRANSLATORS: the date of a message of this year: day and short month */
		return g_date_time_format(time, _("%e %b"));
	return g_date_time_format(time, "%H:%M");
}

char *clock_long(int64_t when)
{
	/* TRANSLATORS: the date over a message: weekday, day, month, year, time */
	return format_local(when, _("%a, %e %B %Y, %H:%M"));
}

char *clock_iso(int64_t when)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(when);
	return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("");
}
