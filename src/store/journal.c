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
	g_free(item->file);
	g_free(item->became);
	g_free(item->data);
	g_free(item);
}

struct journal_item *journal_item_new(const char *folder, const char *base)
{
	struct journal_item *item = g_new0(struct journal_item, 1);
	item->folder = g_strdup(folder);
	item->base = g_strdup(base);
	return item;
}

const char *journal_item_folder(const struct journal_item *item)
{
	return item->to ? item->to : item->folder;
}

const char *journal_item_base(const struct journal_item *item)
{
	return item->became ? item->became : item->base;
}

void journal_entry_clear(struct journal_entry *e)
{
	g_clear_pointer(&e->items, g_ptr_array_unref);
	g_clear_pointer(&e->about, g_free);
}

void journal_entry_free(struct journal_entry *e)
{
	if (!e)
		return;
	journal_entry_clear(e);
	g_free(e);
}

/* --- writing ------------------------------------------------------------------- */

static bool add_items(sqlite3 *db, struct journal_entry *e, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"INSERT INTO journal_item(entry, folder, base, target, flags, kind, file, became,"
		" mask, data, tags) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		error);
	for (guint i = 0; stmt && i < e->items->len; i++) {
		struct journal_item *item = e->items->pdata[i];
		db_bind(stmt, "isssiississ", e->id, item->folder, item->base, item->to,
			(int64_t)item->flags, (int64_t)item->kind, item->file, item->became,
			(int64_t)item->mask, item->data, item->tags);
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
	bool ok = db_run(db, NULL, error, "INSERT INTO journal(made, kind, about) VALUES(?, ?, ?)",
		"iis", clock_now(), (int64_t)e->kind, e->about);
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

/* The items keep their ids, so their order. */
static bool join_one(sqlite3 *db, int64_t entry, int64_t into, GError **error)
{
	return db_run(db, NULL, error,
		       "UPDATE journal_item SET entry = ?2, kind = CASE kind WHEN 0 THEN"
		       " (SELECT kind FROM journal WHERE id = ?1) ELSE kind END"
		       " WHERE entry = ?1",
		       "ii", entry, into) &&
	       (entry == into ||
		       db_run(db, NULL, error, "DELETE FROM journal WHERE id = ?", "i", entry));
}

bool journal_join(struct ledger *l, const GArray *entries, enum journal_kind kind,
	const char *name, GError **error)
{
	if (entries->len == 0)
		return true;
	sqlite3 *db = ledger_db(l);
	int64_t into = g_array_index(entries, int64_t, entries->len - 1);
	bool ok = ledger_begin(l, error);
	for (guint i = 0; ok && i < entries->len; i++)
		ok = join_one(db, g_array_index(entries, int64_t, i), into, error);
	ok = ok && db_run(db, NULL, error,
			   "UPDATE journal SET kind = ?3, about = ?2 WHERE id = ?1", "isi", into,
			   name, (int64_t)kind);
	/* None of them came to anything. */
	ok = ok && db_run(db, NULL, error,
			   "DELETE FROM journal WHERE id = ?1"
			   " AND NOT EXISTS (SELECT 1 FROM journal_item WHERE entry = ?1)",
			   "i", into);
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

static bool drop_items(sqlite3 *db, int64_t entry, const GArray *items, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "DELETE FROM journal_item WHERE id = ?", error);
	for (guint i = 0; stmt && i < items->len; i++) {
		db_bind(stmt, "i", g_array_index(items, int64_t, i));
		if (!db_done(stmt, error))
			return false;
	}
	if (!stmt)
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

bool journal_renamed(struct ledger *l, const struct journal_item *item, GError **error)
{
	return db_run(ledger_db(l), NULL, error, "UPDATE journal_item SET became = ? WHERE id = ?",
		"si", item->became, item->id);
}

bool journal_follow(
	struct ledger *l, const char *folder, const char *before, const char *after, GError **error)
{
	/* Two statements: each by its index. */
	static const char *const sql[] = {
		"UPDATE journal_item SET became = ?1 WHERE became = ?2"
		" AND coalesce(target, folder) = ?3",
		"UPDATE journal_item SET became = ?1 WHERE base = ?2 AND became IS NULL"
		" AND coalesce(target, folder) = ?3",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(sql); i++)
		if (!db_run(ledger_db(l), NULL, error, sql[i], "sss", after, before, folder))
			return false;
	return true;
}

/* --- reading ------------------------------------------------------------------- */

/* Columns from on: id, folder, base, target, flags, kind, file, became, mask, data, tags. */
#define ITEM_COLUMNS                                                                               \
	"i.id, i.folder, i.base, i.target, i.flags, i.kind, i.file, i.became, i.mask, i.data,"     \
	" i.tags"

static struct journal_item *item_of(sqlite3_stmt *stmt, int from)
{
	struct journal_item *item = g_new0(struct journal_item, 1);
	item->id = sqlite3_column_int64(stmt, from);
	item->folder = db_text(stmt, from + 1);
	item->base = db_text(stmt, from + 2);
	item->to = db_text(stmt, from + 3);
	item->flags = (unsigned)sqlite3_column_int(stmt, from + 4);
	item->kind = (enum journal_kind)sqlite3_column_int(stmt, from + 5);
	item->file = db_text(stmt, from + 6);
	item->became = db_text(stmt, from + 7);
	item->mask = (unsigned)sqlite3_column_int(stmt, from + 8);
	item->data = db_text(stmt, from + 9);
	item->tags = db_text(stmt, from + 10);
	return item;
}

static bool read_items(sqlite3 *db, struct journal_entry *e, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT " ITEM_COLUMNS " FROM journal_item i WHERE i.entry = ? ORDER BY i.id",
		error);
	if (!stmt)
		return false;
	e->items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	sqlite3_bind_int64(stmt, 1, e->id);
	while (db_row(stmt, &own))
		g_ptr_array_add(e->items, item_of(stmt, 0));
	e->count = e->items->len;
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

bool journal_last(struct ledger *l, struct journal_entry *e, GError **error)
{
	sqlite3 *db = ledger_db(l);
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		db, "SELECT id, made, kind, about FROM journal ORDER BY id DESC LIMIT 1", error);
	*e = (struct journal_entry){0};
	if (!stmt)
		return false;
	if (db_row(stmt, &own)) {
		e->id = sqlite3_column_int64(stmt, 0);
		e->made = sqlite3_column_int64(stmt, 1);
		e->kind = (enum journal_kind)sqlite3_column_int(stmt, 2);
		e->about = db_text(stmt, 3);
	}
	if (!own)
		return e->id == 0 || read_items(db, e, error);
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* Rows of an entry, how many items it has, and one of them, which may be missing. */
static GPtrArray *read_entries(sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(GPtrArray) list =
		g_ptr_array_new_with_free_func((GDestroyNotify)journal_entry_free);
	while (db_row(stmt, &own)) {
		struct journal_entry *e = g_new0(struct journal_entry, 1);
		e->id = sqlite3_column_int64(stmt, 0);
		e->made = sqlite3_column_int64(stmt, 1);
		e->kind = (enum journal_kind)sqlite3_column_int(stmt, 2);
		e->about = db_text(stmt, 3);
		e->count = sqlite3_column_int64(stmt, 4);
		e->items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
		if (sqlite3_column_type(stmt, 5) != SQLITE_NULL)
			g_ptr_array_add(e->items, item_of(stmt, 5));
		g_ptr_array_add(list, e);
	}
	if (!own)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}

GPtrArray *journal_list(struct ledger *l, int limit, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT j.id, j.made, j.kind, j.about,"
		" (SELECT count(*) FROM journal_item c WHERE c.entry = j.id), " ITEM_COLUMNS
		" FROM journal j LEFT JOIN journal_item i ON i.id ="
		" (SELECT min(f.id) FROM journal_item f WHERE f.entry = j.id)"
		" ORDER BY j.id DESC LIMIT ?",
		error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int(stmt, 1, limit);
	return read_entries(stmt, error);
}

GPtrArray *journal_of(struct ledger *l, const char *base, int limit, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT j.id, j.made, j.kind, j.about, 1, " ITEM_COLUMNS
		" FROM journal_item i JOIN journal j ON j.id = i.entry"
		" WHERE i.base = ?1 OR i.became = ?1 ORDER BY i.id DESC LIMIT ?2",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "si", base, (int64_t)limit);
	return read_entries(stmt, error);
}

char *journal_origin(struct ledger *l, const char *base, const char *to)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT folder FROM (SELECT id, folder FROM journal_item"
		" WHERE base = ?1 AND became IS NULL AND target = ?2 UNION ALL"
		" SELECT id, folder FROM journal_item WHERE became = ?1 AND target = ?2)"
		" ORDER BY id DESC LIMIT 1",
		NULL);
	if (!stmt)
		return NULL;
	db_bind(stmt, "ss", base, to);
	return db_row(stmt, NULL) ? db_text(stmt, 0) : NULL;
}
