/* SPDX-License-Identifier: MIT
 *
 * What is found as a saved view: the lines of the dotfile are said, not written. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "ui/command.h"
#include "ui/list-private.h"

/* A folder is a term of the query, which is all that a view has. */
static char *query_to_save(const struct list_view *l)
{
	g_autofree char *whole = list_whole_query(l);
	if (!whole || !l->folder)
		return g_steal_pointer(&whole);
	return g_strdup_printf("in:\"%s\" AND (%s)", l->folder, whole);
}

static char *sort_to_save(const struct list_view *l)
{
	const struct list_spec *now = pages_spec(l->pages);
	struct list_sort usual = list_sort_of(l->view.ui, NULL);
	struct list_sort sort = {now->order, now->ascending};
	bool same = sort.order == usual.order && sort.ascending == usual.ascending;
	return same ? NULL : sort_word(&sort);
}

static char *lines_to_save(const struct list_view *l, const char *name)
{
	g_autofree char *text = query_to_save(l), *sort = sort_to_save(l);
	g_autofree char *value = dotfile_quote(text);
	const char *path = dotfile_path(ui_dotfile(l->view.ui));
	GString *out = g_string_new(NULL);
	g_string_append_printf(out,
		_("These lines in %s make it a view beside the folders,\nfrom the next start on:"),
		*path ? path : "~/.deweyrc");
	g_string_append_printf(out, "\n\n[view %s]\nquery = %s\n", name, value);
	if (sort)
		g_string_append_printf(out, "sort = %s\n", sort);
	return g_string_free(out, FALSE);
}

static char *name_wrong(const char *text, const void *data)
{
	const struct list_view *l = data;
	g_autofree char *name = g_strstrip(g_strdup(text));
	if (dotfile_view_by_name(ui_dotfile(l->view.ui), name))
		return g_strdup_printf(_("there is a view '%s' already"), name);
	return strchr(name, ']') ? g_strdup(_("a name has no ']' in it")) : NULL;
}

static void name_typed(struct ui *ui, const char *text, void *data)
{
	struct list_view *l = data;
	g_autofree char *name = g_strstrip(g_strdup(text ? text : ""));
	if (!*name || l->view.closed)
		return;
	g_autofree char *lines = lines_to_save(l, name);
	view_text_open(ui, g_strdup(_("A saved view")), sanitize_body(lines, -1));
}

static void list_unref(void *data)
{
	view_unref(&((struct list_view *)data)->view);
}

void command_save_view(struct ui *ui, const char *arg)
{
	struct list_view *l = list_top(ui);
	if (!l->query && !l->limit) {
		ui_complain(ui, _("a view is what a query finds: search or limit first"));
		return;
	}
	view_ref(&l->view);
	struct prompt_spec spec = {.label = _("Name of the view: "),
		.history = "view",
		.wrong = name_wrong,
		.done = name_typed,
		.data = l,
		.free = list_unref};
	prompt_unless(ui, arg, &spec);
}
