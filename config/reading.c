/* SPDX-License-Identifier: MIT
 *
 * How letters are read. */
#include "config/parse.h"

#include <string.h>

void reading_clear(struct dotfile_reading *r)
{
	g_clear_pointer(&r->browser, g_strfreev);
}

static enum hyperlinks hyperlinks_of(const char *word)
{
	if (strcmp(word, "yes") == 0)
		return HYPERLINKS_YES;
	return strcmp(word, "no") == 0 ? HYPERLINKS_NO : HYPERLINKS_AUTO;
}

void reading_apply(struct dotfile_reading *r, const struct section *s)
{
	const char *browser = section_text(s, "browser");
	reading_clear(r);
	/* Looked at already when the value was checked. */
	if (browser)
		g_shell_parse_argv(browser, NULL, &r->browser, NULL);
	r->index_decrypted = strcmp(section_text(s, "index-decrypted"), "yes") == 0;
	r->hyperlinks = hyperlinks_of(section_text(s, "hyperlinks"));
}
