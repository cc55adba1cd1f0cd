/* SPDX-License-Identifier: MIT
 *
 * Which of some messages have the text of a query: those of the threads of a page, and
 * what other words found of it when the rest are beginnings. */
#include "base/base.h"

#include "store/index-hits-private.h"

bool hits_has(const struct hits *h, int64_t id)
{
	return !h->parts.match || (h->known && g_hash_table_contains(h->known, &id));
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void add_id(GHashTable *set, int64_t id)
{
	g_hash_table_add(set, g_memdup2(&id, sizeof id));
}

/* --- searching among ids ------------------------------------------------------- */

/* An expression and its table. */
struct search {
	struct index *ix;
	const char *match, *sql;
};

#define AMONG(table)                                                                               \
	"SELECT rowid FROM " table " WHERE " table " MATCH ? AND rowid BETWEEN ? AND ?"            \
	" ORDER BY rowid"

/* One search over a range of ids; those that are found come to set. */
static bool search_range(
	const struct search *s, const int64_t *ids, guint n, GHashTable *set, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(s->ix, s->sql, error);
	if (!stmt)
		return false;
	db_bind(stmt, "sii", s->match, ids[0], ids[n - 1]);
	for (guint i = 0; i < n && db_row(stmt, &own);) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		while (i < n && ids[i] < id)
			i++;
		if (i < n && ids[i] == id)
			add_id(set, id);
	}
	return hits_end(stmt, own, error);
}

/* To begin a search costs as much as to step over some thousand hits, so ids
 * that lie near each other are looked for together.  They are sorted. */
static bool search_ids(const struct search *s, const GArray *ids, GHashTable *set, GError **error)
{
	enum { NEAR = 2000 };
	const int64_t *id = (const int64_t *)(const void *)ids->data;
	for (guint from = 0, to; from < ids->len; from = to) {
		for (to = from + 1; to < ids->len && id[to] - id[to - 1] < NEAR; to++)
			;
		if (!search_range(s, id + from, to - from, set, error))
			return false;
	}
	return true;
}

static GHashTable *new_set(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static bool search_begun(struct hits *h, const GArray *ids, GHashTable *set, GError **error)
{
	const struct search s = {h->ix, h->parts.begun, AMONG("begins")};
	return search_ids(&s, ids, set, error);
}

/* Each table is asked for what it knows: beginnings among all words are slow. */
static bool search_all(struct hits *h, const GArray *ids, GHashTable *set, GError **error)
{
	const struct search s = {
		h->ix, h->parts.rest ? h->parts.rest : h->parts.match, AMONG("words")};
	if (!h->parts.begun)
		return search_ids(&s, ids, set, error);
	if (!h->parts.rest)
		return search_begun(h, ids, set, error);
	g_autoptr(GHashTable) some = new_set();
	g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(int64_t));
	if (!search_ids(&s, ids, some, error))
		return false;
	for (guint i = 0; i < ids->len; i++)
		if (g_hash_table_contains(some, &g_array_index(ids, int64_t, i)))
			g_array_append_val(left, g_array_index(ids, int64_t, i));
	return search_begun(h, left, set, error);
}

bool hits_leave_begun(struct hits *h, GArray *found, GError **error)
{
	g_autoptr(GHashTable) set = new_set();
	g_autoptr(GArray) ids = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), found->len);
	for (guint i = 0; i < found->len; i++)
		g_array_append_val(ids, g_array_index(found, struct hit, i).key.id);
	g_array_sort(ids, by_id);
	if (!search_begun(h, ids, set, error))
		return false;
	guint n = 0;
	for (guint i = 0; i < found->len; i++) {
		const struct hit hit = g_array_index(found, struct hit, i);
		if (g_hash_table_contains(set, &hit.key.id))
			g_array_index(found, struct hit, n++) = hit;
	}
	g_array_set_size(found, n);
	return true;
}

/* --- threads ------------------------------------------------------------------- */

/* The messages of a thread that are no known hits, behind ids. */
static bool add_unknown(struct hits *h, int64_t thread, GArray *ids, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(h->ix, "SELECT id FROM message WHERE thread = ?", error);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, thread);
	while (db_row(stmt, &own)) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		if (!g_hash_table_contains(h->known, &id))
			g_array_append_val(ids, id);
	}
	return hits_end(stmt, own, error);
}

bool hits_learn_threads(struct hits *h, const GArray *found, GError **error)
{
	g_autoptr(GHashTable) threads = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	if (!h->parts.match)
		return true;
	if (!h->known)
		h->known = new_set();
	for (guint i = 0; i < found->len; i++)
		add_id(h->known, g_array_index(found, struct hit, i).key.id);
	for (guint i = 0; i < found->len; i++) {
		const struct hit *hit = &g_array_index(found, struct hit, i);
		if (g_hash_table_add(threads, (gpointer)&hit->thread) &&
			!add_unknown(h, hit->thread, ids, error))
			return false;
	}
	g_array_sort(ids, by_id);
	return search_all(h, ids, h->known, error);
}
