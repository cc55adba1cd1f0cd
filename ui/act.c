/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/actions.h"
#include "store/index-tags.h"
#include "store/thread-hand.h"
#include "ui/act.h"
#include "ui/compose.h"
#include "ui/filters.h"
#include "ui/view-list.h"

struct work {
	struct ui *ui;
	struct act act;
	GArray *ids;
	char *folder, *tags;
	struct action_result result;
	GError *error;
	struct room *room;
	gint64 told;
	GMutex lock;
	char *progress; /* under lock */
};

enum { TELL_EVERY = 100 }; /* milliseconds between words of progress */

static void show_progress(void *data)
{
	struct work *w = data;
	g_mutex_lock(&w->lock);
	g_autofree char *text = g_steal_pointer(&w->progress);
	g_mutex_unlock(&w->lock);
	if (text)
		ui_progress(w->ui, "act", text);
}

static bool going(int64_t done, int64_t total, void *data)
{
	struct work *w = data;
	gint64 now = g_get_monotonic_time() / 1000;
	/* Without a number: a program is asked for. */
	if (total > 0 && now - w->told >= TELL_EVERY) {
		w->told = now;
		g_mutex_lock(&w->lock);
		g_free(w->progress);
		w->progress = g_strdup_printf(
			_("changing: %ld of %ld; Esc stops"), (long)done, (long)total);
		g_mutex_unlock(&w->lock);
		room_tell(w->room, show_progress, w);
	}
	return !room_stopped(w->room);
}

/* All get the flag unless all have it. */
static bool run_toggle(struct store *s, struct work *w)
{
	struct index_looked looked;
	struct index *ix = store_index(s, &w->error);
	if (!ix || !index_look(ix, w->ids, &looked, &w->error))
		return false;
	bool all = looked.all_flags & w->act.set;
	index_looked_clear(&looked);
	return action_flags(s, w->ids, all ? 0 : w->act.set, all ? w->act.set : 0, &w->result,
		&w->error);
}

static bool run_tag(struct store *s, struct work *w)
{
	g_auto(tag_change) change = {0};
	return tag_change_parse(w->tags, &change, &w->error) &&
	       action_tag(s, w->ids, &change, &w->result, &w->error);
}

static bool run_kind(struct store *s, struct work *w)
{
	struct action_result *result = &w->result;
	switch (w->act.kind) {
	case ACT_FLAGS:
		return action_flags(s, w->ids, w->act.set, w->act.clear, result, &w->error);
	case ACT_NOTE:
		return action_note_flags(s, w->ids, w->act.set, 0, &w->error);
	case ACT_MOVE:
		return (!w->act.make_folder || store_make_folder(s, w->folder, &w->error)) &&
		       action_move(s, w->ids, w->folder, result, &w->error);
	case ACT_COPY:
		return (!w->act.make_folder || store_make_folder(s, w->folder, &w->error)) &&
		       action_copy(s, w->ids, w->folder, result, &w->error);
	case ACT_DELETE:
		return (!w->act.on_server || action_unwanted(s, w->ids, &w->error)) &&
		       (w->act.for_good ? action_delete_for_good : action_delete)(
			       s, w->ids, result, &w->error);
	case ACT_UNDELETE:
		return action_undelete(s, w->ids, result, &w->error);
	case ACT_TOGGLE:
		return run_toggle(s, w);
	case ACT_UNDO:
		return w->act.entry ? action_undo_to(s, w->act.entry, result, &w->error)
				    : action_undo(s, result, &w->error);
	case ACT_TAG:
		return run_tag(s, w);
	case ACT_SPAM:
		return action_train(s, w->ids, TRAIN_SPAM, result, &w->error);
	case ACT_HAM:
		return action_train(s, w->ids, TRAIN_HAM, result, &w->error);
	case ACT_SPLIT:
		return action_split(s, w->ids, result, &w->error);
	case ACT_JOIN:
		return action_join(s, w->ids, w->act.parent, result, &w->error);
	}
	g_assert_not_reached();
}

static void work_run(struct room *room, void *data)
{
	struct work *w = data;
	struct store *s = room_store(room, &w->error);
	if (!s)
		return;
	w->room = room;
	w->told = g_get_monotonic_time() / 1000;
	const struct train_programs programs = filters_programs(ui_dotfile(w->ui));
	train_by(s, &programs);
	store_watch(s, &(struct store_watch){going, w});
	run_kind(s, w);
	store_watch(s, NULL);
	train_by(s, NULL);
}

static void work_done(void *data)
{
	struct work *w = data;
	ui_leaving(w->ui, w->ids, false);
	ui_progress(w->ui, "act", NULL);
	if (g_error_matches(w->error, STORE_ERROR, STORE_ERROR_CANCELLED))
		ui_say(w->ui, "%s", w->error->message);
	else if (w->error)
		ui_complain(w->ui, "%s", w->error->message);
	else if (w->act.kind == ACT_UNDO && w->result.done == 0 && !w->result.missing &&
		 !w->result.stopped)
		ui_say(w->ui, _("there is nothing to take back"));
	else if (w->result.text && !w->act.quiet)
		ui_say(w->ui, "%s", w->result.text);
	if (w->result.item)
		compose_recall_item(w->ui, w->result.item);
	/* What is back may be above the screen: the cursor shows it. */
	if (w->act.kind == ACT_UNDO && w->result.first && view_is_list(ui_top(w->ui)))
		view_list_wish(ui_top(w->ui), w->result.first);
	ui_store_changed(w->ui);
}

static void work_free(void *data)
{
	struct work *w = data;
	action_result_clear(&w->result);
	g_clear_error(&w->error);
	g_mutex_clear(&w->lock);
	g_free(w->progress);
	g_array_unref(w->ids);
	g_free(w->folder);
	g_free(w->tags);
	g_free(w);
}

static const struct job work_job = {work_run, work_done, work_free};

void act_run(struct ui *ui, const struct act *a)
{
	struct work *w = g_new0(struct work, 1);
	w->ui = ui;
	w->act = *a;
	g_mutex_init(&w->lock);
	w->folder = g_strdup(a->folder);
	w->tags = g_strdup(a->tags);
	w->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	if (a->ids)
		g_array_append_vals(w->ids, a->ids->data, a->ids->len);
	if (a->kind == ACT_MOVE || a->kind == ACT_DELETE || a->kind == ACT_UNDELETE)
		ui_leaving(ui, w->ids, true);
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &work_job, w);
}

void act_set_flags(struct ui *ui, int64_t id, unsigned set)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof id);
	g_array_append_val(ids, id);
	struct act a = {.kind = ACT_NOTE, .ids = ids, .set = set, .quiet = true};
	act_run(ui, &a);
}

void act_drop(struct ui *ui, int64_t id)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof id);
	g_array_append_val(ids, id);
	act_run(ui, &(struct act){.kind = ACT_DELETE, .ids = ids, .quiet = true});
}
