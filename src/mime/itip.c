/* SPDX-License-Identifier: MIT */
#include "mime/itip.h"

#include <string.h>

#include "mime/message.h"

const char *itip_fact(const GPtrArray *card, const char *name)
{
	for (guint i = 0; i < card->len; i++) {
		const struct mime_header *h = card->pdata[i];
		if (strcmp(h->name, name) == 0)
			return h->value;
	}
	return NULL;
}

#ifdef HAVE_ICAL

#include "mime/itip-private.h"

enum { LINES_MOST = 20000, DEPTH_MOST = 8, COMPONENTS_MOST = 2000 };

/* --- before libical sees it --------------------------------------------------------- */

/* Its parser keeps a stack, and frees what it made by recursion. */
static bool is_harmless(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	int depth = 0, components = 0, lines = 0;
	while (at < end && ++lines < LINES_MOST) {
		if (end - at > 6 && g_ascii_strncasecmp(at, "BEGIN:", 6) == 0) {
			depth++;
			components++;
		} else if (end - at > 4 && g_ascii_strncasecmp(at, "END:", 4) == 0) {
			depth--;
		}
		if (depth > DEPTH_MOST || components > COMPONENTS_MOST)
			return false;
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : end;
	}
	return lines < LINES_MOST && !memchr(text, '\0', len);
}

/* --- facts -------------------------------------------------------------------------- */

static void add(GPtrArray *card, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	g_autofree char *cut = g_strndup(value, strnlen(value, ITIP_VALUE));
	g_autofree char *valid = g_utf8_make_valid(cut, -1);
	g_autofree char *clean = mime_clean_line(valid);
	mime_fields_add(card, name, clean);
}

static void add_number(GPtrArray *card, const char *name, int64_t value)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
	mime_fields_add(card, name, text);
}

/* "mailto:a@b" is a@b; other schemes reach nobody by mail. */
static char *mailbox(const char *uri)
{
	if (!uri || g_ascii_strncasecmp(uri, "mailto:", 7) != 0)
		return NULL;
	char *address = g_uri_unescape_string(uri + 7, NULL);
	if (!address)
		address = g_strdup(uri + 7);
	if (strpbrk(address, " \t\r\n<>,") || !strchr(address, '@'))
		g_clear_pointer(&address, g_free);
	return address;
}

static char *parameter(icalproperty *p, const char *name)
{
	char *value = icalproperty_get_parameter_as_string_r(p, name);
	char *copy = value ? g_strdup(value) : NULL;
	icalmemory_free_buffer(value);
	return copy;
}

static char *lower_parameter(icalproperty *p, const char *name, const char *fallback)
{
	g_autofree char *value = parameter(p, name);
	return g_ascii_strdown(value && *value && !strchr(value, ' ') ? value : fallback, -1);
}

/* "accepted req-participant ivan@example.org Ivan Petrov" */
static void add_attendee(GPtrArray *card, icalproperty *p)
{
	g_autofree char *address = mailbox(icalproperty_get_attendee(p));
	g_autofree char *state = lower_parameter(p, "PARTSTAT", "needs-action");
	g_autofree char *role = lower_parameter(p, "ROLE", "req-participant");
	g_autofree char *name = parameter(p, "CN");
	if (!address)
		return;
	g_autofree char *all = g_strdup_printf("%s %s %s %s", state, role, address, name ? name : "");
	add(card, "attendee", g_strchomp(all));
}

static void add_people(GPtrArray *card, icalcomponent *event)
{
	icalproperty *p = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
	g_autofree char *address = p ? mailbox(icalproperty_get_organizer(p)) : NULL;
	g_autofree char *name = p ? parameter(p, "CN") : NULL;
	if (address) {
		add(card, "organizer", address);
		add(card, "organizer-name", name);
	}
	p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
	for (int n = 0; p && n < ITIP_ATTENDEES; n++) {
		add_attendee(card, p);
		p = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY);
	}
}

/* --- times -------------------------------------------------------------------------- */

static char *time_text(struct icaltimetype t)
{
	if (t.is_date)
		return g_strdup_printf("%04d-%02d-%02d", t.year, t.month, t.day);
	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour,
		t.minute, t.second);
}

static bool is_sound(struct icaltimetype t)
{
	return t.year >= 1 && t.year <= 9998 && t.month >= 1 && t.month <= 12 && t.day >= 1 &&
	       t.day <= g_date_get_days_in_month((GDateMonth)t.month, (GDateYear)t.year) &&
	       t.hour >= 0 && t.hour < 24 && t.minute >= 0 && t.minute < 60 && t.second >= 0 &&
	       t.second <= 60;
}

/* As NAME, NAME-zone, NAME-offset; see dewey-wire(7). */
static void add_time(GPtrArray *card, const char *name, icalproperty *p, struct icaltimetype t)
{
	icalcomponent *calendar = icalproperty_get_parent(p);
	while (calendar && icalcomponent_get_parent(calendar))
		calendar = icalcomponent_get_parent(calendar);
	if (icaltime_is_null_time(t) || !is_sound(t))
		return;
	g_autofree char *text = time_text(t);
	g_autofree char *zone = parameter(p, "TZID");
	g_autofree char *zone_name = g_strconcat(name, "-zone", NULL);
	g_autofree char *offset_name = g_strconcat(name, "-offset", NULL);
	int seconds = 0;
	add(card, name, text);
	if (t.is_date)
		return;
	if (icaltime_is_utc(t)) {
		add_number(card, offset_name, 0);
	} else if (zone) {
		add(card, zone_name, zone);
		if (calendar && itip_zone_offset(calendar, zone, t, &seconds))
			add_number(card, offset_name, seconds);
	}
}

static void add_end(GPtrArray *card, icalcomponent *event, icalproperty *start)
{
	icalproperty *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
	icalproperty *duration = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
	if (end) {
		add_time(card, "end", end, icalproperty_get_dtend(end));
	} else if (start && duration) {
		struct icaldurationtype d = icalproperty_get_duration(duration);
		struct icaltimetype t = icalproperty_get_dtstart(start);
		if (is_sound(t) && icaldurationtype_as_int(d) >= 0 && d.weeks < 1000 && d.days < 10000)
			add_time(card, "end", start, icaltime_add(t, d));
	}
}

static void add_times(GPtrArray *card, icalcomponent *event)
{
	icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
	if (start)
		add_time(card, "start", start, icalproperty_get_dtstart(start));
	add_end(card, event, start);
	icalproperty *id = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
	if (id)
		add_time(card, "recurrence", id, icalproperty_get_recurrenceid(id));
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	if (!rule)
		return;
	struct icalrecurrencetype r = icalproperty_get_rrule(rule);
	g_autofree char *words = itip_rule_words(&r);
	add(card, "repeats", words);
}

/* --- cards -------------------------------------------------------------------------- */

static void add_text(GPtrArray *card, icalcomponent *event, icalproperty_kind kind,
	const char *name)
{
	icalproperty *p = icalcomponent_get_first_property(event, kind);
	icalvalue *value = p ? icalproperty_get_value(p) : NULL;
	const char *text = value ? icalvalue_get_text(value) : NULL;
	add(card, name, text);
}

static char *method_of(icalcomponent *calendar)
{
	icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_METHOD_PROPERTY);
	const char *word = p ? icalproperty_method_to_string(icalproperty_get_method(p)) : NULL;
	/* A method that libical does not know is "". */
	return g_ascii_strdown(word && *word ? word : "publish", -1);
}

/* A fact is one line: a text of several is several. */
static void add_lines(GPtrArray *card, icalcomponent *event, icalproperty_kind kind,
	const char *name)
{
	icalproperty *p = icalcomponent_get_first_property(event, kind);
	icalvalue *value = p ? icalproperty_get_value(p) : NULL;
	const char *text = value ? icalvalue_get_text(value) : NULL;
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", ITIP_LINES + 1);
	for (guint i = 0; lines[i] && i < ITIP_LINES; i++)
		add(card, name, *lines[i] ? lines[i] : " ");
}

static GPtrArray *card_of(icalcomponent *event, const char *method)
{
	GPtrArray *card = mime_fields_new();
	icalproperty *sequence = icalcomponent_get_first_property(event, ICAL_SEQUENCE_PROPERTY);
	icalproperty *stamp = icalcomponent_get_first_property(event, ICAL_DTSTAMP_PROPERTY);
	icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
	add(card, "method", method);
	add_text(card, event, ICAL_SUMMARY_PROPERTY, "summary");
	add_times(card, event);
	add_text(card, event, ICAL_LOCATION_PROPERTY, "location");
	add_people(card, event);
	add_lines(card, event, ICAL_DESCRIPTION_PROPERTY, "description");
	add_text(card, event, ICAL_COMMENT_PROPERTY, "comment");
	add_text(card, event, ICAL_UID_PROPERTY, "uid");
	add_number(card, "sequence", sequence ? MAX(icalproperty_get_sequence(sequence), 0) : 0);
	if (stamp)
		add_time(card, "stamp", stamp, icalproperty_get_dtstamp(stamp));
	if (status && icalproperty_get_status(status) == ICAL_STATUS_CANCELLED)
		mime_fields_add(card, "cancelled", "yes");
	return card;
}

static void take_events(icalcomponent *calendar, GPtrArray *cards)
{
	g_autofree char *method = method_of(calendar);
	icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	for (; event && cards->len < ITIP_CARDS;
		event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
		g_ptr_array_add(cards, card_of(event, method));
}

static void card_free(void *card)
{
	g_ptr_array_unref(card);
}

GPtrArray *itip_cards(const char *text, size_t len)
{
	GPtrArray *cards = g_ptr_array_new_with_free_func(card_free);
	if (len > ITIP_OCTETS || !is_harmless(text, len))
		return cards;
	/* They are, unless somebody says so: abort() for a letter. */
	icalerror_set_errors_are_fatal(0);
	g_autofree char *copy = g_strndup(text, len);
	icalcomponent *root = icalparser_parse_string(copy);
	if (root && icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
		take_events(root, cards);
	else if (root && icalcomponent_isa(root) == ICAL_XROOT_COMPONENT)
		for (icalcomponent *c = icalcomponent_get_first_component(
			     root, ICAL_VCALENDAR_COMPONENT);
			c; c = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT))
			take_events(c, cards);
	if (root)
		icalcomponent_free(root);
	icalmemory_free_ring();
	return cards;
}

#else

static void card_free(void *card)
{
	g_ptr_array_unref(card);
}

GPtrArray *itip_cards(const char *text, size_t len)
{
	return g_ptr_array_new_with_free_func(card_free);
}

#endif

/* --- as text -------------------------------------------------------------------------- */

static void put_line(GString *out, const char *label, const char *value)
{
	if (value && *value)
		g_string_append_printf(out, "%s %s\n", label, value);
}

static void put_when(GString *out, const GPtrArray *card)
{
	const char *start = itip_fact(card, "start"), *end = itip_fact(card, "end");
	const char *zone = itip_fact(card, "start-zone"), *offset = itip_fact(card, "start-offset");
	const char *utc = !zone && offset && strcmp(offset, "0") == 0 ? "UTC" : NULL;
	if (!start)
		return;
	g_string_append_printf(out, "%s %s%s%s", _("When:"), start, end ? " – " : "", end ? end : "");
	if (zone || utc)
		g_string_append_printf(out, " (%s)", zone ? zone : utc);
	g_string_append_c(out, '\n');
}

char *itip_text(const GPtrArray *card)
{
	GString *out = g_string_new(NULL);
	const char *name = itip_fact(card, "organizer-name"), *address = itip_fact(card, "organizer");
	const char *summary = itip_fact(card, "summary");
	put_line(out, _("Event:"), summary ? summary : _("(no subject)"));
	put_when(out, card);
	put_line(out, _("Repeats:"), itip_fact(card, "repeats"));
	put_line(out, _("Where:"), itip_fact(card, "location"));
	if (address && name)
		g_string_append_printf(out, "%s %s <%s>\n", _("Organizer:"), name, address);
	else
		put_line(out, _("Organizer:"), address);
	for (guint i = 0; i < card->len; i++) {
		const struct mime_header *h = card->pdata[i];
		if (strcmp(h->name, "description") == 0)
			g_string_append_printf(out, "%s\n", h->value);
	}
	return g_string_free(out, FALSE);
}
