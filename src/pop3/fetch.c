/* SPDX-License-Identifier: MIT */
#include "pop3/fetch.h"

#include "base/clock.h"
#include "base/report.h"
#include "pop3/dry.h"
#include "pop3/memory.h"
#include "pop3/previews.h"
#include "pop3/withhold.h"
#include "store/delivery.h"

void fetch_result_clear(struct fetch_result *r)
{
	g_clear_pointer(&r->server, g_free);
	g_clear_pointer(&r->path, g_free);
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

static bool make_plan(struct visit *v, const struct memory *m, struct pop3_drop *drop,
	struct plan *plan, struct fetch_result *result, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	struct plan_input in = {
		.known = m->known,
		.keep = &m->keep,
		.now = clock_now(),
		.lived = m->lived,
		.gone = m->gone,
		.again = m->again,
		.delete_nothing = v->job->keep,
	};
	if (!l || !plan_make(plan, drop, &in, error))
		return false;
	withhold(v, plan, m->known, result);
	if (plan->nameless)
		report_warning(_("%u letters on the server have no UID and are left there"),
			plan->nameless);
	if (v->job->dry_run)
		return true;
	return uids_seen(l, v->key, plan->listed, error) && uids_expire(l, v->key, error);
}

static bool do_nothing(
	struct visit *v, const struct plan *plan, struct fetch_result *result, GError **error)
{
	dry_run(v, plan, result);
	return pop3_quit(v->pop3, error);
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

static bool do_plan(struct visit *v, struct plan *plan, struct fetch_result *result, GError **error)
{
	g_autoptr(pump) p = pump_new(v, result, error);
	if (!p || !run_plan(p, v, plan, result, error) || !pump_quit(p, error))
		return false;
	result->kept = plan->steps->len - result->deleted;
	return true;
}

/* What is deleted as soon as it is here need not be known again. */
static bool name(struct visit *v, struct pop3_drop *drop, GError **error)
{
	const struct keep_policy *keep = &v->job->account->keep;
	bool kept = keep->kind != KEEP_NEVER && !(keep->kind == KEEP_DAYS && keep->days == 0);
	return !kept || pop3_name(v->pop3, drop, error);
}

static bool fetch(
	struct visit *v, const struct memory *m, struct fetch_result *result, GError **error)
{
	struct pop3_drop drop;
	struct plan plan = {0};
	bool ok = pop3_list(v->pop3, &drop, error) && name(v, &drop, error) &&
		  make_plan(v, m, &drop, &plan, result, error) &&
		  (v->job->dry_run ? do_nothing(v, &plan, result, error)
				   : do_plan(v, &plan, result, error));
	plan_clear(&plan);
	pop3_drop_clear(&drop);
	return ok;
}

static bool go_there(struct visit *v, struct memory *m, struct fetch_result *result, GError **error)
{
	return visit_log_in(v, error) && memory_note_visit(m, v, error) &&
	       fetch(v, m, result, error);
}

static bool visit_and_fetch(const struct fetch_job *job, void *data, GError **error)
{
	struct fetch_result *result = data;
	struct visit visit;
	struct memory memory = {0};
	/* What a crash left is put in order before anything new is begun (P-58). */
	bool ok = visit_begin(&visit, job, error) &&
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

bool fetch_run(const struct fetch_job *job, struct fetch_result *result, GError **error)
{
	g_autoptr(GError) why = NULL;
	*result = (struct fetch_result){0};
	for (int n = 1; !visit_insisting(job, visit_and_fetch, result, &why); n++) {
		if (!may_visit_again(job, n, why)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
		g_clear_error(&why);
	}
	return true;
}
