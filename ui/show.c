/* SPDX-License-Identifier: MIT */
#include "ui/show.h"

#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "ui/width.h"

/* TAB counts as far as the next eighth column: it stays one, for who pipes a
 * patch on. */
static int columns_of(gunichar c, int at)
{
	return c == '\t' ? 8 - at % 8 : width_char(c);
}

/* How many octets of text fit into width: to the last space if there is one,
 * at least one character. */
static size_t fit(const char *text, int width)
{
	const char *at = text, *space = NULL;
	int column = 0;
	for (; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		column += columns_of(c, column);
		if (column > width && at > text)
			break;
		if (c == ' ' && at > text)
			space = at;
	}
	if (!*at)
		return (size_t)(at - text);
	return (size_t)((space ? space : at) - text);
}

static size_t quote_length(const char *line)
{
	size_t n = 0;
	while (line[n] == '>')
		n += line[n + 1] == ' ' ? 2 : 1;
	return n;
}

/* One paragraph; its quote marks stand before each of its lines. */
static void wrap_line(GString *out, const char *line, int width)
{
	size_t quoted = quote_length(line);
	g_autofree char *quote = g_strndup(line, quoted);
	int room = MAX(width - (int)quoted, 10);
	const char *rest = line + quoted;
	do {
		size_t n = fit(rest, room);
		g_string_append(out, quote);
		g_string_append_len(out, rest, (gssize)n);
		g_string_append_c(out, '\n');
		rest += n;
		if (*rest == ' ')
			rest++;
	} while (*rest);
}

static void put_text(GString *out, const char *text, int width)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(lines);
	if (n > 0 && *lines[n - 1] == '\0')
		n--; /* the text's final newline */
	for (guint i = 0; i < n; i++)
		wrap_line(out, lines[i], width);
}

char *show_addresses(const GPtrArray *addresses)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const struct mime_address *a = addresses->pdata[i];
		g_string_append(out, i ? ", " : "");
		if (*a->name)
			g_string_append_printf(out, "%s <%s>", a->name, a->address);
		else
			g_string_append(out, a->address);
	}
	return g_string_free(out, FALSE);
}

static void put_header(GString *out, const char *name, const char *value)
{
	if (value && *value)
		g_string_append_printf(out, "%s: %s\n", name, value);
}

static void put_address_header(GString *out, const char *name, const GPtrArray *addresses)
{
	g_autofree char *text = show_addresses(addresses);
	put_header(out, name, text);
}

static void put_parts(GString *out, const GPtrArray *parts)
{
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		if (*p->note)
			g_string_append_printf(out, "[%s]\n", p->note);
		if (p->disposition != MIME_ATTACHMENT && !*p->filename)
			continue;
		g_autofree char *size = size_text((int64_t)p->size);
		/* TRANSLATORS: an attachment: number, name, type, size */
		g_string_append_printf(out, _("[attachment %s: %s, %s, %s]\n"), p->path,
			*p->filename ? p->filename : _("no name"), p->type, size);
	}
}

static void put_links(GString *out, const GPtrArray *links)
{
	for (guint i = 0; i < links->len; i++) {
		const struct mime_link *l = links->pdata[i];
		if (l->written)
			continue;
		g_string_append_printf(out, "[%d] %s%s\n", l->number, l->url,
			l->suspicious ? _("  (the text names another host)") : "");
	}
}

char *show_message(const struct mime_message *m, int width)
{
	GString *out = g_string_new(NULL);
	g_autofree char *date = m->date ? clock_long(m->date) : g_strdup("");
	put_address_header(out, _("From"), m->from);
	put_address_header(out, _("To"), m->to);
	put_address_header(out, _("Cc"), m->cc);
	put_header(out, _("Date"), date);
	put_header(out, _("Subject"), m->subject);
	for (guint i = 0; i < m->warnings->len; i++)
		put_header(out, _("Warning"), m->warnings->pdata[i]);
	g_string_append_c(out, '\n');
	put_text(out, m->text ? m->text : "", width);
	put_parts(out, m->parts);
	put_links(out, m->links);
	return g_string_free(out, FALSE);
}
