/* SPDX-License-Identifier: MIT */
#include "ui/letter-page.h"

#include "base/width.h"
#include "ui/blocks.h"
#include "ui/fate.h"
#include "ui/header.h"

static void add_lines(GPtrArray *lines, const char *name, const char *text, bool bad, int width)
{
	struct hanging h = {name, MIN(width_text(name) + 1, width / 2)};
	g_auto(GStrv) each = g_strsplit(text, "\n", -1);
	for (guint i = 0; each[i]; i++) {
		layout_hanging(lines, &h, each[i], width, bad ? THEME_WARNING : THEME_NORMAL);
		h.label = "";
	}
}

static void add_again(GPtrArray *lines, const char *key, int width)
{
	g_autofree char *text =
		g_strdup_printf(_("press %s to send it again to those whom it did not reach"), key);
	layout_text(lines, text, width, THEME_HINT);
}

/* Of a letter that was sent, and of one that reports about such a letter. */
static void add_fate(GPtrArray *lines, const struct letter_page *p, int width)
{
	g_autoptr(GPtrArray) told = fates_reported(p->mime ? p->mime->report : NULL);
	g_autofree char *text = fates_text(told);
	bool reported = fates_failed(told), fate = p->fate && *p->fate;
	if (fate)
		add_lines(lines, _("Delivery:"), p->fate, p->failed, width);
	if (*text)
		add_lines(lines, _("Reported:"), text, reported, width);
	if (p->resend && (p->failed || reported))
		add_again(lines, p->resend, width);
	if (fate || *text)
		layout_rule(lines, width);
}

void letter_page_layout(GPtrArray *lines, const struct letter_page *p, int width)
{
	header_layout(lines, p, width);
	add_fate(lines, p, width);
	if (p->mime)
		blocks_layout(
			&(struct block_page){lines, p->mime, width, p->fold, p->crypt, p->decrypt});
}

char *letter_links_text(const GPtrArray *links, bool but_written)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < links->len; i++) {
		const struct mime_link *l = links->pdata[i];
		if (but_written && l->written && !l->suspicious)
			continue;
		g_string_append_printf(out, "[%d] %s\n", l->number, l->url);
		if (*l->text)
			g_string_append_printf(out, "    %s\n", l->text);
		if (l->suspicious)
			g_string_append_printf(out, "    %s\n",
				_("! the text looks like another address than the link's"));
	}
	return g_string_free(out, FALSE);
}
