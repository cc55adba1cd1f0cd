/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/ledger.h"
#include "store/reports.h"
#include "store/sync-private.h"

/* When it was reported: a date to come is not believed. */
static int64_t reported(const struct sync_letter *l)
{
	return l->mime->date > 0 ? MIN(l->mime->date, l->arrived) : l->arrived;
}

static bool note_reports(struct store *s, struct sync_reader *r, guint ready, GError **error)
{
	bool ok = true;
	for (guint i = 0; ok && i < ready; i++) {
		const struct sync_letter *l = sync_reader_letter(r, i);
		if (l->mime && l->mime->report)
			ok = reports_note(s, l->mime->report, reported(l), error);
	}
	return ok;
}

static bool has_reports(struct sync_reader *r, guint ready)
{
	for (guint i = 0; i < ready; i++) {
		const struct sync_letter *l = sync_reader_letter(r, i);
		if (l->mime && l->mime->report)
			return true;
	}
	return false;
}

/* A store without a ledger is still indexed. */
bool sync_keep_reports(struct store *s, struct sync_reader *r, guint ready, GError **error)
{
	struct ledger *l = has_reports(r, ready) ? store_ledger(s, NULL) : NULL;
	if (!l || !sqlite3_get_autocommit(ledger_db(l)))
		return !l || note_reports(s, r, ready, error);
	if (!ledger_begin(l, error))
		return false;
	if (note_reports(s, r, ready, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}
