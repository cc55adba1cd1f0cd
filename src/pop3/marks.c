/* SPDX-License-Identifier: MIT
 *
 * What a person marked is done in one session: first the heads of all that is to
 * be deleted are compared with what was seen, in one flight of TOP; then letters
 * come and go in one flight of RETR and DELE (pump.h, P-57). */
#include "pop3/survey.h"

#include <unistd.h>

#include "pop3/moved.h"
#include "pop3/namesakes.h"
#include "pop3/pump.h"
#include "pop3/terms.h"
#include "store/delivery.h"
#include "store/drop.h"
#include "store/maildir.h"
#include "store/preview.h"

/* A mark whose letter is listed now. */
struct wish {
	int64_t id;
	unsigned kind;          /* enum mark_kind */
	struct plan_step *step; /* of the whole plan */
	bool good;              /* it is the letter that was seen */
	bool looked;            /* TOP has said so */
};

struct marks {
	struct visit *visit;
	struct maildrop maildrop;
	struct drop *drop;
	struct marks_result *done;
	struct plan plan;   /* all that is listed */
	GHashTable *wishes; /* struct plan_step's message → struct wish */
	GArray *stale;      /* ids that stand for nothing that is listed */
};

/* --- finding the letters ------------------------------------------------------- */

static void note_changed(struct marks *m, int64_t id)
{
	m->done->changed++;
	g_array_append_val(m->stale, id);
}

/* A letter of another size is another letter; where there is a head, it is
 * compared besides. */
static void add_wish(struct marks *m, const struct mark *mark, const struct drop_row *row,
	struct plan_step *step)
{
	struct wish *w = g_hash_table_lookup(m->wishes, step->message);
	if ((mark->kind & MARK_DELETE) && row->size != step->message->size) {
		note_changed(m, mark->id);
		return;
	}
	if (w) {
		w->kind |= mark->kind;
		return;
	}
	w = g_new0(struct wish, 1);
	*w = (struct wish){mark->id, mark->kind, step, true};
	g_hash_table_insert(m->wishes, (void *)step->message, w);
}

static bool find_letters(struct marks *m, const GArray *marks, GError **error)
{
	g_autoptr(GHashTable) steps = plan_by_name(&m->plan);
	for (guint i = 0; i < marks->len; i++) {
		const struct mark *mark = &g_array_index(marks, struct mark, i);
		g_autoptr(GError) why = NULL;
		g_autoptr(drop_row) row = drop_find(m->drop, mark->id, &why);
		if (!row && !g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
		struct plan_step *step = row ? g_hash_table_lookup(steps, row->uid) : NULL;
		if (step) {
			add_wish(m, mark, row, step);
			continue;
		}
		m->done->gone++;
		g_array_append_val(m->stale, mark->id);
	}
	return true;
}

/* --- is it the same letter? ---------------------------------------------------- */

static bool compare(const struct plan_step *step, int fd, void *data, GError **error)
{
	struct marks *m = data;
	struct wish *w = g_hash_table_lookup(m->wishes, step->message);
	if (!drop_is_same(m->drop, w->id, fd, &w->good, error))
		return false;
	w->looked = w->good;
	if (w->good)
		return true;
	note_changed(m, w->id);
	g_hash_table_remove(m->wishes, step->message);
	return true;
}

/* Good until TOP says otherwise, unless there is something to compare with: then
 * not good until TOP has said so. */
static void want_look(struct marks *m, struct wish *w, struct plan *looks)
{
	g_autoptr(message_row) head = index_message(drop_index(m->drop), w->id, NULL);
	if (!head)
		return;
	struct plan_step step = {.action = PLAN_PREVIEW,
		.message = w->step->message,
		.uid = g_bytes_ref(w->step->uid)};
	w->good = false;
	g_array_append_val(looks->steps, step);
	looks->preview++;
}

static gboolean is_unlooked(gpointer key, gpointer value, gpointer data)
{
	return !((struct wish *)value)->good;
}

static bool look_again(struct marks *m, struct pump *p, GError **error)
{
	struct plan looks;
	GHashTableIter iter;
	gpointer value;
	struct drop_look last;
	if (!drop_last_look(m->drop, &last, error))
		return false;
	plan_init(&looks);
	g_hash_table_iter_init(&iter, m->wishes);
	while (last.tops && g_hash_table_iter_next(&iter, NULL, &value))
		if (((struct wish *)value)->kind & MARK_DELETE)
			want_look(m, value, &looks);
	pump_on_preview(p, compare, m);
	bool ok = pump_run(p, &looks, error);
	plan_clear(&looks);
	m->done->failed += g_hash_table_foreach_remove(m->wishes, is_unlooked, NULL);
	return ok;
}

/* --- doing it ------------------------------------------------------------------ */

/* Whether what the ledger says was fetched is still in the store. */
static bool is_here(struct marks *m, const struct uid_row *row)
{
	struct store *s = m->visit->job->store;
	struct maildir_place place = {0};
	g_autofree char *path = store_folder_path(s, row->folder, NULL);
	if (path && maildir_find(path, row->base, &place, NULL)) {
		maildir_place_clear(&place);
		return true;
	}
	struct index *ix = store_index(s, NULL);
	g_autoptr(message_row) found = ix ? index_by_base(ix, row->folder, row->base, NULL) : NULL;
	return found && !found->partial;
}

/* The row of a letter that came whole; NULL: there is none. */
static const struct uid_row *row_of(const GPtrArray *known, int64_t id)
{
	guint near = 0;
	const struct uid_row *row = id ? uids_find(known, id, &near) : NULL;
	return row && policy_came(row) && row->state != UID_PREVIEW ? row : NULL;
}

/* A letter that is here under this UID may have been another one.  Before one is
 * deleted at which nobody has looked, its size has to be that very one. */
static bool may_be_another(const struct wish *w, const struct uid_row *row)
{
	const struct pop3_message *letter = w->step->message;
	bool exactly = (w->kind & MARK_DELETE) && !w->looked;
	return w->step->away ||
	       (exactly ? letter->size != (uint64_t)row->whole : namesakes_is_unlike(letter, row));
}

/* What is here need not come again: it only goes.  Where it may be another letter
 * it comes, and is compared. */
static void set_step(struct marks *m, const struct wish *w, const GPtrArray *known)
{
	struct plan_step *step = w->step;
	const struct uid_row *row = row_of(known, step->row);
	uint64_t most = m->visit->job->account->max_size;
	bool here = row && is_here(m, row);
	bool get = (w->kind & MARK_GET) && !(here && !may_be_another(w, row));
	if (get && most != 0 && step->message->size > most) {
		m->done->large++;
	} else if (get) {
		step->action = PLAN_FETCH;
		step->and_delete = w->kind & MARK_DELETE;
		step->stays = !step->and_delete;
		if (here)
			g_strlcpy(step->sha256, row->sha256, sizeof step->sha256);
		m->plan.fetch++;
	} else if (w->kind & MARK_DELETE) {
		step->action = PLAN_DELETE;
		step->row = row ? row->id : 0;
		m->plan.delete ++;
	}
}

static void set_steps(struct marks *m, const GPtrArray *known)
{
	GHashTableIter iter;
	gpointer value;
	/* What a person wants is not compared with what was here, and is no more. */
	for (guint i = 0; i < m->plan.steps->len; i++) {
		struct plan_step *step = &g_array_index(m->plan.steps, struct plan_step, i);
		step->action = PLAN_LEAVE;
		step->stays = false;
		step->sha256[0] = '\0';
	}
	m->plan.fetch = m->plan.delete = m->plan.preview = 0;
	m->plan.delete_fetched = false;
	g_hash_table_iter_init(&iter, m->wishes);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		set_step(m, value, known);
}

static GHashTable *confirmed(const GPtrArray *known)
{
	GHashTable *names = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < known->len; i++) {
		struct uid_row *row = known->pdata[i];
		if (row->uid && row->state == UID_DEL_DONE)
			g_hash_table_add(names, row->uid);
	}
	return names;
}

static GHashTable *unseen_rows(const GPtrArray *known)
{
	GHashTable *ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < known->len; i++) {
		struct uid_row *row = known->pdata[i];
		if (row->state != UID_SKIPPED && !row->base[0])
			g_hash_table_add(ids, &row->id);
	}
	return ids;
}

/* There is no rest of what was deleted unseen, nor will there be. */
static bool remove_previews(
	struct marks *m, const GPtrArray *before, const GPtrArray *known, GError **error)
{
	g_autoptr(GHashTable) unseen = unseen_rows(known);
	for (guint i = 0; i < before->len; i++) {
		const struct uid_row *row = before->pdata[i];
		if (row->state == UID_PREVIEW && g_hash_table_contains(unseen, &row->id) &&
			!preview_remove(m->visit->job->store, row->folder, row->base, NULL, error))
			return false;
	}
	return true;
}

/* What the server has confirmed is not shown any longer, nor what is not what it
 * was: the next look finds out what it is. */
static bool forget(struct marks *m, const GPtrArray *before, GError **error)
{
	struct ledger *l = store_ledger(m->visit->job->store, error);
	g_autoptr(GPtrArray) known = l ? uids_load(l, m->visit->key, error) : NULL;
	if (!known)
		return false;
	g_autoptr(GHashTable) names = confirmed(known);
	if (!remove_previews(m, before, known, error))
		return false;
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, m->wishes);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct wish *w = value;
		if ((w->kind & MARK_DELETE) && g_hash_table_contains(names, w->step->uid))
			g_array_append_val(m->stale, w->id);
	}
	for (guint i = 0; i < m->stale->len; i++)
		if (!drop_forget(m->drop, g_array_index(m->stale, int64_t, i), error))
			return false;
	return true;
}

static bool act(
	struct marks *m, const GPtrArray *known, struct fetch_result *result, GError **error)
{
	g_autoptr(pump) p = pump_new(m->visit, result, error);
	if (!p || !look_again(m, p, error))
		return false;
	set_steps(m, known);
	if (!pump_run(p, &m->plan, error) || !pump_quit(p, error))
		return false;
	m->done->failed += result->refused;
	if (!drop_begin(m->drop, error))
		return false;
	if (forget(m, known, error))
		return drop_commit(m->drop, error);
	drop_rollback(m->drop);
	return false;
}

static bool session(
	struct marks *m, const GArray *marks, struct fetch_result *result, GError **error)
{
	struct visit *v = m->visit;
	struct pop3_drop listing;
	struct ledger *l = store_ledger(v->job->store, error);
	g_autoptr(GPtrArray) known = l ? uids_load(l, v->key, error) : NULL;
	if (!known)
		return false;
	bool ok = pop3_list(v->pop3, &listing, error) && terms_heed_delay(v, &m->maildrop, error) &&
		  pop3_name(v->pop3, &listing, error) &&
		  plan_name(&m->plan, &listing, known, error) && find_letters(m, marks, error) &&
		  act(m, known, result, error);
	plan_clear(&m->plan);
	pop3_drop_clear(&listing);
	return ok;
}

struct outing {
	const GArray *marks;
	struct marks_result *done;
	struct fetch_result *result;
};

static bool visit_and_act(const struct fetch_job *job, void *data, GError **error)
{
	struct outing *o = data;
	struct visit visit;
	struct marks m = {.visit = &visit, .done = o->done};
	*o->done = (struct marks_result){0};
	m.wishes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	m.stale = g_array_new(FALSE, FALSE, sizeof(int64_t));
	bool ok = visit_begin(&visit, job, error) && moved_port(&visit, error) &&
		  delivery_recover(job->store, visit.key, error) &&
		  (m.drop = drop_open(job->store, visit.key, job->account->id, error)) &&
		  terms_log_in(&visit, &m.maildrop, error) &&
		  session(&m, o->marks, o->result, error);
	visit_end(&visit, o->result, error);
	drop_free(m.drop);
	g_hash_table_unref(m.wishes);
	g_array_unref(m.stale);
	return ok;
}

bool marks_run(const struct fetch_job *job, const GArray *marks, struct marks_result *done,
	struct fetch_result *result, GError **error)
{
	struct outing o = {marks, done, result};
	*result = (struct fetch_result){0};
	return visit_insisting(job, visit_and_act, &o, error);
}
