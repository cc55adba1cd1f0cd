/* SPDX-License-Identifier: MIT
 *
 * Zones that come with a letter.  libical would expand their rules for as long as
 * those ask for; what zones have in fact is a day of a month each year, and that is
 * reckoned here. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifdef HAVE_ICAL

#include "mime/itip-private.h"

#include <string.h>

enum { OBSERVANCES = 200 };

static bool has_name(icalcomponent *zone, const char *name)
{
	icalproperty *id = icalcomponent_get_first_property(zone, ICAL_TZID_PROPERTY);
	const char *value = id ? icalproperty_get_tzid(id) : NULL;
	return value && strcmp(value, name) == 0;
}

static icalcomponent *find_zone(icalcomponent *calendar, const char *name)
{
	icalcomponent *c = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
	while (c && !has_name(c, name))
		c = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT);
	return c;
}

/* Minutes of local time, for comparing. */
static int64_t minutes_of(int year, int month, int day, int hour, int minute)
{
	GDate date;
	g_date_clear(&date, 1);
	if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
		return -1;
	g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	return ((int64_t)g_date_get_julian(&date) * 24 + hour) * 60 + minute;
}

/* The n-th (-1: last) day of the week of a month, 1: Sunday; 0: there is none. */
static int nth_day(int year, int month, int n, int weekday)
{
	int days = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
	GDate first;
	g_date_clear(&first, 1);
	g_date_set_dmy(&first, 1, (GDateMonth)month, (GDateYear)year);
	int begins = g_date_get_weekday(&first) % 7 + 1;
	int day = 1 + (weekday - begins + 7) % 7;
	if (n > 0)
		day += 7 * (n - 1);
	else
		day += (days - day) / 7 * 7 + 7 * (n + 1);
	return day >= 1 && day <= days ? day : 0;
}

/* When the rule of an observance begins to hold in a year; -1: it does not. */
static int64_t onset_in(const struct icalrecurrencetype *r, struct icaltimetype start, int year)
{
	short coded = r->by_day[0], month = r->by_month[0];
	int m = month != ICAL_RECURRENCE_ARRAY_MAX ? month : start.month;
	if (year < start.year || year < 1 || year > 9998 || m < 1 || m > 12 ||
		(!icaltime_is_null_time(r->until) && year > r->until.year))
		return -1;
	int day = start.day;
	if (coded != ICAL_RECURRENCE_ARRAY_MAX)
		day = nth_day(year, m, icalrecurrencetype_day_position(coded),
			(int)icalrecurrencetype_day_day_of_week(coded));
	return day > 0 ? minutes_of(year, m, day, start.hour, start.minute) : -1;
}

/* The last time up to at that an observance began; -1: never. */
static int64_t last_onset(icalcomponent *c, struct icaltimetype at, int64_t now)
{
	icalproperty *begins = icalcomponent_get_first_property(c, ICAL_DTSTART_PROPERTY);
	icalproperty *rule = icalcomponent_get_first_property(c, ICAL_RRULE_PROPERTY);
	struct icaltimetype start =
		begins ? icalproperty_get_dtstart(begins) : icaltime_null_time();
	int64_t best = minutes_of(start.year, start.month, start.day, start.hour, start.minute);
	if (icaltime_is_null_time(start) || best > now)
		return -1;
	struct icalrecurrencetype r;
	icalrecurrencetype_clear(&r);
	if (rule)
		r = icalproperty_get_rrule(rule);
	if (r.freq != ICAL_YEARLY_RECURRENCE)
		return best;
	for (int year = at.year; year >= at.year - 1; year--) {
		int64_t onset = onset_in(&r, start, year);
		if (onset >= 0 && onset <= now)
			return MAX(onset, best);
	}
	int64_t until = icaltime_is_null_time(r.until) ? -1 : onset_in(&r, start, r.until.year);
	return MAX(until, best);
}

static bool is_observance(icalcomponent *c)
{
	icalcomponent_kind kind = icalcomponent_isa(c);
	return kind == ICAL_XSTANDARD_COMPONENT || kind == ICAL_XDAYLIGHT_COMPONENT;
}

bool itip_zone_offset(icalcomponent *calendar, const char *name, struct icaltimetype at,
	int *seconds)
{
	icalcomponent *zone = find_zone(calendar, name);
	icalcomponent *c = zone ? icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT) : NULL;
	int64_t best = -1, now = minutes_of(at.year, at.month, at.day, at.hour, at.minute);
	bool found = false;
	for (int n = 0; c && n < OBSERVANCES; n++) {
		icalproperty *to = is_observance(c)
			? icalcomponent_get_first_property(c, ICAL_TZOFFSETTO_PROPERTY) : NULL;
		int64_t onset = to ? last_onset(c, at, now) : -1;
		if (to && (!found || onset > best)) {
			*seconds = icalproperty_get_tzoffsetto(to);
			best = onset;
			found = true;
		}
		c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT);
	}
	return found && ABS(*seconds) <= 26 * 3600;
}

#endif
