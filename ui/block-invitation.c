/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/width.h"
#include "ui/blocks.h"
#include "ui/invitation.h"

static int label_width(const GArray *lines)
{
	int most = 0;
	for (guint i = 0; i < lines->len; i++)
		most = MAX(most, width_text(g_array_index(lines, struct invitation_line, i).label));
	return most;
}

static void put_about(struct block_page *page, const GPtrArray *facts)
{
	bool first = true;
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		if (strcmp(h->name, "description") != 0)
			continue;
		if (first)
			layout_text(page->lines, "", page->width, THEME_NORMAL);
		layout_text(page->lines, h->value, page->width, THEME_NORMAL);
		first = false;
	}
}

/* Set off by two blanks. */
void block_invitation(struct block_page *page, const struct mime_block *b)
{
	g_autoptr(GArray) lines = invitation_lines(b->fields);
	guint first = page->lines->len;
	int indent = MIN(label_width(lines) + 3, page->width / 2);
	for (guint i = 0; i < lines->len; i++) {
		const struct invitation_line *l = &g_array_index(lines, struct invitation_line, i);
		g_autofree char *label = g_strconcat("  ", l->label, NULL);
		g_autofree char *head = g_strconcat("  ", l->value, NULL);
		struct hanging h = {label, indent};
		enum theme theme = l->warns ? THEME_WARNING : i == 0 ? THEME_SUBJECT : THEME_QUOTE1;
		if (i == 0)
			layout_text(page->lines, head, page->width, theme);
		else
			layout_hanging(page->lines, &h, l->value, page->width, theme);
	}
	block_set_off(page, first);
	put_about(page, b->fields);
}
