/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/sync-private.h"

/* What is newest is looked for first.  Not letter by letter: FTS5 makes a segment
 * of its own of each id that is smaller than the one before. */
enum { RUN = 512 };

static GArray *newest_first(GArray *files)
{
	GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(struct sync_file), files->len);
	for (guint end = files->len; end > 0;) {
		guint start = end > RUN ? end - RUN : 0;
		g_array_append_vals(
			sorted, &g_array_index(files, struct sync_file, start), end - start);
		end = start;
	}
	g_array_unref(files);
	return sorted;
}

GArray *sync_wordless(struct index *ix, const struct sync_place *place, GStringChunk *names,
	GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT id, base || info, state & 1 FROM message WHERE (state & 16) <> 0"
		" AND folder = ? AND (state & 8) = ? ORDER BY id",
		error);
	if (!stmt)
		return NULL;
	GArray *files = g_array_new(FALSE, FALSE, sizeof(struct sync_file));
	db_bind(stmt, "ii", place->folder, (int64_t)(place->partial ? STATE_PARTIAL : 0));
	while (db_row(stmt, &own)) {
		struct sync_file f = {
			g_string_chunk_insert(names, (const char *)sqlite3_column_text(stmt, 1)),
			sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 2) != 0};
		g_array_append_val(files, f);
	}
	sqlite3_reset(stmt);
	if (!own)
		return newest_first(files);
	g_propagate_error(error, own);
	g_array_unref(files);
	return NULL;
}

static void place_clear(void *data)
{
	g_free(((struct sync_wordless_place *)data)->name);
}

GArray *sync_wordless_places(struct index *ix, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT DISTINCT m.folder, m.state & 8, f.name FROM message m"
		" JOIN folder f ON f.id = m.folder WHERE (m.state & 16) <> 0"
		" ORDER BY m.folder = 1, m.folder",
		error);
	if (!stmt)
		return NULL;
	GArray *places = g_array_new(FALSE, FALSE, sizeof(struct sync_wordless_place));
	g_array_set_clear_func(places, place_clear);
	while (db_row(stmt, &own)) {
		struct sync_wordless_place p = {sqlite3_column_int64(stmt, 0),
			sqlite3_column_int(stmt, 1) != 0, db_text(stmt, 2)};
		g_array_append_val(places, p);
	}
	sqlite3_reset(stmt);
	if (!own)
		return places;
	g_propagate_error(error, own);
	g_array_unref(places);
	return NULL;
}
