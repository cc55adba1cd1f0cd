/* SPDX-License-Identifier: MIT */
#include "store/autocrypt.h"

#include "base/clock.h"
#include "store/db.h"

void autocrypt_peer_clear(struct autocrypt_peer *p)
{
	g_clear_pointer(&p->key, g_free);
}

/* A letter of tomorrow would be the newest one for ever. */
bool autocrypt_note(
	struct ledger *l, const char *address, const struct autocrypt_peer *letter, GError **error)
{
	g_autofree char *folded = g_utf8_casefold(address, -1);
	int64_t date = MIN(letter->made, clock_now());
	if (!letter->key || !*letter->key)
		return db_run(ledger_db(l), NULL, error,
			"UPDATE autocrypt SET seen = ?2 WHERE address = ?1 AND seen < ?2", "si",
			folded, date);
	return db_run(ledger_db(l), NULL, error,
		"INSERT INTO autocrypt(address, seen, made, mutual, key)"
		" VALUES(?1, ?2, ?2, ?3, ?4) ON CONFLICT(address) DO UPDATE"
		" SET seen = max(seen, ?2), made = ?2, mutual = ?3, key = ?4 WHERE made < ?2",
		"siis", folded, date, (int64_t)letter->mutual, letter->key);
}

bool autocrypt_get(
	struct ledger *l, const char *address, struct autocrypt_peer *out, GError **error)
{
	g_autofree char *folded = g_utf8_casefold(address, -1);
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT seen, made, mutual, key FROM autocrypt WHERE address = ?", error);
	*out = (struct autocrypt_peer){0};
	if (!stmt)
		return false;
	db_bind(stmt, "s", folded);
	if (db_row(stmt, &own))
		*out = (struct autocrypt_peer){sqlite3_column_int64(stmt, 0),
			sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2) != 0,
			db_text(stmt, 3)};
	bool ok = !own;
	if (own)
		g_propagate_error(error, g_steal_pointer(&own));
	return ok;
}
