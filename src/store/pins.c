/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/pins.h"
#include "store/uids.h"

enum { DIGEST = 32 };

void pin_free(struct pin *p)
{
	if (!p)
		return;
	g_free(p->reason);
	g_free(p);
}

static struct pin *read_pin(sqlite3_stmt *stmt)
{
	struct pin *p = g_new0(struct pin, 1);
	if (sqlite3_column_bytes(stmt, 0) == DIGEST)
		uids_hex(sqlite3_column_blob(stmt, 0), p->key);
	p->reason = db_text(stmt, 1);
	p->made = sqlite3_column_int64(stmt, 2);
	return p;
}

struct pin *pins_find(struct ledger *l, const char *host, uint16_t port, GError **error)
{
	g_autofree char *lower = g_utf8_strdown(host, -1);
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT key, reason, made FROM pin WHERE host = ?1 AND port = ?2", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "si", lower, (int64_t)port);
	return db_row(stmt, error) ? read_pin(stmt) : NULL;
}

static GBytes *from_hex(const char *key)
{
	uint8_t digest[DIGEST];
	g_assert(strlen(key) == 2 * DIGEST);
	for (int i = 0; i < DIGEST; i++)
		digest[i] = (uint8_t)(g_ascii_xdigit_value(key[2 * i]) << 4 |
				      g_ascii_xdigit_value(key[2 * i + 1]));
	return g_bytes_new(digest, sizeof digest);
}

bool pins_accept(struct ledger *l, const char *host, uint16_t port, const char *key,
	const char *reason, GError **error)
{
	g_autofree char *lower = g_utf8_strdown(host, -1);
	g_autoptr(GBytes) digest = from_hex(key);
	return db_run(ledger_db(l), NULL, error,
		"INSERT OR REPLACE INTO pin (host, port, key, reason, made)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		"sibsi", lower, (int64_t)port, digest, reason, clock_now());
}

bool pins_forget(struct ledger *l, const char *host, uint16_t port, bool *had, GError **error)
{
	g_autofree char *lower = g_utf8_strdown(host, -1);
	int changes = 0;
	bool ok = db_run(ledger_db(l), &changes, error,
		"DELETE FROM pin WHERE host = ?1 AND port = ?2", "si", lower, (int64_t)port);
	if (had)
		*had = changes > 0;
	return ok;
}
