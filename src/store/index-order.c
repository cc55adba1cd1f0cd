/* SPDX-License-Identifier: MIT
 *
 * Lists in other orders than by date.  An order has an index of its own, made when
 * it is first asked for: most people never sort by subject, and every index costs
 * its place and the writer's time a million times. */
#include "base/base.h"

#include <string.h>

#include "store/index-hits-private.h"
#include "store/subject.h"

/* Scores are worked out for so many hits, the newest: all that a word as common as
 * "the" finds would take seconds. */
enum { SCORES_MAX = 50000 };

static const struct keyed {
	const char *key;  /* of message m; NULL: not in an index */
	const char *name; /* of its index */
	const char *columns;
	bool is_text;
} orders[] = {
	[LIST_BY_SENDER] = {"dewey_sender(m.from_name, m.sender)", "message_by_sender",
		"folder, dewey_sender(from_name, sender), date", true},
	[LIST_BY_SUBJECT] = {"dewey_subject(m.subject)", "message_by_subject",
		"folder, dewey_subject(subject), date", true},
	[LIST_BY_SIZE] = {"m.size", "message_by_size", "folder, size, date", false},
	[LIST_BY_SCORE] = {NULL, NULL, NULL, false},
};

bool hits_is_keyed(const struct hits *h)
{
	if (h->order == LIST_BY_SCORE)
		return h->parts.match != NULL;
	return h->order < G_N_ELEMENTS(orders) && orders[h->order].key;
}

/* --- the index of an order ----------------------------------------------------- */

bool index_has_order(struct index *ix, enum list_order order)
{
	int64_t is = 0;
	if (order >= G_N_ELEMENTS(orders) || !orders[order].name)
		return true;
	return index_number(ix, 0, &is, NULL,
		       "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?", "s",
		       orders[order].name) &&
	       is;
}

/* Sorted in a file: with temp_store=MEMORY all keys would lie in memory at once.
 * Where it cannot be made now (another process writes, the disk is full), the list
 * is sorted without it. */
void index_make_order(struct index *ix, enum list_order order)
{
	if (index_has_order(ix, order))
		return;
	const struct keyed *o = &orders[order];
	g_autofree char *sql = g_strdup_printf("PRAGMA temp_store=FILE;"
					       "CREATE INDEX IF NOT EXISTS %s ON message(%s)",
		o->name, o->columns);
	sqlite3_exec(index_handle(ix), sql, NULL, NULL, NULL);
	sqlite3_exec(index_handle(ix), "PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
}

/* --- keys ---------------------------------------------------------------------- */

struct list_key index_row_key(
	const struct message_row *row, enum list_order order, const GPtrArray *page)
{
	struct list_key key = {.date = row->date, .id = row->id};
	for (guint i = 0; order == LIST_BY_THREAD && page && i < page->len; i++) {
		const struct message_row *r = page->pdata[i];
		if (r->thread == row->thread &&
			(r->date > key.date || (r->date == key.date && r->id > key.id)))
			key = (struct list_key){.date = r->date, .id = r->id};
	}
	if (order == LIST_BY_SENDER)
		sort_key_sender(row->from_name, row->from, key.text);
	if (order == LIST_BY_SUBJECT)
		sort_key_subject(row->subject, key.text);
	if (order == LIST_BY_SIZE)
		key.number = row->size;
	if (order == LIST_BY_SCORE)
		key.number = row->score;
	return key;
}

struct list_key index_key_before(struct list_key key, const struct list_spec *spec)
{
	if (key.id != G_MAXINT64 && key.id != G_MININT64)
		key.id += spec->ascending ? -1 : 1;
	return key;
}

static int compare(const struct list_key *a, const struct list_key *b)
{
	int texts = strcmp(a->text, b->text);
	if (texts != 0)
		return texts;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* --- walking ------------------------------------------------------------------- */

static void read_hit(const struct key_walk *w, sqlite3_stmt *stmt, struct hit *hit)
{
	const struct keyed *o = &orders[w->h->order];
	memset(hit, 0, sizeof *hit);
	hit->key.date = sqlite3_column_int64(stmt, 0);
	hit->key.id = sqlite3_column_int64(stmt, 1);
	hit->thread = sqlite3_column_int64(stmt, 2);
	if (o->is_text)
		g_strlcpy(hit->key.text, (const char *)sqlite3_column_text(stmt, 3),
			sizeof hit->key.text);
	else
		hit->key.number = sqlite3_column_int64(stmt, 3);
}

static bool nearer(const struct list_key *a, const struct list_key *b, const void *data)
{
	const struct key_walk *w = data;
	return compare(a, b) * (w->upward ? 1 : -1) < 0;
}

static bool behind_from(const struct key_walk *w, const struct list_key *key)
{
	return w->ends || compare(key, &w->from) * (w->upward ? 1 : -1) > 0;
}

bool key_walk_run(struct key_walk *w, sqlite3_stmt *stmt, guint most, GError **error)
{
	GError *own = NULL;
	struct hit hit;
	for (guint n = 0; n < most && db_row(stmt, &own); n++) {
		read_hit(w, stmt, &hit);
		if (behind_from(w, &hit.key))
			hits_keep(w->found, w->count, &hit, nearer, w);
	}
	return hits_end(stmt, own, error);
}

static void bind_from(const struct key_walk *w, sqlite3_stmt *stmt, int at)
{
	if (!w->ends) {
		for (int i = 0; i < 2; i++)
			if (orders[w->h->order].is_text)
				sqlite3_bind_text(stmt, at++, w->from.text, -1, SQLITE_STATIC);
			else
				sqlite3_bind_int64(stmt, at++, w->from.number);
		sqlite3_bind_int64(stmt, at++, w->from.date);
		sqlite3_bind_int64(stmt, at++, w->from.id);
	}
	sqlite3_bind_int64(stmt, at, w->count);
}

/* One keyset page of the folder that h names, or of what words find.  The key stands
 * in two conditions, as SQLite makes no range of an index of an expression from the
 * comparison of rows. */
static bool walk_folder(struct key_walk *w, GError **error)
{
	const char *key = orders[w->h->order].key, *by = w->upward ? "" : " DESC";
	g_autoptr(GString) sql = g_string_new(NULL);
	g_string_printf(sql, "SELECT m.date, m.id, m.thread, %s", key);
	hits_append_from(w->h, sql);
	if (!w->ends)
		g_string_append_printf(sql, " AND %s %s ? AND (%s, m.date, m.id) %s (?, ?, ?)", key,
			w->upward ? ">=" : "<=", key, w->upward ? ">" : "<");
	g_string_append_printf(sql, " ORDER BY %s%s, m.date%s, m.id%s LIMIT ?", key, by, by, by);
	sqlite3_stmt *stmt = index_stmt(w->h->ix, sql->str, error);
	if (!stmt)
		return false;
	bind_from(w, stmt, hits_bind(w->h, stmt));
	return key_walk_run(w, stmt, G_MAXUINT, error);
}

static GArray *folder_ids(struct hits *h, GError **error)
{
	sqlite3_stmt *stmt =
		index_stmt(h->ix, "SELECT id FROM folder WHERE ? = 0 OR id <> 1", error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, h->no_trash);
	GArray *ids = db_ids(stmt, error);
	sqlite3_reset(stmt);
	return ids;
}

/* The index is by folders: a page of each, of which the nearest are kept. */
static bool walk_folders(struct key_walk *w, GError **error)
{
	struct hits *h = w->h;
	g_autoptr(GArray) ids = folder_ids(h, error);
	bool ok = ids != NULL;
	for (guint i = 0; ok && i < ids->len; i++) {
		h->folder = g_array_index(ids, int64_t, i);
		ok = walk_folder(w, error);
	}
	h->folder = 0;
	return ok;
}

static bool walk_scores(struct key_walk *w, GError **error)
{
	g_autoptr(GString) sql =
		g_string_new("SELECT m.date, m.id, m.thread, CAST(words.rank * -1e12 AS INTEGER)");
	hits_append_from(w->h, sql);
	g_string_append(sql, " ORDER BY words.rowid DESC");
	sqlite3_stmt *stmt = index_stmt(w->h->ix, sql->str, error);
	if (!stmt)
		return false;
	hits_bind(w->h, stmt);
	return key_walk_run(w, stmt, SCORES_MAX, error);
}

static bool walk(struct key_walk *w, GError **error)
{
	if (w->h->order == LIST_BY_SCORE)
		return walk_scores(w, error);
	return w->h->folder != 0 || w->h->parts.match ? walk_folder(w, error)
						      : walk_folders(w, error);
}

const char *hits_key_sql(const struct hits *h)
{
	return orders[h->order].key;
}

GArray *hits_walk_keys(struct hits *h, const struct hits_want *want, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct hit));
	struct key_walk w = {.h = h,
		.from = want->key,
		.count = want->count,
		.found = found,
		.upward = hits_upward(h, want),
		.ends = want->key.id == G_MAXINT64 || want->key.id == G_MININT64};
	if (!walk(&w, error))
		return NULL;
	if (want->backward)
		hits_reverse(found);
	return g_steal_pointer(&found);
}
