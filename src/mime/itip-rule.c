/* SPDX-License-Identifier: MIT */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef HAVE_ICAL

#include <langinfo.h>
#include <string.h>

#include "base/local.h"
#include "mime/itip-private.h"

enum { DAYS_MOST = 7 };

/* TRANSLATORS: %u: every so many of them; of one the number is not shown */
static char *every(icalrecurrencetype_frequency freq, guint n)
{
	switch (freq) {
	case ICAL_DAILY_RECURRENCE:
		return n == 1 ? g_strdup(_("every day"))
			      : g_strdup_printf(P_("every %u day", "every %u days", n), n);
	case ICAL_WEEKLY_RECURRENCE:
		return n == 1 ? g_strdup(_("every week"))
			      : g_strdup_printf(P_("every %u week", "every %u weeks", n), n);
	case ICAL_MONTHLY_RECURRENCE:
		return n == 1 ? g_strdup(_("every month"))
			      : g_strdup_printf(P_("every %u month", "every %u months", n), n);
	case ICAL_YEARLY_RECURRENCE:
		return n == 1 ? g_strdup(_("every year"))
			      : g_strdup_printf(P_("every %u year", "every %u years", n), n);
	default:
		return g_strdup(_("repeatedly, by a rule of its own"));
	}
}

static char *day_name(short coded)
{
	static const nl_item names[] = {ABDAY_1, ABDAY_2, ABDAY_3, ABDAY_4, ABDAY_5, ABDAY_6,
		ABDAY_7};
	int day = (int)icalrecurrencetype_day_day_of_week(coded);
	int n = icalrecurrencetype_day_position(coded);
	if (day < 1 || day > 7)
		return NULL;
	g_autofree char *word = local_decode(nl_langinfo(names[day - 1]), -1);
	/* TRANSLATORS: the second Monday of a month: "2. Mon"; the last one: "last Mon" */
	return n > 0   ? g_strdup_printf(_("%d. %s"), n, word)
	       : n < 0 ? n == -1 ? g_strdup_printf(_("last %s"), word)
				 : g_strdup_printf(_("%d. last %s"), -n, word)
		       : g_steal_pointer(&word);
}

static void put_days(GString *out, const struct icalrecurrencetype *r)
{
	g_autoptr(GString) days = g_string_new(NULL);
	for (int i = 0; i < DAYS_MOST && r->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		g_autofree char *name = day_name(r->by_day[i]);
		if (name)
			g_string_append_printf(days, "%s%s", days->len ? ", " : "", name);
	}
	for (int i = 0; i < DAYS_MOST && r->by_month_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
		g_string_append_printf(days, "%s%d", days->len ? ", " : "", r->by_month_day[i]);
	if (days->len > 0)
		g_string_append_printf(out, " (%s)", days->str);
}

char *itip_rule_words(const struct icalrecurrencetype *r)
{
	g_autofree char *how = every(r->freq, (guint)CLAMP(r->interval, 1, 1000));
	GString *out = g_string_new(how);
	put_days(out, r);
	if (r->count > 0)
		g_string_append_printf(out, P_(", %d time", ", %d times", r->count), r->count);
	else if (!icaltime_is_null_time(r->until))
		g_string_append_printf(out, _(", until %04d-%02d-%02d"), r->until.year,
			r->until.month, r->until.day);
	return g_string_free(out, FALSE);
}

#endif
