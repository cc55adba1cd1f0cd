/* SPDX-License-Identifier: MIT */
#include "pop3/withhold.h"

#include "store/preview.h"

/* What the server says, or what it sent when it said less. */
static uint64_t size_of(const struct plan_step *step, const struct uid_row *row)
{
	return row ? MAX(step->message->size, (uint64_t)row->sent) : step->message->size;
}

static bool is_too_large(const struct withhold *w, uint64_t size)
{
	return w->account->max_size != 0 && size > w->account->max_size;
}

static bool is_held(const struct withhold *w, uint64_t size)
{
	const struct preview_policy *p = &w->account->preview;
	return p->kind == PREVIEW_ALL || (p->kind == PREVIEW_OVER && size > p->over);
}

/* Asked for by a person: only max-size says no. */
static void ask_for(struct withhold *w, struct plan_step *step, const struct uid_row *row)
{
	bool wanted = row && g_hash_table_contains(w->only, &row->id);
	step->action = PLAN_LEAVE;
	if (!wanted)
		return;
	w->listed++;
	if (is_too_large(w, size_of(step, row)))
		w->large++;
	else
		step->action = PLAN_FETCH;
}

/* A letter without UID would get a preview in every session. */
static void hold_back(const struct withhold *w, struct plan_step *step, guint *without)
{
	bool preview = w->tops && step->uid;
	step->action = preview ? PLAN_PREVIEW : PLAN_LEAVE;
	step->lines = PREVIEW_LINES;
	*without += !preview;
}

/* preview is about new letters: one that was here, and whose UID came back, is
 * fetched and compared. */
static void withhold(struct withhold *w, struct plan_step *step, const struct uid_row *row)
{
	bool is_new = !row || row->state == UID_SKIPPED;
	uint64_t size = size_of(step, row);
	if (row && row->state == UID_PREVIEW) {
		step->action = PLAN_LEAVE;
		return;
	}
	if (row && row->state == UID_SKIPPED)
		step->action = PLAN_FETCH;
	if (step->action != PLAN_FETCH)
		return;
	if (is_too_large(w, size))
		hold_back(w, step, &w->large);
	else if (is_new && step->uid && is_held(w, size))
		hold_back(w, step, &w->held);
}

void plan_withhold(struct plan *plan, struct withhold *w)
{
	guint near = 0;
	w->large = w->held = w->listed = 0;
	for (guint i = 0; i < plan->steps->len; i++) {
		struct plan_step *step = &g_array_index(plan->steps, struct plan_step, i);
		const struct uid_row *row =
			step->row != 0 ? uids_find(w->known, step->row, &near) : NULL;
		if (w->only)
			ask_for(w, step, row);
		else
			withhold(w, step, row);
	}
	plan_count(plan);
}
