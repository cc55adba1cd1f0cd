/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/index-private.h"
#include "store/index-tags.h"

/* Each step looks for the first name behind the last: the key begins with it. */
GPtrArray *index_tags(struct index *ix, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"WITH RECURSIVE t(name) AS (SELECT min(name) FROM tag WHERE name > '' UNION ALL"
		" SELECT (SELECT min(name) FROM tag WHERE name > t.name) FROM t"
		" WHERE t.name IS NOT NULL)"
		" SELECT name FROM t WHERE name IS NOT NULL",
		error);
	if (!stmt)
		return NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while (db_row(stmt, &own))
		g_ptr_array_add(names, db_text(stmt, 0));
	sqlite3_reset(stmt);
	if (!own)
		return names;
	g_propagate_error(error, g_steal_pointer(&own));
	g_ptr_array_unref(names);
	return NULL;
}

bool index_set_tags(struct index *ix, int64_t id, const char *tags, GError **error)
{
	g_auto(GStrv) words = g_strsplit(tags, " ", -1);
	if (!index_exec(ix, error, "DELETE FROM tag WHERE message = ?", "i", id))
		return false;
	for (char **word = words; *word; word++)
		if (**word && !index_exec(ix, error, "INSERT OR IGNORE INTO tag VALUES(?, ?)", "si",
				      *word, id))
			return false;
	return true;
}

/* --- after a crash ------------------------------------------------------------- */

/* No file changes with a tag, so a sync would not see that the index lost its
 * last commits: the ledger counts its changes under the base name "", and the
 * index has the number in a row that is no tag. */
static bool ledger_stamp(struct ledger *l, int64_t *stamp, GError **error)
{
	return db_number(ledger_db(l), "SELECT CAST(tags AS INTEGER) FROM tagged WHERE base = ''",
		0, stamp, error);
}

static bool note_stamp(struct index *ix, int64_t stamp, GError **error)
{
	return index_exec(ix, error, "DELETE FROM tag WHERE name = ''", "") &&
	       index_exec(ix, error, "INSERT INTO tag VALUES('', ?)", "i", -stamp);
}

bool index_note_tags(struct index *ix, struct ledger *l, GError **error)
{
	int64_t stamp = 0;
	return db_run(ledger_db(l), NULL, error,
		       "INSERT INTO tagged(base, tags) VALUES('', '1')"
		       " ON CONFLICT(base) DO UPDATE SET tags = CAST(tags + 1 AS TEXT)",
		       "") &&
	       ledger_stamp(l, &stamp, error) && note_stamp(ix, stamp, error);
}

bool index_tag_base(struct index *ix, const char *base, const char *tags, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(index_handle(ix),
		"SELECT m.id FROM folder f CROSS JOIN message m ON m.folder = f.id AND m.base = ?",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", base);
	g_autoptr(GArray) ids = db_ids(stmt, error);
	for (guint i = 0; ids && i < ids->len; i++)
		if (!index_set_tags(ix, g_array_index(ids, int64_t, i), tags, error))
			return false;
	return ids != NULL;
}

static bool copy_tags(struct index *ix, struct ledger *l, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT base, tags FROM tagged WHERE base <> ''", error);
	if (!stmt || !index_exec(ix, error, "DELETE FROM tag", ""))
		return false;
	while (db_row(stmt, &own))
		if (!index_tag_base(ix, (const char *)sqlite3_column_text(stmt, 0),
			    (const char *)sqlite3_column_text(stmt, 1), error))
			return false;
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* The ledger is held, so that nobody changes a tag meanwhile. */
static bool renew_tags(struct index *ix, struct ledger *l, GError **error)
{
	int64_t stamp = 0;
	if (!index_begin(ix, error))
		return false;
	if (ledger_stamp(l, &stamp, error) && copy_tags(ix, l, error) &&
		note_stamp(ix, stamp, error))
		return index_commit(ix, error);
	index_rollback(ix);
	return false;
}

bool index_sync_tags(struct index *ix, struct ledger *l, GError **error)
{
	int64_t known = 0, stamp = 0;
	if (!ledger_stamp(l, &stamp, error) ||
		!index_number(ix, 0, &known, error, "SELECT -message FROM tag WHERE name = ''", ""))
		return false;
	if (known == stamp)
		return true;
	if (!ledger_begin(l, error))
		return false;
	bool ok = renew_tags(ix, l, error);
	ledger_rollback(l);
	return ok;
}

/* --- letters that are gone for good ---------------------------------------------- */

static bool has_base(struct index *ix, const char *base, bool *has, GError **error)
{
	int64_t id = 0;
	bool ok = index_number(ix, 0, &id, error,
		"SELECT m.id FROM folder f CROSS JOIN message m ON m.folder = f.id AND m.base = ?"
		" LIMIT 1",
		"s", base);
	*has = id != 0;
	return ok;
}

static bool forget_base(struct index *ix, struct ledger *l, const char *base, GError **error)
{
	bool has;
	return has_base(ix, base, &has, error) &&
	       (has || (tags_set(l, base, "", error) &&
			       db_run(ledger_db(l), NULL, error,
				       "DELETE FROM trained WHERE base = ?", "s", base)));
}

bool index_forget_bases(struct index *ix, struct ledger *l, const GPtrArray *bases, GError **error)
{
	if (bases->len == 0)
		return true;
	bool ok = ledger_begin(l, error);
	for (guint i = 0; ok && i < bases->len; i++)
		ok = forget_base(ix, l, bases->pdata[i], error);
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

GPtrArray *index_lost_bases(struct index *ix, struct ledger *l, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT base FROM tagged WHERE base <> '' UNION SELECT base FROM trained", error);
	g_autoptr(GPtrArray) all = stmt ? db_texts(stmt, error) : NULL;
	if (!all)
		return NULL;
	g_autoptr(GPtrArray) lost = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < all->len; i++) {
		bool has;
		if (!has_base(ix, all->pdata[i], &has, error))
			return NULL;
		if (!has)
			g_ptr_array_add(lost, g_strdup(all->pdata[i]));
	}
	return g_steal_pointer(&lost);
}
