/* SPDX-License-Identifier: MIT
 *
 * What is told of a letter's HTML above it: what was not fetched, what it hides, and
 * that its two forms are not of one mind (M-60, M-62). */
#include "base/base.h"

#include <string.h>

#include "ui/header.h"
#include "ui/layout.h"

/* Previews are filled with so much by everybody. */
enum { HIDDEN_MUCH = 400, HOSTS_NAMED = 3 };

static void note(GPtrArray *lines, const char *text, int width, enum theme theme)
{
	layout_field(lines, "!", text, width, theme);
}

static void add_form(GPtrArray *lines, const struct mime_message *m, int width)
{
	if (!m->differs)
		return;
	bool html = strcmp(m->other_type, "text/html") == 0;
	note(lines,
		html ? _("the HTML of this letter says something else than this text")
		     : _("the plain text of this letter says something else than this HTML"),
		width, THEME_WARNING);
}

static void add_hidden(GPtrArray *lines, const struct mime_message *m, int width)
{
	if (m->hidden < HIDDEN_MUCH)
		return;
	g_autofree char *text = g_strdup_printf(P_("%u character is hidden by the letter",
		"%u characters are hidden by the letter", m->hidden), m->hidden);
	note(lines, text, width, THEME_WARNING);
}

static char *hosts(const struct mime_message *m)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < MIN(m->remote->len, HOSTS_NAMED); i++) {
		const struct mime_remote *r = m->remote->pdata[i];
		g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", r->host);
	}
	if (m->remote->len > HOSTS_NAMED)
		g_string_append(out, ", …");
	return g_string_free(out, FALSE);
}

static void add_remote(GPtrArray *lines, const struct mime_message *m, int width)
{
	guint all = 0, pixels = 0;
	for (guint i = 0; i < m->remote->len; i++) {
		const struct mime_remote *r = m->remote->pdata[i];
		all += r->pictures + r->pixels + r->others;
		pixels += r->pixels;
	}
	if (all == 0)
		return;
	g_autofree char *from = hosts(m);
	g_autofree char *what = g_strdup_printf(
		P_("%u remote file not fetched (%s)", "%u remote files not fetched (%s)", all), all, from);
	g_autofree char *text = pixels == 0 ? g_steal_pointer(&what)
		: g_strdup_printf(P_("%s, %u to tell that you read it", "%s, %u to tell that you read it",
			pixels), what, pixels);
	note(lines, text, width, THEME_HINT);
}

void header_html_notes(GPtrArray *lines, const struct mime_message *mime, int width)
{
	add_form(lines, mime, width);
	add_hidden(lines, mime, width);
	add_remote(lines, mime, width);
}
