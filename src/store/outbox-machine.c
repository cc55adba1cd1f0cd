/* SPDX-License-Identifier: MIT
 *
 * outbox-states.def at work.  Each change is one transaction; the states are the
 * only truth, so a crash leaves an item in the last state that was committed, and
 * outbox_recover() knows what that means. */
#include "base/base.h"

#include "base/clock.h"
#include "store/outbox-private.h"

enum { TO_NEXT = -1, TO_GONE = -2 };

#define TO_HELD OUTBOX_HELD
#define TO_QUEUED OUTBOX_QUEUED
#define TO_SENDING OUTBOX_SENDING
#define TO_DOT_PENDING OUTBOX_DOT_PENDING
#define TO_UNCERTAIN OUTBOX_UNCERTAIN
#define TO_DONE OUTBOX_DONE

static const struct {
	unsigned from;
	int to;
} item_rules[] = {
#define IN(state) (1U << OUTBOX_##state)
#define ITEM(event, from, to) [EVENT_##event] = {from, TO_##to},
#define RECIPIENT(event, from, to)
#include "store/outbox-states.def"
#undef IN
#undef ITEM
#undef RECIPIENT
};

static const struct {
	enum outbox_event event;
	unsigned from;
	enum recipient_state to;
} recipient_rules[] = {
#define IN(state) (1U << RECIPIENT_##state)
#define ITEM(event, from, to)
#define RECIPIENT(event, from, to) {EVENT_##event, from, RECIPIENT_##to},
#include "store/outbox-states.def"
#undef IN
#undef ITEM
#undef RECIPIENT
};

bool outbox_progress(sqlite3 *db, int64_t id, struct outbox_progress *p, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		db, "SELECT state, count(*) FROM recipient WHERE item = ?1 GROUP BY state", error);
	if (!stmt)
		return false;
	int64_t n[RECIPIENT_GIVEN_UP + 1] = {0};
	db_bind(stmt, "i", id);
	while (db_row(stmt, &why)) {
		int state = sqlite3_column_int(stmt, 0);
		if (state >= 0 && state <= RECIPIENT_GIVEN_UP)
			n[state] = sqlite3_column_int64(stmt, 1);
	}
	p->waiting = n[RECIPIENT_WAITING];
	p->deferred = n[RECIPIENT_DEFERRED];
	p->unreached = p->waiting + n[RECIPIENT_ACCEPTED] + p->deferred;
	p->failed = n[RECIPIENT_FAILED];
	p->sent = n[RECIPIENT_SENT];
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool next_state(sqlite3 *db, int64_t id, int *state, GError **error)
{
	struct outbox_progress p;
	if (!outbox_progress(db, id, &p, error))
		return false;
	*state = p.unreached > 0 ? OUTBOX_QUEUED : p.failed > 0 ? OUTBOX_HELD : OUTBOX_DONE;
	return true;
}

static bool wrong_state(int64_t id, enum outbox_state state, GError **error)
{
	if (state == OUTBOX_SENDING || state == OUTBOX_DOT_PENDING)
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("too late: item %d of the outbox is being sent"), (int)id);
	else
		/* TRANSLATORS: the second is a state: held, queued, uncertain, done */
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("item %d of the outbox is '%s': not possible now"), (int)id,
			outbox_state_name(state));
	return false;
}

bool outbox_may(sqlite3 *db, int64_t id, enum outbox_event event, GError **error)
{
	int64_t state;
	g_autofree char *sql =
		g_strdup_printf("SELECT state FROM outbox WHERE id = %" G_GINT64_FORMAT, id);
	if (!db_number(db, sql, -1, &state, error))
		return false;
	if (state < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING, _("the outbox has no item %d"),
			(int)id);
		return false;
	}
	return ((1U << state) & item_rules[event].from) != 0 ||
	       wrong_state(id, (enum outbox_state)state, error);
}

static bool move_recipients(sqlite3 *db, int64_t id, enum outbox_event event, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(recipient_rules); i++)
		if (recipient_rules[i].event == event &&
			!db_run(db, NULL, error,
				"UPDATE recipient SET state = ?1 WHERE item = ?2"
				" AND (1 << state) & ?3",
				"iii", (int64_t)recipient_rules[i].to, id,
				(int64_t)recipient_rules[i].from))
			return false;
	return true;
}

bool outbox_happens(
	sqlite3 *db, int64_t id, enum outbox_event event, const char *why, GError **error)
{
	int to = item_rules[event].to;
	g_assert(to != TO_GONE);
	return outbox_may(db, id, event, error) && move_recipients(db, id, event, error) &&
	       (to != TO_NEXT || next_state(db, id, &to, error)) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET state = ?1, error = ?2, ended = iif(?1 = 5, ?4, 0)"
		       " WHERE id = ?3",
		       "isii", (int64_t)to, why, id, clock_now());
}

static bool run(struct store *s, bool light, outbox_work work, void *data, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	/* Inside the caller's ledger_begin() the whole is the caller's to commit. */
	if (l && !sqlite3_get_autocommit(ledger_db(l)))
		return work(ledger_db(l), data, error);
	if (!l || !(light ? ledger_begin_light(l, error) : ledger_begin(l, error)))
		return false;
	if (work(ledger_db(l), data, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

bool outbox_transaction(struct store *s, outbox_work work, void *data, GError **error)
{
	return run(s, false, work, data, error);
}

bool outbox_transaction_light(struct store *s, outbox_work work, void *data, GError **error)
{
	return run(s, true, work, data, error);
}
