/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/journal.h"

/* So many changes can be taken back. */
enum { ENTRIES_KEPT = 1000 };

void journal_item_free(struct journal_item *item)
{
	if (!item)
		return;
	g_free(item->folder);
	g_free(item->base);
	g_free(item->to);
	g_free(item->tags);
	g_free(item);
}

void journal_entry_clear(struct journal_entry *e)
{
	g_clear_pointer(&e->items, g_ptr_array_unref);
}

/* --- writing ------------------------------------------------------------------- */

static bool add_items(sqlite3 *db, struct journal_entry *e, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"INSERT INTO journal_item(entry, folder, base, target, flags, tags)"
		" VALUES(?, ?, ?, ?, ?, ?)",
		error);
	for (guint i = 0; stmt && i < e->items->len; i++) {
		struct journal_item *item = e->items->pdata[i];
		db_bind(stmt, "isssis", e->id, item->folder, item->base, item->to,
			(int64_t)item->flags, item->tags);
		if (!db_done(stmt, error))
			return false;
		item->id = sqlite3_last_insert_rowid(db);
	}
	return stmt != NULL;
}

static bool forget_oldest(sqlite3 *db, int64_t newest, GError **error)
{
	return db_run(db, NULL, error, "DELETE FROM journal_item WHERE entry <= ?", "i",
		       newest - ENTRIES_KEPT) &&
	       db_run(db, NULL, error, "DELETE FROM journal WHERE id <= ?", "i",
		       newest - ENTRIES_KEPT);
}

bool journal_write(struct ledger *l, struct journal_entry *e, GError **error)
{
	sqlite3 *db = ledger_db(l);
	bool ok = db_run(db, NULL, error, "INSERT INTO journal(made, kind) VALUES(?, ?)", "ii",
		clock_now(), (int64_t)e->kind);
	e->id = sqlite3_last_insert_rowid(db);
	return ok && add_items(db, e, error) && forget_oldest(db, e->id, error);
}

bool journal_add(struct ledger *l, struct journal_entry *e, GError **error)
{
	if (!ledger_begin(l, error))
		return false;
	if (journal_write(l, e, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

static bool drop_items(sqlite3 *db, int64_t entry, const GArray *items, GError **error)
{
	for (guint i = 0; i < items->len; i++)
		if (!db_run(db, NULL, error, "DELETE FROM journal_item WHERE id = ?", "i",
			    g_array_index(items, int64_t, i)))
			return false;
	return db_run(db, NULL, error,
		"DELETE FROM journal WHERE id = ?1"
		" AND NOT EXISTS (SELECT 1 FROM journal_item WHERE entry = ?1)",
		"i", entry);
}

bool journal_drop(struct ledger *l, int64_t entry, const GArray *items, GError **error)
{
	if (items->len == 0)
		return true;
	if (!ledger_begin(l, error))
		return false;
	if (drop_items(ledger_db(l), entry, items, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

bool journal_erase(struct ledger *l, int64_t entry, GError **error)
{
	sqlite3 *db = ledger_db(l);
	return db_run(db, NULL, error, "DELETE FROM journal_item WHERE entry = ?", "i", entry) &&
	       db_run(db, NULL, error, "DELETE FROM journal WHERE id = ?", "i", entry);
}

bool journal_remove(struct ledger *l, int64_t entry, GError **error)
{
	if (!ledger_begin(l, error))
		return false;
	if (journal_erase(l, entry, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* --- reading ------------------------------------------------------------------- */

static bool read_items(sqlite3 *db, struct journal_entry *e, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id, folder, base, target, flags, tags FROM journal_item WHERE entry = ?"
		" ORDER BY id",
		error);
	if (!stmt)
		return false;
	e->items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	sqlite3_bind_int64(stmt, 1, e->id);
	while (db_row(stmt, &own)) {
		struct journal_item *item = g_new0(struct journal_item, 1);
		item->id = sqlite3_column_int64(stmt, 0);
		item->folder = db_text(stmt, 1);
		item->base = db_text(stmt, 2);
		item->to = db_text(stmt, 3);
		item->flags = (unsigned)sqlite3_column_int(stmt, 4);
		item->tags = db_text(stmt, 5);
		g_ptr_array_add(e->items, item);
	}
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

bool journal_last(struct ledger *l, struct journal_entry *e, GError **error)
{
	sqlite3 *db = ledger_db(l);
	int64_t kind = 0;
	*e = (struct journal_entry){0};
	if (!db_number(db, "SELECT max(id) FROM journal", 0, &e->id, error) ||
		!db_number(db, "SELECT kind FROM journal ORDER BY id DESC LIMIT 1", 0, &kind,
			error))
		return false;
	e->kind = (enum journal_kind)kind;
	return e->id == 0 || read_items(db, e, error);
}

char *journal_origin(struct ledger *l, const char *base, const char *to)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT folder FROM journal_item WHERE base = ? AND target = ?"
		" ORDER BY id DESC LIMIT 1",
		NULL);
	if (!stmt)
		return NULL;
	db_bind(stmt, "ss", base, to);
	return db_row(stmt, NULL) ? db_text(stmt, 0) : NULL;
}
