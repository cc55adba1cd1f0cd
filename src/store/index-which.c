/* SPDX-License-Identifier: MIT
 *
 * Which of a few messages a query finds: for colours and notices. */
#include "base/base.h"

#include "base/clock.h"
#include "store/index-private.h"
#include "store/query-private.h"

/* To begin a search for words costs as much as to step over so many ids. */
enum { NEAR = 2000 };

static gint by_id(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static char *which_sql(const struct query_parts *parts, const int64_t *ids, guint n)
{
	GString *sql = g_string_new(parts->match
			? "SELECT m.id FROM words CROSS JOIN message m ON m.id = words.rowid"
			  " WHERE words MATCH ? AND words.rowid BETWEEN ? AND ? AND m.id IN ("
			: "SELECT m.id FROM message m WHERE m.id IN (");
	for (guint i = 0; i < n; i++)
		g_string_append_printf(sql, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", ids[i]);
	g_string_append_printf(sql, ") AND %s", parts->sql);
	return g_string_free(sql, FALSE);
}

static void bind(sqlite3_stmt *stmt, const struct query_parts *parts, const int64_t *ids, guint n)
{
	int at = 1;
	if (parts->match) {
		db_bind(stmt, "sii", parts->match, ids[0], ids[n - 1]);
		at = 4;
	}
	query_bind(stmt, at, parts->values);
}

static bool look_at(struct index *ix, const struct query_parts *parts, const GArray *ids,
	GHashTable *found, GError **error)
{
	const int64_t *id = (const int64_t *)(const void *)ids->data;
	g_autofree char *sql = which_sql(parts, id, ids->len);
	g_autoptr(sqlite3_stmt) stmt = db_prepare(index_handle(ix), sql, error);
	if (!stmt)
		return false;
	bind(stmt, parts, id, ids->len);
	g_autoptr(GArray) rows = db_ids(stmt, error);
	for (guint i = 0; rows && i < rows->len; i++)
		g_hash_table_add(
			found, g_memdup2(&g_array_index(rows, int64_t, i), sizeof(int64_t)));
	return rows != NULL;
}

GHashTable *index_which(struct index *ix, const char *text, const GArray *ids, GError **error)
{
	g_auto(query_parts) parts = {0};
	g_autoptr(query) q = query_parse(text, clock_now(), error);
	if (!q)
		return NULL;
	query_parts_init(q, &parts);
	g_autoptr(GArray) sorted = g_array_copy((GArray *)ids);
	g_array_sort(sorted, by_id);
	g_autoptr(GHashTable) found =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint from = 0, to; from < sorted->len; from = to) {
		g_autoptr(GArray) near = g_array_new(FALSE, FALSE, sizeof(int64_t));
		for (to = from; to < sorted->len; to++) {
			int64_t id = g_array_index(sorted, int64_t, to);
			if (to > from && parts.match &&
				id - g_array_index(sorted, int64_t, to - 1) >= NEAR)
				break;
			g_array_append_val(near, id);
		}
		if (!look_at(ix, &parts, near, found, error))
			return NULL;
	}
	return g_steal_pointer(&found);
}

/* --- what has come ----------------------------------------------------------------- */

/* The last one of those whose words are all here. */
static bool read_mark(struct index *ix, int64_t after, int64_t *mark, GError **error)
{
	return index_number(ix, after, mark, error,
		"SELECT coalesce((SELECT min(id) - 1 FROM message WHERE id > ?1 AND state & 16),"
		" (SELECT max(id) FROM message), ?1)",
		"i", after);
}

GArray *index_arrivals(struct index *ix, int64_t since, int64_t *mark, GError **error)
{
	int64_t after = *mark;
	if (after < 0 && !index_number(ix, 0, &after, error, "SELECT max(id) FROM message", ""))
		return NULL;
	if (!read_mark(ix, after, mark, error))
		return NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT m.id FROM message m JOIN folder f ON f.id = m.folder"
		" WHERE m.id > ? AND m.id <= ? AND (m.flags & 16) = 0 AND m.arrived >= ?"
		" AND f.name NOT IN ('" FOLDER_SENT "', '" FOLDER_DRAFTS "', '" FOLDER_TRASH "')",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "iii", after, *mark, since);
	GArray *ids = db_ids(stmt, error);
	sqlite3_reset(stmt);
	return ids;
}
