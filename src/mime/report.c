/* SPDX-License-Identifier: MIT
 *
 * Reports about letters that were sent.  Only a letter whose own type is
 * multipart/report is one, and of its parts only those on the first level: a
 * report that somebody forwards tells nothing about a letter of ours. */
#include "mime/letter.h"

#include <string.h>

enum { REPORT_OCTETS = 256 * 1024, HEAD_OCTETS = 64 * 1024, MAX_OUTCOMES = 1000, MAX_WORDS = 2000 };

/* --- fields -------------------------------------------------------------------- */

/* The first value of that name in a group, decoded, without white space around it. */
static char *value_of(const struct letter *l, const GPtrArray *fields, const char *name)
{
	const char *raw = fields_get(fields, name, 0);
	return raw ? g_strstrip(header_decode(l->charsets, raw, l->hint)) : NULL;
}

/* "rfc822; <ivan@example.org>" is the part behind the type, which some forget.
 * Takes text. */
static char *without_type(char *text)
{
	size_t type = text ? strcspn(text, "; \t<@\"") : 0;
	if (!text || type == 0 || text[type + strspn(text + type, " \t")] != ';')
		return text;
	char *rest = g_strdup(strchr(text + type, ';') + 1);
	g_free(text);
	return g_strstrip(rest);
}

static char *mailbox_of(const struct letter *l, const GPtrArray *fields, const char *name)
{
	char *text = without_type(value_of(l, fields, name));
	size_t len = text ? strlen(text) : 0;
	if (len < 2 || text[0] != '<' || text[len - 1] != '>')
		return text;
	char *inner = g_strndup(text + 1, len - 2);
	g_free(text);
	return inner;
}

static void replace(char **member, const char *value)
{
	g_free(*member);
	*member = mime_clean_line(value);
}

/* The first value that is told stands. */
static void keep(char **member, char *value)
{
	if (value && *value && !**member)
		replace(member, value);
	g_free(value);
}

/* --- what is told of a recipient ----------------------------------------------- */

/* RFC 3464 2.3.3; where it is missing the class of the status says it too. */
static const char *action_of_status(const char *status)
{
	switch (status ? *status : '\0') {
	case '2':
		return "delivered";
	case '4':
		return "delayed";
	case '5':
		return "failed";
	default:
		return "";
	}
}

static char *delivery_action(const struct letter *l, const GPtrArray *fields, const char *status)
{
	g_autofree char *text = value_of(l, fields, "Action");
	if (!text || !*text)
		return g_strdup(action_of_status(status));
	return g_ascii_strdown(text, (gssize)strcspn(text, " \t;("));
}

/* "manual-action/MDN-sent-manually; displayed/error": RFC 8098 3.2.6. */
static char *receipt_action(const struct letter *l, const GPtrArray *fields)
{
	g_autofree char *text = value_of(l, fields, "Disposition");
	const char *type = text ? strchr(text, ';') : NULL;
	if (!type)
		return g_strdup("");
	type += 1 + strspn(type + 1, " \t");
	return g_ascii_strdown(type, (gssize)strcspn(type, " \t/,;("));
}

/* "5.1.1 (bad destination)" is 5.1.1. */
static char *status_of(const struct letter *l, const GPtrArray *fields)
{
	char *text = value_of(l, fields, "Status");
	if (text)
		text[strspn(text, "0123456789.")] = '\0';
	return text;
}

static char *words_of(const struct letter *l, const GPtrArray *fields, bool receipt)
{
	g_autofree char *text = receipt ? value_of(l, fields, "Error")
					: without_type(value_of(l, fields, "Diagnostic-Code"));
	g_autofree char *clean = mime_clean_line(text);
	return g_utf8_substring(clean, 0, MIN(g_utf8_strlen(clean, -1), MAX_WORDS));
}

static void read_outcome(
	const struct letter *l, const GPtrArray *fields, struct mime_report *report)
{
	g_autofree char *original = mailbox_of(l, fields, "Original-Recipient");
	g_autofree char *final = mailbox_of(l, fields, "Final-Recipient");
	g_autofree char *status = status_of(l, fields);
	g_autofree char *action =
		report->receipt ? receipt_action(l, fields) : delivery_action(l, fields, status);
	g_autofree char *words = words_of(l, fields, report->receipt);
	bool told = original && *original;
	if (!*action || !(told || final) || report->outcomes->len >= MAX_OUTCOMES)
		return;
	struct mime_outcome *o = mime_report_add(report);
	o->address = mime_clean_line(told ? original : final);
	o->final = mime_clean_line(final);
	o->action = mime_clean_line(action);
	o->status = mime_clean_line(status);
	o->words = g_steal_pointer(&words);
}

static void read_group(
	const struct letter *l, const char *text, size_t len, struct mime_report *report)
{
	g_autoptr(GPtrArray) fields = fields_parse(text, len);
	g_autofree char *about = value_of(l, fields, "Original-Message-ID");
	keep(&report->envid, value_of(l, fields, "Original-Envelope-Id"));
	keep(&report->server, report->receipt ? value_of(l, fields, "Reporting-UA")
					      : without_type(value_of(l, fields, "Reporting-MTA")));
	if (about)
		keep(&report->about, letter_id(l, about));
	read_outcome(l, fields, report);
}

static bool is_blank(const char *line, const char *end)
{
	return line + strspn(line, " \t\r") >= end;
}

/* Groups of fields with empty lines between them. */
static void read_groups(const struct letter *l, const char *text, struct mime_report *report)
{
	const char *start = text;
	for (const char *at = text; *at;) {
		const char *lf = strchrnul(at, '\n');
		if (is_blank(at, lf)) {
			read_group(l, start, (size_t)(at - start), report);
			start = *lf ? lf + 1 : lf;
		}
		at = *lf ? lf + 1 : lf;
	}
	read_group(l, start, strlen(start), report);
}

static char *content_of(GMimeObject *object, size_t max)
{
	bool cut;
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), max, &cut);
	return octets->data ? g_strndup((const char *)octets->data, octets->len) : g_strdup("");
}

static void read_status(const struct letter *l, GMimeObject *part, struct mime_report *report)
{
	if (!GMIME_IS_PART(part))
		return;
	g_autofree char *text = content_of(part, REPORT_OCTETS);
	read_groups(l, text, report);
}

/* --- the letter that is returned ------------------------------------------------ */

static void read_returned(const struct letter *l, GMimeObject *part, struct mime_report *report)
{
	if (GMIME_IS_MESSAGE_PART(part)) {
		GMimeMessage *m = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
		GMimeHeader *id =
			m ? g_mime_header_list_get_header(
				    g_mime_object_get_header_list(GMIME_OBJECT(m)), "Message-ID")
			  : NULL;
		if (id)
			keep(&report->about, letter_id(l, g_mime_header_get_raw_value(id)));
	} else if (GMIME_IS_PART(part)) {
		g_autofree char *text = content_of(part, HEAD_OCTETS);
		g_autoptr(GPtrArray) fields = fields_parse(text, strlen(text));
		const char *id = fields_get(fields, "Message-ID", 0);
		if (id)
			keep(&report->about, letter_id(l, id));
	}
}

/* --- parts ---------------------------------------------------------------------- */

struct part_kind {
	const char *type;
	void (*read)(const struct letter *l, GMimeObject *part, struct mime_report *report);
	bool receipt;
};

/* Those with "global" are of RFC 6533. */
static const struct part_kind part_kinds[] = {
	{"message/delivery-status", read_status, false},
	{"message/global-delivery-status", read_status, false},
	{"message/disposition-notification", read_status, true},
	{"message/global-disposition-notification", read_status, true},
	{"message/rfc822", read_returned, false},
	{"message/global", read_returned, false},
	{"text/rfc822-headers", read_returned, false},
	{"message/global-headers", read_returned, false},
};

/* Whether all of the letter is a report. */
static bool is_whole(const struct letter *l)
{
	g_autofree char *type = l->body ? node_type(l->body) : g_strdup("");
	return strcmp(type, "multipart/report") == 0 && GMIME_IS_MULTIPART(l->body);
}

static void read_part(const struct letter *l, GMimeObject *part, struct mime_report *report)
{
	g_autofree char *type = node_type(part);
	for (size_t i = 0; i < G_N_ELEMENTS(part_kinds); i++) {
		if (strcmp(type, part_kinds[i].type) != 0)
			continue;
		report->receipt = report->receipt || part_kinds[i].receipt;
		part_kinds[i].read(l, part, report);
		return;
	}
}

bool report_tells(const struct letter *l, GMimeObject *part)
{
	g_autofree char *type = node_type(part);
	g_autoptr(mime_report) report = mime_report_new();
	bool status = g_str_has_suffix(type, "delivery-status") ||
		g_str_has_suffix(type, "disposition-notification");
	if (!status || !l->body || !is_whole(l) ||
		g_mime_multipart_index_of(GMIME_MULTIPART(l->body), part) < 0)
		return false;
	read_part(l, part, report);
	return report->outcomes->len > 0;
}

static void read_parts(const struct letter *l, GMimeMultipart *parts, struct mime_report *report)
{
	int n = MIN(g_mime_multipart_get_count(parts), LIMIT_PARTS);
	for (int i = 0; i < n; i++)
		read_part(l, g_mime_multipart_get_part(parts, i), report);
}

/* Exim named those whom a letter did not reach before it wrote reports, and
 * others follow it; the letter is the one that theirs answers. */
static void read_failed_recipients(const struct letter *l, struct mime_report *report)
{
	const char *raw = fields_get(l->fields, "X-Failed-Recipients", 0);
	g_autofree char *text = raw ? header_decode(l->charsets, raw, l->hint) : g_strdup("");
	g_auto(GStrv) addresses = g_strsplit_set(text, ", \t", MAX_OUTCOMES);
	for (guint i = 0; addresses[i]; i++) {
		if (!strchr(addresses[i], '@'))
			continue;
		struct mime_outcome *o = mime_report_add(report);
		o->address = mime_clean_line(addresses[i]);
		o->final = mime_clean_line("");
		o->action = g_strdup("failed");
		o->status = g_strdup("");
		o->words = g_strdup("");
	}
	const char *answers = fields_get(l->fields, "In-Reply-To", 0);
	answers = answers ? answers : fields_get(l->fields, "References", 0);
	if (answers)
		keep(&report->about, letter_id(l, answers));
}

struct mime_report *letter_report(struct letter *l)
{
	bool whole = is_whole(l);
	if (!whole && !fields_get(l->fields, "X-Failed-Recipients", 0))
		return NULL;
	g_autoptr(mime_report) report = mime_report_new();
	if (whole)
		read_parts(l, GMIME_MULTIPART(l->body), report);
	if (report->outcomes->len == 0 && !report->receipt)
		read_failed_recipients(l, report);
	return report->outcomes->len > 0 ? g_steal_pointer(&report) : NULL;
}
