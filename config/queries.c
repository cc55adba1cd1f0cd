/* SPDX-License-Identifier: MIT
 *
 * The queries of the dotfile: this folder does not know their language. */
#include "config/dotfile.h"

struct look {
	const struct dotfile *dotfile;
	char *(*fault)(const char *query, bool heads);
	GPtrArray *mistakes;
};

/* Takes what, which may be NULL. */
static void say(const struct look *l, int line, char *what)
{
	if (what)
		g_ptr_array_add(l->mistakes, dotfile_mistake(l->dotfile, line, what, NULL));
	g_free(what);
}

static char *view_fault(const struct look *l, const struct dotfile_view *v)
{
	g_autofree char *why = l->fault(v->query, false);
	return why ? g_strdup_printf(_("the query of the view '%s': %s"), v->name, why) : NULL;
}

static char *filter_fault(const struct look *l, const struct dotfile_filter *f)
{
	g_autofree char *why = l->fault(f->query, f->preview);
	return why ? g_strdup_printf(_("'match' of the filter '%s': %s"), f->name, why) : NULL;
}

static void check_colours(const struct look *l)
{
	const GPtrArray *colours = dotfile_colours(l->dotfile);
	for (guint i = 0; i < colours->len; i++) {
		const struct dotfile_colour *k = colours->pdata[i];
		g_autofree char *why = k->query ? l->fault(k->query, false) : NULL;
		say(l, k->query_line,
			why ? g_strdup_printf(_("'match' of the colour '%s': %s"), k->name, why)
			    : NULL);
	}
}

static void check_notices(const struct look *l)
{
	const GPtrArray *notices = dotfile_notices(l->dotfile);
	for (guint i = 0; i < notices->len; i++) {
		const struct dotfile_notice *n = notices->pdata[i];
		g_autofree char *why = n->query ? l->fault(n->query, false) : NULL;
		say(l, n->query_line,
			why ? g_strdup_printf(_("'match' of the notice '%s': %s"), n->name, why)
			    : NULL);
	}
}

bool dotfile_check_queries(
	const struct dotfile *d, char *(*fault)(const char *query, bool heads), GPtrArray *mistakes)
{
	const struct look l = {d, fault, mistakes};
	const GPtrArray *views = dotfile_views(d);
	const GPtrArray *const filters[] = {dotfile_filters(d), dotfile_sorters(d)};
	guint before = mistakes->len;
	for (guint i = 0; i < views->len; i++) {
		const struct dotfile_view *v = views->pdata[i];
		say(&l, v->line, view_fault(&l, v));
	}
	for (size_t n = 0; n < G_N_ELEMENTS(filters); n++)
		for (guint i = 0; i < filters[n]->len; i++) {
			const struct dotfile_filter *f = filters[n]->pdata[i];
			say(&l, f->query_line, filter_fault(&l, f));
		}
	check_colours(&l);
	check_notices(&l);
	return mistakes->len == before;
}
