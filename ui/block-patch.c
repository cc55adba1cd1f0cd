/* SPDX-License-Identifier: MIT
 *
 * A patch: what goes, what comes, and where. */
#include "base/base.h"

#include <string.h>

#include "ui/blocks.h"

static enum theme theme_of(const char *line, bool in_hunk)
{
	if (g_str_has_prefix(line, "@@ "))
		return THEME_PATCH_PLACE;
	if (!in_hunk)
		return THEME_PATCH_FILE;
	if (*line == '+')
		return THEME_PATCH_NEW;
	return *line == '-' ? THEME_PATCH_OLD : THEME_NORMAL;
}

void block_patch(struct block_page *page, const struct mime_block *b)
{
	g_autofree char *text = g_strndup(page->mime->text + b->start, b->length);
	g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
	bool in_hunk = false;
	for (guint i = 0; lines[i]; i++) {
		if (g_str_has_prefix(lines[i], "diff --git "))
			in_hunk = false;
		layout_text(page->lines, lines[i], page->width, theme_of(lines[i], in_hunk));
		if (g_str_has_prefix(lines[i], "@@ "))
			in_hunk = true;
	}
}
