/* SPDX-License-Identifier: MIT
 *
 * What teaches the spam program. */
#include "config/parse.h"

/* Looked at already when the value was checked. */
static char **words_of(const struct section *s, const char *setting)
{
	const char *text = section_text(s, setting);
	char **argv = NULL;
	if (text)
		g_shell_parse_argv(text, NULL, &argv, NULL);
	return argv;
}

void spam_clear(struct dotfile_spam *spam)
{
	g_clear_pointer(&spam->spam_learn, g_strfreev);
	g_clear_pointer(&spam->spam_forget, g_strfreev);
	g_clear_pointer(&spam->ham_learn, g_strfreev);
	g_clear_pointer(&spam->ham_forget, g_strfreev);
	g_clear_pointer(&spam->folder, g_free);
}

void spam_apply(struct dotfile_spam *spam, const struct section *s)
{
	spam_clear(spam);
	spam->spam_learn = words_of(s, "spam-learn");
	spam->spam_forget = words_of(s, "spam-forget");
	spam->ham_learn = words_of(s, "ham-learn");
	spam->ham_forget = words_of(s, "ham-forget");
	spam->folder = g_strdup(section_text(s, "spam-folder"));
}
