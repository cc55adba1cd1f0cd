/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "store/digest.h"
#include "store/maildir.h"
#include "store/strays.h"

struct strays {
	struct store *store;
	GHashTable *sizes; /* size → GPtrArray of struct uid_row */
	guint count;
	/* While they are looked for: */
	int64_t since;
	GHashTable *bases; /* of rows that were read already, as far as they may be met */
	sqlite3_stmt *known;
	const char *folder, *path;
	GError *error;
};

static void add(struct strays *s, const char *base, int64_t size, int64_t arrived)
{
	struct uid_row *row = g_new0(struct uid_row, 1);
	GPtrArray *rows = g_hash_table_lookup(s->sizes, &size);
	row->folder = g_strdup(s->folder);
	row->base = g_strdup(base);
	row->size = size;
	row->stored = arrived;
	if (!rows) {
		rows = g_ptr_array_new_with_free_func((GDestroyNotify)uid_row_free);
		g_hash_table_insert(s->sizes, g_memdup2(&size, sizeof size), rows);
	}
	g_ptr_array_add(rows, row);
	s->count++;
}

/* Names of files are looked for among base names as they are. */
static guint base_hash(gconstpointer name)
{
	const char *at = name;
	uint64_t hash = 0, word;
	size_t left = maildir_base_length(at);
	for (; left >= sizeof word; at += sizeof word, left -= sizeof word) {
		memcpy(&word, at, sizeof word);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	for (; left > 0; at++, left--)
		hash = (hash ^ (uint8_t)*at) * 0x9e3779b97f4a7c15;
	return (guint)(hash >> 32);
}

static gboolean base_equal(gconstpointer a, gconstpointer b)
{
	size_t len = maildir_base_length(a);
	return len == maildir_base_length(b) && memcmp(a, b, len) == 0;
}

static bool has_row(struct strays *s, const char *base)
{
	db_bind(s->known, "s", base);
	bool known = db_row(s->known, &s->error);
	sqlite3_reset(s->known);
	return known;
}

static bool found(const char *file, bool in_new, void *data)
{
	struct strays *s = data;
	struct stat st;
	if (g_hash_table_contains(s->bases, file))
		return true;
	int64_t arrived = g_ascii_strtoll(file, NULL, 10);
	if (s->since && arrived < s->since)
		return true;
	g_autofree char *base = maildir_base(file);
	if (has_row(s, base))
		return true;
	g_autofree char *path = g_build_filename(s->path, in_new ? "new" : "cur", file, NULL);
	if (lstat(path, &st) == 0)
		add(s, base, (int64_t)st.st_size, arrived);
	return !s->error;
}

static bool look(struct strays *s, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(s->store, error);
	for (guint i = 0; folders && i < folders->len; i++) {
		g_autofree char *path = store_folder_path(s->store, folders->pdata[i], error);
		s->folder = folders->pdata[i];
		s->path = path;
		if (!path || !maildir_scan(path, found, s, error))
			return false;
	}
	if (!s->error)
		return folders != NULL;
	g_propagate_error(error, g_steal_pointer(&s->error));
	return false;
}

/* What was stored before since is passed over by its name. */
static GHashTable *bases_of(const GPtrArray *rows, int64_t since)
{
	GHashTable *bases = g_hash_table_new(base_hash, base_equal);
	for (guint i = 0; i < rows->len; i++) {
		const struct uid_row *row = rows->pdata[i];
		if (row->stored >= since)
			g_hash_table_add(bases, row->base);
	}
	return bases;
}

struct strays *strays_find(
	struct store *where, const GPtrArray *known, int64_t since, GError **error)
{
	g_autoptr(strays) s = g_new0(struct strays, 1);
	struct ledger *l = store_ledger(where, error);
	s->store = where;
	s->since = since;
	s->bases = bases_of(known, since);
	s->sizes = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	s->known = l ? db_prepare(ledger_db(l), "SELECT 1 FROM uid WHERE base = ?1", error) : NULL;
	bool ok = s->known && look(s, error);
	g_clear_pointer(&s->known, sqlite3_finalize);
	g_clear_pointer(&s->bases, g_hash_table_unref);
	return ok ? g_steal_pointer(&s) : NULL;
}

void strays_free(struct strays *s)
{
	if (!s)
		return;
	g_hash_table_unref(s->sizes);
	sqlite3_finalize(s->known);
	g_clear_pointer(&s->bases, g_hash_table_unref);
	g_clear_error(&s->error);
	g_free(s);
}

guint strays_count(const struct strays *s)
{
	return s->count;
}

bool strays_has_size(const struct strays *s, int64_t size)
{
	return g_hash_table_contains(s->sizes, &size);
}

static void make_digest(const struct strays *s, struct uid_row *row)
{
	int64_t size;
	g_autofree char *path = store_folder_path(s->store, row->folder, NULL);
	int fd = path ? maildir_open(path, row->base, NULL, NULL, NULL) : -1;
	if (fd < 0 || !digest_file(fd, &size, row->sha256, NULL))
		g_strlcpy(row->sha256, "?", sizeof row->sha256);
	if (fd >= 0)
		close(fd);
}

struct uid_row *strays_take(struct strays *s, int64_t size, const char *sha256)
{
	GPtrArray *rows = g_hash_table_lookup(s->sizes, &size);
	for (guint i = 0; rows && i < rows->len; i++) {
		struct uid_row *row = rows->pdata[i];
		if (!row->sha256[0])
			make_digest(s, row);
		if (strcmp(row->sha256, sha256) == 0) {
			s->count--;
			return g_ptr_array_steal_index_fast(rows, i);
		}
	}
	return NULL;
}
