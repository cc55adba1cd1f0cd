/* SPDX-License-Identifier: MIT
 *
 * The next unread one, and the place of a message, in any order of a folder. */
#include "base/base.h"

#include "store/index-hits-private.h"

/* So many are looked at all; of more, one is not far away. */
enum { FEW = 5000 };

/* Rows of threads read at a time. */
enum { STEP = 200 };

struct next {
	struct hits *h;
	struct list_key *key;
	bool few;
};

static struct hits_want want_of(const struct next *n)
{
	return (struct hits_want){*n->key, false, 1};
}

/* Takes the first of found, which it frees. */
static bool take(const struct next *n, GArray *found, bool *is)
{
	if (!found)
		return false;
	*is = found->len > 0;
	if (*is)
		*n->key = g_array_index(found, struct hit, 0).key;
	g_array_unref(found);
	return true;
}

/* --- threads ------------------------------------------------------------------- */

/* From the unread to their heads, or along the heads to one with something unread. */
static const char *const of_threads[2][2] = {
	{"SELECT date, id FROM head h WHERE h.folder = ?1 AND (date, id) < (?2, ?3) AND EXISTS"
	 " (SELECT 1 FROM message m WHERE m.thread = h.thread AND (m.flags & 16) = 0"
	 " AND CASE ?1 WHEN 0 THEN m.folder <> 1 ELSE m.folder = ?1 END)"
	 " ORDER BY date DESC, id DESC LIMIT 1",
		"SELECT date, id FROM head h WHERE h.folder = ?1 AND (date, id) > (?2, ?3) AND"
		" EXISTS (SELECT 1 FROM message m WHERE m.thread = h.thread"
		" AND (m.flags & 16) = 0"
		" AND CASE ?1 WHEN 0 THEN m.folder <> 1 ELSE m.folder = ?1 END)"
		" ORDER BY date, id LIMIT 1"},
	{"SELECT h.date, h.id FROM message m CROSS JOIN head h"
	 " ON h.folder = ?1 AND h.thread = m.thread WHERE (m.flags & 16) = 0"
	 " AND m.folder IN (SELECT id FROM folder WHERE CASE ?1 WHEN 0 THEN id <> 1 ELSE id = ?1"
	 " END) AND (h.date, h.id) < (?2, ?3) ORDER BY h.date DESC, h.id DESC LIMIT 1",
		"SELECT h.date, h.id FROM message m CROSS JOIN head h"
		" ON h.folder = ?1 AND h.thread = m.thread WHERE (m.flags & 16) = 0"
		" AND m.folder IN (SELECT id FROM folder WHERE CASE ?1 WHEN 0 THEN id <> 1"
		" ELSE id = ?1 END) AND (h.date, h.id) > (?2, ?3)"
		" ORDER BY h.date, h.id LIMIT 1"},
};

static bool next_thread(const struct next *n, bool *found, GError **error)
{
	GError *own = NULL;
	struct hits_want want = want_of(n);
	struct list_key from = hits_from(n->h, &want);
	sqlite3_stmt *stmt =
		index_stmt(n->h->ix, of_threads[n->few][hits_upward(n->h, &want)], error);
	if (!stmt)
		return false;
	db_bind(stmt, "iii", n->h->folder, from.date, from.id);
	*found = db_row(stmt, &own);
	if (*found)
		*n->key = (struct list_key){
			.date = sqlite3_column_int64(stmt, 0), .id = sqlite3_column_int64(stmt, 1)};
	return hits_end(stmt, own, error);
}

/* --- rows ---------------------------------------------------------------------- */

/* Along the index of the order one would look at all letters for the few. */
static GArray *nearest_of_few(const struct next *n, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct hit));
	struct hits_want want = want_of(n);
	struct key_walk w = {n->h, *n->key, hits_upward(n->h, &want),
		n->key->id == G_MAXINT64 || n->key->id == G_MININT64, 1, found};
	g_autofree char *sql = g_strdup_printf(
		"SELECT m.date, m.id, m.thread, %s FROM message m INDEXED BY message_unread_folder"
		" WHERE (m.flags & 16) = 0 AND m.folder IN (SELECT id FROM folder"
		" WHERE CASE ?1 WHEN 0 THEN id <> 1 ELSE id = ?1 END)",
		hits_key_sql(n->h));
	sqlite3_stmt *stmt = index_stmt(n->h->ix, sql, error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, n->h->folder);
	return key_walk_run(&w, stmt, G_MAXUINT, error) ? g_steal_pointer(&found) : NULL;
}

static bool next_row(const struct next *n, bool *found, GError **error)
{
	struct hits_want want = want_of(n);
	if (n->few && hits_is_keyed(n->h))
		return take(n, nearest_of_few(n, error), found);
	return take(n, hits_find(n->h, &want, error), found);
}

/* --- of a query ---------------------------------------------------------------- */

/* The first row of a page that is unread gives the place of its thread. */
static bool unread_in(const GPtrArray *rows, struct list_key *key)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct message_row *row = rows->pdata[i];
		if (row->flags & FLAG_SEEN)
			continue;
		*key = index_row_key(row, LIST_BY_THREAD, rows);
		return true;
	}
	return false;
}

/* Threads stand by their newest letter, which need not be an unread one. */
static bool walk_threads(struct index *ix, const struct list_spec *spec, struct list_key *key,
	bool *found, GError **error)
{
	bool more = true;
	while (!*found && more) {
		g_autoptr(GPtrArray) rows = index_list(ix, spec, *key, false, STEP, error);
		if (!rows)
			return false;
		more = rows->len >= STEP;
		*found = unread_in(rows, key);
		if (!*found && more)
			*key = index_row_key(
				rows->pdata[rows->len - 1], LIST_BY_THREAD, rows);
	}
	return true;
}

static bool next_of_query(struct index *ix, const struct list_spec *spec, struct list_key *key,
	bool *found, GError **error)
{
	g_autofree char *text = g_strdup_printf("(%s) AND is:unread", spec->query);
	struct list_spec only = *spec;
	only.query = text;
	g_autoptr(hits) h = hits_new(ix, &only, error);
	struct next n = {h, key, false};
	struct hits_want any = {LIST_TOP, false, 1}, next = want_of(&n);
	bool threads = spec->order == LIST_BY_THREAD;
	if (!h)
		return false;
	if (!threads)
		return take(&n, hits_find(h, &next, error), found);
	g_autoptr(GArray) some = hits_find(h, &any, error);
	return some && (some->len == 0 || walk_threads(ix, spec, key, found, error));
}

bool index_next_unread(struct index *ix, const struct list_spec *spec, struct list_key *key,
	bool *found, GError **error)
{
	int64_t total, unread;
	struct list_spec whole = *spec, only = *spec;
	*found = false;
	if (spec->query)
		return next_of_query(ix, spec, key, found, error);
	only.query = "is:unread";
	if (!index_count(ix, &whole, &total, &unread, error))
		return false;
	if (unread == 0)
		return true;
	g_autoptr(hits) h = hits_new(ix, &only, error);
	struct next n = {h, key, unread <= FEW};
	if (!h)
		return false;
	return spec->order == LIST_BY_THREAD ? next_thread(&n, found, error)
					     : next_row(&n, found, error);
}

/* --- places -------------------------------------------------------------------- */

static bool find_head(struct index *ix, int64_t folder, int64_t thread, struct list_key *key)
{
	sqlite3_stmt *stmt =
		index_stmt(ix, "SELECT date, id FROM head WHERE folder = ? AND thread = ?", NULL);
	if (!stmt)
		return false;
	db_bind(stmt, "ii", folder, thread);
	bool found = db_row(stmt, NULL);
	if (found)
		*key = (struct list_key){
			.date = sqlite3_column_int64(stmt, 0), .id = sqlite3_column_int64(stmt, 1)};
	sqlite3_reset(stmt);
	return found;
}

bool index_find_key(
	struct index *ix, const struct list_spec *spec, int64_t id, struct list_key *key)
{
	int64_t folder = FOLDER_ID_ALL;
	g_autoptr(message_row) row = index_message(ix, id, NULL);
	if (!row || spec->query || (spec->folder && strcmp(spec->folder, row->folder) != 0))
		return false;
	if (spec->order != LIST_BY_THREAD) {
		*key = index_row_key(row, spec->order, NULL);
		return true;
	}
	return (!spec->folder || index_folder_id(ix, spec->folder, &folder, NULL)) &&
	       find_head(ix, folder, row->thread, key);
}
