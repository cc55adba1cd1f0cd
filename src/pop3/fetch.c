/* SPDX-License-Identifier: MIT */
#include "pop3/fetch.h"

#include "base/clock.h"
#include "base/report.h"
#include "pop3/pump.h"
#include "store/delivery.h"

void fetch_result_clear(struct fetch_result *r)
{
	g_clear_pointer(&r->server, g_free);
	g_clear_pointer(&r->path, g_free);
}

static bool make_plan(struct visit *v, struct plan *plan, struct pop3_drop *drop, GError **error)
{
	const struct fetch_job *job = v->job;
	struct ledger *l = store_ledger(job->store, error);
	g_autoptr(GPtrArray) known = l ? uids_load(l, v->key, error) : NULL;
	if (!known || !plan_make(plan, drop, known, &job->account->keep, clock_now(), error))
		return false;
	if (plan->nameless)
		report_warning(_("%u letters on the server have no UID and are left there"),
			plan->nameless);
	if (job->dry_run)
		return true;
	return uids_seen(l, v->key, plan->listed, error) && uids_expire(l, v->key, error);
}

static bool dry_run(
	struct visit *v, const struct plan *plan, struct fetch_result *result, GError **error)
{
	result->would_fetch = plan->fetch;
	result->would_delete = plan->delete + (plan->delete_fetched ? plan->fetch : 0);
	result->kept = plan->leave;
	return pop3_quit(v->pop3, error);
}

static bool do_plan(struct visit *v, struct plan *plan, struct fetch_result *result, GError **error)
{
	g_autoptr(pump) p = pump_new(v, result, error);
	if (!p || !pump_run(p, plan, error) || !pump_quit(p, error))
		return false;
	result->kept = plan->steps->len - result->deleted;
	return true;
}

static bool fetch(struct visit *v, struct fetch_result *result, GError **error)
{
	struct pop3_drop drop;
	struct plan plan = {0};
	bool ok = pop3_list(v->pop3, &drop, error) && make_plan(v, &plan, &drop, error) &&
		  (v->job->dry_run ? dry_run(v, &plan, result, error)
				   : do_plan(v, &plan, result, error));
	plan_clear(&plan);
	pop3_drop_clear(&drop);
	return ok;
}

static bool visit_and_fetch(const struct fetch_job *job, void *data, GError **error)
{
	struct fetch_result *result = data;
	struct visit visit;
	/* What a crash left is put in order before anything new is begun (P-58). */
	bool ok = visit_begin(&visit, job, error) &&
		  delivery_recover(job->store, visit.key, error) && visit_log_in(&visit, error) &&
		  fetch(&visit, result, error);
	visit_end(&visit, result, error);
	return ok;
}

bool fetch_run(const struct fetch_job *job, struct fetch_result *result, GError **error)
{
	*result = (struct fetch_result){0};
	return visit_insisting(job, visit_and_fetch, result, error);
}
