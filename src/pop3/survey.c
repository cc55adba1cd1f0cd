/* SPDX-License-Identifier: MIT */
#include "pop3/survey.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "pop3/moved.h"
#include "pop3/pump.h"
#include "pop3/tell.h"
#include "pop3/terms.h"
#include "store/drop.h"

/* Heads are written in batches, the first of them a screen's worth. */
#define BATCH_FIRST 32
#define BATCH_HEADS 128
#define BATCH_MILLISECONDS 200

/* Where nobody says that there is TOP, so many are tried. */
#define PROBES 3

struct head {
	GBytes *uid; /* of the plan */
	int fd;
};

struct survey {
	struct visit *visit;
	struct maildrop maildrop;
	struct drop *drop;
	struct survey_result *result;
	GArray *batch; /* of struct head: come, and not yet written */
	int64_t batch_began;
	guint lines, came, total;
};

static void head_clear(void *data)
{
	close(((struct head *)data)->fd);
}

static void tell_progress(const struct survey *s)
{
	const struct fetch_job *job = s->visit->job;
	struct record *r = record_set_int(record_new("event", "progress"), "done", s->came);
	wire_child_event(job->child, job->id, record_set_int(r, "total", s->total));
}

/* --- heads that TOP gives ------------------------------------------------------ */

static bool add_heads(struct survey *s, GError **error)
{
	for (guint i = 0; i < s->batch->len; i++) {
		const struct head *h = &g_array_index(s->batch, struct head, i);
		if (!drop_add_head(s->drop, h->uid, h->fd, s->lines, error))
			return false;
	}
	return true;
}

/* All of a batch is here before the transaction begins: others write as well. */
static bool write_batch(struct survey *s, GError **error)
{
	guint n = s->batch->len;
	if (n == 0)
		return true;
	bool ok = drop_begin(s->drop, error) && add_heads(s, error) && drop_commit(s->drop, error);
	if (!ok)
		drop_rollback(s->drop);
	g_array_set_size(s->batch, 0);
	if (!ok)
		return false;
	s->came += n;
	s->result->heads += n;
	tell_progress(s);
	return true;
}

static bool take_head(const struct plan_step *step, int fd, void *data, GError **error)
{
	struct survey *s = data;
	struct head h = {step->uid, dup(fd)};
	if (h.fd < 0)
		return fdio_fail(error, "dup", "top");
	if (s->batch->len == 0)
		s->batch_began = clock_monotonic();
	g_array_append_val(s->batch, h);
	guint enough = s->came == 0 ? BATCH_FIRST : BATCH_HEADS;
	if (s->batch->len < enough && clock_monotonic() - s->batch_began < BATCH_MILLISECONDS)
		return true;
	return write_batch(s, error);
}

static void add_step(struct plan *plan, const struct plan_step *of, guint lines)
{
	struct plan_step step = {.action = PLAN_PREVIEW,
		.message = of->message,
		.uid = g_bytes_ref(of->uid),
		.lines = lines};
	g_array_append_val(plan->steps, step);
	plan->preview++;
}

static bool run_tops(
	struct survey *s, struct pump *p, const GArray *want, GHashTable *steps, GError **error)
{
	struct plan plan;
	plan_init(&plan);
	for (guint i = 0; i < want->len; i++) {
		const struct drop_headless *h = &g_array_index(want, struct drop_headless, i);
		add_step(&plan, g_hash_table_lookup(steps, h->uid), s->lines);
	}
	bool ok = pump_run(p, &plan, error);
	/* What has come is kept, whatever came after it. */
	ok = write_batch(s, ok ? error : NULL) && ok;
	plan_clear(&plan);
	return ok;
}

/* A server that says nothing of TOP in CAPA, or has no CAPA, may have it. */
static bool probe(
	struct survey *s, struct pump *p, const GArray *want, GHashTable *steps, GError **error)
{
	g_autoptr(GArray) few = g_array_new(FALSE, FALSE, sizeof(struct drop_headless));
	g_array_append_vals(few, want->data, MIN(want->len, PROBES));
	if (!run_tops(s, p, few, steps, error))
		return false;
	s->result->tops = s->came > 0;
	return true;
}

/* Sizes are all that there is to choose by. */
static bool note_sizes(struct survey *s, GError **error)
{
	g_autoptr(GArray) want = drop_headless(s->drop, error);
	bool ok = want && drop_begin(s->drop, error);
	if (!ok)
		return false;
	for (guint i = 0; ok && i < want->len; i++)
		ok = drop_add_unknown(
			s->drop, g_array_index(want, struct drop_headless, i).uid, error);
	if (ok)
		return drop_commit(s->drop, error);
	drop_rollback(s->drop);
	return false;
}

static bool fetch_heads(
	struct survey *s, const struct plan *all, struct fetch_result *result, GError **error)
{
	g_autoptr(GArray) want = drop_headless(s->drop, error);
	g_autoptr(GHashTable) steps = plan_by_name(all);
	g_autoptr(pump) p = want && want->len > 0 ? pump_new(s->visit, result, error) : NULL;
	if (!p)
		return want && want->len == 0;
	s->total = want->len;
	tell_progress(s);
	pump_on_preview(p, take_head, s);
	bool announced = pop3_capabilities(s->visit->pop3)->top;
	if (!announced && !probe(s, p, want, steps, error))
		return false;
	if (!announced)
		g_array_remove_range(want, 0, MIN(want->len, PROBES));
	bool ok = s->result->tops ? run_tops(s, p, want, steps, error) : note_sizes(s, error);
	s->result->headless = s->total - s->came;
	return ok;
}

/* --- what is here already ------------------------------------------------------ */

static GHashTable *files_by_name(const GPtrArray *known)
{
	GHashTable *table = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < known->len; i++) {
		struct uid_row *row = known->pdata[i];
		if (row->uid && row->state != UID_FETCHING && row->state != UID_PREVIEW &&
			row->base[0])
			g_hash_table_insert(table, row->uid, row);
	}
	return table;
}

/* Letters that were fetched are in the index, and need no TOP; where the index
 * is behind, or the letter was thrown away, TOP it is. */
static bool add_known(struct survey *s, const GArray *want, GHashTable *files, GError **error)
{
	struct index *ix = store_index(s->visit->job->store, NULL);
	for (guint i = 0; ix && i < want->len; i++) {
		GBytes *uid = g_array_index(want, struct drop_headless, i).uid;
		const struct uid_row *row = g_hash_table_lookup(files, uid);
		g_autoptr(message_row) found =
			row ? index_by_base(ix, row->folder, row->base, NULL) : NULL;
		if (found && !drop_add_known(s->drop, uid, found, error))
			return false;
	}
	return true;
}

static bool take_known(struct survey *s, const GPtrArray *known, GError **error)
{
	g_autoptr(GHashTable) files = files_by_name(known);
	g_autoptr(GArray) want = drop_headless(s->drop, error);
	if (!want || g_hash_table_size(files) == 0)
		return want != NULL;
	if (!drop_begin(s->drop, error))
		return false;
	if (add_known(s, want, files, error))
		return drop_commit(s->drop, error);
	drop_rollback(s->drop);
	return false;
}

/* --- the listing --------------------------------------------------------------- */

static bool note_listing(struct survey *s, const struct plan *all, GError **error)
{
	g_autoptr(GArray) letters = g_array_new(FALSE, FALSE, sizeof(struct drop_letter));
	for (guint i = 0; i < all->steps->len; i++) {
		const struct plan_step *step = &g_array_index(all->steps, struct plan_step, i);
		struct drop_letter l = {step->uid, step->message->number, step->message->size};
		if (step->uid)
			g_array_append_val(letters, l);
	}
	s->result->listed = letters->len;
	return drop_listed(s->drop, (struct drop_letter *)letters->data, letters->len, error);
}

static bool look(struct survey *s, const struct plan *all, const GPtrArray *known,
	struct fetch_result *result, GError **error)
{
	s->result->tops = true;
	if (!note_listing(s, all, error) || !take_known(s, known, error) ||
		!fetch_heads(s, all, result, error))
		return false;
	/* What QUIT says does not matter: nothing was marked. */
	pop3_quit(s->visit->pop3, NULL);
	return drop_set_tops(s->drop, s->result->tops, error);
}

/* Of an account that is elsewhere now: what lies here is not shown as new. */
static bool recognise(struct survey *s, struct memory *m, const struct pop3_drop *listing,
	struct fetch_result *result, GError **error)
{
	if (!moved_rows(s->visit, &m->former, error))
		return false;
	if (!m->former)
		return true;
	struct visit *v = s->visit;
	struct ledger *l = store_ledger(v->job->store, error);
	g_autoptr(pump) p = l ? pump_new(v, result, error) : NULL;
	return p && moved_recognise(v, p, m, listing, error) &&
	       (m->moved == 0 || notice_give(l, v->key, NOTICE_MOVED_UNTOLD, error));
}

/* The names of letters are the plan's; what it would do does not matter. */
static bool list(struct survey *s, struct fetch_result *result, GError **error)
{
	struct visit *v = s->visit;
	struct pop3_drop listing;
	struct plan all = {0};
	struct memory m = {0};
	struct ledger *l = store_ledger(v->job->store, error);
	m.known = l ? uids_load(l, v->key, error) : NULL;
	if (!m.known)
		return false;
	bool ok = pop3_list(v->pop3, &listing, error);
	if (ok)
		terms_note_expire(v, result);
	ok = ok && terms_heed_delay(v, &s->maildrop, error) &&
	     pop3_name(v->pop3, &listing, error) && recognise(s, &m, &listing, result, error) &&
	     plan_name(&all, &listing, m.known, error) && look(s, &all, m.known, result, error);
	memory_clear(&m);
	plan_clear(&all);
	pop3_drop_clear(&listing);
	return ok;
}

struct outing {
	struct survey *survey;
	struct fetch_result *result;
};

static bool visit_and_look(const struct fetch_job *job, void *data, GError **error)
{
	struct outing *o = data;
	struct survey *s = o->survey;
	struct visit visit;
	s->visit = &visit;
	bool ok = visit_begin(&visit, job, error) && moved_port(&visit, error) &&
		  (s->drop = drop_open(job->store, visit.key, job->account->id, error)) &&
		  terms_log_in(&visit, &s->maildrop, error) && list(s, o->result, error);
	visit_end(&visit, o->result, error);
	g_clear_pointer(&s->drop, drop_free);
	return ok;
}

bool survey_run(const struct fetch_job *job, guint lines, struct survey_result *survey,
	struct fetch_result *result, GError **error)
{
	struct survey s = {.result = survey, .lines = lines};
	struct outing o = {&s, result};
	*result = (struct fetch_result){0};
	*survey = (struct survey_result){0};
	s.batch = g_array_new(FALSE, FALSE, sizeof(struct head));
	g_array_set_clear_func(s.batch, head_clear);
	bool ok = visit_insisting(job, visit_and_look, &o, error);
	g_array_unref(s.batch);
	return ok;
}
