/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/maildrop.h"
#include "store/uids-private.h"

static bool read_visits(sqlite3 *db, int64_t id, struct maildrop *m, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT visited, prior, jumped, delay, looked,"
		" CASE WHEN visited THEN 0 ELSE"
		" (SELECT max(max(seen, stored)) FROM uid WHERE maildrop = ?1) END"
		" FROM maildrop WHERE id = ?1",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "i", id);
	if (!db_row(stmt, error))
		return false;
	*m = (struct maildrop){
		.visited = sqlite3_column_int64(stmt, 0),
		.base = sqlite3_column_int64(stmt, 1),
		.jumped = sqlite3_column_int64(stmt, 2),
		.delay = sqlite3_column_int64(stmt, 3),
		.looked = sqlite3_column_int64(stmt, 4),
	};
	if (!m->visited)
		m->visited = sqlite3_column_int64(stmt, 5);
	return true;
}

bool maildrop_load(struct ledger *l, const char *account, struct maildrop *m, GError **error)
{
	int64_t id = uids_maildrop(l, account, error);
	return id && read_visits(ledger_db(l), id, m, error);
}

bool maildrop_save(struct ledger *l, const char *account, const struct maildrop *m, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"UPDATE maildrop SET visited = ?2, prior = ?3, jumped = ?4, delay = ?5, looked = ?6"
		" WHERE account = ?1",
		"siiiii", account, m->visited, m->base, m->jumped, m->delay, m->looked);
}

/* A hash: what a server says may be long, and is compared only. */
bool maildrop_greeted(
	struct ledger *l, const char *account, const char *greeting, bool *same, GError **error)
{
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, greeting, -1);
	g_autoptr(GBytes) key = g_bytes_new(hash, strlen(hash));
	int changed = 0;
	if (!uids_maildrop(l, account, error) ||
		!db_run(ledger_db(l), &changed, error,
			"UPDATE maildrop SET greeting = ?2"
			" WHERE account = ?1 AND greeting IS NOT ?2",
			"sb", account, key))
		return false;
	*same = changed == 0;
	return true;
}

/* --- notices -------------------------------------------------------------------- */

bool notice_given(
	struct ledger *l, const char *account, const char *kind, int64_t *when, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT given FROM notice JOIN maildrop ON maildrop.id = maildrop"
		" WHERE account = ?1 AND kind = ?2",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "ss", account, kind);
	*when = db_row(stmt, &why) ? sqlite3_column_int64(stmt, 0) : 0;
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

bool notice_give(struct ledger *l, const char *account, const char *kind, GError **error)
{
	return uids_maildrop(l, account, error) &&
	       db_run(ledger_db(l), NULL, error,
		       "INSERT OR IGNORE INTO notice (maildrop, kind, given)"
		       " SELECT id, ?2, ?3 FROM maildrop WHERE account = ?1",
		       "ssi", account, kind, MAX(clock_now(), 1));
}

bool notice_take_back(struct ledger *l, const char *account, const char *kind, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"DELETE FROM notice WHERE kind = ?2 AND maildrop ="
		" (SELECT id FROM maildrop WHERE account = ?1)",
		"ss", account, kind);
}
