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

static void read_preview(struct dotfile_filter *f, const struct section *s, struct mistakes *m)
{
	lacks(s, "do", g_strdup(_("write 'do = skip', 'do = delete on server' or 'do = fetch'")),
		m);
	for (size_t i = 0; f->words && i < G_N_ELEMENTS(actions); i++)
		if (strcmp(actions[i].word, f->words) == 0) {
			f->what = actions[i].what;
			return;
		}
	if (f->words)
		mistakes_say(m, f->do_line, g_strdup_printf(_("'%s' cannot be '%s'"), "do", f->words),
			g_strdup(_("before letters are fetched it is skip, delete on server or "
				   "fetch; 'when = delivery' moves, tags and so on")));
}

static void read_delivery(struct dotfile_filter *f, const struct section *s, struct mistakes *m)
{
	const char *limit = section_text(s, "limit");
	lacks(s, "do", g_strdup(_("write what it does, like 'do = move Lists/debian, mark read'")),
		m);
	filter_statuses(section_text(s, "no"), f->fates, FILTER_FATE_NO);
	filter_statuses(section_text(s, "yes"), f->fates, FILTER_FATE_YES);
	if (limit && interval_parse(limit, &f->limit) && f->limit == 0)
		f->limit = 1;
	if (f->words)
		filter_read_acts(f, m);
}

struct dotfile_filter *filter_new(const struct section *s, struct mistakes *m)
{
	struct dotfile_filter *f = g_new0(struct dotfile_filter, 1);
	f->acts = g_ptr_array_new_with_free_func(filter_act_free);
	f->name = g_strdup(s->name);
	f->words = g_strdup(section_text(s, "do"));
	f->query = g_strdup(section_text(s, "match"));
	f->account = g_strdup(section_text(s, "account"));
	f->line = s->line;
	f->query_line = section_line(s, "match");
	f->do_line = section_line(s, "do");
	f->account_line = section_line(s, "account");
	f->preview = g_strcmp0(section_text(s, "when"), "preview") == 0;
	lacks(s, "match", g_strdup(_("write a query, like 'match = from:shop larger:1M'")), m);
	(f->preview ? read_preview : read_delivery)(f, s, m);
	return f;
}

void filter_free(void *data)
{
	struct dotfile_filter *f = data;
	g_free(f->name);
	g_free(f->query);
	g_free(f->account);
	g_free(f->words);
	g_ptr_array_unref(f->acts);
	g_free(f);
}

/* It would come back, and be sent again. */
static void check_forward(
	const struct dotfile_filter *f, const struct dotfile *d, struct mistakes *m)
{
	for (guint i = 0; i < f->acts->len; i++) {
		const struct dotfile_act *a = f->acts->pdata[i];
		if (a->act != FILTER_ACT_FORWARD || !dotfile_account_by_address(d, a->text))
			continue;
		mistakes_say(m, f->do_line,
			g_strdup_printf(_("the filter '%s' sends letters on to yourself, '%s'"),
				f->name, a->text),
			g_strdup(_("write the address of somebody else")));
	}
}

void filter_check_account(
	const struct dotfile_filter *f, const struct dotfile *d, struct mistakes *m)
{
	check_forward(f, d, m);
	if (!f->account || dotfile_account_by_name(d, f->account))
		return;
	g_autofree char *names = dotfile_account_names(d);
	mistakes_say(m, f->account_line, g_strdup_printf(_("there is no account '%s'"), f->account),
		g_strdup_printf(_("there are: %s"), names));
}
