/* SPDX-License-Identifier: MIT
 *
 * The order of a list: chosen by a key, remembered for its folder. */
#include "base/base.h"

#include <string.h>

#include "store/sorts.h"
#include "ui/command.h"
#include "ui/keymap.h"
#include "ui/list-private.h"

/* --- remembering --------------------------------------------------------------- */

struct keeping {
	struct ui *ui;
	char *folder;
	struct list_sort sort;
	GError *error;
};

static void keep_run(struct room *room, void *data)
{
	struct keeping *k = data;
	struct store *s = room_store(room, &k->error);
	struct ledger *l = s ? store_ledger(s, &k->error) : NULL;
	if (l)
		sort_keep(l, k->folder, &k->sort, &k->error);
}

static void keep_done(void *data)
{
	struct keeping *k = data;
	if (k->error)
		ui_complain(k->ui, "%s", k->error->message);
}

static void keep_free(void *data)
{
	struct keeping *k = data;
	g_clear_error(&k->error);
	g_free(k->folder);
	g_free(k);
}

static const struct job keep_job = {keep_run, keep_done, keep_free};

static void keep(struct list_view *l, const struct list_sort *sort)
{
	if (!l->folder || l->query)
		return;
	struct keeping *k = g_new0(struct keeping, 1);
	k->ui = l->view.ui;
	k->folder = g_strdup(l->folder);
	k->sort = *sort;
	worker_push(ui_worker(l->view.ui, UI_WORKER_ACTIONS), &keep_job, k);
}

struct list_sort list_sort_of(struct ui *ui, const char *folder)
{
	struct list_sort sort = {
		.order = dotfile_threads(ui_dotfile(ui)) ? LIST_BY_THREAD : LIST_BY_DATE};
	struct ledger *l = folder ? store_ledger(ui_store(ui), NULL) : NULL;
	if (l)
		sort_of_folder(l, folder, &sort);
	return sort;
}

/* --- choosing ------------------------------------------------------------------ */

static const struct {
	char key;
	const char *down, *up;
} orders[] = {
	[LIST_BY_DATE] = {'d', N_("listed by date"), N_("listed by date, oldest first")},
	[LIST_BY_THREAD] = {'t', N_("listed by threads"), N_("listed by threads, oldest first")},
	[LIST_BY_SENDER] = {'s', N_("listed by sender, backwards"), N_("listed by sender")},
	[LIST_BY_SUBJECT] = {'u', N_("listed by subject, backwards"), N_("listed by subject")},
	[LIST_BY_SIZE] = {'z', N_("listed by size, largest first"),
		N_("listed by size, smallest first")},
	[LIST_BY_SCORE] = {'c', N_("listed by score, best first"),
		N_("listed by score, worst first")},
};

/* The cursor stays on its message. */
static void sort_list(struct list_view *l, const struct list_sort *sort)
{
	const struct message_row *row = pages_current(l->pages);
	int64_t id = row ? row->id : 0;
	const struct list_spec *now = pages_spec(l->pages);
	if (now->order != LIST_BY_SCORE)
		l->unscored = (struct list_sort){now->order, now->ascending};
	l->ascending = sort->ascending;
	list_show(l, sort->order);
	if (id)
		pages_go_to_place(l->pages, id);
	ui_say(l->view.ui, "%s",
		_(sort->ascending ? orders[sort->order].up : orders[sort->order].down));
}

static void choose(struct list_view *l, const struct list_sort *sort)
{
	sort_list(l, sort);
	keep(l, sort);
}

static void order_typed(struct ui *ui, const char *text, void *data)
{
	struct list_view *l = list_top(ui);
	if (!text || !view_is_list(&l->view))
		return;
	const struct list_spec *now = pages_spec(l->pages);
	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		struct list_sort sort;
		if (orders[i].key != *text || !sort_read(sort_names()[i], &sort, NULL))
			continue;
		/* The same once more: the other way round. */
		if (now->order == sort.order && now->ascending == sort.ascending)
			sort.ascending = !sort.ascending;
		choose(l, &sort);
	}
}

static void sort_by_word(struct ui *ui, const char *word)
{
	g_autoptr(GError) error = NULL;
	struct list_sort sort;
	if (sort_read(word, &sort, &error))
		choose(list_top(ui), &sort);
	else
		ui_complain(ui, "%s", error->message);
}

void command_sort(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {
		.label = _("Sort by (d)ate (t)hread (s)ender s(u)bject si(z)e s(c)ore: "),
		.keys = "dtsuzc",
		.done = order_typed};
	if (arg)
		sort_by_word(ui, arg);
	else
		ui_prompt(ui, &spec);
}

/* --- by score -------------------------------------------------------------------- */

bool list_is_scored(const struct list_view *l)
{
	return l->marks && pages_spec(l->pages)->order == LIST_BY_SCORE;
}

/* From the top: the best is what is looked for. */
bool list_toggle_score(struct list_view *l)
{
	const struct list_spec *now = pages_spec(l->pages);
	if (now->order == LIST_BY_SCORE) {
		l->ascending = l->unscored.ascending;
		list_show_next(l, l->unscored.order);
		return true;
	}
	if (!l->marks)
		return false;
	l->unscored = (struct list_sort){now->order, now->ascending};
	l->ascending = false;
	list_show_next(l, LIST_BY_SCORE);
	return true;
}

void command_relevance(struct ui *ui, const char *arg)
{
	struct list_view *l = list_top(ui);
	if (!list_toggle_score(l))
		ui_complain(ui, _("only what is found by words has a score"));
}

bool list_is_score_key(struct ui *ui, key_code key)
{
	const char *line =
		key_is_text(key) ? NULL : keymap_command(ui_keymap(ui), CONTEXT_LIST, key);
	return g_strcmp0(line, "relevance") == 0;
}

char *list_score_hint(const struct list_view *l)
{
	if (!l->marks)
		return NULL;
	g_autofree char *key =
		keymap_short_key(ui_keymap(l->view.ui), CONTEXT_LIST, "relevance");
	if (!key)
		return NULL;
	if (!list_is_scored(l))
		/* TRANSLATORS: behind a key: "C-s:best first" */
		return g_strdup_printf("%s:%s", key, _("best first"));
	bool dated = l->unscored.order == LIST_BY_DATE && !l->unscored.ascending;
	/* TRANSLATORS: likewise; the second is of lists that were in another order */
	return g_strdup_printf("%s:%s", key, dated ? _("newest first") : _("as before"));
}

void command_threads(struct ui *ui, const char *arg)
{
	struct list_view *l = list_top(ui);
	bool threads = pages_spec(l->pages)->order == LIST_BY_THREAD;
	choose(l, &(struct list_sort){.order = threads ? LIST_BY_DATE : LIST_BY_THREAD});
}
