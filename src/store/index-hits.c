/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/index-hits-private.h"

/* --- reading the spec ---------------------------------------------------------- */

/* An in: at the top that means one folder is walked like that folder, instead
 * of walking all and looking at the folder of each. */
static bool narrow_folder(struct hits *h, GError **error)
{
	int64_t n = 0;
	g_autofree char *below = g_strconcat(h->parts.folder, "/", NULL);
	return index_number(h->ix, 0, &n, error,
		       "SELECT count(*) FROM folder WHERE fold = ?1"
		       " OR substr(fold, 1, length(?2)) = ?2",
		       "ss", h->parts.folder, below) &&
	       (n != 1 || index_number(h->ix, 0, &h->folder, error,
				  "SELECT id FROM folder WHERE fold = ?", "s", h->parts.folder));
}

static bool read_query(struct hits *h, const struct list_spec *spec, GError **error)
{
	g_autoptr(query) q = query_parse(spec->query ? spec->query : "", clock_now(), error);
	if (!q)
		return false;
	query_parts_init(q, &h->parts);
	h->match = h->parts.match;
	h->table = "words";
	if (h->parts.begun && !h->parts.rest && h->order != LIST_BY_SCORE) {
		h->match = h->parts.begun;
		h->table = "begins";
	}
	h->everything = !h->parts.match && strcmp(h->parts.sql, "1") == 0;
	h->no_trash = !spec->folder && !query_names_folder(q, FOLDER_TRASH);
	return spec->folder || !h->parts.folder || narrow_folder(h, error);
}

/* A folder that the index does not have yet is empty: -1 is no folder's id. */
static bool read_folder(struct hits *h, const struct list_spec *spec, GError **error)
{
	if (!spec->folder)
		return true;
	if (!index_folder_id(h->ix, spec->folder, &h->folder, error))
		return false;
	if (h->folder == 0)
		h->folder = -1;
	return true;
}

struct hits *hits_new(struct index *ix, const struct list_spec *spec, GError **error)
{
	g_autoptr(hits) h = g_new0(struct hits, 1);
	h->ix = ix;
	h->order = spec->order;
	h->ascending = spec->ascending;
	if (!read_query(h, spec, error) || !read_folder(h, spec, error))
		return NULL;
	return g_steal_pointer(&h);
}

void hits_free(struct hits *h)
{
	if (!h)
		return;
	query_parts_clear(&h->parts);
	if (h->known)
		g_hash_table_unref(h->known);
	g_free(h);
}

/* --- statements ---------------------------------------------------------------- */

void hits_append_from(const struct hits *h, GString *sql)
{
	if (h->match)
		g_string_append_printf(sql,
			" FROM %s CROSS JOIN message m ON m.id = %s.rowid WHERE %s MATCH ?", h->table,
			h->table, h->table);
	else
		g_string_append(sql, " FROM message m WHERE 1");
	if (h->folder != 0)
		g_string_append(sql, h->parts.match ? " AND +m.folder = ?" : " AND m.folder = ?");
	else if (h->no_trash)
		g_string_append(sql, " AND +m.folder <> 1");
	g_string_append_printf(sql, " AND %s", h->parts.sql);
}

int hits_bind(const struct hits *h, sqlite3_stmt *stmt)
{
	int at = 1;
	if (h->match)
		sqlite3_bind_text(stmt, at++, h->match, -1, SQLITE_STATIC);
	if (h->folder != 0)
		sqlite3_bind_int64(stmt, at++, h->folder);
	query_bind(stmt, at, h->parts.values);
	return at + (int)h->parts.values->len;
}

bool hits_end(sqlite3_stmt *stmt, GError *own, GError **error)
{
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, own);
	return false;
}

bool hits_upward(const struct hits *h, const struct hits_want *want)
{
	return want->backward != h->ascending;
}

/* LIST_TOP and LIST_END are the greatest and the least key. */
struct list_key hits_from(const struct hits *h, const struct hits_want *want)
{
	bool end = want->key.id == G_MAXINT64 || want->key.id == G_MININT64;
	if (!end)
		return want->key;
	return hits_upward(h, want) ? LIST_END : LIST_TOP;
}

/* --- walking by date ----------------------------------------------------------- */

static void read_hit(sqlite3_stmt *stmt, struct hit *hit)
{
	memset(hit, 0, sizeof *hit);
	hit->key.date = sqlite3_column_int64(stmt, 0);
	hit->key.id = sqlite3_column_int64(stmt, 1);
	hit->thread = sqlite3_column_int64(stmt, 2);
}

void hits_reverse(GArray *list)
{
	for (guint i = 0; i < list->len / 2; i++) {
		struct hit *a = &g_array_index(list, struct hit, i);
		struct hit *b = &g_array_index(list, struct hit, list->len - 1 - i);
		struct hit swap = *a;
		*a = *b;
		*b = swap;
	}
}

/* Binds the key and the count behind what is bound already, and reads. */
static GArray *read_keyset(struct hits *h, sqlite3_stmt *stmt, int at,
	const struct hits_want *want, GError **error)
{
	struct list_key from = hits_from(h, want);
	GError *own = NULL;
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct hit));
	struct hit hit;
	sqlite3_bind_int64(stmt, at, from.date);
	sqlite3_bind_int64(stmt, at + 1, from.id);
	sqlite3_bind_int64(stmt, at + 2, want->count);
	while (db_row(stmt, &own)) {
		read_hit(stmt, &hit);
		g_array_append_val(found, hit);
	}
	if (want->backward)
		hits_reverse(found);
	if (hits_end(stmt, own, error))
		return found;
	g_array_unref(found);
	return NULL;
}

static GArray *walk_dates(struct hits *h, const struct hits_want *want, GError **error)
{
	g_autoptr(GString) sql = g_string_new("SELECT m.date, m.id, m.thread");
	hits_append_from(h, sql);
	g_string_append(sql, hits_upward(h, want)
			? " AND (m.date, m.id) > (?, ?) ORDER BY m.date, m.id LIMIT ?"
			: " AND (m.date, m.id) < (?, ?) ORDER BY m.date DESC, m.id DESC LIMIT ?");
	sqlite3_stmt *stmt = index_stmt(h->ix, sql->str, error);
	return stmt ? read_keyset(h, stmt, hits_bind(h, stmt), want, error) : NULL;
}

/* --- text ---------------------------------------------------------------------- */

/* The dates of the hits that can still come, at each block of ids. */
struct block {
	int64_t id, newest, oldest;
	int64_t bound; /* the newest of this and what comes after it */
};

static GArray *load_blocks(struct hits *h, bool upward, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(h->ix,
		"SELECT id, newest, oldest FROM block ORDER BY id", error);
	if (!stmt)
		return NULL;
	GArray *blocks = g_array_new(FALSE, TRUE, sizeof(struct block));
	while (db_row(stmt, &own)) {
		struct block b = {sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
			sqlite3_column_int64(stmt, 2)};
		g_array_append_val(blocks, b);
	}
	if (!hits_end(stmt, own, error)) {
		g_array_unref(blocks);
		return NULL;
	}
	int64_t bound = upward ? G_MAXINT64 : G_MININT64;
	for (guint i = 0; i < blocks->len; i++) {
		struct block *b = &g_array_index(blocks, struct block,
			upward ? blocks->len - 1 - i : i);
		bound = upward ? MIN(bound, b->oldest) : MAX(bound, b->newest);
		b->bound = bound;
	}
	return blocks;
}

struct text_walk {
	struct list_key from;
	bool upward; /* to newer ones */
	guint count;
	GArray *blocks, *found; /* found: nearest to the key first */
	int64_t low, high;      /* ids that can be hits */
	guint at;               /* the block last looked at */
	GArray *waiting;        /* hits of the rest: what begins is to be asked; NULL */
};

/* Blocks wholly on the other side of the key, or outside the dates of the
 * query, are left out at both ends. */
static void set_range(const struct hits *h, struct text_walk *w)
{
	int64_t until = h->parts.until, since = h->parts.since;
	if (w->upward)
		since = MAX(since, w->from.date);
	else
		until = MIN(until, w->from.date);
	w->low = 0;
	w->high = -1;
	for (guint i = 0; i < w->blocks->len; i++) {
		const struct block *b = &g_array_index(w->blocks, struct block, i);
		if (b->oldest > until || b->newest < since)
			continue;
		if (w->high < 0)
			w->low = b->id << BLOCK_BITS;
		w->high = ((b->id + 1) << BLOCK_BITS) - 1;
	}
}

void hits_keep(GArray *found, guint count, const struct hit *hit, hits_nearer nearer,
	const void *data)
{
	guint lo = 0, hi = found->len;
	while (lo < hi) {
		guint mid = (lo + hi) / 2;
		if (nearer(&hit->key, &g_array_index(found, struct hit, mid).key, data))
			hi = mid;
		else
			lo = mid + 1;
	}
	if (lo >= count)
		return;
	g_array_insert_val(found, lo, *hit);
	if (found->len > count)
		g_array_set_size(found, count);
}

static bool nearer(const struct list_key *a, const struct list_key *b, const void *data)
{
	const struct text_walk *w = data;
	bool newer = a->date > b->date || (a->date == b->date && a->id > b->id);
	return w->upward ? !newer : newer;
}

/* Whether what comes at id and behind it cannot be among the count nearest. */
static bool enough(struct text_walk *w, int64_t id)
{
	if (w->found->len < w->count)
		return false;
	struct list_key last = g_array_index(w->found, struct hit, w->found->len - 1).key;
	const struct block *b = &g_array_index(w->blocks, struct block, w->at);
	while (b->id != id >> BLOCK_BITS) {
		w->at += w->upward ? 1 : (guint)-1;
		if (w->at >= w->blocks->len)
			return false;
		b = &g_array_index(w->blocks, struct block, w->at);
	}
	return w->upward ? b->bound > last.date : b->bound < last.date;
}

/* How many wait before begins is asked about them: to begin a search costs as much as
 * many steps of it, and a page is fifty. */
enum { WAITING = 128 };

static bool keep_begun(struct hits *h, struct text_walk *w, GError **error)
{
	if (!hits_leave_begun(h, w->waiting, error))
		return false;
	for (guint i = 0; i < w->waiting->len; i++)
		hits_keep(w->found, w->count, &g_array_index(w->waiting, struct hit, i), nearer, w);
	g_array_set_size(w->waiting, 0);
	return true;
}

static bool keep(struct hits *h, struct text_walk *w, const struct hit *hit, GError **error)
{
	if (!w->waiting) {
		hits_keep(w->found, w->count, hit, nearer, w);
		return true;
	}
	g_array_append_val(w->waiting, *hit);
	return w->waiting->len < WAITING || keep_begun(h, w, error);
}

static bool run_walk(struct hits *h, struct text_walk *w, sqlite3_stmt *stmt, GError **error)
{
	GError *own = NULL;
	struct hit hit;
	int at = hits_bind(h, stmt);
	if (w->waiting)
		sqlite3_bind_text(stmt, 1, h->parts.rest, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, at, w->low);
	sqlite3_bind_int64(stmt, at + 1, w->high);
	sqlite3_bind_int64(stmt, at + 2, w->from.date);
	sqlite3_bind_int64(stmt, at + 3, w->from.id);
	while (db_row(stmt, &own)) {
		read_hit(stmt, &hit);
		if (enough(w, hit.key.id) || !keep(h, w, &hit, &own))
			break;
	}
	if (!own && w->waiting)
		keep_begun(h, w, &own);
	return hits_end(stmt, own, error);
}

/* FTS5 gives hits by id, and ids are given in the order of arrival, so nearly
 * in the order of dates: the walk ends where block says that all that follows
 * is older than the last row of the page. */
static GArray *walk_text(struct hits *h, const struct hits_want *want, GError **error)
{
	bool upward = hits_upward(h, want);
	g_autoptr(GArray) blocks = load_blocks(h, upward, error);
	if (!blocks)
		return NULL;
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct hit));
	g_autoptr(GArray) waiting =
		h->parts.rest ? g_array_new(FALSE, FALSE, sizeof(struct hit)) : NULL;
	struct text_walk w = {.from = hits_from(h, want), .upward = upward,
		.count = want->count, .blocks = blocks, .found = found, .waiting = waiting,
		.at = upward ? 0 : blocks->len - 1};
	set_range(h, &w);
	if (w.high < 0 || want->count == 0)
		return g_steal_pointer(&found);
	g_autoptr(GString) sql = g_string_new("SELECT m.date, m.id, m.thread");
	hits_append_from(h, sql);
	g_string_append_printf(sql,
		" AND %s.rowid BETWEEN ? AND ? AND (m.date, m.id) %s (?, ?) ORDER BY %s.rowid%s",
		h->table, upward ? ">" : "<", h->table, upward ? "" : " DESC");
	sqlite3_stmt *stmt = index_stmt(h->ix, sql->str, error);
	if (!stmt || !run_walk(h, &w, stmt, error))
		return NULL;
	if (want->backward)
		hits_reverse(found);
	return g_steal_pointer(&found);
}

GArray *hits_find(struct hits *h, const struct hits_want *want, GError **error)
{
	if (hits_is_keyed(h))
		return hits_walk_keys(h, want, error);
	return h->parts.match ? walk_text(h, want, error) : walk_dates(h, want, error);
}

/* --- threads ------------------------------------------------------------------- */

static GArray *walk_heads(struct hits *h, const struct hits_want *want, GError **error)
{
	sqlite3_stmt *stmt = index_stmt(h->ix,
		hits_upward(h, want)
			? "SELECT date, id, thread FROM head WHERE folder = ?"
			  " AND (date, id) > (?, ?) ORDER BY date, id LIMIT ?"
			: "SELECT date, id, thread FROM head WHERE folder = ?"
			  " AND (date, id) < (?, ?) ORDER BY date DESC, id DESC LIMIT ?",
		error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, h->folder);
	return read_keyset(h, stmt, 2, want, error);
}

GArray *hits_find_heads(struct hits *h, const struct hits_want *want, GError **error)
{
	bool kept = h->everything && (h->folder != 0 || h->no_trash);
	return kept ? walk_heads(h, want, error) : hits_find(h, want, error);
}

sqlite3_stmt *hits_thread_statement(struct hits *h, const char *columns, int64_t thread,
	GError **error)
{
	g_autoptr(GString) sql = g_string_new(NULL);
	g_string_printf(sql,
		"SELECT %s" ROW_TABLES "WHERE m.thread = ?1 AND (?2 = 0 OR m.folder = ?2)"
		" AND (?3 = 0 OR m.folder <> 1) AND %s",
		columns, h->parts.sql);
	sqlite3_stmt *stmt = index_stmt(h->ix, sql->str, error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "iii", thread, h->folder, (int64_t)(h->folder == 0 && h->no_trash));
	query_bind(stmt, 4, h->parts.values);
	return stmt;
}

/* --- counting ------------------------------------------------------------------ */

static bool count_with(
	struct hits *h, sqlite3_stmt *stmt, struct index_counts *counts, GError **error)
{
	GError *own = NULL;
	if (db_row(stmt, &own))
		*counts = (struct index_counts){sqlite3_column_int64(stmt, 0),
			sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2),
			sqlite3_column_int64(stmt, 3)};
	return hits_end(stmt, own, error);
}

static bool count_kept(struct hits *h, struct index_counts *counts, GError **error)
{
	sqlite3_stmt *kept = index_stmt(h->ix,
		"SELECT total(total), total(unread), total(flagged), total(size) FROM folder"
		" WHERE CASE ?1 WHEN 0 THEN ?2 = 0 OR id <> 1 ELSE id = ?1 END",
		error);
	if (!kept)
		return false;
	db_bind(kept, "ii", h->folder, (int64_t)h->no_trash);
	return count_with(h, kept, counts, error);
}

bool hits_count(struct hits *h, struct index_counts *counts, GError **error)
{
	*counts = (struct index_counts){0};
	if (h->everything)
		return count_kept(h, counts, error);
	g_autoptr(GString) sql =
		g_string_new("SELECT count(*), total((m.flags & 16) = 0),"
			     " total((m.flags & 2) <> 0), total(m.size)");
	hits_append_from(h, sql);
	sqlite3_stmt *stmt = index_stmt(h->ix, sql->str, error);
	if (!stmt)
		return false;
	hits_bind(h, stmt);
	return count_with(h, stmt, counts, error);
}
