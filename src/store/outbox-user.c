/* SPDX-License-Identifier: MIT
 *
 * The user's part: holding back, letting go, correcting, dropping. */
#include "base/base.h"

#include <unistd.h>

#include "base/clock.h"
#include "store/outbox-private.h"

/* One change to one item or recipient. */
struct wish {
	int64_t id, recipient;
	const char *address;
	int64_t send_at;
	char *file; /* out: of the dropped item */
};

/* An agent that was killed has an item for ever: whoever finds its lock free puts
 * the item where it belongs, and tries again. */
static bool change(struct store *s, outbox_work work, struct wish *w, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (outbox_transaction(s, work, w, &why))
		return true;
	g_autoptr(outbox_item) item =
		g_error_matches(why, STORE_ERROR, STORE_ERROR_STATE) && w->id != 0
			? outbox_get(s, w->id, NULL)
			: NULL;
	bool taken = item && (item->state == OUTBOX_SENDING || item->state == OUTBOX_DOT_PENDING);
	if (taken && outbox_adopt(s, item->account, NULL))
		return outbox_transaction(s, work, w, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool hold(sqlite3 *db, void *data, GError **error)
{
	struct wish *w = data;
	return outbox_happens(db, w->id, EVENT_HOLD, NULL, error);
}

bool outbox_hold(struct store *s, int64_t id, GError **error)
{
	struct wish w = {.id = id};
	return change(s, hold, &w, error);
}

/* No state says "in the editor": HELD is what nobody but the user changes, and
 * a front end that dies leaves the letter where it is seen. */
bool outbox_recall(struct store *s, int64_t id, GError **error)
{
	return outbox_hold(s, id, error);
}

/* --- letting go ---------------------------------------------------------------- */

/* Where only FAILED ones are left, those are tried again. */
static bool queue_for(sqlite3 *db, const struct wish *w, enum outbox_event event, GError **error)
{
	struct outbox_progress p;
	if (!outbox_may(db, w->id, event, error) || !outbox_progress(db, w->id, &p, error))
		return false;
	return outbox_happens(
		       db, w->id, p.unreached > 0 ? event : EVENT_RETRY_FAILED, NULL, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET send_at = ?1, undo_until = 0,"
		       " due = iif(options & ?2, ?3, max(?1, ?3)), attempts = 0, first = 0"
		       " WHERE id = ?4",
		       "iiii", w->send_at, (int64_t)OUTBOX_SERVER_HOLDS, clock_now(), w->id);
}

static bool set_time(sqlite3 *db, void *data, GError **error)
{
	return queue_for(db, data, EVENT_SET_TIME, error);
}

bool outbox_set_time(struct store *s, int64_t id, int64_t send_at, GError **error)
{
	struct wish w = {.id = id, .send_at = send_at};
	return change(s, set_time, &w, error);
}

static bool end_undo(sqlite3 *db, void *data, GError **error)
{
	const struct wish *w = data;
	return outbox_may(db, w->id, EVENT_END_UNDO, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET undo_until = 0,"
		       " due = iif(options & ?1, ?2, max(send_at, ?2)) WHERE id = ?3",
		       "iii", (int64_t)OUTBOX_SERVER_HOLDS, clock_now(), w->id);
}

bool outbox_end_undo(struct store *s, int64_t id, GError **error)
{
	struct wish w = {.id = id};
	return outbox_transaction(s, end_undo, &w, error);
}

static bool release(sqlite3 *db, void *data, GError **error)
{
	return queue_for(db, data, EVENT_RELEASE, error);
}

bool outbox_release(struct store *s, int64_t id, GError **error)
{
	struct wish w = {.id = id};
	return change(s, release, &w, error);
}

/* --- dropping ------------------------------------------------------------------ */

static bool drop(sqlite3 *db, void *data, GError **error)
{
	struct wish *w = data;
	if (!outbox_may(db, w->id, EVENT_DROP, error))
		return false;
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT file FROM outbox WHERE id = ?1", error);
	if (!stmt)
		return false;
	db_bind(stmt, "i", w->id);
	if (!db_row(stmt, error))
		return false;
	w->file = db_text(stmt, 0);
	return db_run(db, NULL, error, "DELETE FROM recipient WHERE item = ?1", "i", w->id) &&
	       db_run(db, NULL, error, "DELETE FROM outbox WHERE id = ?1", "i", w->id);
}

static bool may_drop(sqlite3 *db, void *data, GError **error)
{
	const struct wish *w = data;
	return outbox_may(db, w->id, EVENT_DROP, error);
}

bool outbox_drop(struct store *s, int64_t id, GError **error)
{
	struct wish w = {.id = id};
	/* A copy that is owed would never be made once the row is gone. */
	bool ok = change(s, may_drop, &w, error) && outbox_finish(s, id, true, error) &&
		  outbox_transaction(s, drop, &w, error);
	if (ok) {
		g_autofree char *path = outbox_file_path(s, w.file);
		g_autofree char *draft = outbox_draft_path(path);
		unlink(path); /* what stays is swept later: no row names it */
		unlink(draft);
	}
	g_free(w.file);
	return ok;
}

/* --- recipients --------------------------------------------------------------- */

#define ONE_OF(state) (1U << RECIPIENT_##state)

/* The item of a recipient, which must be in one of these states. */
static bool find_item(sqlite3 *db, struct wish *w, unsigned allowed, GError **error)
{
	int64_t state;
	g_autofree char *item = g_strdup_printf(
		"SELECT item FROM recipient WHERE id = %" G_GINT64_FORMAT, w->recipient);
	g_autofree char *own = g_strdup_printf(
		"SELECT state FROM recipient WHERE id = %" G_GINT64_FORMAT, w->recipient);
	if (!db_number(db, item, 0, &w->id, error) || !db_number(db, own, -1, &state, error))
		return false;
	if (state < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("the outbox has no recipient %d"), (int)w->recipient);
		return false;
	}
	if ((1U << state) & allowed)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
		/* TRANSLATORS: a state: waiting, accepted, sent, deferred, failed, given-up */
		_("the recipient is '%s': not possible now"),
		recipient_state_name((enum recipient_state)state));
	return false;
}

/* S-45: who has the letter, or will get it, does not get it twice. */
static bool check_new(sqlite3 *db, const struct wish *w, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT address FROM recipient WHERE item = ?1 AND id != ?2 AND state != 5", error);
	bool known = false;
	if (!stmt)
		return false;
	db_bind(stmt, "ii", w->id, w->recipient);
	while (!known && db_row(stmt, &why))
		known = outbox_same_address((const char *)sqlite3_column_text(stmt, 0), w->address);
	if (known)
		g_set_error(&why, STORE_ERROR, STORE_ERROR_STATE,
			_("'%s' is a recipient of this letter already; give the refused one up"),
			w->address);
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool correct(sqlite3 *db, void *data, GError **error)
{
	struct wish *w = data;
	return find_item(db, w, ONE_OF(FAILED), error) &&
	       outbox_may(db, w->id, EVENT_CORRECT, error) && check_new(db, w, error) &&
	       db_run(db, NULL, error,
		       "UPDATE recipient SET state = 0, address = ?1, reply = NULL, heard = 0,"
		       " attempts = 0 WHERE id = ?2",
		       "si", w->address, w->recipient) &&
	       outbox_happens(db, w->id, EVENT_CORRECT, NULL, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET due = ?1, attempts = 0, first = 0 WHERE id = ?2", "ii",
		       clock_now(), w->id);
}

bool outbox_correct(struct store *s, int64_t recipient, const char *address, GError **error)
{
	struct wish w = {.recipient = recipient, .address = address};
	return outbox_check_address(address, error) && change(s, correct, &w, error);
}

/* What the item is when one recipient less is to be reached. */
static bool settle_rest(sqlite3 *db, const struct wish *w, GError **error)
{
	struct outbox_progress p;
	if (!outbox_progress(db, w->id, &p, error))
		return false;
	/* The refusal that held it is settled: the others get it.  What the user
	 * holds has no error and stays. */
	int64_t mine = 0;
	g_autofree char *sql = g_strdup_printf("SELECT state = 0 AND error IS NULL FROM outbox"
					       " WHERE id = %" G_GINT64_FORMAT,
		w->id);
	if (p.unreached > 0 && (p.failed > 0 || !db_number(db, sql, 1, &mine, error) || mine))
		return p.failed > 0 || mine;
	if (p.unreached == 0 && p.failed == 0 && p.sent == 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("this is the last recipient; drop the letter instead"));
		return false;
	}
	return outbox_happens(db, w->id, EVENT_GIVE_UP, NULL, error) &&
	       (p.unreached == 0 || db_run(db, NULL, error,
					    "UPDATE outbox SET due = ?1 WHERE id = ?2 AND due < ?1",
					    "ii", clock_now(), w->id));
}

static bool give_up(sqlite3 *db, void *data, GError **error)
{
	struct wish *w = data;
	unsigned which = ONE_OF(FAILED) | ONE_OF(WAITING) | ONE_OF(DEFERRED);
	return find_item(db, w, which, error) && outbox_may(db, w->id, EVENT_GIVE_UP, error) &&
	       db_run(db, NULL, error, "UPDATE recipient SET state = 5 WHERE id = ?1", "i",
		       w->recipient) &&
	       settle_rest(db, w, error);
}

bool outbox_give_up(struct store *s, int64_t recipient, GError **error)
{
	struct wish w = {.recipient = recipient};
	return change(s, give_up, &w, error) && outbox_finish(s, w.id, true, error);
}
