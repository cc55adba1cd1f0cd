/* SPDX-License-Identifier: MIT
 *
 * One [view NAME]. */
#include "config/parse.h"

#include <string.h>

void view_free(void *data)
{
	struct dotfile_view *v = data;
	g_free(v->name);
	g_free(v->query);
	g_free(v->sort);
	g_free(v);
}

/* Threads are an order of their own, by date: "sort" and "threads" say one thing. */
static bool read_order(struct dotfile_view *v, const struct section *s, struct mistakes *m)
{
	const char *sort = section_text(s, "sort"), *threads = section_text(s, "threads");
	const char *name = sort ? sort + (*sort == '-') : NULL;
	bool wanted = threads && strcmp(threads, "yes") == 0;
	bool dated = !name || strcmp(name, "date") == 0, told = name && strcmp(name, "thread") == 0;
	if (wanted && !dated && !told) {
		mistakes_say(m, section_line(s, "threads"),
			g_strdup_printf(_("the view '%s' cannot be by threads and by %s"), v->name,
				name),
			g_strdup(_("threads are listed by date: leave one of the two")));
		return false;
	}
	if (threads && !wanted && told) {
		mistakes_say(m, section_line(s, "threads"),
			g_strdup_printf(_("the view '%s' is sorted by threads, but shall not have "
					  "them"),
				v->name),
			g_strdup(_("leave one of the two")));
		return false;
	}
	if (wanted)
		v->sort = g_strconcat(sort && *sort == '-' ? "-" : "", "thread", NULL);
	else
		v->sort = g_strdup(sort ? sort : threads ? "date" : NULL);
	return true;
}

struct dotfile_view *view_new(const struct section *s, struct mistakes *m)
{
	if (!g_hash_table_contains(s->values, "query")) {
		mistakes_say(m, s->line,
			g_strdup_printf(_("the view '%s' has no query"), s->name),
			g_strdup(_("write one, like 'query = is:unread'")));
		return NULL;
	}
	struct dotfile_view *v = g_new0(struct dotfile_view, 1);
	v->name = g_strdup(s->name);
	v->query = g_strdup(section_text(s, "query"));
	v->line = section_line(s, "query");
	if (read_order(v, s, m))
		return v;
	view_free(v);
	return NULL;
}
