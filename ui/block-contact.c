/* SPDX-License-Identifier: MIT
 *
 * The card of a person. */
#include "base/base.h"

#include <string.h>

#include "base/width.h"
#include "ui/blocks.h"

static int indent_of(const GPtrArray *facts, int width)
{
	int most = 0;
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		most = MAX(most, width_text(mime_contact_label(h->name)));
	}
	return MIN(most + 3, width / 2);
}

void block_contact(struct block_page *page, const struct mime_block *b)
{
	guint first = page->lines->len;
	int indent = indent_of(b->fields, page->width);
	for (guint i = 0; i < b->fields->len; i++) {
		const struct mime_header *h = b->fields->pdata[i];
		bool name = strcmp(h->name, "name") == 0;
		g_autofree char *label = g_strconcat("  ", mime_contact_label(h->name), NULL);
		if (name && i > 0)
			layout_text(page->lines, "", page->width, THEME_NORMAL);
		layout_hanging(page->lines, &(struct hanging){label, indent}, h->value, page->width,
			name ? THEME_SUBJECT : THEME_QUOTE1);
	}
	block_set_off(page, first);
}
