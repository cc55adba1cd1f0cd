/* SPDX-License-Identifier: MIT
 *
 * The end of a session, good or bad, and what the ledger says of it. */
#include "base/base.h"

#include "base/report.h"
#include "pop3/pump-private.h"

static void forget_deletions(struct pump *p, struct ledger *l, enum uid_state state)
{
	g_autoptr(GError) why = NULL;
	/* The letters are safe whatever the rows say: a row that stays behind
	 * costs one DELE in the next session. */
	if (!uids_set_state(l, p->deleted, state, &why) ||
		(state == UID_DEL_DONE && !uids_returned(l, p->returned, &why)))
		report_warning("%s", why->message);
}

/* What is deleted unseen is not to be fetched later, if the server keeps it. */
static bool add_unseen(struct pump *p, struct ledger *l, GError **error)
{
	bool ok = true;
	if (p->unseen->len == 0)
		return true;
	if (!ledger_begin(l, error))
		return false;
	for (guint i = 0; ok && i < p->unseen->len; i++) {
		const struct unseen *u = &g_array_index(p->unseen, struct unseen, i);
		int64_t row;
		ok = uids_add_unseen(l, p->visit->key, u->uid, u->size, &row, error);
		if (ok)
			g_array_append_val(p->deleted, row);
	}
	g_array_set_size(p->unseen, 0);
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* QUIT makes the server delete.  Before it the rows say that this was asked;
 * after it, what became of it (P-59). */
static bool quit(struct pump *p, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct ledger *l = store_ledger(p->visit->job->store, error);
	if (!l || !uids_back(l, p->back, error) ||
		!uids_set_state(l, p->deleted, UID_DEL_SENT, error) || !add_unseen(p, l, error))
		return false;
	if (pop3_quit(p->pop3, &why)) {
		forget_deletions(p, l, UID_DEL_DONE);
		p->result->deleted += p->deleted->len;
		return true;
	}
	forget_deletions(p, l, UID_DEL_UNKNOWN);
	p->result->owed += p->deleted->len;
	report_warning(_("the server did not confirm the end of the session: %s"), why->message);
	return true;
}

/* After an error: what has come whole is kept all the same, unless it was the
 * store that failed: a failed fsync is not tried again.  With nothing in
 * flight a cancelled session may still end by QUIT, which makes good what was
 * deleted so far (P-60). */
void pump_save(struct pump *p, const GError *why)
{
	g_autoptr(GError) again = NULL;
	bool clean = pop3_outstanding(p->pop3) == 0 && !pump_consumes(p) &&
		     policy_code(why) == CODE_CANCELLED;
	if (!p->broken && !pump_commit(p, &again))
		report_warning("%s", again->message);
	g_clear_error(&again);
	if (clean && p->deleted->len + p->unseen->len > 0 && !p->visit->ending && !quit(p, &again))
		report_warning("%s", again->message);
}

bool pump_quit(struct pump *p, GError **error)
{
	if (!quit(p, error))
		return false;
	if (!p->full)
		return true;
	g_propagate_error(error, g_steal_pointer(&p->full));
	return false;
}
