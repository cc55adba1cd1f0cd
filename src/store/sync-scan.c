/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"
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

/* One comparison.  A million names are a hundred megabytes, and nearly all of them are
 * as the index has them: so of each file there is only a number made of its name, in
 * order, while the rows pass by.  Names are kept of what is left. */
struct comparing {
	struct index *ix;
	const struct sync_place *place;
	struct sync_differences *out;
	struct sha256_sum *sum;
	GArray *prints;  /* of uint64_t; the last bit: a row has this name */
	guint met;       /* how many have */
	GArray *rows;    /* of struct row: those whose name is not there */
	GArray *entries; /* of struct entry: those that no row has */
};

int64_t sync_arrived(const char *file, int64_t mtime)
{
	gint64 seconds = g_ascii_strtoll(file, NULL, 10);
	bool plausible = seconds > 631152000 && seconds < 4102444800;
	return plausible ? seconds : mtime;
}

/* --- names as numbers ---------------------------------------------------------- */

enum { MET = 1 };

static uint64_t print_of(struct comparing *c, const char *base, const char *info, bool is_new)
{
	uint8_t digest[SHA256_LENGTH];
	uint64_t print;
	sha256_reset(c->sum);
	sha256_update(c->sum, is_new ? "n" : "c", 1);
	sha256_update(c->sum, base, strlen(base));
	sha256_update(c->sum, info, strlen(info));
	sha256_finish(c->sum, digest);
	memcpy(&print, digest, sizeof print);
	return print & ~(uint64_t)MET;
}

static bool note_print(const char *file, bool in_new, void *data)
{
	struct comparing *c = data;
	uint64_t print = print_of(c, file, "", in_new);
	g_array_append_val(c->prints, print);
	return true;
}

/* In place, where qsort() takes the same memory again; what is sorted is as good as
 * random. */
static void sort_prints(uint64_t *p, size_t n)
{
	while (n > 1) {
		uint64_t pivot = p[(n - 1) / 2];
		size_t i = 0, j = n - 1;
		for (;; i++, j--) {
			while (p[i] < pivot)
				i++;
			while (p[j] > pivot)
				j--;
			if (i >= j)
				break;
			uint64_t swap = p[i];
			p[i] = p[j];
			p[j] = swap;
		}
		sort_prints(p, j + 1);
		p += j + 1;
		n -= j + 1;
	}
}

static uint64_t *find_print(struct comparing *c, uint64_t print)
{
	uint64_t *all = (uint64_t *)(void *)c->prints->data;
	guint lo = 0, hi = c->prints->len;
	while (lo < hi) {
		guint mid = lo + (hi - lo) / 2;
		if ((all[mid] & ~(uint64_t)MET) < print)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->prints->len && (all[lo] & ~(uint64_t)MET) == print ? &all[lo] : NULL;
}

static bool list_prints(struct comparing *c, GError **error)
{
	if (!maildir_scan(c->place->path, note_print, c, error))
		return false;
	uint64_t *all = (uint64_t *)(void *)c->prints->data;
	guint n = 0;
	sort_prints(all, c->prints->len);
	for (guint i = 0; i < c->prints->len; i++)
		if (n == 0 || all[n - 1] != all[i])
			all[n++] = all[i];
	g_array_set_size(c->prints, n);
	return true;
}

/* --- the rows ------------------------------------------------------------------ */

static void note_row(struct comparing *c, sqlite3_stmt *stmt)
{
	GStringChunk *names = c->out->names;
	const char *base = (const char *)sqlite3_column_text(stmt, 1);
	const char *info = (const char *)sqlite3_column_text(stmt, 2);
	bool is_new = sqlite3_column_int(stmt, 3) & STATE_NEW;
	uint64_t *print = find_print(c, print_of(c, base, info, is_new));
	if (print) {
		c->met += !(*print & MET);
		*print |= MET;
		return;
	}
	struct row r = {sqlite3_column_int64(stmt, 0), g_string_chunk_insert(names, base),
		g_string_chunk_insert(names, info), is_new};
	g_array_append_val(c->rows, r);
}

static gint row_by_base(gconstpointer a, gconstpointer b)
{
	const struct row *x = a, *y = b;
	return strcmp(x->base, y->base);
}

static bool list_rows(struct comparing *c, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(c->ix,
		c->place->partial ? "SELECT id, base, info, state FROM message"
				    " WHERE folder = ? AND (state & 8) <> 0"
				  : "SELECT id, base, info, state FROM message"
				    " WHERE folder = ? AND (state & 8) = 0",
		error);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, c->place->folder);
	while (db_row(stmt, &own))
		note_row(c, stmt);
	sqlite3_reset(stmt);
	g_array_sort(c->rows, row_by_base);
	if (!own)
		return true;
	g_propagate_error(error, own);
	return false;
}

/* --- the files that no row has ------------------------------------------------- */

/* A name that was not there a moment ago is left to the next look. */
static bool note_file(const char *file, bool in_new, void *data)
{
	struct comparing *c = data;
	const uint64_t *print = find_print(c, print_of(c, file, "", in_new));
	if (!print || (*print & MET))
		return true;
	struct entry e = {
		g_string_chunk_insert(c->out->names, file), maildir_base_length(file), in_new};
	g_array_append_val(c->entries, e);
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

static bool list_files(struct comparing *c, GError **error)
{
	if (c->met == c->prints->len)
		return true;
	if (!maildir_scan(c->place->path, note_file, c, error))
		return false;
	g_array_sort(c->entries, by_base);
	drop_doubles(c->entries);
	return true;
}

/* --- comparing ----------------------------------------------------------------- */

/* The row of a letter that was seen under two names, one of which it has; 0: none. */
static bool find_row(struct comparing *c, const struct entry *e, int64_t *id, GError **error)
{
	*id = 0;
	if (c->met == 0)
		return true;
	g_autofree char *base = g_strndup(e->file, e->base_len);
	return index_number(c->ix, 0, id, error,
		"SELECT id FROM message WHERE folder = ? AND base = ? AND ((state & 8) <> 0) = ?",
		"isi", c->place->folder, base, (int64_t)c->place->partial);
}

static bool note_entry(struct comparing *c, const struct entry *e, int64_t id, GError **error)
{
	if (!id && !find_row(c, e, &id, error))
		return false;
	struct sync_file f = {e->file, id, e->is_new};
	g_array_append_val(id ? c->out->changed : c->out->added, f);
	return true;
}

static bool merge(struct comparing *c, GArray *gone, GError **error)
{
	guint i = 0, j = 0;
	while (i < c->entries->len || j < c->rows->len) {
		const struct entry *e =
			i < c->entries->len ? &g_array_index(c->entries, struct entry, i) : NULL;
		const struct row *r =
			j < c->rows->len ? &g_array_index(c->rows, struct row, j) : NULL;
		int order = !e   ? 1
			    : !r ? -1
				 : compare_bases(e->file, e->base_len, r->base, strlen(r->base));
		if (order <= 0 && !note_entry(c, e, order == 0 ? r->id : 0, error))
			return false;
		if (order > 0)
			g_array_append_val(gone, *r);
		i += order <= 0;
		j += order >= 0;
	}
	return true;
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

static bool is_there(const char *file, bool in_new, void *data)
{
	GHashTable *gone = data;
	g_autofree char *base = g_strndup(file, maildir_base_length(file));
	g_hash_table_remove(gone, base);
	return true;
}

/* One scan, which takes what it finds out of gone; still: nothing changed in the
 * meantime. A change within the same tick of the clock would not show, so a directory
 * that changed just now is given the time of a tick. */
static bool scan_watched(const char *path, GHashTable *gone, bool *still, GError **error)
{
	int64_t before[2], after[2];
	if (!newest_time(path, before, error))
		return false;
	if (g_get_real_time() * 1000 - MAX(before[0], before[1]) < TICK)
		g_usleep(TICK / 1000);
	if (!maildir_scan(path, is_there, gone, error) || !newest_time(path, after, error))
		return false;
	*still = before[0] == after[0] && before[1] == after[1];
	return true;
}

static GHashTable *bases_of(const GArray *gone)
{
	GHashTable *bases = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < gone->len; i++) {
		const struct row *r = &g_array_index(gone, struct row, i);
		g_hash_table_insert(bases, (gpointer)r->base, (gpointer)r);
	}
	return bases;
}

static void note_gone(struct sync_differences *d, GHashTable *bases)
{
	GHashTableIter iter;
	gpointer r;
	g_hash_table_iter_init(&iter, bases);
	while (g_hash_table_iter_next(&iter, NULL, &r))
		g_array_append_val(d->gone, ((const struct row *)r)->id);
}

/* readdir() may miss a file that is renamed meanwhile, so a message that
 * was not seen is gone only when a second scan, during which neither new nor
 * cur changed, has not seen it either.  That scan is also the look-up by base
 * name in both. */
static bool confirm_gone(struct sync_differences *d, const char *path, GArray *gone, GError **error)
{
	d->unsure = gone->len > 0;
	for (int i = 0; d->unsure && i < QUIET_TRIES; i++) {
		bool still = false;
		g_autoptr(GHashTable) bases = bases_of(gone);
		if (!scan_watched(path, bases, &still, error))
			return false;
		if (!still)
			continue;
		note_gone(d, bases);
		d->unsure = false;
	}
	return true;
}

static bool compare(struct comparing *c, GArray *gone, GError **error)
{
	if (!list_prints(c, error) || !list_rows(c, error) || !list_files(c, error) ||
		!merge(c, gone, error))
		return false;
	g_array_sort(c->out->added, by_arrival);
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
	g_autoptr(sha256_sum) sum = sha256_new();
	g_autoptr(GArray) prints = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(struct row));
	struct comparing c = {ix, place, out, sum, prints, 0, rows, entries};
	bool ok = compare(&c, gone, error);
	/* Not held while the directory is read once more, or letters are. */
	g_clear_pointer(&prints, g_array_unref);
	return ok && confirm_gone(out, place->path, gone, error);
}

void sync_differences_clear(struct sync_differences *d)
{
	if (d->names)
		g_string_chunk_free(d->names);
	g_clear_pointer(&d->added, g_array_unref);
	g_clear_pointer(&d->changed, g_array_unref);
	g_clear_pointer(&d->gone, g_array_unref);
}
