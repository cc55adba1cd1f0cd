/* SPDX-License-Identifier: MIT */
#include "pop3/rules.h"

#include <string.h>

#include "agent/transcript.h"
#include "base/report.h"
#include "store/drop.h"

/* Heads in a transaction. */
#define BATCH 64

struct rules {
	struct visit *visit;
	struct drop *drop;
	struct plan *plan;
	GHashTable *steps; /* UID → struct plan_step, of letters no filter has decided about */
	struct fetch_result *result;
	guint heads; /* that have come */
};

static bool is_for(const struct dotfile_filter *f, const struct account *a)
{
	return !f->account || strcmp(f->account, a->id) == 0;
}

static bool has_filters(const struct fetch_job *job)
{
	for (guint i = 0; job->filters && i < job->filters->len; i++)
		if (is_for(job->filters->pdata[i], job->account))
			return true;
	return false;
}

/* What was fetched before was decided about before. */
static bool is_new(const struct plan_step *step)
{
	return step->row == 0 && step->uid && step->action != PLAN_DELETE;
}

static void collect_steps(struct rules *r)
{
	for (guint i = 0; i < r->plan->steps->len; i++) {
		struct plan_step *step = &g_array_index(r->plan->steps, struct plan_step, i);
		if (is_new(step))
			g_hash_table_insert(r->steps, step->uid, step);
	}
}

/* --- heads --------------------------------------------------------------------- */

static bool note_listing(struct rules *r, GError **error)
{
	g_autoptr(GArray) letters = g_array_new(FALSE, FALSE, sizeof(struct drop_letter));
	for (guint i = 0; i < r->plan->steps->len; i++) {
		const struct plan_step *s = &g_array_index(r->plan->steps, struct plan_step, i);
		struct drop_letter l = {s->uid, s->message->number, s->message->size};
		if (s->uid)
			g_array_append_val(letters, l);
	}
	return drop_listed(r->drop, (struct drop_letter *)letters->data, letters->len, error);
}

static bool take_head(const struct plan_step *step, int fd, void *data, GError **error)
{
	struct rules *r = data;
	/* Others may want to write to the cache as well. */
	if (++r->heads % BATCH == 0 && !(drop_commit(r->drop, error) && drop_begin(r->drop, error)))
		return false;
	return drop_add_head(r->drop, step->uid, fd, (guint)step->lines, error);
}

static void want_heads(struct rules *r, const GArray *headless, struct plan *heads)
{
	for (guint i = 0; i < headless->len; i++) {
		GBytes *uid = g_array_index(headless, struct drop_headless, i).uid;
		const struct plan_step *of = g_hash_table_lookup(r->steps, uid);
		struct plan_step step = {.action = PLAN_PREVIEW};
		if (!of)
			continue;
		step.message = of->message;
		step.uid = g_bytes_ref(uid);
		g_array_append_val(heads->steps, step);
		heads->preview++;
	}
}

static bool fetch_heads(struct rules *r, struct pump *p, GError **error)
{
	struct plan heads;
	g_autoptr(GArray) headless = drop_headless(r->drop, error);
	if (!headless)
		return false;
	plan_init(&heads);
	want_heads(r, headless, &heads);
	pump_on_preview(p, take_head, r);
	bool ok = heads.preview == 0 || (drop_begin(r->drop, error) && pump_run(p, &heads, error));
	if (ok && heads.preview > 0)
		ok = drop_commit(r->drop, error);
	else if (!ok)
		drop_rollback(r->drop);
	pump_on_preview(p, NULL, NULL);
	plan_clear(&heads);
	return ok;
}

/* --- deciding ------------------------------------------------------------------- */

static void tell_deleted(const struct rules *r, const struct dotfile_filter *f, guint number,
	const struct message_row *head)
{
	if (r->visit->job->dry_run)
		return;
	transcript_note(r->visit->transcript, _("filter '%s' deletes letter %u unseen: %s, \"%s\""),
		f->name, number, head->from, head->subject);
	report_info(_("%s: the filter '%s' deletes unseen: %s, \"%s\""), r->visit->job->account->id,
		f->name, head->from, head->subject);
	struct record *e = record_set_string(record_new("event", "filtered"), "filter", f->name);
	record_set_string(record_set_string(e, "from", head->from), "subject", head->subject);
	wire_child_event(r->visit->job->child, r->visit->job->id, e);
}

static void decide(struct rules *r, const struct dotfile_filter *f, struct plan_step *step,
	const struct drop_row *row)
{
	uint64_t most = r->visit->job->account->max_size;
	guint number = (guint)step->message->number;
	switch (f->what) {
	case FILTER_FETCH:
		/* Whatever preview says, but max-size is for every letter (P-71). */
		if (most == 0 || step->message->size <= most)
			step->action = PLAN_FETCH;
		break;
	case FILTER_SKIP:
		step->action = PLAN_LEAVE;
		r->result->skipped++;
		transcript_note(r->visit->transcript,
			_("filter '%s' leaves letter %u on the server: %s, \"%s\""), f->name,
			number, row->head->from, row->head->subject);
		break;
	case FILTER_DELETE:
		step->action = r->visit->job->keep ? PLAN_LEAVE : PLAN_DELETE;
		if (step->action == PLAN_DELETE) {
			r->result->filtered++;
			tell_deleted(r, f, number, row->head);
		}
		break;
	}
}

static bool wrong_query(
	const struct rules *r, const struct dotfile_filter *f, GError *why, GError **error)
{
	if (g_error_matches(why, STORE_ERROR, STORE_ERROR_QUERY)) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
			_("the filter '%s' in %s:%d: %s"), f->name, r->visit->job->account->file,
			f->line, why->message);
		g_error_free(why);
	} else {
		g_propagate_error(error, why);
	}
	return false;
}

/* A head that could not be read, or that was empty, fits every query that says
 * what is not in it. */
static bool has_head(const struct drop_row *row)
{
	const struct message_row *h = row->head;
	return h && !h->unparsed &&
	       (h->from[0] || h->from_name[0] || h->to[0] || h->subject[0] || h->message_id[0]);
}

static bool apply_one(struct rules *r, const struct dotfile_filter *f, GError **error)
{
	GError *why = NULL;
	g_autoptr(GPtrArray) rows = drop_rows(r->drop, f->query, &why);
	if (!rows)
		return wrong_query(r, f, why, error);
	for (guint i = 0; i < rows->len; i++) {
		const struct drop_row *row = rows->pdata[i];
		struct plan_step *step =
			has_head(row) ? g_hash_table_lookup(r->steps, row->uid) : NULL;
		if (!step)
			continue;
		g_hash_table_remove(r->steps, row->uid);
		decide(r, f, step, row);
	}
	return true;
}

static bool apply_all(struct rules *r, GError **error)
{
	const struct fetch_job *job = r->visit->job;
	for (guint i = 0; i < job->filters->len; i++) {
		const struct dotfile_filter *f = job->filters->pdata[i];
		if (is_for(f, job->account) && !apply_one(r, f, error))
			return false;
	}
	plan_count(r->plan);
	return true;
}

bool rules_apply(struct pump *p, struct visit *v, struct plan *plan, struct fetch_result *result,
	GError **error)
{
	struct rules r = {.visit = v, .plan = plan, .result = result};
	if (!has_filters(v->job))
		return true;
	r.steps = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	collect_steps(&r);
	r.drop = g_hash_table_size(r.steps) > 0
			 ? drop_open(v->job->store, v->key, v->job->account->id, error)
			 : NULL;
	bool ok = g_hash_table_size(r.steps) == 0 ||
		  (r.drop && note_listing(&r, error) && fetch_heads(&r, p, error) &&
			  apply_all(&r, error));
	drop_free(r.drop);
	g_hash_table_unref(r.steps);
	return ok;
}
