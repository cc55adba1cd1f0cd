/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#include "store/query-private.h"

enum kind { KIND_DAY, KIND_BACK, KIND_UNIT, KIND_WEEKDAY, KIND_MONTH };
enum unit { HOURS, DAYS, WEEKS, MONTHS, YEARS };

static const struct word {
	enum kind kind;
	int value;
	const char *words;
} words[] = {
#define WORD(kind, value, words) {KIND_##kind, value, words},
#include "store/query-date-words.def"
#undef WORD
};

/* A month is so long when it is counted back from now. */
static const int64_t seconds[] = {[HOURS] = 3600,
	[DAYS] = 86400,
	[WEEKS] = 7 * 86400,
	[MONTHS] = 30 * 86400,
	[YEARS] = 365 * 86400};

struct period {
	int64_t now, lo, hi;
};

/* --- days, weeks, months, years ------------------------------------------------ */

static GDateTime *add(GDateTime *t, enum unit unit, int n)
{
	switch (unit) {
	case YEARS:
		return g_date_time_add_years(t, n);
	case MONTHS:
		return g_date_time_add_months(t, n);
	case WEEKS:
		return g_date_time_add_weeks(t, n);
	case DAYS:
		return g_date_time_add_days(t, n);
	default:
		return g_date_time_add_hours(t, n);
	}
}

/* Days begin at midnight where the user is.  Month and day may be 0. */
static bool set_from(struct period *p, int year, int month, int day, enum unit unit)
{
	g_autoptr(GDateTime) begin =
		g_date_time_new_local(year, MAX(month, 1), MAX(day, 1), 0, 0, 0);
	g_autoptr(GDateTime) end = begin ? add(begin, unit, 1) : NULL;
	if (!end)
		return false;
	p->lo = g_date_time_to_unix(begin);
	p->hi = g_date_time_to_unix(end);
	return true;
}

static bool calendar(const char *text, struct period *p)
{
	int year, month = 0, day = 0, used = 0;
	int n = sscanf(text, "%4d%n-%2d%n-%2d%n", &year, &used, &month, &used, &day, &used);
	if (n < 1 || (size_t)used != strlen(text) || !g_ascii_isdigit(text[0]) || year < 1000 ||
		(n > 1 && month < 1) || (n > 2 && day < 1))
		return false;
	return set_from(p, year, month, day, n == 1 ? YEARS : n == 2 ? MONTHS : DAYS);
}

/* "21.11.2026", and the last "21.11". */
static bool dotted(const char *text, struct period *p)
{
	int day, month, year, used = 0;
	int n = sscanf(text, "%2d.%2d%n.%4d%n", &day, &month, &used, &year, &used);
	if (n < 2 || (size_t)used != strlen(text) || !g_ascii_isdigit(text[0]) || day < 1 ||
		month < 1 || (n == 3 && year < 1000))
		return false;
	g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(p->now);
	if (n == 3)
		return set_from(p, year, month, day, DAYS);
	year = g_date_time_get_year(today);
	return set_from(p, year, month, day, DAYS) &&
	       (p->lo <= p->now || set_from(p, year - 1, month, day, DAYS));
}

static GDateTime *start_of(GDateTime *today, enum unit unit)
{
	int year = g_date_time_get_year(today), month = g_date_time_get_month(today);
	switch (unit) {
	case YEARS:
		return g_date_time_new_local(year, 1, 1, 0, 0, 0);
	case MONTHS:
		return g_date_time_new_local(year, month, 1, 0, 0, 0);
	case WEEKS:
		return g_date_time_add_days(today, 1 - g_date_time_get_day_of_week(today));
	default:
		return g_date_time_ref(today);
	}
}

/* The unit that now is in, or one so many before it. */
static bool set_back(struct period *p, enum unit unit, int back)
{
	if (unit == HOURS)
		return false;
	g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(p->now);
	g_autoptr(GDateTime) start = start_of(today, unit);
	g_autoptr(GDateTime) there = start ? add(start, unit, -back) : NULL;
	return there && set_from(p, g_date_time_get_year(there), g_date_time_get_month(there),
				g_date_time_get_day_of_month(there), unit);
}

static bool set_weekday(struct period *p, int weekday)
{
	g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(p->now);
	return set_back(p, DAYS, (g_date_time_get_day_of_week(today) - weekday + 7) % 7);
}

static bool set_month(struct period *p, int month, const char *year)
{
	g_autoptr(GDateTime) today = g_date_time_new_from_unix_local(p->now);
	if (year)
		return strlen(year) == 4 && strspn(year, "0123456789") == 4 && year[0] != '0' &&
		       set_from(p, atoi(year), month, 0, MONTHS);
	int this_year = g_date_time_get_year(today);
	return set_from(p, month > g_date_time_get_month(today) ? this_year - 1 : this_year, month,
		0, MONTHS);
}

/* "2w": the last two weeks, until now and on. */
static bool set_distance(struct period *p, const char *number, enum unit unit)
{
	size_t len = strspn(number, "0123456789");
	if (len == 0 || len > 5 || number[len])
		return false;
	p->lo = p->now - atoi(number) * seconds[unit];
	p->hi = G_MAXINT64;
	return true;
}

/* --- words --------------------------------------------------------------------- */

static const struct word *find(enum kind kind, const char *token)
{
	size_t len = token ? strlen(token) : 0;
	for (size_t i = 0; len > 0 && i < G_N_ELEMENTS(words); i++) {
		if (words[i].kind != kind)
			continue;
		const char *list = words[i].words;
		for (const char *at = strstr(list, token); at; at = strstr(at + 1, token))
			if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
				return &words[i];
	}
	return NULL;
}

/* Small letters without ё; "last-month" and "2weeks" are two words each. */
static char **cut(const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);
	g_autoptr(GString) plain = g_string_new(lower);
	g_string_replace(plain, "ё", "е", 0);
	size_t digits = strspn(plain->str, "0123456789");
	if (digits > 0 && plain->str[digits])
		g_string_insert_c(plain, (gssize)digits, ' ');
	g_auto(GStrv) parts = g_strsplit_set(plain->str, " -_", 8);
	g_autoptr(GStrvBuilder) tokens = g_strv_builder_new();
	for (char **part = parts; *part; part++)
		if (**part)
			g_strv_builder_add(tokens, *part);
	return g_strv_builder_end(tokens);
}

static bool worded(const char *text, struct period *p)
{
	g_auto(GStrv) token = cut(text);
	guint n = g_strv_length(token);
	const char *second = n > 1 ? token[1] : NULL;
	const struct word *day = n == 1 ? find(KIND_DAY, token[0]) : NULL;
	const struct word *weekday = n == 1 ? find(KIND_WEEKDAY, token[0]) : NULL;
	const struct word *month = n == 1 || n == 2 ? find(KIND_MONTH, token[0]) : NULL;
	const struct word *unit = n == 2 ? find(KIND_UNIT, second) : NULL;
	const struct word *back = unit ? find(KIND_BACK, token[0]) : NULL;
	if (day)
		return set_back(p, DAYS, day->value);
	if (weekday)
		return set_weekday(p, weekday->value);
	if (month)
		return set_month(p, month->value, second);
	if (back)
		return set_back(p, (enum unit)unit->value, back->value);
	return unit && set_distance(p, token[0], (enum unit)unit->value);
}

static bool period(const char *text, int64_t now, int64_t *lo, int64_t *hi)
{
	struct period p = {.now = now};
	if (!calendar(text, &p) && !dotted(text, &p) && !worded(text, &p))
		return false;
	*lo = p.lo;
	*hi = p.hi;
	return true;
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
