/* SPDX-License-Identifier: MIT
 *
 * Times in words: the whole grammar, clock changes, the way back. */
#include "base/base.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "store/when.h"

/* Saturday, 21 November 2026, 14:00:05 UTC, which is 17:00:05 in Moscow. */
#define NOW "2026-11-21T14:00:05Z"

struct row {
	const char *text, *at; /* at NULL: an error that names word */
	const char *word;
};

static int64_t utc(const char *iso)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(iso, NULL);
	g_assert_nonnull(t);
	return g_date_time_to_unix(t);
}

static void set_zone(const char *zone)
{
	g_setenv("TZ", zone, TRUE);
	tzset();
}

static char *iso(int64_t when)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(when);
	return g_date_time_format(t, "%Y-%m-%dT%H:%M:%SZ");
}

static void check(const struct row *row, const char *now)
{
	g_autoptr(GError) error = NULL;
	int64_t at = 0;
	bool ok = when_parse(row->text, utc(now), &at, &error);
	g_test_message("row '%s' at %s: %s", row->text, now, ok ? "" : error->message);
	g_assert_cmpint(ok, ==, row->at != NULL);
	if (ok) {
		g_autofree char *text = iso(at);
		g_assert_cmpstr(text, ==, row->at);
	} else {
		g_assert_error(error, STORE_ERROR, STORE_ERROR_QUERY);
		g_assert_nonnull(strstr(error->message, row->word));
	}
}

/* In Moscow: UTC + 3 all the year. */
static const struct row rows[] = {
	{"now", NOW},
	{"сейчас", NOW},
	/* spans */
	{"in 2 hours", "2026-11-21T16:00:05Z"},
	{"через 2 часа", "2026-11-21T16:00:05Z"},
	{"через час", "2026-11-21T15:00:05Z"},
	{"через полчаса", "2026-11-21T14:30:05Z"},
	{"in an hour", "2026-11-21T15:00:05Z"},
	{"IN 90 Minutes", "2026-11-21T15:30:05Z"},
	{"in 30m", "2026-11-21T14:30:05Z"},
	{"через 15 мин", "2026-11-21T14:15:05Z"},
	{"in 2 days", "2026-11-23T14:00:05Z"},
	{"через 3 дня", "2026-11-24T14:00:05Z"},
	{"через 3 дня в 9", "2026-11-24T06:00:00Z"},
	{"in a week at 9:30", "2026-11-28T06:30:00Z"},
	{"через неделю", "2026-11-28T14:00:05Z"},
	{"через две недели", "2026-12-05T14:00:05Z"},
	{"in 2 months", "2027-01-21T14:00:05Z"},
	{"через месяц", "2026-12-21T14:00:05Z"},
	/* days */
	{"tomorrow", "2026-11-22T06:00:00Z"},
	{"tomorrow 9:00", "2026-11-22T06:00:00Z"},
	{"Tomorrow, 9:00", "2026-11-22T06:00:00Z"},
	{"tomorrow at 9", "2026-11-22T06:00:00Z"},
	{"tomorrow 9", "2026-11-22T06:00:00Z"},
	{"tomorrow 9pm", "2026-11-22T18:00:00Z"},
	{"tomorrow 12 am", "2026-11-21T21:00:00Z"},
	{"tomorrow 12pm", "2026-11-22T09:00:00Z"},
	{"9:00 tomorrow", "2026-11-22T06:00:00Z"},
	{"at 9 tomorrow", "2026-11-22T06:00:00Z"},
	{"tomorrow morning", "2026-11-22T06:00:00Z"},
	{"tomorrow evening", "2026-11-22T15:00:00Z"},
	{"tomorrow noon", "2026-11-22T09:00:00Z"},
	{"завтра", "2026-11-22T06:00:00Z"},
	{"завтра в 9", "2026-11-22T06:00:00Z"},
	{"завтра в 9:00", "2026-11-22T06:00:00Z"},
	{"Завтра в 9 часов утра", "2026-11-22T06:00:00Z"},
	{"завтра в 7 вечера", "2026-11-22T16:00:00Z"},
	{"завтра в 3 дня", "2026-11-22T12:00:00Z"},
	{"завтра в 2 ночи", "2026-11-21T23:00:00Z"},
	{"завтра утром", "2026-11-22T06:00:00Z"},
	{"завтра днём", "2026-11-22T10:00:00Z"},
	{"завтра в полдень", "2026-11-22T09:00:00Z"},
	{"послезавтра", "2026-11-23T06:00:00Z"},
	{"today 18:00", "2026-11-21T15:00:00Z"},
	{"сегодня вечером", "2026-11-21T15:00:00Z"},
	/* weekdays: never today */
	{"monday", "2026-11-23T06:00:00Z"},
	{"on monday at 8:30", "2026-11-23T05:30:00Z"},
	{"next monday", "2026-11-23T06:00:00Z"},
	{"saturday", "2026-11-28T06:00:00Z"},
	{"sunday", "2026-11-22T06:00:00Z"},
	{"в понедельник", "2026-11-23T06:00:00Z"},
	{"в понедельник в 10", "2026-11-23T07:00:00Z"},
	{"во вторник", "2026-11-24T06:00:00Z"},
	{"в среду", "2026-11-25T06:00:00Z"},
	{"в следующую пятницу 12:15", "2026-11-27T09:15:00Z"},
	{"сб", "2026-11-28T06:00:00Z"},
	/* times: the next one */
	{"18:00", "2026-11-21T15:00:00Z"},
	{"9:00", "2026-11-22T06:00:00Z"},
	{"at 9", "2026-11-22T06:00:00Z"},
	{"в 18", "2026-11-21T15:00:00Z"},
	{"9am", "2026-11-22T06:00:00Z"},
	{"9:15 pm", "2026-11-21T18:15:00Z"},
	{"noon", "2026-11-22T09:00:00Z"},
	{"в полночь", "2026-11-21T21:00:00Z"},
	{"17:00", "2026-11-22T14:00:00Z"},
	/* dates */
	{"25 december", "2026-12-25T06:00:00Z"},
	{"december 25", "2026-12-25T06:00:00Z"},
	{"Dec 25 2027 10:00", "2027-12-25T07:00:00Z"},
	{"25 декабря в 10", "2026-12-25T07:00:00Z"},
	{"1 марта", "2027-03-01T06:00:00Z"},
	{"29 february", "2028-02-29T06:00:00Z"},
	{"25.12", "2026-12-25T06:00:00Z"},
	{"25.12.2026 в 10:00", "2026-12-25T07:00:00Z"},
	{"1.2.", "2027-02-01T06:00:00Z"},
	{"21 november 18:00", "2026-11-21T15:00:00Z"},
	{"21 november 16:00", "2027-11-21T13:00:00Z"},
	/* ISO 8601 */
	{"2026-11-23", "2026-11-23T06:00:00Z"},
	{"2026-11-23 9:00", "2026-11-23T06:00:00Z"},
	{"2026-11-23T09:00", "2026-11-23T06:00:00Z"},
	{"2026-11-23T09:00:30", "2026-11-23T06:00:30Z"},
	{"2026-11-23T09:00:30Z", "2026-11-23T09:00:30Z"},
	{"2026-11-23 09:00Z", "2026-11-23T09:00:00Z"},
	{"2026-11-23T09:00+05:30", "2026-11-23T03:30:00Z"},
	{"2026-11-23T09:00-0800", "2026-11-23T17:00:00Z"},
	{"2026-11-23T09:00+01", "2026-11-23T08:00:00Z"},
	/* errors name the word */
	{"", NULL, "no time is given"},
	{"  ,", NULL, "no time is given"},
	{"sometime", NULL, "'sometime' is not a time; write"},
	{"tomorrow sometime", NULL, "'sometime' is not"},
	{"завтра когда-нибудь", NULL, "'когда-нибудь'"},
	{"9", NULL, "'9'"},
	{"2 hours", NULL, "'2'"},
	{"tomorrow at", NULL, "'at'"},
	{"in", NULL, "'in'"},
	{"in 2", NULL, "'2'"},
	{"in 2 parsecs", NULL, "'parsecs'"},
	{"in 0 hours", NULL, "'0'"},
	{"in 99999999999 hours", NULL, "'99999999999'"},
	{"in 9999999 hours", NULL, "'9999999'"},
	{"in 2 hours 9:00", NULL, "'9:00'"},
	{"tomorrow in 2 hours", NULL, "'hours'"},
	{"tomorrow monday", NULL, "'monday'"},
	{"tomorrow 9:00 10:00", NULL, "'10:00'"},
	{"tomorrow 25:00", NULL, "'25:00'"},
	{"tomorrow 9:60", NULL, "'9:60'"},
	{"tomorrow 9:5", NULL, "'9:5'"},
	{"tomorrow 13pm", NULL, "'13'"},
	{"tomorrow 24", NULL, "'24'"},
	{"30 february", NULL, "'30'"},
	{"29 february 2027", NULL, "'29'"},
	{"december", NULL, "'december'"},
	{"25.13", NULL, "'25.13'"},
	{"25.12.20", NULL, "'25.12.20'"},
	{"2026-13-01", NULL, "'2026-13-01'"},
	{"2026-11-23T", NULL, "'2026-11-23T'"},
	{"2026-11-23T25:00", NULL, "'2026-11-23T25:00'"},
	{"2026-11-23 9:00+", NULL, "'9:00+'"},
	{"2026-11-23T9:00x", NULL, "'2026-11-23T9:00x'"},
	{"2026-11-23T9:00+15:00", NULL, "+15:00"},
	{"now 9:00", NULL, "'9:00'"},
	{"\xff", NULL, "is not understood"},
	/* the past */
	{"today 9:00", NULL, "is past"},
	{"today", NULL, "is past"},
	{"2026-11-20", NULL, "is past"},
	{"2026-11-21T13:59:00Z", NULL, "is past"},
	{"25.12.2025", NULL, "is past"},
};

static void test_rows(void)
{
	set_zone("Europe/Moscow");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check(&rows[i], NOW);
}

/* Clock changes: Berlin skips 2:00 … 3:00 on 29 March 2026 and has it twice on 25
 * October; Lord Howe moves by half an hour, Samoa had no 30 December 2011 at all. */
static const struct {
	const char *zone, *now;
	struct row row;
} changes[] = {
	{"Europe/Berlin", "2026-03-28T12:00:00Z", {"tomorrow 1:59", "2026-03-29T00:59:00Z"}},
	{"Europe/Berlin", "2026-03-28T12:00:00Z", {"tomorrow 2:30", "2026-03-29T01:30:00Z"}},
	{"Europe/Berlin", "2026-03-28T12:00:00Z", {"tomorrow 3:00", "2026-03-29T01:00:00Z"}},
	{"Europe/Berlin", "2026-03-28T12:00:00Z", {"in 1 day", "2026-03-29T11:00:00Z"}},
	{"Europe/Berlin", "2026-03-28T12:00:00Z", {"in 24 hours", "2026-03-29T12:00:00Z"}},
	{"Europe/Berlin", "2026-10-24T12:00:00Z", {"tomorrow 2:30", "2026-10-25T00:30:00Z"}},
	{"Europe/Berlin", "2026-10-24T12:00:00Z", {"tomorrow 3:00", "2026-10-25T02:00:00Z"}},
	{"Europe/Berlin", "2026-10-24T12:00:00Z", {"in a day", "2026-10-25T13:00:00Z"}},
	{"Europe/Berlin", "2026-10-24T12:00:00Z",
		{"2026-10-25 02:30+01:00", "2026-10-25T01:30:00Z"}},
	{"Europe/Moscow", "2014-10-25T12:00:00Z", {"tomorrow 1:30", "2014-10-25T21:30:00Z"}},
	{"Australia/Lord_Howe", "2026-10-03T00:00:00Z", {"tomorrow 2:15", "2026-10-03T15:45:00Z"}},
	{"Pacific/Apia", "2011-12-29T20:00:00Z", {"in 1 day", "2011-12-30T20:00:00Z"}},
	{"UTC", "2027-01-31T12:00:00Z", {"in 1 month", "2027-02-28T12:00:00Z"}},
	{"UTC", "2026-12-31T12:00:00Z", {"tomorrow", "2027-01-01T09:00:00Z"}},
	{"UTC", "2026-12-31T12:00:00Z", {"через 2 месяца", "2027-02-28T12:00:00Z"}},
};

static void test_changes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		set_zone(changes[i].zone);
		check(&changes[i].row, changes[i].now);
	}
}

/* What is shown can be typed again. */
static void test_text(void)
{
	static const struct {
		const char *at, *text;
	} texts[] = {
		{"2026-11-21T15:00:00Z", "today 18:00"},
		{"2026-11-22T06:05:00Z", "tomorrow 09:05"},
		{"2026-11-23T06:00:00Z", "monday 09:00"},
		{"2026-11-27T06:00:00Z", "friday 09:00"},
		{"2026-11-28T06:00:00Z", "2026-11-28 09:00"},
		{"2026-12-24T20:59:00Z", "2026-12-24 23:59"},
	};
	int64_t now = utc(NOW), back;
	g_autofree char *clock = g_strdup_printf("%" G_GINT64_FORMAT, now);
	g_setenv("DEWEY_CLOCK", clock, TRUE);
	set_zone("Europe/Moscow");
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = when_text(utc(texts[i].at));
		g_assert_cmpstr(text, ==, texts[i].text);
		g_assert_true(when_parse(text, now, &back, &error));
		g_assert_cmpint(back, ==, utc(texts[i].at));
	}
	g_unsetenv("DEWEY_CLOCK");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	setlocale(LC_ALL, "C.UTF-8");
	g_test_add_func("/when/rows", test_rows);
	g_test_add_func("/when/changes", test_changes);
	g_test_add_func("/when/text", test_text);
	return g_test_run();
}
