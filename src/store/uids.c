/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/uids-private.h"

enum { DAY = 86400, REMEMBERED = 90 * DAY };

int64_t uids_maildrop(struct ledger *l, const char *account, GError **error)
{
	sqlite3 *db = ledger_db(l);
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) find =
		db_prepare(db, "SELECT id FROM maildrop WHERE account = ?1", error);
	if (!find)
		return 0;
	db_bind(find, "s", account);
	if (db_row(find, &why))
		return sqlite3_column_int64(find, 0);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return 0;
	}
	sqlite3_reset(find);
	/* Another process may make it in between: then it is there as well. */
	if (!db_run(db, NULL, error, "INSERT OR IGNORE INTO maildrop (account) VALUES (?1)", "s",
		    account))
		return 0;
	return db_row(find, error) ? sqlite3_column_int64(find, 0) : 0;
}

/* --- changes ------------------------------------------------------------------ */

/* Commits what went well, takes back what did not. */
static bool end(struct ledger *l, bool ok, GError **error)
{
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

static bool set_states(struct ledger *l, const GArray *ids, enum uid_state state, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "UPDATE uid SET state = ?1 WHERE id = ?2", error);
	bool ok = stmt != NULL;
	for (guint i = 0; ok && i < ids->len; i++) {
		db_bind(stmt, "ii", (int64_t)state, g_array_index(ids, int64_t, i));
		ok = db_done(stmt, error);
	}
	return ok;
}

bool uids_set_state(struct ledger *l, const GArray *ids, enum uid_state state, GError **error)
{
	if (ids->len == 0)
		return true;
	if (!ledger_begin(l, error))
		return false;
	return end(l, set_states(l, ids, state, error), error);
}

/* A row that a former letter of this UID has left is taken over. */
bool uids_add_unseen(struct ledger *l, const char *account, GBytes *uid, int64_t size, int64_t *id,
	GError **error)
{
	int64_t maildrop = uids_maildrop(l, account, error);
	g_autoptr(sqlite3_stmt) stmt =
		maildrop ? db_prepare(ledger_db(l),
				   "INSERT INTO uid (maildrop, uid, state, "
				   "folder, base, seen, size, sha256)"
				   " VALUES (?1, ?2, ?3, '', '', ?4, ?5, x'')"
				   " ON CONFLICT (maildrop, uid) DO UPDATE "
				   "SET state = excluded.state, folder = '',"
				   " base = '', seen = excluded.seen, size = "
				   "excluded.size, sha256 = x'',"
				   " stored = 0, gone = 0, likely = 0, returns = 0 RETURNING id",
				   error)
			 : NULL;
	if (!stmt)
		return false;
	db_bind(stmt, "ibiii", maildrop, uid, (int64_t)UID_DEL_SENT, clock_now(), size);
	if (!db_row(stmt, error))
		return false;
	*id = sqlite3_column_int64(stmt, 0);
	/* The step to the end is what completes an INSERT … RETURNING. */
	return db_done(stmt, error);
}

bool uids_skip(struct ledger *l, const char *account, GBytes *uid, int64_t whole, int64_t sent,
	GError **error)
{
	static const uint8_t none[32];
	g_autoptr(GBytes) sha256 = g_bytes_new_static(none, sizeof none);
	int64_t maildrop = uids_maildrop(l, account, error);
	return maildrop &&
	       db_run(ledger_db(l), NULL, error,
		       "INSERT INTO uid (maildrop, uid, state, folder, base, seen, size,"
		       " sha256, whole, sent) VALUES (?1, ?2, ?3, '', '', ?4, 0, ?5, ?6, ?8)"
		       " ON CONFLICT (maildrop, uid) DO UPDATE SET"
		       " state = iif(state = ?7, state, excluded.state),"
		       " seen = excluded.seen, gone = 0, whole = excluded.whole,"
		       " sent = excluded.sent",
		       "ibiibiii", maildrop, uid, (int64_t)UID_SKIPPED, clock_now(), sha256, whole,
		       (int64_t)UID_PREVIEW, sent);
}

/* It is then as if QUIT had not been answered after the DELE: the next session
 * asks for it again. */
bool uids_unwanted(struct ledger *l, int64_t id, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"UPDATE uid SET state = ?1, folder = '', base = '', size = whole, sha256 = x''"
		" WHERE id = ?2 AND state = ?3",
		"iii", (int64_t)UID_DEL_UNKNOWN, id, (int64_t)UID_PREVIEW);
}

/* What is to be written of a row. */
struct sighting {
	int64_t id, seen, gone;
	int64_t settled; /* what is owed was done: its UID is listed no more */
};

/* Whether the row changes.  seen is kept to the day only: else each look at a
 * maildrop of 10,000 kept letters would write 10,000 rows. */
static bool sight(const struct uid_row *row, bool listed, int64_t now, struct sighting *to)
{
	bool owed = row->uid && (row->state == UID_DEL_SENT || row->state == UID_DEL_UNKNOWN);
	*to = (struct sighting){row->id, row->seen, row->gone, !listed && owed};
	if (!listed)
		to->gone = row->gone ? row->gone : now;
	else if (now - row->seen >= DAY || row->seen > now || row->gone)
		to->seen = now;
	if (listed)
		to->gone = 0;
	return to->seen != row->seen || to->gone != row->gone || to->settled;
}

static GArray *find_changes(const GPtrArray *known, const GArray *listed)
{
	int64_t now = clock_now();
	GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct sighting));
	g_autofree bool *there = uids_among(known, listed);
	for (guint i = 0; i < known->len; i++) {
		const struct uid_row *row = known->pdata[i];
		struct sighting to;
		if (row->state != UID_FETCHING && sight(row, there[i], now, &to))
			g_array_append_val(changes, to);
	}
	return changes;
}

/* A person may have decided about a PREVIEW since the rows were read: only a state
 * that is owed is moved.  And the number of a row that was forgotten since may be
 * another's. */
static bool write_changes(struct ledger *l, int64_t maildrop, const GArray *changes, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"UPDATE uid SET state = iif(?3 AND state IN (2, 3), 4, state), seen = ?4, gone = ?5"
		" WHERE id = ?2 AND maildrop = ?1 AND state != 0",
		error);
	G_STATIC_ASSERT(UID_FETCHING == 0 && UID_DEL_SENT == 2 && UID_DEL_UNKNOWN == 3 &&
			UID_DEL_DONE == 4);
	bool ok = stmt != NULL;
	for (guint i = 0; ok && i < changes->len; i++) {
		const struct sighting *to = &g_array_index(changes, struct sighting, i);
		db_bind(stmt, "iiiii", maildrop, to->id, to->settled, to->seen, to->gone);
		ok = db_done(stmt, error);
	}
	return ok;
}

bool uids_seen(struct ledger *l, const char *account, const GPtrArray *known, const GArray *listed,
	GError **error)
{
	g_autoptr(GArray) changes = find_changes(known, listed);
	if (changes->len == 0)
		return true;
	int64_t maildrop = uids_maildrop(l, account, error);
	if (!maildrop || !ledger_begin(l, error))
		return false;
	return end(l, write_changes(l, maildrop, changes, error), error);
}

bool uids_expire(struct ledger *l, const char *account, GError **error)
{
	int64_t maildrop = uids_maildrop(l, account, error);
	return maildrop && db_run(ledger_db(l), NULL, error,
				   "DELETE FROM uid WHERE maildrop = ?1 AND gone != 0 AND gone < ?2"
				   " AND state != 0",
				   "ii", maildrop, clock_now() - REMEMBERED);
}
