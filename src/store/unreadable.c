/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/clock.h"
#include "mime/client.h"
#include "store/db.h"
#include "store/ledger.h"
#include "store/maildir.h"
#include "store/unreadable.h"

static char *base_of(const char *file)
{
	return g_strndup(file, maildir_base_length(file));
}

static sqlite3 *ledger_of(struct store *s)
{
	struct ledger *l = store_ledger(s, NULL);
	return l ? ledger_db(l) : NULL;
}

bool unreadable_note(struct store *s, const char *file, const GError *why)
{
	if (!g_error_matches(why, MIME_ERROR, MIME_ERROR_CRASHED) &&
		!g_error_matches(why, MIME_ERROR, MIME_ERROR_TIMEOUT))
		return false;
	g_autofree char *base = base_of(file);
	sqlite3 *db = ledger_of(s);
	if (db)
		db_run(db, NULL, NULL,
			"INSERT INTO unreadable(base, times, why, version, made)"
			" VALUES(?, 1, ?, ?, ?) ON CONFLICT(base) DO UPDATE SET"
			" times = CASE version WHEN excluded.version THEN times ELSE 0 END + 1,"
			" why = excluded.why, version = excluded.version, made = excluded.made",
			"sssi", base, why->message, PACKAGE_VERSION, clock_now());
	return true;
}

char *unreadable_why(struct store *s, const char *file)
{
	g_autofree char *base = base_of(file);
	sqlite3 *db = ledger_of(s);
	g_autoptr(sqlite3_stmt) stmt = db ? db_prepare(db,
						    "SELECT why FROM unreadable WHERE base = ? AND "
						    "times >= ? AND version = ?",
						    NULL)
					  : NULL;
	if (!stmt)
		return NULL;
	db_bind(stmt, "sis", base, (int64_t)UNREADABLE_TIMES, PACKAGE_VERSION);
	return db_row(stmt, NULL) ? db_text(stmt, 0) : NULL;
}

void unreadable_forget(struct store *s, const char *file)
{
	g_autofree char *base = base_of(file);
	sqlite3 *db = ledger_of(s);
	if (db)
		db_run(db, NULL, NULL, "DELETE FROM unreadable WHERE base = ?", "s", base);
}

GHashTable *unreadable_load(struct store *s)
{
	sqlite3 *db = ledger_of(s);
	g_autoptr(sqlite3_stmt) stmt =
		db ? db_prepare(db, "SELECT base FROM unreadable WHERE times >= ? AND version = ?",
			     NULL)
		   : NULL;
	if (stmt)
		db_bind(stmt, "is", (int64_t)UNREADABLE_TIMES, PACKAGE_VERSION);
	GHashTable *all = stmt ? db_text_set(stmt, NULL) : NULL;
	return all ? all : g_hash_table_new(g_str_hash, g_str_equal);
}
