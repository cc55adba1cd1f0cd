/* SPDX-License-Identifier: MIT
 *
 * Rows whose letters turned up under another UID, name or folder, or again. */
#include "base/base.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/uids-private.h"

static bool finish(struct ledger *l, bool ok, GError **error)
{
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* For each of these rows, in one transaction. */
static bool for_each(struct ledger *l, const GArray *ids, const char *sql, GError **error)
{
	if (ids->len == 0)
		return true;
	if (!ledger_begin(l, error))
		return false;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l), sql, error);
	bool ok = stmt != NULL;
	for (guint i = 0; ok && i < ids->len; i++) {
		db_bind(stmt, "i", g_array_index(ids, int64_t, i));
		ok = db_done(stmt, error);
	}
	return finish(l, ok, error);
}

bool uids_returned(struct ledger *l, const GArray *ids, GError **error)
{
	return for_each(l, ids, "UPDATE uid SET returns = returns + 1 WHERE id = ?1", error);
}

bool uids_back(struct ledger *l, const GArray *ids, GError **error)
{
	return for_each(l, ids, "UPDATE uid SET gone = 0 WHERE id = ?1", error);
}

void uid_change_clear(void *change)
{
	g_clear_pointer(&((struct uid_change *)change)->uid, g_bytes_unref);
}

static bool rename_row(
	struct ledger *l, int64_t maildrop, const struct uid_change *c, GError **error)
{
	sqlite3 *db = ledger_db(l);
	return db_run(db, NULL, error,
		       "DELETE FROM uid WHERE uid = ?2 AND id != ?1 AND maildrop = ?3", "ibi",
		       c->id, c->uid, maildrop) &&
	       db_run(db, NULL, error,
		       "UPDATE uid SET uid = ?2, state = iif(state = ?5, state, ?6), likely = ?3,"
		       " gone = 0, returns = 0, whole = ?7, seen = ?4, maildrop = ?8 WHERE id = ?1",
		       "ibiiiiii", c->id, c->uid, (int64_t)c->likely, clock_now(),
		       (int64_t)UID_PREVIEW, (int64_t)UID_STORED, c->whole, maildrop);
}

bool uids_rename(struct ledger *l, const char *account, const GArray *changes, GError **error)
{
	if (changes->len == 0)
		return true;
	int64_t maildrop = uids_maildrop(l, account, error);
	bool ok = maildrop && ledger_begin(l, error);
	if (!ok)
		return false;
	for (guint i = 0; ok && i < changes->len; i++)
		ok = rename_row(l, maildrop, &g_array_index(changes, struct uid_change, i), error);
	return finish(l, ok, error);
}

static GBytes *digest_octets(const char *hex)
{
	uint8_t octets[32];
	for (int i = 0; i < 32; i++)
		octets[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
				      g_ascii_xdigit_value(hex[2 * i + 1]));
	return g_bytes_new(octets, sizeof octets);
}

bool uids_adopt(struct ledger *l, const char *account, struct uid_row *row, GError **error)
{
	int64_t maildrop = uids_maildrop(l, account, error);
	g_autoptr(GBytes) sha256 = digest_octets(row->sha256);
	if (!maildrop || !db_run(ledger_db(l), NULL, error,
				 "INSERT OR REPLACE INTO uid"
				 " (maildrop, uid, state, folder, base, stored, seen, size, sha256)"
				 " VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8)",
				 "ibssiiib", maildrop, row->uid, row->folder, row->base,
				 row->stored, clock_now(), row->size, sha256))
		return false;
	row->id = sqlite3_last_insert_rowid(ledger_db(l));
	return true;
}

bool uids_moved(struct ledger *l, const struct uid_row *row, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"UPDATE uid SET folder = ?2, base = ?3 WHERE id = ?1", "iss", row->id, row->folder,
		row->base);
}
