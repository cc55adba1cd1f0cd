/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "base/width.h"
#include "ui/header.h"
#include "ui/part-save.h"

enum { ATTACHED_MOST = 12 /* parts named above a text that one wants to read */ };

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

/* "2: report.pdf (application/pdf, 12 kB)": by the number it is opened, and given to
 * "dewey show --part"; "2! …: this is a program" where one should beware. */
static char *attached_text(const struct mime_part *part, const char *warning)
{
	GString *out = g_string_new(part->path);
	g_autofree char *size = size_text(part->size);
	g_string_append_printf(out, "%c %s (", warning ? '!' : ':',
		*part->filename ? part->filename : _("(no name)"));
	g_string_append_printf(out, "%s, %s)", part->type, size);
	if (warning || *part->note)
		g_string_append_printf(out, ": %s", warning ? warning : part->note);
	return g_string_free(out, FALSE);
}

static void add_attached(GPtrArray *lines, const struct mime_message *m, bool all, int width)
{
	const char *name = _("Attached:");
	struct hanging h = {name, MIN(width_text(name) + 1, width / 2)};
	guint count = 0;
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		if (!part_is_attached(part) || (++count > ATTACHED_MOST && !all))
			continue;
		g_autofree char *warning = part_warning(part);
		g_autofree char *text = attached_text(part, warning);
		layout_hanging(
			lines, &h, text, width, warning ? THEME_WARNING : THEME_ATTACHMENT);
		h.label = "";
	}
	if (count <= ATTACHED_MOST || all)
		return;
	guint left = count - ATTACHED_MOST;
	g_autofree char *more = g_strdup_printf(P_("%u more", "%u more", left), left);
	layout_hanging(lines, &h, more, width, THEME_ATTACHMENT);
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

void header_layout(GPtrArray *lines, const struct letter_page *p, int width)
{
	if (!p->mime)
		add_known(lines, p->row, width);
	else if (p->full)
		add_full(lines, p->mime, width);
	else
		add_main(lines, p->mime, width);
	if (p->mime) {
		add_attached(lines, p->mime, p->full || p->all_parts, width);
		add_warnings(lines, p->mime, width);
		header_html_notes(lines, p->mime, width);
	}
	layout_rule(lines, width);
}
