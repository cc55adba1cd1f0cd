/* SPDX-License-Identifier: MIT
 *
 * One [filter NAME]. */
#include "config/parse.h"

#include <string.h>

static const struct {
	const char *word;
	enum filter_do what;
} actions[] = {
	{"skip", FILTER_SKIP},
	{"delete on server", FILTER_DELETE},
	{"fetch", FILTER_FETCH},
};

static void lacks(const struct section *s, const char *setting, char *instead, struct mistakes *m)
{
	if (g_hash_table_contains(s->values, setting)) {
		g_free(instead);
		return;
	}
	mistakes_say(m, s->line,
		g_strdup_printf(_("the filter '%s' has no '%s'"), s->name, setting), instead);
}

struct dotfile_filter *filter_new(const struct section *s, struct mistakes *m)
{
	struct dotfile_filter *f = g_new0(struct dotfile_filter, 1);
	const char *what = section_text(s, "do");
	lacks(s, "match", g_strdup(_("write a query, like 'match = from:shop larger:1M'")), m);
	lacks(s, "when",
		g_strdup(_(
			"write 'when = preview': it looks at letters before they are fetched, and "
			"there is no other time yet")),
		m);
	lacks(s, "do", g_strdup(_("write 'do = skip', 'do = delete on server' or 'do = fetch'")),
		m);
	f->name = g_strdup(s->name);
	f->query = g_strdup(section_text(s, "match"));
	f->account = g_strdup(section_text(s, "account"));
	f->line = s->line;
	f->query_line = section_line(s, "match");
	f->account_line = section_line(s, "account");
	for (size_t i = 0; what && i < G_N_ELEMENTS(actions); i++)
		if (strcmp(actions[i].word, what) == 0)
			f->what = actions[i].what;
	return f;
}

void filter_free(void *data)
{
	struct dotfile_filter *f = data;
	g_free(f->name);
	g_free(f->query);
	g_free(f->account);
	g_free(f);
}

void filter_check_account(
	const struct dotfile_filter *f, const struct dotfile *d, struct mistakes *m)
{
	if (!f->account || dotfile_account_by_name(d, f->account))
		return;
	g_autofree char *names = dotfile_account_names(d);
	mistakes_say(m, f->account_line, g_strdup_printf(_("there is no account '%s'"), f->account),
		g_strdup_printf(_("there are: %s"), names));
}
