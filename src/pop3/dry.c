/* SPDX-License-Identifier: MIT */
#include "pop3/dry.h"

#include "base/report.h"
#include "base/sanitize.h"

static bool is_deleted(const struct plan *plan, const struct plan_step *step)
{
	return step->action == PLAN_DELETE ||
	       (step->action == PLAN_FETCH && (plan->delete_fetched || step->and_delete));
}

static char *letter_text(const struct plan_step *step)
{
	gsize len = 0;
	const char *uid = step->uid ? g_bytes_get_data(step->uid, &len) : "";
	g_autofree char *clean = sanitize_line(uid, (gssize)len);
	g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, step->message->size);
	return g_strdup_printf(
		_("letter %u, %s octets, UID '%s'"), (guint)step->message->number, size, clean);
}

/* Whole sentences: a translator cannot put parts together. */
static void tell_step(const struct plan *plan, const struct plan_step *step)
{
	g_autofree char *letter = letter_text(step);
	if (step->action == PLAN_FETCH && is_deleted(plan, step))
		report_info(_("would fetch and delete %s"), letter);
	else if (step->action == PLAN_FETCH)
		report_info(_("would fetch %s"), letter);
	else if (step->action == PLAN_PREVIEW)
		report_info(_("would preview %s"), letter);
	else if (step->action == PLAN_DELETE)
		report_info(_("would delete %s"), letter);
}

void dry_run(struct visit *v, const struct plan *plan, struct fetch_result *result)
{
	for (guint i = 0; i < plan->steps->len; i++) {
		const struct plan_step *step = &g_array_index(plan->steps, struct plan_step, i);
		result->would_delete += is_deleted(plan, step);
		if (v->job->verbose)
			tell_step(plan, step);
	}
	result->would_fetch = plan->fetch;
	result->would_preview = plan->preview;
	result->kept = plan->leave;
}
