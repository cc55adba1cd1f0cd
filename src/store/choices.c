/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/choices.h"
#include "store/db.h"
#include "store/index-private.h"
#include "store/ledger.h"

GPtrArray *choices_load(struct store *s)
{
	struct ledger *l = store_ledger(s, NULL);
	g_autoptr(sqlite3_stmt) stmt = l ? db_prepare(ledger_db(l),
		"SELECT sender, declared, charset FROM charset_choice ORDER BY 1, 2", NULL) : NULL;
	GPtrArray *all = mime_choices_new();
	while (stmt && db_row(stmt, NULL))
		mime_choices_add(all, (const char *)sqlite3_column_text(stmt, 0),
			(const char *)sqlite3_column_text(stmt, 1),
			(const char *)sqlite3_column_text(stmt, 2));
	return all;
}

void choices_tell(struct store *s, struct mime_client *client)
{
	g_autoptr(GPtrArray) all = choices_load(s);
	mime_client_set_choices(client, all);
}

char *choices_of(struct store *s, const char *sender, const char *declared)
{
	struct ledger *l = store_ledger(s, NULL);
	g_autoptr(sqlite3_stmt) stmt = l ? db_prepare(ledger_db(l),
		"SELECT charset FROM charset_choice WHERE sender = ? AND declared = ?", NULL) : NULL;
	if (!stmt)
		return NULL;
	db_bind(stmt, "ss", sender, declared);
	return db_row(stmt, NULL) ? g_strdup((const char *)sqlite3_column_text(stmt, 0)) : NULL;
}

bool choices_keep(struct store *s, const struct mime_choice *choice, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autofree char *sender = g_utf8_strdown(choice->sender, -1);
	if (!l)
		return false;
	if (!choice->charset)
		return db_run(ledger_db(l), NULL, error,
			"DELETE FROM charset_choice WHERE sender = ? AND declared = ?", "ss", sender,
			choice->declared);
	return db_run(ledger_db(l), NULL, error,
		"INSERT INTO charset_choice VALUES(?, ?, ?) ON CONFLICT(sender, declared)"
		" DO UPDATE SET charset = excluded.charset",
		"sss", sender, choice->declared, choice->charset);
}

GArray *choices_letters(struct store *s, const char *sender, GError **error)
{
	struct index *ix = store_index(s, error);
	sqlite3_stmt *stmt = ix ? index_stmt(ix,
		"SELECT id FROM message WHERE sender = ? COLLATE NOCASE ORDER BY id DESC", error)
		: NULL;
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", sender);
	GArray *ids = db_ids(stmt, error);
	sqlite3_reset(stmt);
	return ids;
}
