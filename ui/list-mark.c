/* SPDX-License-Identifier: MIT
 *
 * Marks of the message list. */
#include "base/base.h"

#include "ui/command.h"
#include "ui/list-private.h"

static void add_mark(struct list_view *l, int64_t id)
{
	g_hash_table_add(l->marked, ID_KEY(id));
}

void command_mark(struct ui *ui, const char *arg)
{
	struct list_view *l = list_top(ui);
	const struct message_row *row = pages_current(l->pages);
	if (!row)
		return;
	if (!g_hash_table_remove(l->marked, ID_KEY(row->id)))
		add_mark(l, row->id);
	pages_move(l->pages, MOVE_NEXT);
}

void command_unmark_all(struct ui *ui, const char *arg)
{
	g_hash_table_remove_all(list_top(ui)->marked);
}

/* What a query finds in this list, all of it, on the search thread. */
struct matching {
	struct view *view;
	char *folder, *query;
	GArray *ids;
	GError *error;
};

static void matching_run(struct room *room, void *data)
{
	struct matching *m = data;
	struct index *ix = room_index(room, &m->error);
	if (ix)
		m->ids = index_ids(ix, m->folder, m->query, &m->error);
}

static void matching_done(void *data)
{
	struct matching *m = data;
	struct list_view *l = (struct list_view *)m->view;
	if (m->view->closed)
		return;
	for (guint i = 0; m->ids && i < m->ids->len; i++)
		add_mark(l, g_array_index(m->ids, int64_t, i));
	if (m->error)
		ui_complain(m->view->ui, "%s", m->error->message);
	else
		ui_say(m->view->ui, P_("%u message marked", "%u messages marked", m->ids->len),
			m->ids->len);
	view_changed(m->view);
}

static void matching_free(void *data)
{
	struct matching *m = data;
	g_clear_pointer(&m->ids, g_array_unref);
	g_clear_error(&m->error);
	view_unref(m->view);
	g_free(m->folder);
	g_free(m->query);
	g_free(m);
}

static const struct job matching_job = {matching_run, matching_done, matching_free};

static void matching_typed(struct ui *ui, const char *text, void *data)
{
	struct list_view *l = list_top(ui);
	if (!text || !*text || !view_is_list(&l->view))
		return;
	g_autofree char *here = list_whole_query(l);
	struct matching *m = g_new0(struct matching, 1);
	m->view = view_ref(&l->view);
	m->folder = g_strdup(l->folder);
	m->query = here ? g_strdup_printf("(%s) AND (%s)", here, text) : g_strdup(text);
	worker_push(ui_worker(ui, UI_WORKER_SEARCH), &matching_job, m);
}

void command_mark_matching(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Mark what matches: "),
		.history = "query",
		.complete = prompt_complete_query,
		.done = matching_typed};
	if (arg)
		matching_typed(ui, arg, NULL);
	else
		ui_prompt(ui, &spec);
}
