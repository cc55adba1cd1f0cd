/* SPDX-License-Identifier: MIT
 *
 * The settings that are about writing letters. */
#include "config/parse.h"

#include <string.h>

char **writing_words(const char *text)
{
	g_auto(GStrv) parts = g_strsplit_set(text ? text : "", " \t,", -1);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	for (char **part = parts; *part; part++)
		if (**part != '\0' && strcmp(*part, "none") != 0)
			g_strv_builder_add(words, *part);
	return g_strv_builder_end(words);
}

static bool fits(const char *own, const char *address)
{
	g_autofree char *a = g_utf8_casefold(own, -1), *b = g_utf8_casefold(address, -1);
	const char *domain = strrchr(b, '@');
	return strcmp(a, b) == 0 ||
	       (g_str_has_prefix(a, "*@") && domain && strcmp(a + 1, domain) == 0);
}

bool account_has_address(const struct account *a, const char *address)
{
	if (a->address && fits(a->address, address))
		return true;
	for (char **own = a->addresses; *own; own++)
		if (fits(*own, address))
			return true;
	return false;
}

void writing_clear(struct dotfile_writing *w)
{
	g_clear_pointer(&w->attachment_words, g_strfreev);
	g_clear_pointer(&w->charsets, g_free);
	g_clear_pointer(&w->lists, g_strfreev);
	g_clear_pointer(&w->reply_line, g_free);
	g_clear_pointer(&w->forward_line, g_free);
}

void writing_apply(struct dotfile_writing *w, const struct section *s)
{
	writing_clear(w);
	interval_parse(section_text(s, "autosave"), &w->autosave);
	interval_parse(section_text(s, "undo"), &w->undo);
	w->charsets = g_strdup(section_text(s, "send-charset"));
	w->flowed = strcmp(section_text(s, "text-flowed"), "yes") == 0;
	w->attachment_words = writing_words(section_text(s, "attachment-words"));
	w->lists = writing_words(section_text(s, "lists"));
	w->reply_line = g_strdup(section_text(s, "reply-line"));
	w->forward_line = g_strdup(section_text(s, "forward-line"));
	w->forward_attached = strcmp(section_text(s, "forward"), "attach") == 0;
	w->markdown = strcmp(section_text(s, "markdown"), "yes") == 0;
	w->receipts = strcmp(section_text(s, "receipts"), "ask") == 0;
	w->utc = strcmp(section_text(s, "date-zone"), "utc") == 0;
}
