/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "ui/header.h"

static bool poses(const struct mime_address *a)
{
	return strchr(a->name, '@') && g_ascii_strcasecmp(a->name, a->address) != 0;
}

char *header_address(const struct mime_address *a)
{
	if (!*a->address)
		return g_strdup(a->name);
	if (!*a->name || g_ascii_strcasecmp(a->name, a->address) == 0)
		return g_strdup_printf("<%s>", a->address);
	if (poses(a))
		return g_strdup_printf(_("<%s> (under the name of another address)"), a->address);
	return g_strdup_printf("%s <%s>", a->name, a->address);
}

char *header_addresses(const GPtrArray *addresses)
{
	GString *out = g_string_new(NULL);
	const char *group = "";
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const struct mime_address *a = addresses->pdata[i];
		g_autofree char *one = header_address(a);
		g_string_append(out, i > 0 ? ", " : "");
		if (*a->group && strcmp(a->group, group) != 0)
			g_string_append_printf(out, "%s: ", a->group);
		g_string_append(out, one);
		group = a->group;
	}
	return g_string_free(out, FALSE);
}

static void add_addresses(GPtrArray *lines, const char *name, const GPtrArray *addresses, int width)
{
	g_autofree char *text = header_addresses(addresses);
	if (*text)
		layout_field(lines, name, text, width, THEME_NORMAL);
}

/* Whether a field only says again what From says. */
static bool same_as_from(const GPtrArray *addresses, const GPtrArray *from)
{
	if (!addresses || addresses->len != 1 || !from || from->len != 1)
		return !addresses || addresses->len == 0;
	const struct mime_address *a = addresses->pdata[0], *b = from->pdata[0];
	return g_ascii_strcasecmp(a->address, b->address) == 0;
}

static void add_main(GPtrArray *lines, const struct mime_message *m, int width)
{
	g_autofree char *date = m->date ? clock_long(m->date) : g_strdup(_("not given"));
	layout_field(lines, _("Date:"), date, width, THEME_NORMAL);
	add_addresses(lines, _("From:"), m->from, width);
	if (!same_as_from(m->sender, m->from))
		add_addresses(lines, _("Sender:"), m->sender, width);
	if (!same_as_from(m->reply_to, m->from))
		add_addresses(lines, _("Reply to:"), m->reply_to, width);
	add_addresses(lines, _("To:"), m->to, width);
	add_addresses(lines, _("Cc:"), m->cc, width);
	add_addresses(lines, _("Bcc:"), m->bcc, width);
	layout_field(lines, _("Subject:"), *m->subject ? m->subject : _("(no subject)"), width,
		THEME_SUBJECT);
}

static void add_attached(GPtrArray *lines, const struct mime_message *m, int width)
{
	g_autoptr(GString) out = g_string_new(NULL);
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		if (!part_is_attached(part))
			continue;
		g_autofree char *size = size_text(part->size);
		g_string_append_printf(out, "%s%s (%s)", out->len ? ", " : "",
			*part->filename ? part->filename : part->type, size);
	}
	if (out->len > 0)
		layout_field(lines, _("Attached:"), out->str, width, THEME_ATTACHMENT);
}

static void add_full(GPtrArray *lines, const struct mime_message *m, int width)
{
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		g_autofree char *name = g_strconcat(h->name, ":", NULL);
		layout_field(lines, name, h->value, width, THEME_NORMAL);
	}
}

/* How the text was decoded, if not as it says; NULL: it was. */
static char *charset_badge(const struct mime_message *m)
{
	if (m->chosen)
		return g_strdup_printf(_("charset: %s, as you chose"), m->charset);
	if (*m->mended)
		return g_strdup_printf(_("encoded twice, and mended: %s that was read as %s"),
			m->charset, m->mended);
	return m->guessed ? g_strdup_printf(_("charset guessed: %s"), m->charset) : NULL;
}

static void add_warnings(GPtrArray *lines, const struct mime_message *m, int width)
{
	for (guint i = 0; m->warnings && i < m->warnings->len; i++)
		layout_field(lines, "!", m->warnings->pdata[i], width, THEME_WARNING);
	g_autofree char *charset = charset_badge(m);
	if (charset)
		layout_field(lines, "!", charset, width, THEME_HINT);
	if (m->truncated)
		layout_field(lines, "!", _("too large to be shown whole"), width, THEME_WARNING);
}

/* Before the letter is read, or when it cannot be. */
static void add_known(GPtrArray *lines, const struct message_row *row, int width)
{
	g_autofree char *date = clock_long(row->date);
	const struct mime_address a = {row->from_name, row->from, (char *)""};
	g_autofree char *from = header_address(&a);
	layout_field(lines, _("Date:"), date, width, THEME_NORMAL);
	layout_field(lines, _("From:"), from, width, THEME_NORMAL);
	if (*row->to)
		layout_field(lines, _("To:"), row->to, width, THEME_NORMAL);
	layout_field(lines, _("Subject:"), *row->subject ? row->subject : _("(no subject)"), width,
		THEME_SUBJECT);
}

void header_layout(GPtrArray *lines, const struct message_row *row,
	const struct mime_message *mime, bool full, int width)
{
	if (!mime)
		add_known(lines, row, width);
	else if (full)
		add_full(lines, mime, width);
	else
		add_main(lines, mime, width);
	if (mime)
		add_attached(lines, mime, width);
	if (mime)
		add_warnings(lines, mime, width);
	if (mime)
		header_html_notes(lines, mime, width);
	layout_rule(lines, width);
}
