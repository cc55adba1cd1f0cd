/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#include "store/query-private.h"

/* Days begin at midnight where the user is. */
static bool local_day(int year, int month, int day, int64_t *when)
{
	g_autoptr(GDateTime) t = g_date_time_new_local(year, month, day, 0, 0, 0);
	if (!t)
		return false;
	*when = g_date_time_to_unix(t);
	return true;
}

static bool calendar(const char *text, int64_t *lo, int64_t *hi)
{
	int year, month = 0, day = 0, used = 0;
	int n = sscanf(text, "%4d%n-%2d%n-%2d%n", &year, &used, &month, &used, &day, &used);
	if (n < 1 || (size_t)used != strlen(text) || !g_ascii_isdigit(text[0]) || year < 1000)
		return false;
	if (!local_day(year, n > 1 ? month : 1, n > 2 ? day : 1, lo))
		return false;
	g_autoptr(GDateTime) begin = g_date_time_new_from_unix_local(*lo);
	g_autoptr(GDateTime) end = n == 1   ? g_date_time_add_years(begin, 1)
				   : n == 2 ? g_date_time_add_months(begin, 1)
					    : g_date_time_add_days(begin, 1);
	if (!end)
		return false;
	*hi = g_date_time_to_unix(end);
	return true;
}

static bool named_day(const char *text, int64_t now, int64_t *lo, int64_t *hi)
{
	static const struct {
		const char *name;
		int back;
	} days[] = {{"today", 0}, {"yesterday", 1}};
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		if (g_ascii_strcasecmp(text, days[i].name) != 0)
			continue;
		g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(now);
		g_autoptr(GDateTime) day = g_date_time_add_days(t, -days[i].back);
		g_autoptr(GDateTime) next = g_date_time_add_days(day, 1);
		return local_day(g_date_time_get_year(day), g_date_time_get_month(day),
			       g_date_time_get_day_of_month(day), lo) &&
		       local_day(g_date_time_get_year(next), g_date_time_get_month(next),
			       g_date_time_get_day_of_month(next), hi);
	}
	return false;
}

/* "2w": the last two weeks, until now and on. */
static bool distance(const char *text, int64_t now, int64_t *lo, int64_t *hi)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {{'h', 3600}, {'d', 86400}, {'w', 7 * 86400}, {'m', 30 * 86400},
		{'y', 365 * 86400}};
	char *end;
	guint64 n = g_ascii_strtoull(text, &end, 10);
	if (end == text || !g_ascii_isdigit(text[0]) || n > 100000 || strlen(end) != 1)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (units[i].letter == g_ascii_tolower(*end)) {
			*lo = now - (int64_t)n * units[i].seconds;
			*hi = G_MAXINT64;
			return true;
		}
	return false;
}

static bool period(const char *text, int64_t now, int64_t *lo, int64_t *hi)
{
	return calendar(text, lo, hi) || named_day(text, now, lo, hi) ||
	       distance(text, now, lo, hi);
}

bool query_date(const char *text, int64_t now, int64_t *lo, int64_t *hi)
{
	const char *dots = strstr(text, "..");
	int64_t ignored;
	if (!dots)
		return period(text, now, lo, hi);
	g_autofree char *from = g_strndup(text, (gsize)(dots - text));
	const char *until = dots + 2;
	*lo = G_MININT64;
	*hi = G_MAXINT64;
	if (!from[0] && !until[0])
		return false;
	return (!from[0] || period(from, now, lo, &ignored)) &&
	       (!until[0] || period(until, now, &ignored, hi));
}
