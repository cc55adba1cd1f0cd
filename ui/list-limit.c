/* SPDX-License-Identifier: MIT
 *
 * Searching and limiting: what is found is shown while the query is typed, and
 * Escape gives back what was there. */
#include "base/base.h"

#include <string.h>

#include "ui/command.h"
#include "ui/folders.h"
#include "ui/list-private.h"
#include "ui/typing.h"

/* --- limiting ------------------------------------------------------------------------ */

void list_forget_kept(struct list_view *l)
{
	pages_free(g_steal_pointer(&l->kept.pages));
	g_clear_pointer(&l->kept.limit, g_free);
}

/* The rows of before are kept rather than asked for again: they are there at once,
 * with the cursor where it was. */
static void try_limit(struct list_view *l, const char *query)
{
	enum list_order order = pages_spec(l->pages)->order;
	if (!l->kept.pages) {
		l->kept.pages = l->pages;
		l->kept.limit = g_steal_pointer(&l->limit);
		l->kept.stale = false;
		l->pages = list_new_pages(l);
		pages_set_height(l->pages, l->view.rows);
	}
	g_free(l->limit);
	l->limit = g_strdup(query);
	list_show_next(l, order);
}

static void restore(struct list_view *l)
{
	if (!l->kept.pages)
		return;
	pages_free(l->pages);
	g_free(l->limit);
	l->pages = g_steal_pointer(&l->kept.pages);
	l->limit = g_steal_pointer(&l->kept.limit);
	l->ascending = pages_spec(l->pages)->ascending;
	g_autofree char *query = list_whole_query(l);
	found_set(l->found, &(struct list_spec){.folder = l->folder, .query = query});
	list_match_set(l, query);
	if (l->kept.stale)
		pages_reload(l->pages);
	view_changed(&l->view);
}

/* Who limits again has the limit of before in the prompt, and may take it away. */
static bool means_everything(const char *text)
{
	g_autofree char *word = g_strstrip(g_strdup(text));
	return !*word || strcmp(word, "all") == 0 || strcmp(word, ".") == 0;
}

static void limit_changed(struct ui *ui, const char *text, void *data)
{
	struct list_view *l = data;
	g_autofree char *query = means_everything(text) ? NULL : typing_query(text);
	if (l->view.closed)
		return;
	if (query && g_strcmp0(query, l->limit) != 0)
		try_limit(l, query);
	else if (!query && means_everything(text))
		restore(l);
}

static void set_limit(struct list_view *l, const char *text)
{
	enum list_order order = pages_spec(l->pages)->order;
	g_free(l->limit);
	l->limit = means_everything(text) ? NULL : g_strdup(text);
	/* Nothing has a score any more. */
	if (order == LIST_BY_SCORE && !l->limit && !l->query) {
		order = l->unscored.order;
		l->ascending = l->unscored.ascending;
	}
	list_show(l, order);
}

/* What is on the screen already stays as it is. */
static void limit_entered(struct ui *ui, const char *text, void *data)
{
	struct list_view *l = data;
	g_autofree char *shown = text ? typing_query(text) : NULL;
	if (l->view.closed)
		return;
	if (!text)
		restore(l);
	else if (!l->kept.pages || means_everything(text) || g_strcmp0(shown, l->limit) != 0)
		set_limit(l, text);
	list_forget_kept(l);
}

static bool limit_key(struct ui *ui, key_code key, void *data)
{
	struct list_view *l = data;
	if (!list_is_score_key(ui, key) || l->view.closed)
		return false;
	list_toggle_score(l);
	return true;
}

static char *limit_wrong(const char *text, const void *data)
{
	return means_everything(text) ? NULL : typing_wrong(text, data);
}

static void list_unref(void *data)
{
	view_unref(&((struct list_view *)data)->view);
}

/* Where the first copy of a letter lies in another folder than those of the list, one of
 * the list must stay. */
static const char *without_duplicates(const struct list_view *l)
{
	g_auto(GStrv) words = g_strsplit_set(l->query ? l->query : "", " ()", -1);
	bool folders = l->folder != NULL;
	for (char **word = words; *word; word++)
		folders = folders || g_ascii_strncasecmp(*word, "in:", 3) == 0;
	return folders ? "-duplicate:here" : "-is:duplicate";
}

/* A limit like others, so that the title says it and all else works with it. */
void command_fold_duplicates(struct ui *ui, const char *arg)
{
	struct list_view *l = list_top(ui);
	const char *hidden = without_duplicates(l);
	bool folded = g_strcmp0(l->limit, hidden) == 0;
	if (l->limit && !folded)
		ui_complain(ui, _("take the limit away first: press l, and enter nothing"));
	else
		set_limit(l, folded ? "" : hidden);
}

void command_limit(struct ui *ui, const char *arg)
{
	struct list_view *l = list_top(ui);
	view_ref(&l->view);
	struct prompt_spec spec = {.label = _("Limit to: "),
		.text = l->limit,
		.history = "query",
		.complete = prompt_complete_query,
		.wrong = limit_wrong,
		.key = limit_key,
		.typed = limit_changed,
		.done = limit_entered,
		.data = l,
		.free = list_unref};
	prompt_unless(ui, arg, &spec);
}

/* --- searching ----------------------------------------------------------------------- */

struct search {
	struct list_view *list; /* what is found so far; NULL: nothing is shown yet */
	bool scored;            /* the best first, as soon as something is shown */
};

static void drop_found(struct ui *ui, struct search *s)
{
	struct list_view *list = g_steal_pointer(&s->list);
	if (!list)
		return;
	ui_close(ui, &list->view);
	view_unref(&list->view);
}

static void show_found(struct ui *ui, struct search *s, const char *query)
{
	if (s->list && s->list->view.closed)
		drop_found(ui, s);
	if (!s->list) {
		s->list = list_push_found(ui, query, s->scored ? LIST_BY_SCORE : LIST_BY_DATE);
		view_ref(&s->list->view);
		return;
	}
	if (strcmp(query, s->list->query) == 0)
		return;
	g_free(s->list->query);
	s->list->query = g_strdup(query);
	list_show_next(s->list, pages_spec(s->list->pages)->order);
}

static bool is_blank(const char *text)
{
	return strspn(text, " \t") == strlen(text);
}

static void search_changed(struct ui *ui, const char *text, void *data)
{
	struct search *s = data;
	g_autofree char *query = typing_query(text);
	if (query)
		show_found(ui, s, query);
	else if (is_blank(text))
		drop_found(ui, s);
}

static bool search_key(struct ui *ui, key_code key, void *data)
{
	struct search *s = data;
	if (!list_is_score_key(ui, key))
		return false;
	s->scored = !s->scored;
	if (s->list && !s->list->view.closed)
		list_show_next(s->list, s->scored ? LIST_BY_SCORE : LIST_BY_DATE);
	return true;
}

static void search_entered(struct ui *ui, const char *text, void *data)
{
	struct search *s = data;
	g_autofree char *shown = text ? typing_query(text) : NULL;
	bool there =
		shown && s->list && !s->list->view.closed && strcmp(shown, s->list->query) == 0;
	if (there) {
		folders_set_current(ui_folders(ui), NULL, s->list->query);
		return;
	}
	drop_found(ui, s);
	if (!text || is_blank(text))
		return;
	view_list_open(ui, NULL, text);
	if (s->scored)
		list_toggle_score(list_top(ui));
}

static void search_free(void *data)
{
	struct search *s = data;
	if (s->list)
		view_unref(&s->list->view);
	g_free(s);
}

void command_search(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Search all: "),
		.history = "query",
		.complete = prompt_complete_query,
		.wrong = typing_wrong,
		.key = search_key,
		.typed = search_changed,
		.done = search_entered,
		.data = g_new0(struct search, 1),
		.free = search_free};
	prompt_unless(ui, arg, &spec);
}
