/* SPDX-License-Identifier: MIT
 *
 * Who may change which state into which: the agent's part.  Each change is one
 * transaction; the states are the only truth, so a crash leaves an item in the
 * last state that was committed, and outbox_recover() knows what that means. */
#include "base/base.h"

#include <stdio.h>

#include "base/clock.h"
#include "store/maildir.h"
#include "store/outbox-private.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, PATIENCE = 5 * DAY };

/* S-52: the last one is for all that follow, with up to an hour more by
 * chance, so that many items do not come back together. */
static const int retry_after[] = {MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 2 * HOUR};

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
	p->deferred = n[RECIPIENT_DEFERRED];
	p->unreached = n[RECIPIENT_WAITING] + n[RECIPIENT_ACCEPTED] + p->deferred;
	p->failed = n[RECIPIENT_FAILED];
	p->sent = n[RECIPIENT_SENT];
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

enum outbox_state outbox_next_state(const struct outbox_progress *p)
{
	if (p->unreached > 0)
		return OUTBOX_QUEUED;
	return p->failed > 0 ? OUTBOX_HELD : OUTBOX_DONE;
}

static bool wrong_state(int64_t id, enum outbox_state state, GError **error)
{
	if (IS(state) & OUTBOX_AGENT)
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("too late: item %d of the outbox is being sent"), (int)id);
	else
		/* TRANSLATORS: the second is a state: held, queued, uncertain, done */
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("item %d of the outbox is '%s': not possible now"), (int)id,
			outbox_state_name(state));
	return false;
}

bool outbox_check(
	sqlite3 *db, int64_t id, unsigned allowed, enum outbox_state *state, GError **error)
{
	int64_t value;
	g_autofree char *sql =
		g_strdup_printf("SELECT state FROM outbox WHERE id = %" G_GINT64_FORMAT, id);
	if (!db_number(db, sql, -1, &value, error))
		return false;
	if (value < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING, _("the outbox has no item %d"),
			(int)id);
		return false;
	}
	if (state)
		*state = (enum outbox_state)value;
	return (IS(value) & allowed) || wrong_state(id, (enum outbox_state)value, error);
}

bool outbox_reset_accepted(sqlite3 *db, int64_t id, GError **error)
{
	return db_run(db, NULL, error,
		"UPDATE recipient SET state = 0 WHERE item = ?1 AND state = 1", "i", id);
}

/* --- taking ------------------------------------------------------------------- */

struct taking {
	const char *account;
	int64_t id;
};

static bool find_due(sqlite3 *db, struct taking *t, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id FROM outbox WHERE state = 1 AND due <= ?1"
		" AND (?2 IS NULL OR account = ?2) ORDER BY id LIMIT 1",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "is", clock_now(), t->account);
	t->id = db_row(stmt, &why) ? sqlite3_column_int64(stmt, 0) : 0;
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool take(sqlite3 *db, void *data, GError **error)
{
	struct taking *t = data;
	if (!find_due(db, t, error))
		return false;
	return t->id == 0 ||
	       (db_run(db, NULL, error,
			"UPDATE recipient SET state = 0 WHERE item = ?1 AND state IN (1, 3)", "i",
			t->id) &&
		       db_run(db, NULL, error,
			       "UPDATE outbox SET state = 2, attempts = attempts + 1,"
			       " first = iif(first = 0, ?2, first) WHERE id = ?1",
			       "ii", t->id, clock_now()));
}

struct outbox_item *outbox_take(struct store *s, const char *account, GError **error)
{
	struct taking t = {.account = account};
	/* A power failure that takes this back leaves it QUEUED, which it is then. */
	if (!outbox_transaction_light(s, take, &t, error) || t.id == 0)
		return NULL;
	return outbox_get(s, t.id, error);
}

/* --- the agent's changes ------------------------------------------------------ */

bool outbox_set_recipient(struct store *s, int64_t recipient, enum recipient_state state,
	const char *reply, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	int changes = 0;
	if (!l || !db_run(ledger_db(l), &changes, error,
			  "UPDATE recipient SET state = ?1, reply = ?2, heard = ?3,"
			  " attempts = attempts + 1 WHERE id = ?4",
			  "isii", (int64_t)state, reply, clock_now(), recipient))
		return false;
	if (changes == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("the outbox has no recipient %d"), (int)recipient);
	return changes > 0;
}

/* From which states each may be reached by outbox_set_state(); the others have
 * functions of their own. */
static const unsigned comes_from[] = {
	[OUTBOX_HELD] = OUTBOX_AGENT,
	[OUTBOX_QUEUED] = OUTBOX_AGENT,
	[OUTBOX_SENDING] = 0,
	[OUTBOX_DOT_PENDING] = IS(OUTBOX_SENDING),
	[OUTBOX_UNCERTAIN] = IS(OUTBOX_DOT_PENDING),
	[OUTBOX_DONE] = 0,
};

struct changing {
	int64_t id;
	enum outbox_state state;
	const char *why;
};

static bool change_state(sqlite3 *db, void *data, GError **error)
{
	const struct changing *c = data;
	bool again = c->state == OUTBOX_HELD || c->state == OUTBOX_QUEUED;
	return outbox_check(db, c->id, comes_from[c->state], NULL, error) &&
	       (!again || outbox_reset_accepted(db, c->id, error)) &&
	       db_run(db, NULL, error, "UPDATE outbox SET state = ?1, error = ?2 WHERE id = ?3",
		       "isi", (int64_t)c->state, c->why, c->id);
}

bool outbox_set_state(
	struct store *s, int64_t id, enum outbox_state state, const char *why, GError **error)
{
	struct changing c = {id, state, why};
	g_assert((size_t)state < G_N_ELEMENTS(comes_from));
	return outbox_transaction(s, change_state, &c, error);
}

/* --- after a failed attempt --------------------------------------------------- */

static int64_t next_due(int64_t attempts)
{
	size_t last = G_N_ELEMENTS(retry_after) - 1;
	size_t step = MIN((size_t)MAX(attempts - 1, 0), last);
	int64_t chance = step == last ? g_random_int_range(0, HOUR) : 0;
	return clock_now() + retry_after[step] + chance;
}

/* Those whom five days of trying did not reach. */
static bool lose_patience(sqlite3 *db, const struct changing *c, GError **error)
{
	return db_run(db, NULL, error,
		"UPDATE recipient SET state = 4, reply = coalesce(reply, ?1)"
		" WHERE item = ?2 AND state IN (0, 3)"
		" AND (SELECT first FROM outbox WHERE id = ?2) BETWEEN 1 AND ?3",
		"sii", c->why, c->id, clock_now() - PATIENCE);
}

static bool queue_again(
	sqlite3 *db, const struct changing *c, enum outbox_state state, GError **error)
{
	int64_t attempts;
	g_autofree char *sql =
		g_strdup_printf("SELECT attempts FROM outbox WHERE id = %" G_GINT64_FORMAT, c->id);
	return db_number(db, sql, 0, &attempts, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET state = ?1, due = ?2, error = ?3 WHERE id = ?4", "iisi",
		       (int64_t)state, next_due(attempts), c->why, c->id);
}

static bool defer(sqlite3 *db, void *data, GError **error)
{
	const struct changing *c = data;
	struct outbox_progress p;
	return outbox_check(db, c->id, OUTBOX_AGENT, NULL, error) &&
	       outbox_reset_accepted(db, c->id, error) && lose_patience(db, c, error) &&
	       outbox_progress(db, c->id, &p, error) &&
	       queue_again(db, c, outbox_next_state(&p), error);
}

bool outbox_deferred(struct store *s, int64_t id, const char *why, GError **error)
{
	struct changing c = {.id = id, .why = why};
	return outbox_transaction(s, defer, &c, error) && outbox_finish(s, id, true, error);
}

/* --- after the final 250 ------------------------------------------------------ */

struct accepting {
	int64_t id;
	unsigned from;
	const char *folder, *base;
	int first; /* out: 1 if the copy is owed since now */
};

static bool settle(sqlite3 *db, const struct accepting *a, GError **error)
{
	struct outbox_progress p;
	struct changing c = {.id = a->id};
	if (!outbox_progress(db, a->id, &p, error))
		return false;
	if (p.deferred > 0)
		return queue_again(db, &c, OUTBOX_QUEUED, error);
	return db_run(db, NULL, error, "UPDATE outbox SET state = ?1, error = NULL WHERE id = ?2",
		"ii", (int64_t)outbox_next_state(&p), a->id);
}

static bool accept(sqlite3 *db, void *data, GError **error)
{
	struct accepting *a = data;
	return outbox_check(db, a->id, a->from, NULL, error) &&
	       db_run(db, NULL, error,
		       "UPDATE recipient SET state = 2 WHERE item = ?1 AND state = 1", "i",
		       a->id) &&
	       settle(db, a, error) &&
	       db_run(db, &a->first, error,
		       "UPDATE outbox SET copy = 1, copy_folder = ?2, copy_base = ?3"
		       " WHERE id = ?1 AND copy = 0",
		       "iss", a->id, a->folder, a->base);
}

typedef bool (*transactor)(struct store *s, outbox_work work, void *data, GError **error);

static bool accept_item(
	struct store *s, struct accepting *a, transactor transaction, GError **error)
{
	g_autofree char *base = maildir_unique_name();
	g_autofree char *path = store_folder_path(s, a->folder, error);
	a->base = base;
	return path && transaction(s, accept, a, error);
}

/* The second transaction of an item (S-18) finds the copy made: its bytes go now, and
 * what says that they may must not be taken back. */
static bool finish_second(struct store *s, const struct accepting *a, GError **error)
{
	return a->first != 0 || (ledger_settle(store_ledger(s, NULL), error) &&
					outbox_finish(s, a->id, true, error));
}

bool outbox_accepted(struct store *s, int64_t id, const char *sent_folder, GError **error)
{
	struct accepting a = {.id = id, .from = OUTBOX_AGENT, .folder = sent_folder};
	return accept_item(s, &a, outbox_transaction_light, error) && finish_second(s, &a, error);
}

bool outbox_treat_as_sent(struct store *s, int64_t id, const char *sent_folder, GError **error)
{
	struct accepting a = {.id = id, .from = IS(OUTBOX_UNCERTAIN), .folder = sent_folder};
	if (!accept_item(s, &a, outbox_transaction, error))
		return false;
	if (outbox_finish(s, id, a.first == 0, error))
		return true;
	g_prefix_error(error, _("the letter is sent, but its copy is not made yet: "));
	return false;
}
