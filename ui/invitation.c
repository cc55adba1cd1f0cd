/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/answered.h"
#include "ui/invitation.h"

enum { PEOPLE_SHOWN = 30 };

const char *invitation_fact(const GPtrArray *facts, const char *name)
{
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		if (strcmp(h->name, name) == 0)
			return h->value;
	}
	return "";
}

const struct mime_block *invitation_of(const struct mime_message *m)
{
	for (guint i = 0; i < m->blocks->len; i++) {
		const struct mime_block *b = m->blocks->pdata[i];
		if (b->kind == MIME_BLOCK_INVITATION && b->fields->len > 0)
			return b;
	}
	return NULL;
}

/* --- times -------------------------------------------------------------------------- */

/* A name of the zone database, and nothing that would lead elsewhere: it becomes the
 * name of a file. */
static bool is_zone(const char *name)
{
	bool slash = true;
	for (const char *p = name; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr("/_+-", *p))
			return false;
		if (slash && !g_ascii_isalpha(*p))
			return false;
		slash = *p == '/';
	}
	return *name && !slash && strlen(name) < 64;
}

static GTimeZone *zone_of(const GPtrArray *facts, const char *name)
{
	g_autofree char *key = g_strconcat(name, "-offset", NULL);
	g_autofree char *zone = g_strconcat(name, "-zone", NULL);
	const char *offset = invitation_fact(facts, key), *word = invitation_fact(facts, zone);
	GTimeZone *found = NULL;
	if (*offset)
		return g_time_zone_new_offset((gint32)g_ascii_strtoll(offset, NULL, 10));
	if (is_zone(word))
		found = g_time_zone_new_identifier(word);
	return found ? found : g_time_zone_new_local();
}

bool invitation_time(const GPtrArray *facts, const char *name, int64_t *when, bool *all_day)
{
	int y, mo, d, h = 0, mi = 0, s = 0;
	const char *text = invitation_fact(facts, name);
	int n = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s);
	if (n != 6 && n != 3)
		return false;
	*all_day = n == 3;
	g_autoptr(GTimeZone) zone = *all_day ? g_time_zone_new_local() : zone_of(facts, name);
	g_autoptr(GDateTime) at = g_date_time_new(zone, y, mo, d, h, mi, MIN(s, 59));
	if (!at)
		return false;
	*when = g_date_time_to_unix(at);
	return true;
}

static char *local(int64_t when, const char *format)
{
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_local(when);
	return at ? g_date_time_format(at, format) : g_strdup("");
}

static bool same_day(int64_t a, int64_t b)
{
	g_autofree char *x = local(a, "%F"), *y = local(b, "%F");
	return strcmp(x, y) == 0;
}

/* DTEND of a whole day is the day after. */
static char *when_days(int64_t start, int64_t end)
{
	/* TRANSLATORS: a day: weekday, day, month, year */
	g_autofree char *first = local(start, _("%a, %e %B %Y"));
	int64_t last = end - 3600;
	if (end <= start || same_day(start, last))
		return g_strdup_printf(_("%s, all day"), first);
	g_autofree char *until = local(last, _("%a, %e %B %Y"));
	return g_strdup_printf("%s – %s", first, until);
}

/* The zone that the letter speaks of, if its clocks show another time. */
static char *other_zone(const GPtrArray *facts, int64_t start)
{
	const char *word = invitation_fact(facts, "start-zone");
	const char *text = invitation_fact(facts, "start");
	g_autofree char *here = local(start, "%FT%H:%M");
	if (!*word || strncmp(here, text, strlen(here)) == 0)
		return g_strdup("");
	/* TRANSLATORS: the time of day elsewhere, the name of a time zone */
	return g_strdup_printf(_(" (%.5s in %s)"), strlen(text) > 11 ? text + 11 : "", word);
}

char *invitation_when(const GPtrArray *facts)
{
	int64_t start, end = 0;
	bool day, unused;
	if (!invitation_time(facts, "start", &start, &day))
		return g_strdup("");
	bool ends = invitation_time(facts, "end", &end, &unused);
	if (day)
		return when_days(start, ends ? end : start);
	g_autofree char *from = clock_long(start), *zone = other_zone(facts, start);
	if (!ends || end <= start)
		return g_strconcat(from, zone, NULL);
	g_autofree char *to = same_day(start, end) ? local(end, "%H:%M") : clock_long(end);
	return g_strdup_printf("%s – %s%s", from, to, zone);
}

char *invitation_basic_time(const GPtrArray *facts, const char *name)
{
	int64_t when;
	bool all_day;
	const char *text = invitation_fact(facts, name);
	if (!invitation_time(facts, name, &when, &all_day))
		return NULL;
	if (all_day)
		return g_strdup_printf("%.4s%.2s%.2s", text, text + 5, text + 8);
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(when);
	return g_date_time_format(at, "%Y%m%dT%H%M%SZ");
}

/* --- what was answered ---------------------------------------------------------------- */

char *invitation_key(const GPtrArray *facts)
{
	g_autofree char *recurrence = invitation_basic_time(facts, "recurrence");
	return g_strdup_printf("%s%s%s", invitation_fact(facts, "uid"), recurrence ? " " : "",
		recurrence ? recurrence : "");
}

static void add_fact(GPtrArray *facts, const char *name, const char *value)
{
	struct mime_header *h = g_new0(struct mime_header, 1);
	*h = (struct mime_header){g_strdup(name), g_strdup(value)};
	g_ptr_array_add(facts, h);
}

void invitation_recall(struct mime_message *m, struct store *s)
{
	struct ledger *l = invitation_of(m) ? store_ledger(s, NULL) : NULL;
	for (guint i = 0; l && i < m->blocks->len; i++) {
		struct mime_block *b = m->blocks->pdata[i];
		int64_t sequence = 0;
		if (b->kind != MIME_BLOCK_INVITATION || !*invitation_fact(b->fields, "uid"))
			continue;
		g_autofree char *key = invitation_key(b->fields);
		g_autofree char *word = answered_word(
			l, ANSWERED_INVITATION, key, &sequence, NULL);
		if (!word)
			continue;
		g_autofree char *number = g_strdup_printf("%d", (int)sequence);
		add_fact(b->fields, "answered", word);
		add_fact(b->fields, "answered-sequence", number);
	}
}

/* --- the card -------------------------------------------------------------------------- */

static void line_clear(void *data)
{
	g_free(((struct invitation_line *)data)->value);
}

static void put(GArray *lines, const char *label, const char *value, bool warns)
{
	struct invitation_line l = {label, g_strdup(value), warns};
	if (*value)
		g_array_append_val(lines, l);
	else
		g_free(l.value);
}

static const char *state_text(const char *word)
{
	static const struct {
		const char *word, *text;
	} states[] = {
		{"accepted", N_("accepted")},
		{"tentative", N_("maybe")},
		{"declined", N_("declined")},
		{"delegated", N_("delegated")},
		{"needs-action", N_("not answered")},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (strcmp(states[i].word, word) == 0)
			return _(states[i].text);
	return _("not answered");
}

/* "accepted req-participant ivan@example.org Ivan Petrov" */
static char *person(const char *fact, bool *optional)
{
	g_auto(GStrv) words = g_strsplit(fact, " ", 4);
	guint n = g_strv_length(words);
	if (n < 3)
		return g_strdup("");
	*optional = strcmp(words[1], "opt-participant") == 0;
	g_autofree char *who =
		n > 3 ? g_strdup_printf("%s <%s>", words[3], words[2]) : g_strdup(words[2]);
	/* TRANSLATORS: who is invited, and what the answer was */
	return g_strdup_printf(*optional ? _("%s: %s, need not come") : _("%s: %s"), who,
		state_text(words[0]));
}

static void put_people(GArray *lines, const GPtrArray *facts)
{
	guint n = 0;
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		bool optional;
		if (strcmp(h->name, "attendee") != 0 || n++ >= PEOPLE_SHOWN)
			continue;
		g_autofree char *who = person(h->value, &optional);
		put(lines, n == 1 ? _("Invited:") : "", who, false);
	}
	if (n > PEOPLE_SHOWN) {
		g_autofree char *more = g_strdup_printf(
			P_("and %u other", "and %u others", n - PEOPLE_SHOWN), n - PEOPLE_SHOWN);
		put(lines, "", more, false);
	}
}

static const char *head(const GPtrArray *facts)
{
	static const struct {
		const char *method, *text;
	} heads[] = {
		{"request", N_("An invitation")},
		{"cancel", N_("It is called off")},
		{"reply", N_("An answer to an invitation")},
		{"counter", N_("Another time is proposed")},
		{"declinecounter", N_("The proposed time is declined")},
		{"add", N_("More of an event")},
		{"refresh", N_("Somebody asks for the latest version of an event")},
	};
	const char *method = invitation_fact(facts, "method");
	if (*invitation_fact(facts, "cancelled"))
		return _("It is called off");
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (strcmp(heads[i].method, method) == 0)
			return _(heads[i].text);
	return _("An event");
}

/* Whether it changed since, or is older than what was answered. */
static void put_answered(GArray *lines, const GPtrArray *facts)
{
	const char *word = invitation_fact(facts, "answered");
	gint64 then = g_ascii_strtoll(invitation_fact(facts, "answered-sequence"), NULL, 10);
	gint64 now = g_ascii_strtoll(invitation_fact(facts, "sequence"), NULL, 10);
	const char *said = state_text(word);
	if (!*word)
		return;
	g_autofree char *text = then == now ? g_strdup(said)
		: then < now
			? g_strdup_printf(_("%s, but the event was changed since: answer again"), said)
			: g_strdup_printf(_("%s, to a newer version: this one is out of date"), said);
	put(lines, _("You said:"), text, then != now);
}

GArray *invitation_lines(const GPtrArray *facts)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct invitation_line));
	g_array_set_clear_func(lines, line_clear);
	const char *name = invitation_fact(facts, "organizer-name");
	const char *address = invitation_fact(facts, "organizer");
	bool off = strcmp(invitation_fact(facts, "method"), "cancel") == 0 ||
		   *invitation_fact(facts, "cancelled");
	g_autofree char *when = invitation_when(facts);
	g_autofree char *organizer =
		*name && *address ? g_strdup_printf("%s <%s>", name, address) : g_strdup(address);
	put(lines, "", head(facts), off);
	put(lines, _("Event:"), invitation_fact(facts, "summary"), false);
	put(lines, _("When:"), when, false);
	put(lines, _("Repeats:"), invitation_fact(facts, "repeats"), false);
	put(lines, _("Where:"), invitation_fact(facts, "location"), false);
	put(lines, _("Organizer:"), organizer, false);
	put_people(lines, facts);
	put(lines, _("Comment:"), invitation_fact(facts, "comment"), false);
	put_answered(lines, facts);
	return lines;
}
