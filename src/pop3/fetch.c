/* SPDX-License-Identifier: MIT */
#include "pop3/fetch.h"

#include "base/clock.h"
#include "base/report.h"
#include "pop3/dry.h"
#include "pop3/here.h"
#include "pop3/memory.h"
#include "pop3/moved.h"
#include "pop3/previews.h"
#include "pop3/renumber.h"
#include "pop3/rules.h"
#include "pop3/tell.h"
#include "pop3/terms.h"
#include "pop3/verify.h"
#include "pop3/withhold.h"
#include "store/delivery.h"

enum {
	DAY = 86400,
	/* Letters that appear at once in the second of two visits: no accident. */
	MANY_MORE = 20,
};

bool fetch_is_for_some(const struct fetch_job *job)
{
	return job->only || job->rest;
}

void fetch_result_clear(struct fetch_result *r)
{
	g_clear_pointer(&r->server, g_free);
	g_clear_pointer(&r->path, g_free);
	g_clear_pointer(&r->withheld_with, g_free);
}

/* What one visit is made of. */
struct errand {
	struct visit *visit;
	struct memory *memory;
	struct fetch_result *result;
	struct pop3_drop drop;
	struct pump *pump;
	struct plan plan;
	struct here *here;
	guint unknown; /* letters that were not known before this visit */
	bool all_new;  /* every letter is unknown, though many were known */
	guint matched; /* of these, recognised by their heads */
};

/* Ids of the rows of all previews. */
static GHashTable *all_previews(const GPtrArray *known)
{
	GHashTable *ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < known->len; i++) {
		struct uid_row *row = known->pdata[i];
		if (row->state == UID_PREVIEW)
			g_hash_table_add(ids, &row->id);
	}
	return ids;
}

static void withhold(
	struct visit *v, struct plan *plan, const GPtrArray *known, struct fetch_result *result)
{
	const struct capabilities *capa = pop3_capabilities(v->pop3);
	struct withhold w = {
		.account = v->job->account,
		.known = known,
		.tops = !capa->known || capa->top,
		.only = v->job->only,
	};
	g_autoptr(GHashTable) rest = v->job->rest ? all_previews(known) : NULL;
	if (rest)
		w.only = rest;
	plan_withhold(plan, &w);
	result->large = w.large + w.held;
	result->listed = w.listed;
	if (result->large > 0 && !w.only)
		report_warning(
			P_("%u letter that is too large for max-size or preview is left on the "
			   "server: there is no preview of it without TOP and UIDL",
				"%u letters that are too large for max-size or preview are left on "
				"the server: there are no previews of them without TOP and UIDL",
				result->large),
			result->large);
}

static bool plan_it(struct errand *e, GError **error)
{
	struct visit *v = e->visit;
	const struct memory *m = e->memory;
	struct plan_input in = {
		.known = m->known,
		.by_uid = m->by_uid,
		.keep = &m->keep,
		.now = clock_now(),
		.lived = m->lived,
		.gone = m->gone,
		.again = m->again,
		.delete_nothing = v->job->keep,
	};
	if (!plan_make(&e->plan, &e->drop, &in, error))
		return false;
	withhold(v, &e->plan, m->known, e->result);
	if (e->plan.nameless)
		report_warning(_("%u letters on the server have no UID and are left there"),
			e->plan.nameless);
	return true;
}

/* What is seen to be gone only now has time until it expires. */
static bool any_gone(const GPtrArray *known)
{
	for (guint i = 0; i < known->len; i++)
		if (((const struct uid_row *)known->pdata[i])->gone)
			return true;
	return false;
}

/* Ids of rows whose letters were away, and are yet to be looked at. */
static GHashTable *in_question(const struct errand *e)
{
	GHashTable *ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	bool asked = fetch_is_for_some(e->visit->job);
	for (guint i = 0; i < e->plan.steps->len; i++) {
		const struct plan_step *s = &g_array_index(e->plan.steps, struct plan_step, i);
		if (s->away && (s->action != PLAN_LEAVE || s->likeness || asked))
			g_hash_table_add(ids, (gpointer)&s->row);
	}
	return ids;
}

static GPtrArray *rows_without(const GPtrArray *known, GHashTable *ids)
{
	GPtrArray *rows = g_ptr_array_new();
	for (guint i = 0; i < known->len; i++)
		if (!g_hash_table_contains(ids, &((const struct uid_row *)known->pdata[i])->id))
			g_ptr_array_add(rows, known->pdata[i]);
	return rows;
}

/* After the plan was made, which is about what was known before.  What is in
 * question stays gone until it was looked at: a session that is cut short would
 * leave nothing to ask about. */
static bool note_listing(const struct errand *e, GError **error)
{
	const struct visit *v = e->visit;
	const GPtrArray *known = e->memory->known;
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || v->job->dry_run)
		return l != NULL;
	g_autoptr(GHashTable) ids = in_question(e);
	if (g_hash_table_size(ids) == 0)
		return uids_seen(l, v->key, known, e->plan.listed, error) &&
		       (!any_gone(known) || uids_expire(l, v->key, error));
	g_autoptr(GPtrArray) rows = rows_without(known, ids);
	return uids_seen(l, v->key, rows, e->plan.listed, error);
}

/* Letters that were not known before this visit. */
static guint count_unknown(const struct plan *plan)
{
	guint unknown = 0;
	for (guint i = 0; i < plan->steps->len; i++) {
		const struct plan_step *s = &g_array_index(plan->steps, struct plan_step, i);
		unknown += s->row == 0 && s->action != PLAN_LEAVE;
	}
	return unknown;
}

static GPtrArray *rows_and_former(const struct memory *m)
{
	GPtrArray *all = g_ptr_array_new();
	g_ptr_array_extend(all, m->known, NULL, NULL);
	if (m->former)
		g_ptr_array_extend(all, m->former, NULL, NULL);
	uids_sort(all);
	return all;
}

/* A letter with an unknown name may be one that is here, under another name or
 * without a row.  Whether it is, its octets will say. */
static bool look_here(void *data, GError **error)
{
	struct errand *e = data;
	const struct memory *m = e->memory;
	g_autoptr(GPtrArray) all = rows_and_former(m);
	struct strays *others =
		strays_find(e->visit->job->store, all, MAX(m->before - DAY, 0), error);
	if (!others)
		return false;
	e->here = here_new(all, e->plan.listed, others);
	e->plan.here = e->here;
	return true;
}

static guint count_likely(const GPtrArray *known)
{
	guint likely = 0;
	for (guint i = 0; i < known->len; i++)
		likely += ((const struct uid_row *)known->pdata[i])->likely;
	return likely;
}

/* A look at the server may have recognised them before, which tells nobody. */
static bool count_moved(const struct errand *e, guint *moved, GError **error)
{
	int64_t untold = 0;
	struct visit *v = e->visit;
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || !notice_given(l, v->key, NOTICE_MOVED_UNTOLD, &untold, error))
		return false;
	*moved = untold ? count_likely(e->memory->known) : e->memory->moved;
	tell_again(v, NOTICE_MOVED_UNTOLD);
	return true;
}

/* The account was elsewhere before: the names there say nothing here, but the
 * letters may be the same. */
static bool recognise_moved(struct errand *e, GError **error)
{
	guint moved;
	struct visit *v = e->visit;
	if (!moved_recognise(v, e->pump, e->memory, &e->drop, error) ||
		!count_moved(e, &moved, error))
		return false;
	if (moved > 0)
		tell_once(v, NOTICE_MOVED,
			P_("%s: this account is at another server or log-in than before, '%s'; of "
			   "%u letter there %u was recognised as one that is here, and does not "
			   "come a second time",
				"%s: this account is at another server or log-in than before, "
				"'%s'; of %u letters there %u were recognised as letters that are "
				"here, and do not come a second time",
				e->drop.messages->len),
			v->job->account->id, v->job->account->pop3->host, e->drop.messages->len,
			moved);
	return true;
}

/* All names are new: those letters that are here get them. */
static bool recognise(struct errand *e, GError **error)
{
	struct visit *v = e->visit;
	if (e->memory->former)
		return recognise_moved(e, error);
	e->all_new = policy_all_is_new(e->memory->known, &e->drop);
	if (!e->all_new) {
		tell_again(v, NOTICE_RENUMBERED);
		return true;
	}
	/* The rows get other UIDs. */
	g_clear_pointer(&e->memory->by_uid, g_hash_table_unref);
	if (!renumber(e->pump, v, e->memory, &e->drop, &e->matched, error))
		return false;
	if (e->matched > 0)
		tell_once(v, NOTICE_RENUMBERED,
			_("%s: the server has given its letters new names (UIDs), as after a move "
			  "to another machine; %u of %u were recognised as letters that are here, "
			  "and are not fetched again"),
			v->job->account->id, e->matched, e->drop.messages->len);
	return true;
}

/* How often a letter must have been deleted for nothing before it is told. */
enum { PATIENCE = 3 };

static void tell_undeleted(const struct errand *e)
{
	guint undeleted = 0, returned = 0;
	g_autofree bool *listed = uids_among(e->memory->known, e->plan.listed);
	for (guint i = 0; i < e->memory->known->len; i++) {
		const struct uid_row *row = e->memory->known->pdata[i];
		bool there = row->returns > 0 && listed[i];
		returned += there;
		undeleted += there && row->returns + 1 >= PATIENCE;
	}
	if (undeleted > 0)
		tell_once(e->visit, NOTICE_UNDELETED,
			P_("%s: the server said three times that it has deleted %u letter, and "
			   "lists it again; it is not fetched again, but only who runs the server "
			   "can remove it",
				"%s: the server said three times that it has deleted %u letters, "
				"and lists them again; they are not fetched again, but only who "
				"runs the server can remove them",
				undeleted),
			e->visit->job->account->id, undeleted);
	else if (returned == 0)
		tell_again(e->visit, NOTICE_UNDELETED);
}

/* Nobody else would ever say that there is a letter which does not come. */
static void tell_withheld(const struct errand *e)
{
	const struct fetch_result *r = e->result;
	if (r->withheld == 0)
		tell_again(e->visit, NOTICE_REFUSED);
	else
		tell_once(e->visit, NOTICE_REFUSED,
			P_("%s: the server lists %u letter that it does not give: \"%s\"; it is "
			   "asked for again in each session, and if it never comes, only who runs "
			   "the server can help",
				"%s: the server lists %u letters that it does not give: \"%s\"; "
				"they "
				"are asked for again in each session, and if they never come, only "
				"who runs the server can help",
				r->withheld),
			e->visit->job->account->id, r->withheld, r->withheld_with);
}

static bool do_nothing(struct errand *e, GError **error)
{
	dry_run(e->visit, &e->plan, e->result);
	return pop3_quit(e->visit->pop3, error);
}

/* Previews that came before an error stay, as letters do. */
static bool run_plan(struct pump *p, struct visit *v, struct plan *plan,
	struct fetch_result *result, GError **error)
{
	struct previews previews;
	guint before = result->previews;
	bool ok = plan->preview == 0 || previews_begin(&previews, p, v, result, error);
	if (!ok)
		return false;
	ok = pump_run(p, plan, error);
	if (plan->preview == 0)
		return ok;
	ok = previews_commit(&previews, ok ? error : NULL) && ok;
	previews_clear(&previews);
	/* The server refused to give the others. */
	if (ok)
		result->large += plan->preview - (result->previews - before);
	return ok;
}

static bool do_plan(struct errand *e, GError **error)
{
	struct fetch_result *result = e->result;
	guint deleted = result->deleted;
	if (e->unknown > 0)
		pump_meanwhile(e->pump, look_here, e);
	if (!run_plan(e->pump, e->visit, &e->plan, result, error) || !pump_quit(e->pump, error))
		return false;
	if (e->memory->former && !moved_end(e->visit, error))
		return false;
	tell_withheld(e);
	result->kept = e->plan.steps->len - (result->deleted - deleted);
	return true;
}

/* A server that lists a part of its mail has more when that was taken (P-50).  One
 * that is known for it is visited again, and so is one that may be: what it has
 * named anew was not recognised.
 *
 * The first visit to an unknown server tells nothing: STAT counts what is listed,
 * what such servers list is no round number, and keep says nothing of the server.
 * To come back in order to see would cost everybody a log-in, against servers that
 * count them; the next visit by the interval sees the same. */
static bool has_more(struct errand *e, guint new, GError **error)
{
	struct visit *v = e->visit;
	struct fetch_result *result = e->result;
	int64_t partial;
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || !notice_given(l, v->key, NOTICE_PARTIAL, &partial, error))
		return false;
	bool known = partial != 0 || pop3_quirks(v->pop3) & POP3_RETR_CONSUMES;
	if (!known && result->in_doubt && e->unknown >= MANY_MORE) {
		tell_once(v, NOTICE_PARTIAL,
			_("%s: the server lists only a part of its mail at a time; it is visited "
			  "until nothing new comes"),
			v->job->account->id);
		known = true;
	}
	result->in_doubt = e->all_new && e->matched == 0;
	result->more = new > 0 && (known || result->in_doubt) && !v->job->dry_run &&
		       !v->job->only && e->memory->drop.delay == 0;
	return true;
}

/* What is deleted as soon as it is here need not be known again. */
static bool name(struct errand *e, GError **error)
{
	const struct keep_policy *keep = &e->memory->keep;
	bool kept = keep->kind != KEEP_NEVER && !(keep->kind == KEEP_DAYS && keep->days == 0);
	return (!kept && !e->memory->former) || pop3_name(e->visit->pop3, &e->drop, error);
}

static bool carry_out(struct errand *e, GError **error)
{
	struct visit *v = e->visit;
	guint new = e->result->new;
	e->pump = pump_new(v, e->result, error);
	if (!e->pump || !recognise(e, error) || !plan_it(e, error))
		return false;
	if (!v->job->dry_run && !verify_steps(&e->plan, v, e->memory->known, error))
		return false;
	if (!note_listing(e, error))
		return false;
	e->unknown = count_unknown(&e->plan);
	if (!fetch_is_for_some(v->job) && !rules_apply(e->pump, v, &e->plan, e->result, error))
		return false;
	tell_undeleted(e);
	return (v->job->dry_run ? do_nothing(e, error) : do_plan(e, error)) &&
	       has_more(e, e->result->new - new, error);
}

static bool fetch(struct visit *v, struct memory *m, struct fetch_result *result, GError **error)
{
	struct errand e = {.visit = v, .memory = m, .result = result};
	bool ok = pop3_list(v->pop3, &e.drop, error) && terms_heed(v, m, result, error) &&
		  name(&e, error) && carry_out(&e, error);
	pump_free(e.pump);
	here_free(e.here);
	plan_clear(&e.plan);
	pop3_drop_clear(&e.drop);
	return ok;
}

static bool go_there(struct visit *v, struct memory *m, struct fetch_result *result, GError **error)
{
	if (!visit_log_in(v, error)) {
		if (v->pop3)
			terms_refused(v, &m->drop);
		return false;
	}
	/* The disk is waited for and the rows are read while the server makes its lists. */
	return pop3_ask_list(v->pop3, error) && memory_note_visit(m, v, error) &&
	       memory_load(m, v, error) && fetch(v, m, result, error);
}

static bool visit_and_fetch(const struct fetch_job *job, void *data, GError **error)
{
	struct fetch_result *result = data;
	struct visit visit;
	struct memory memory = {0};
	result->more = false;
	/* What a crash left is put in order before anything new is begun (P-58). */
	bool ok = visit_begin(&visit, job, error) && moved_port(&visit, error) &&
		  delivery_recover(job->store, visit.key, error) &&
		  memory_recall(&memory, &visit, error) && go_there(&visit, &memory, result, error);
	memory_clear(&memory);
	visit_end(&visit, result, error);
	return ok;
}

/* So many letters of one maildrop that turn out to be too large cost a visit. */
enum { MOST_VISITS = 10 };

/* A server that sent more of a letter than may come had to be hung up on; the
 * letter is noted, and in another visit it is previewed and the others come
 * (P-71). */
static bool may_visit_again(const struct fetch_job *job, int visits, const GError *why)
{
	if (!g_error_matches(why, POP3_ERROR, POP3_ERROR_TOO_LARGE) || job->only ||
		visits >= MOST_VISITS)
		return false;
	report_warning("%s", why->message);
	return true;
}

static bool fetch_all_there_is(
	const struct fetch_job *job, struct fetch_result *result, GError **error)
{
	g_autoptr(GError) why = NULL;
	for (int n = 1; !visit_insisting(job, visit_and_fetch, result, &why); n++) {
		if (!may_visit_again(job, n, why)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
		g_clear_error(&why);
	}
	return true;
}

/* More visits than this are for the next time (P-50). */
enum { MOST_PARTS = 20 };

bool fetch_run(const struct fetch_job *job, struct fetch_result *result, GError **error)
{
	*result = (struct fetch_result){0};
	bool ok = fetch_all_there_is(job, result, error);
	for (int n = 1; ok && result->more && n < MOST_PARTS; n++)
		ok = fetch_all_there_is(job, result, error);
	return ok;
}
