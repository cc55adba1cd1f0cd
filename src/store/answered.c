/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/clock.h"
#include "store/answered.h"
#include "store/db.h"

bool answered_note(struct ledger *l, enum answered_kind kind, const char *about,
	const char *word, int64_t number, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"INSERT OR REPLACE INTO answered(kind, about, word, number, made)"
		" VALUES(?, ?, ?, ?, ?)",
		"issii", (int64_t)kind, about, word, number, clock_now());
}

char *answered_word(struct ledger *l, enum answered_kind kind, const char *about,
	int64_t *number, int64_t *made)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT word, number, made FROM answered WHERE kind = ? AND about = ?", NULL);
	if (!stmt)
		return NULL;
	db_bind(stmt, "is", (int64_t)kind, about);
	if (!db_row(stmt, NULL))
		return NULL;
	if (number)
		*number = sqlite3_column_int64(stmt, 1);
	if (made)
		*made = sqlite3_column_int64(stmt, 2);
	return g_strdup((const char *)sqlite3_column_text(stmt, 0));
}
