/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>

#include "store/fail.h"
#include "store/maildir.h"
#include "store/sync-private.h"

enum { QUIET_TRIES = 5, TICK = 20000000 /* nanoseconds: directory times are no finer */ };

struct entry {
	const char *file;
	size_t base_len;
	bool is_new;
};

struct row {
	int64_t id;
	const char *base, *info;
	bool is_new;
};

int64_t sync_arrived(const char *file, int64_t mtime)
{
	gint64 seconds = g_ascii_strtoll(file, NULL, 10);
	bool plausible = seconds > 631152000 && seconds < 4102444800;
	return plausible ? seconds : mtime;
}

/* --- the files ----------------------------------------------------------------- */

struct listing {
	GStringChunk *names;
	GArray *entries;
};

static bool add_entry(const char *file, bool in_new, void *data)
{
	struct listing *l = data;
	struct entry e = {g_string_chunk_insert(l->names, file), maildir_base_length(file), in_new};
	g_array_append_val(l->entries, e);
	return true;
}

static int compare_bases(const char *a, size_t a_len, const char *b, size_t b_len)
{
	int order = memcmp(a, b, MIN(a_len, b_len));
	return order != 0 ? order : a_len < b_len ? -1 : a_len > b_len;
}

static gint by_base(gconstpointer a, gconstpointer b)
{
	const struct entry *x = a, *y = b;
	return compare_bases(x->file, x->base_len, y->file, y->base_len);
}

/* A message that was renamed while the directory was read may be seen twice;
 * either name will do, the next look finds the right one. */
static void drop_doubles(GArray *entries)
{
	guint n = 0;
	for (guint i = 0; i < entries->len; i++) {
		struct entry *e = &g_array_index(entries, struct entry, i);
		if (n > 0 && by_base(e, &g_array_index(entries, struct entry, n - 1)) == 0)
			continue;
		g_array_index(entries, struct entry, n++) = *e;
	}
	g_array_set_size(entries, n);
}

static GArray *list_files(GStringChunk *names, const char *path, GError **error)
{
	struct listing l = {names, g_array_new(FALSE, FALSE, sizeof(struct entry))};
	if (!maildir_scan(path, add_entry, &l, error)) {
		g_array_unref(l.entries);
		return NULL;
	}
	g_array_sort(l.entries, by_base);
	drop_doubles(l.entries);
	return l.entries;
}

/* --- the rows ------------------------------------------------------------------ */

static GArray *list_rows(struct index *ix, GStringChunk *names, const struct sync_place *place,
	GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		place->partial ? "SELECT id, base, info, state FROM message"
				 " WHERE folder = ? AND (state & 8) <> 0 ORDER BY base"
			       : "SELECT id, base, info, state FROM message"
				 " WHERE folder = ? AND (state & 8) = 0 ORDER BY base",
		error);
	if (!stmt)
		return NULL;
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	sqlite3_bind_int64(stmt, 1, place->folder);
	while (db_row(stmt, &own)) {
		struct row r = {sqlite3_column_int64(stmt, 0),
			g_string_chunk_insert(names, (const char *)sqlite3_column_text(stmt, 1)),
			g_string_chunk_insert(names, (const char *)sqlite3_column_text(stmt, 2)),
			sqlite3_column_int(stmt, 3) & STATE_NEW};
		g_array_append_val(rows, r);
	}
	sqlite3_reset(stmt);
	if (!own)
		return rows;
	g_propagate_error(error, own);
	g_array_unref(rows);
	return NULL;
}

/* --- comparing ----------------------------------------------------------------- */

static void note_entry(struct sync_differences *d, const struct entry *e, const struct row *r)
{
	struct sync_file f = {e->file, r ? r->id : 0, e->is_new};
	if (!r)
		g_array_append_val(d->added, f);
	else if (e->is_new != r->is_new || strcmp(e->file + e->base_len, r->info) != 0)
		g_array_append_val(d->changed, f);
}

static void merge(struct sync_differences *d, GArray *entries, GArray *rows, GArray *gone)
{
	guint i = 0, j = 0;
	while (i < entries->len || j < rows->len) {
		const struct entry *e =
			i < entries->len ? &g_array_index(entries, struct entry, i) : NULL;
		const struct row *r = j < rows->len ? &g_array_index(rows, struct row, j) : NULL;
		int order = !e ? 1 : !r ? -1 : compare_bases(e->file, e->base_len, r->base,
						       strlen(r->base));
		if (order <= 0)
			note_entry(d, e, order == 0 ? r : NULL);
		else
			g_array_append_val(gone, *r);
		i += order <= 0;
		j += order >= 0;
	}
}

/* Names begin with the second of delivery: ids are then given in that order. */
static gint by_arrival(gconstpointer a, gconstpointer b)
{
	const struct sync_file *x = a, *y = b;
	gint64 s = g_ascii_strtoll(x->file, NULL, 10), t = g_ascii_strtoll(y->file, NULL, 10);
	return s != t ? (s < t ? -1 : 1) : strcmp(x->file, y->file);
}

/* --- what is gone -------------------------------------------------------------- */

static bool newest_time(const char *path, int64_t times[2], GError **error)
{
	static const char *const parts[] = {"new", "cur"};
	for (int i = 0; i < 2; i++) {
		g_autofree char *part = g_build_filename(path, parts[i], NULL);
		struct stat st;
		if (stat(part, &st) != 0)
			return store_fail("stat", part, error);
		times[i] = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	}
	return true;
}

/* One scan; still: nothing changed in the meantime. A change within the same
 * tick of the clock would not show, so a directory that changed just now is
 * given the time of a tick. */
static GArray *scan_watched(GStringChunk *names, const char *path, bool *still, GError **error)
{
	int64_t before[2], after[2];
	if (!newest_time(path, before, error))
		return NULL;
	if (g_get_real_time() * 1000 - MAX(before[0], before[1]) < TICK)
		g_usleep(TICK / 1000);
	GArray *entries = list_files(names, path, error);
	if (!entries || !newest_time(path, after, error)) {
		g_clear_pointer(&entries, g_array_unref);
		return NULL;
	}
	*still = before[0] == after[0] && before[1] == after[1];
	return entries;
}

static void note_gone(struct sync_differences *d, GArray *entries, GArray *gone)
{
	for (guint i = 0; i < gone->len; i++) {
		const struct row *r = &g_array_index(gone, struct row, i);
		struct entry e = {r->base, strlen(r->base), false};
		if (!g_array_binary_search(entries, &e, by_base, NULL))
			g_array_append_val(d->gone, r->id);
	}
}

/* readdir() may miss a file that is renamed meanwhile, so a message that
 * was not seen is gone only when a second scan, during which neither new nor
 * cur changed, has not seen it either.  That scan is also the look-up by base
 * name in both. */
static bool confirm_gone(struct sync_differences *d, const char *path, GArray *gone,
	GError **error)
{
	d->unsure = gone->len > 0;
	for (int i = 0; d->unsure && i < QUIET_TRIES; i++) {
		bool still = false;
		g_autoptr(GArray) entries = scan_watched(d->names, path, &still, error);
		if (!entries)
			return false;
		if (!still)
			continue;
		note_gone(d, entries, gone);
		d->unsure = false;
	}
	return true;
}

bool sync_compare(struct index *ix, const struct sync_place *place, struct sync_differences *out,
	GError **error)
{
	memset(out, 0, sizeof *out);
	out->names = g_string_chunk_new(65536);
	out->added = g_array_new(FALSE, FALSE, sizeof(struct sync_file));
	out->changed = g_array_new(FALSE, FALSE, sizeof(struct sync_file));
	out->gone = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(struct row));
	g_autoptr(GArray) entries = list_files(out->names, place->path, error);
	g_autoptr(GArray) rows = entries ? list_rows(ix, out->names, place, error) : NULL;
	if (!rows)
		return false;
	merge(out, entries, rows, gone);
	g_array_sort(out->added, by_arrival);
	return confirm_gone(out, place->path, gone, error);
}

void sync_differences_clear(struct sync_differences *d)
{
	if (d->names)
		g_string_chunk_free(d->names);
	g_clear_pointer(&d->added, g_array_unref);
	g_clear_pointer(&d->changed, g_array_unref);
	g_clear_pointer(&d->gone, g_array_unref);
}
