/* SPDX-License-Identifier: MIT */
#include "compose/answer.h"

#include <string.h>

enum { LINE_OCTETS = 75 /* RFC 5545 section 3.1 */ };

/* A TEXT value; line ends of ours are LF. */
static void put_text(GString *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			g_string_append(out, "\\n");
		else if (strchr("\\;,", *text))
			g_string_append_printf(out, "\\%c", *text);
		else if (!g_ascii_iscntrl(*text))
			g_string_append_c(out, *text);
	}
}

/* What stands in a value as it is: no line may end in it. */
static void put_plain(GString *out, const char *text)
{
	for (; *text; text++)
		if (!g_ascii_iscntrl(*text))
			g_string_append_c(out, *text);
}

static void put_line(GString *out, const char *name, const char *value, bool text)
{
	if (!value || !*value)
		return;
	g_string_append_printf(out, "%s:", name);
	(text ? put_text : put_plain)(out, value);
	g_string_append_c(out, '\n');
}

/* "20260310" is a date alone. */
static void put_time(GString *out, const char *name, const char *value)
{
	g_autofree char *dated = g_strconcat(name, ";VALUE=DATE", NULL);
	if (value && *value)
		put_line(out, strlen(value) == 8 ? dated : name, value, false);
}

/* A parameter between quotes, which it cannot have itself. */
static void put_attendee(GString *out, const struct answer_facts *f)
{
	g_autofree char *state = g_ascii_strup(f->state, -1);
	g_string_append_printf(out, "ATTENDEE;PARTSTAT=%s", state);
	if (f->name && *f->name) {
		g_autofree char *name = g_strdup(f->name);
		g_string_append(out, ";CN=\"");
		put_plain(out, g_strdelimit(name, "\"", '\''));
		g_string_append_c(out, '"');
	}
	g_string_append(out, ":mailto:");
	put_plain(out, f->attendee);
	g_string_append_c(out, '\n');
}

char *answer_new(const struct answer_facts *f)
{
	GString *out = g_string_new("BEGIN:VCALENDAR\nPRODID:-//dewey//EN\nVERSION:2.0\n"
				    "METHOD:REPLY\nBEGIN:VEVENT\n");
	g_autoptr(GDateTime) made = g_date_time_new_from_unix_utc(f->made);
	g_autofree char *stamp = g_date_time_format(made, "%Y%m%dT%H%M%SZ");
	g_autofree char *organizer = g_strconcat("mailto:", f->organizer, NULL);
	put_line(out, "UID", f->uid, true);
	put_line(out, "SEQUENCE", f->sequence, false);
	put_time(out, "RECURRENCE-ID", f->recurrence);
	put_line(out, "DTSTAMP", stamp, false);
	put_time(out, "DTSTART", f->start);
	put_time(out, "DTEND", f->end);
	put_line(out, "SUMMARY", f->summary, true);
	put_line(out, "ORGANIZER", organizer, false);
	put_attendee(out, f);
	g_string_append(out, "END:VEVENT\nEND:VCALENDAR\n");
	return g_string_free(out, FALSE);
}

/* Lines of at most 75 octets, no character cut. */
static void put_folded(GString *out, const char *line, size_t len)
{
	for (size_t room = LINE_OCTETS; len > room; room = LINE_OCTETS - 1) {
		size_t n = room;
		while (n > 1 && ((guchar)line[n] & 0xC0) == 0x80)
			n--;
		g_string_append_len(out, line, (gssize)n);
		g_string_append(out, "\r\n ");
		line += n;
		len -= n;
	}
	g_string_append_len(out, line, (gssize)len);
	g_string_append(out, "\r\n");
}

char *answer_with_comment(const char *calendar, const char *comment)
{
	GString *out = g_string_new(NULL);
	g_autoptr(GString) said = g_string_new("COMMENT:");
	g_autofree char *words = g_strstrip(g_strdup(comment ? comment : ""));
	put_text(said, words);
	for (const char *line = calendar; *line;) {
		size_t len = strcspn(line, "\n");
		if (*words && g_str_has_prefix(line, "END:VEVENT"))
			put_folded(out, said->str, said->len);
		put_folded(out, line, len);
		line += len + (line[len] == '\n');
	}
	return g_string_free(out, FALSE);
}

static char *unescape(const char *text, size_t len)
{
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len && text[++i] == 'n')
			g_string_append_c(out, '\n');
		else
			g_string_append_c(out, text[i]);
	}
	return g_string_free(out, FALSE);
}

char *answer_value(const char *calendar, const char *name)
{
	if (strcmp(name, "PARTSTAT") == 0) {
		const char *at = strstr(calendar, "\nATTENDEE;PARTSTAT=");
		at = at ? strchr(at, '=') + 1 : NULL;
		return at ? g_ascii_strdown(at, (gssize)strcspn(at, ";:\n")) : NULL;
	}
	size_t n = strlen(name);
	for (const char *line = calendar; *line;) {
		size_t len = strcspn(line, "\n");
		if (strncmp(line, name, n) == 0 && (line[n] == ':' || line[n] == ';')) {
			const char *colon = memchr(line, ':', len);
			if (colon)
				return unescape(colon + 1, len - (size_t)(colon + 1 - line));
		}
		line += len + (line[len] == '\n');
	}
	return NULL;
}
