/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/show.h"

char *show_page(const struct letter_page *page, const struct trust *t, int width)
{
	g_autoptr(GPtrArray) lines = layout_new();
	GString *out = g_string_new(NULL);
	if (t)
		trust_layout(lines, t, width);
	letter_page_layout(lines, page, width);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(out, "%s\n", ((struct text_line *)lines->pdata[i])->text);
	/* Addresses stay whole, for who takes them on. */
	g_autofree char *links = letter_links_text(page->mime->links, true);
	g_string_append_printf(out, "%s%s", *links ? "\n" : "", links);
	return g_string_free(out, FALSE);
}
