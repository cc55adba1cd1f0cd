/* SPDX-License-Identifier: MIT
 *
 * The agent's part: taking, and what became of it.  Of what it writes, only
 * DOT_PENDING has to be on the disk before the next octet is said (S-51).  That
 * an item was taken may be forgotten, since before the dot it is as good as
 * queued; that it was accepted may be forgotten until the next commit, since it is
 * UNCERTAIN then: known to be doubtful, not lost and not sent again. */
#include "base/base.h"

#include <stdio.h>

#include "base/clock.h"
#include "store/maildir.h"
#include "store/outbox-private.h"

/* --- taking ------------------------------------------------------------------- */

struct taking {
	const char *account;
	int64_t id;
};

/* In the order of the index: the first row is the answer, however many there are. */
static bool find_due(sqlite3 *db, struct taking *t, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id FROM outbox WHERE state = 1"
		" AND (due <= ?1 OR due > ?1 + ?3 AND due > send_at)"
		" AND (?2 IS NULL OR account = ?2) ORDER BY due, id LIMIT 1",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "isi", clock_now(), t->account, (int64_t)OUTBOX_LONGEST_WAIT);
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
	return t->id == 0 || (outbox_happens(db, t->id, EVENT_TAKE, NULL, error) &&
				     db_run(db, NULL, error,
					     "UPDATE outbox SET attempts = attempts + 1,"
					     " first = iif(first = 0, ?2, first) WHERE id = ?1",
					     "ii", t->id, clock_now()));
}

struct outbox_item *outbox_take(struct store *s, const char *account, GError **error)
{
	struct taking t = {.account = account};
	if (!outbox_transaction_light(s, take, &t, error) || t.id == 0)
		return NULL;
	return outbox_get(s, t.id, error);
}

struct changing {
	int64_t id;
	enum outbox_event event;
	const char *why;
};

static bool untake(sqlite3 *db, void *data, GError **error)
{
	const struct changing *c = data;
	return outbox_happens(db, c->id, EVENT_BACK, c->why, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET attempts = max(attempts - 1, 0),"
		       " first = iif(attempts > 1, first, 0) WHERE id = ?1",
		       "i", c->id);
}

bool outbox_untake(struct store *s, int64_t id, const char *why, GError **error)
{
	struct changing c = {.id = id, .why = why};
	return outbox_transaction_light(s, untake, &c, error);
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

static bool change_state(sqlite3 *db, void *data, GError **error)
{
	const struct changing *c = data;
	return outbox_happens(db, c->id, c->event, c->why, error) &&
	       (c->event != EVENT_DOT ||
		       db_run(db, NULL, error, "UPDATE outbox SET dotted = ?1 WHERE id = ?2", "ii",
			       clock_uptime(), c->id));
}

/* The others have functions of their own; SENDING and DONE have nothing else. */
static const enum outbox_event leads_to[] = {
	[OUTBOX_HELD] = EVENT_REFUSE,
	[OUTBOX_QUEUED] = EVENT_BACK,
	[OUTBOX_SENDING] = EVENT_COUNT,
	[OUTBOX_DOT_PENDING] = EVENT_DOT,
	[OUTBOX_UNCERTAIN] = EVENT_LOSE,
	[OUTBOX_DONE] = EVENT_COUNT,
};

bool outbox_set_state(
	struct store *s, int64_t id, enum outbox_state state, const char *why, GError **error)
{
	g_assert((size_t)state < G_N_ELEMENTS(leads_to));
	struct changing c = {id, leads_to[state], why};
	if (c.event != EVENT_COUNT)
		return outbox_transaction(s, change_state, &c, error);
	g_set_error(error, STORE_ERROR, STORE_ERROR_STATE, "'%s'", outbox_state_name(state));
	return false;
}

/* --- after a failed attempt --------------------------------------------------- */

/* Those who must be asked in a further transaction are not put off (S-18); those
 * who were put off are asked again with them, which costs a reply. */
static bool put_off(sqlite3 *db, int64_t id, bool at_once, GError **error)
{
	int64_t attempts;
	g_autofree char *sql =
		g_strdup_printf("SELECT attempts FROM outbox WHERE id = %" G_GINT64_FORMAT, id);
	return db_number(db, sql, 0, &attempts, error) &&
	       db_run(db, NULL, error, "UPDATE outbox SET due = ?1 WHERE id = ?2", "ii",
		       clock_now() + (at_once ? 0 : outbox_step(attempts)), id);
}

static bool defer(sqlite3 *db, void *data, GError **error)
{
	const struct changing *c = data;
	return outbox_happens(db, c->id, EVENT_DEFER, c->why, error) &&
	       put_off(db, c->id, false, error);
}

bool outbox_deferred(struct store *s, int64_t id, const char *why, GError **error)
{
	struct changing c = {.id = id, .why = why};
	return outbox_transaction(s, defer, &c, error);
}

/* Patience begins when its time has come: that it was handed over early is no failure. */
static bool keep_here(sqlite3 *db, void *data, GError **error)
{
	const struct changing *c = data;
	return outbox_happens(db, c->id, EVENT_BACK, c->why, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET due = max(send_at, ?1), options = options & ~?2,"
		       " attempts = 0, first = 0 WHERE id = ?3",
		       "iii", clock_now(), (int64_t)OUTBOX_SERVER_HOLDS, c->id);
}

bool outbox_wait_here(struct store *s, int64_t id, const char *why, GError **error)
{
	struct changing c = {.id = id, .why = why};
	return outbox_transaction(s, keep_here, &c, error);
}

/* --- after the final 250 ------------------------------------------------------ */

struct accepting {
	int64_t id;
	enum outbox_event event;
	const char *folder, *base;
	int first; /* out: 1 if the copy is owed since now */
};

static bool accept(sqlite3 *db, void *data, GError **error)
{
	struct accepting *a = data;
	struct outbox_progress p;
	return outbox_happens(db, a->id, a->event, NULL, error) &&
	       outbox_progress(db, a->id, &p, error) &&
	       (p.unreached == 0 || put_off(db, a->id, p.waiting > 0, error)) &&
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
	g_autofree char *path = store_folder_path(s, a->folder, NULL);
	a->base = base;
	/* That a letter was sent is known though its folder cannot be. */
	if (!path)
		a->folder = FOLDER_SENT;
	return transaction(s, accept, a, error);
}

/* The second transaction of an item (S-18) finds the copy made: its bytes go now, and
 * what says that they may must not be taken back.  The letter is sent whether that
 * succeeds or not: outbox_settle() makes what is owed, the next start the rest. */
static void finish_second(struct store *s, const struct accepting *a)
{
	g_autoptr(GError) why = NULL;
	if (a->first == 0 && ledger_settle(store_ledger(s, NULL), &why))
		outbox_finish(s, a->id, true, &why);
}

bool outbox_accepted(struct store *s, int64_t id, const char *sent_folder, GError **error)
{
	struct accepting a = {.id = id, .event = EVENT_ACCEPT, .folder = sent_folder};
	if (!accept_item(s, &a, outbox_transaction_light, error))
		return false;
	finish_second(s, &a);
	return true;
}

bool outbox_treat_as_sent(struct store *s, int64_t id, const char *sent_folder, GError **error)
{
	struct accepting a = {.id = id, .event = EVENT_TREAT_AS_SENT, .folder = sent_folder};
	return accept_item(s, &a, outbox_transaction, error) &&
	       outbox_finish(s, id, a.first == 0, error);
}
