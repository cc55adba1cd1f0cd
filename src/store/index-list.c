/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-hits-private.h"
#include "store/thread.h"

/* --- rows ---------------------------------------------------------------------- */

void message_row_free(struct message_row *row)
{
	if (!row)
		return;
	g_free(row->folder);
	g_free(row->file);
	g_free(row->account);
	g_free(row->from_name);
	g_free(row->from);
	g_free(row->to);
	g_free(row->cc);
	g_free(row->subject);
	g_free(row->message_id);
	g_free(row->snippet);
	g_free(row->tags);
	g_free(row);
}

/* In the order of ROW_COLUMNS. */
struct message_row *index_read_row(sqlite3_stmt *stmt)
{
	struct message_row *row = g_new0(struct message_row, 1);
	int64_t *const numbers[] = {&row->id, &row->thread, &row->date, &row->arrived, &row->size};
	char **const texts[] = {&row->folder, &row->file, &row->account, &row->from_name,
		&row->from, &row->to, &row->cc, &row->subject, &row->message_id, &row->snippet};
	int i = 0;
	for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++)
		*numbers[n] = sqlite3_column_int64(stmt, i++);
	row->flags = (unsigned)sqlite3_column_int(stmt, i++);
	int state = sqlite3_column_int(stmt, i++);
	for (size_t n = 0; n < G_N_ELEMENTS(texts); n++)
		*texts[n] = db_text(stmt, i++);
	row->node = sqlite3_column_int64(stmt, i++);
	row->tags = db_text(stmt, i);
	if (!row->tags)
		row->tags = g_strdup("");
	row->is_new = state & STATE_NEW;
	row->has_attachment = state & STATE_ATTACHMENT;
	row->unparsed = state & STATE_UNPARSED;
	row->partial = state & STATE_PARTIAL;
	row->decrypted = state & STATE_DECRYPTED;
	return row;
}

static GPtrArray *rows_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);
}

/* Appends the rows that a statement of ROW_COLUMNS gives, and resets it. */
static bool read_rows(sqlite3_stmt *stmt, GPtrArray *rows, GError **error)
{
	g_autoptr(GError) own = NULL;
	while (db_row(stmt, &own))
		g_ptr_array_add(rows, index_read_row(stmt));
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

static struct message_row *one_row(sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GPtrArray) rows = rows_new();
	if (!read_rows(stmt, rows, error))
		return NULL;
	if (rows->len > 0)
		return g_ptr_array_steal_index(rows, 0);
	g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING, _("there is no such message any more"));
	return NULL;
}

struct message_row *index_message(struct index *ix, int64_t id, GError **error)
{
	sqlite3_stmt *stmt =
		index_stmt(ix, "SELECT " ROW_COLUMNS ROW_TABLES "WHERE m.id = ?", error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, id);
	return one_row(stmt, error);
}

/* The copy that does not lie in Trash first. */
struct message_row *index_by_message_id(struct index *ix, const char *message_id, GError **error)
{
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT " ROW_COLUMNS ROW_TABLES "WHERE m.node = ? AND m.message_id = ?"
		" ORDER BY m.folder = 1, m.id LIMIT 1",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "is", thread_node(message_id), message_id);
	return one_row(stmt, error);
}

/* The index of base names is one for each folder. */
struct message_row *index_by_base(struct index *ix, const char *folder, const char *base,
	GError **error)
{
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT " ROW_COLUMNS ROW_TABLES
		"WHERE m.folder IN (SELECT id FROM folder) AND m.base = ?"
		" ORDER BY f.name = ? DESC LIMIT 1",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "ss", base, folder);
	return one_row(stmt, error);
}

GPtrArray *index_thread(struct index *ix, int64_t thread, GError **error)
{
	g_autoptr(GPtrArray) rows = rows_new();
	sqlite3_stmt *stmt =
		index_stmt(ix, "SELECT " ROW_COLUMNS ROW_TABLES "WHERE m.thread = ?", error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, thread);
	if (!read_rows(stmt, rows, error) || !thread_sort(ix, thread, rows, error))
		return NULL;
	return g_steal_pointer(&rows);
}

/* --- folders ------------------------------------------------------------------- */

void folder_row_free(struct folder_row *row)
{
	if (!row)
		return;
	g_free(row->name);
	g_free(row);
}

GPtrArray *index_folders(struct index *ix, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(GPtrArray) rows =
		g_ptr_array_new_with_free_func((GDestroyNotify)folder_row_free);
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT id, name, total, unread, flagged, size FROM folder ORDER BY CASE name"
		" WHEN 'Inbox' THEN 1 WHEN 'Sent' THEN 2 WHEN 'Drafts' THEN 3"
		" WHEN 'Archive' THEN 4 WHEN 'Trash' THEN 5 ELSE 6 END, name",
		error);
	if (!stmt)
		return NULL;
	while (db_row(stmt, &own)) {
		struct folder_row *row = g_new0(struct folder_row, 1);
		row->id = sqlite3_column_int64(stmt, 0);
		row->name = db_text(stmt, 1);
		row->total = sqlite3_column_int64(stmt, 2);
		row->unread = sqlite3_column_int64(stmt, 3);
		row->flagged = sqlite3_column_int64(stmt, 4);
		row->size = sqlite3_column_int64(stmt, 5);
		g_ptr_array_add(rows, row);
	}
	sqlite3_reset(stmt);
	if (!own)
		return g_steal_pointer(&rows);
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}

/* --- pages --------------------------------------------------------------------- */

static bool rows_of_hits(struct index *ix, const GArray *found, GPtrArray *rows, GError **error)
{
	for (guint i = 0; i < found->len; i++) {
		sqlite3_stmt *stmt =
			index_stmt(ix, "SELECT " ROW_COLUMNS ROW_TABLES "WHERE m.id = ?", error);
		if (!stmt)
			return false;
		const struct hit *hit = &g_array_index(found, struct hit, i);
		sqlite3_bind_int64(stmt, 1, hit->key.id);
		guint before = rows->len;
		if (!read_rows(stmt, rows, error))
			return false;
		if (rows->len > before)
			((struct message_row *)rows->pdata[before])->score = hit->key.number;
	}
	return true;
}

static void append_rows(GPtrArray *to, GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_add(to, g_steal_pointer(&from->pdata[i]));
}

static void prepend_rows(GPtrArray *to, GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_insert(to, (gint)i, g_steal_pointer(&from->pdata[i]));
}

/* The rows of a thread that the list shows, in tree order. */
static GPtrArray *thread_rows(struct hits *h, struct index *ix, int64_t thread, GError **error)
{
	g_autoptr(GPtrArray) rows = rows_new();
	sqlite3_stmt *stmt = hits_thread_statement(h, ROW_COLUMNS, thread, error);
	if (!stmt || !read_rows(stmt, rows, error))
		return NULL;
	for (guint i = rows->len; i > 0; i--)
		if (!hits_has(h, ((struct message_row *)rows->pdata[i - 1])->id))
			g_ptr_array_remove_index_fast(rows, i - 1);
	return thread_sort(ix, thread, rows, error) ? g_steal_pointer(&rows) : NULL;
}

static GPtrArray *page_by_date(struct hits *h, struct index *ix, const struct hits_want *want,
	GError **error)
{
	g_autoptr(GArray) found = hits_find(h, want, error);
	g_autoptr(GPtrArray) rows = rows_new();
	if (!found || !rows_of_hits(ix, found, rows, error))
		return NULL;
	return g_steal_pointer(&rows);
}

struct thread_page {
	GPtrArray *rows;
	GHashTable *newest; /* thread → id of its newest hit, of those looked at */
};

/* With a query a hit stands for its thread only if it is the newest hit there,
 * so that a thread comes once, whichever page one begins at. */
static bool take_thread(struct hits *h, struct index *ix, const struct hit *hit, bool backward,
	struct thread_page *page, GError **error)
{
	const int64_t *known = g_hash_table_lookup(page->newest, &hit->thread);
	if (known && *known != hit->key.id)
		return true;
	g_autoptr(GPtrArray) rows = thread_rows(h, ix, hit->thread, error);
	if (!rows)
		return false;
	struct list_key key = LIST_END;
	if (rows->len > 0)
		key = index_row_key(rows->pdata[0], LIST_BY_THREAD, rows);
	g_hash_table_replace(page->newest, g_memdup2(&hit->thread, sizeof hit->thread),
		g_memdup2(&key.id, sizeof key.id));
	if (key.id == hit->key.id)
		(backward ? prepend_rows : append_rows)(page->rows, rows);
	return true;
}

/* Threads are taken until there are rows enough. */
static bool fill_by_thread(struct hits *h, struct index *ix, const struct hits_want *want,
	struct thread_page *page, GError **error)
{
	struct hits_want step = *want;
	guint found_len = 0;
	do {
		step.count = MAX(want->count - page->rows->len, 8);
		g_autoptr(GArray) found = hits_find_heads(h, &step, error);
		if (!found || !hits_learn_threads(h, found, error))
			return false;
		found_len = found->len;
		for (guint i = 0; i < found->len && page->rows->len < want->count; i++) {
			const struct hit *hit = &g_array_index(found, struct hit,
				want->backward ? found->len - 1 - i : i);
			step.key = hit->key;
			if (!take_thread(h, ix, hit, want->backward, page, error))
				return false;
		}
	} while (page->rows->len < want->count && found_len == step.count);
	return true;
}

static GPtrArray *page_by_thread(struct hits *h, struct index *ix, const struct hits_want *want,
	GError **error)
{
	g_autoptr(GPtrArray) rows = rows_new();
	g_autoptr(GHashTable) newest =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	struct thread_page page = {rows, newest};
	return fill_by_thread(h, ix, want, &page, error) ? g_steal_pointer(&rows) : NULL;
}

GPtrArray *index_list(struct index *ix, const struct list_spec *spec, struct list_key key,
	bool backward, guint count, GError **error)
{
	g_autoptr(hits) h = hits_new(ix, spec, error);
	struct hits_want want = {key, backward, count};
	if (!h)
		return NULL;
	/* Not inside of what follows. */
	if (hits_is_keyed(h))
		index_make_order(ix, spec->order);
	/* One state of the index for all statements of a page. */
	if (!index_exec(ix, error, "SAVEPOINT page", ""))
		return NULL;
	GPtrArray *rows = spec->order == LIST_BY_THREAD ? page_by_thread(h, ix, &want, error)
							 : page_by_date(h, ix, &want, error);
	sqlite3_exec(index_handle(ix), "RELEASE page", NULL, NULL, NULL);
	return rows;
}

bool index_count(struct index *ix, const struct list_spec *spec, int64_t *total, int64_t *unread,
	GError **error)
{
	struct index_counts counts;
	if (!index_tally(ix, spec, &counts, error))
		return false;
	*total = counts.total;
	*unread = counts.unread;
	return true;
}

bool index_tally(struct index *ix, const struct list_spec *spec, struct index_counts *counts,
	GError **error)
{
	g_autoptr(hits) h = hits_new(ix, spec, error);
	return h && hits_count(h, counts, error);
}
