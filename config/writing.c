/* SPDX-License-Identifier: MIT
 *
 * The settings that are about writing letters. */
#include "config/parse.h"

#include <string.h>

static char **words_of(const char *text)
{
	g_auto(GStrv) parts = g_strsplit_set(text, " \t,", -1);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	for (char **part = parts; *part; part++)
		if (**part != '\0' && strcmp(*part, "none") != 0)
			g_strv_builder_add(words, *part);
	return g_strv_builder_end(words);
}

void writing_clear(struct dotfile_writing *w)
{
	g_clear_pointer(&w->attachment_words, g_strfreev);
	g_clear_pointer(&w->charsets, g_free);
}

void writing_apply(struct dotfile_writing *w, const struct section *s)
{
	writing_clear(w);
	interval_parse(section_text(s, "autosave"), &w->autosave);
	w->attachment_words = words_of(section_text(s, "attachment-words"));
	w->charsets = g_strdup(section_text(s, "send-charset"));
	w->flowed = strcmp(section_text(s, "text-flowed"), "yes") == 0;
}
