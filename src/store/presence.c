/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/digest.h"
#include "store/ledger.h"
#include "store/maildir.h"
#include "store/mounts.h"
#include "store/presence.h"

struct look {
	struct store *store;
	GHashTable *missing;  /* base → struct uid_row: not found yet outside of Trash */
	GHashTable *in_trash; /* the same rows, as far as Trash has them */
	GHashTable *sizes;    /* by content: size → GPtrArray of struct uid_row */
	const char *folder, *path;
	bool is_trash;
	int64_t letters;
	GArray *moved; /* of struct uid_row: id, and folder and base where it was found */
};

static bool each_folder(struct look *k, maildir_found found, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(k->store, error);
	for (guint i = 0; folders && i < folders->len; i++) {
		g_autofree char *path = store_folder_path(k->store, folders->pdata[i], error);
		k->folder = folders->pdata[i];
		k->path = path;
		k->is_trash = strcmp(k->folder, FOLDER_TRASH) == 0;
		if (!path || !maildir_scan(path, found, k, error))
			return false;
	}
	return folders != NULL;
}

static void moved_clear(void *data)
{
	struct uid_row *row = data;
	g_free(row->folder);
	g_free(row->base);
}

static void note_place(struct look *k, const struct uid_row *row, const char *base)
{
	struct uid_row moved = {
		.id = row->id, .folder = g_strdup(k->folder), .base = g_strdup(base)};
	g_array_append_val(k->moved, moved);
}

static bool found_name(const char *file, bool in_new, void *data)
{
	struct look *k = data;
	g_autofree char *base = maildir_base(file);
	struct uid_row *row = g_hash_table_lookup(k->missing, base);
	k->letters++;
	if (row && k->is_trash)
		g_hash_table_add(k->in_trash, row);
	if (!row || k->is_trash)
		return true;
	/* That its folder is not there some day says nothing about the letter. */
	if (strcmp(row->folder, k->folder) != 0)
		note_place(k, row, base);
	g_hash_table_remove(k->missing, base);
	return true;
}

/* Twice, because a letter may be moved while we look. */
static bool look_by_name(struct look *k, GError **error)
{
	if (!each_folder(k, found_name, error))
		return false;
	int64_t letters = k->letters;
	bool ok = g_hash_table_size(k->missing) == g_hash_table_size(k->in_trash) ||
		  each_folder(k, found_name, error);
	k->letters = letters;
	return ok;
}

/* --- by content ------------------------------------------------------------------ */

static void sort_by_size(struct look *k)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, k->missing);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct uid_row *row = value;
		if (g_hash_table_contains(k->in_trash, row))
			continue;
		GPtrArray *rows = g_hash_table_lookup(k->sizes, &row->size);
		if (!rows) {
			rows = g_ptr_array_new();
			g_hash_table_insert(k->sizes, &row->size, rows);
		}
		g_ptr_array_add(rows, row);
	}
}

static void compare(struct look *k, const char *file, bool in_new, GPtrArray *rows)
{
	char sha256[65];
	int64_t size;
	g_autofree char *base = maildir_base(file);
	struct maildir_place place = {in_new, (char *)file};
	int fd = maildir_open(k->path, base, &place, NULL, NULL);
	bool read = fd >= 0 && digest_file(fd, &size, sha256, NULL);
	for (guint i = 0; read && i < rows->len; i++) {
		struct uid_row *row = rows->pdata[i];
		if (strcmp(row->sha256, sha256) != 0)
			continue;
		if (k->is_trash)
			g_hash_table_add(k->in_trash, row);
		else
			g_hash_table_remove(k->missing, row->base);
		note_place(k, row, base);
		g_ptr_array_remove_index_fast(rows, i);
		break;
	}
	if (fd >= 0)
		close(fd);
}

static bool found_size(const char *file, bool in_new, void *data)
{
	struct look *k = data;
	struct stat st;
	g_autofree char *path = g_build_filename(k->path, in_new ? "new" : "cur", file, NULL);
	int64_t size = lstat(path, &st) == 0 ? (int64_t)st.st_size : -1;
	GPtrArray *rows = g_hash_table_lookup(k->sizes, &size);
	if (rows && rows->len > 0)
		compare(k, file, in_new, rows);
	return true;
}

static bool look_by_content(struct look *k, GError **error)
{
	k->sizes = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	sort_by_size(k);
	bool ok = g_hash_table_size(k->sizes) == 0 || each_folder(k, found_size, error);
	g_hash_table_unref(k->sizes);
	return ok;
}

/* One transaction: each would wait for the disk. */
static bool write_places(struct look *k, GError **error)
{
	struct ledger *l = k->moved->len > 0 ? store_ledger(k->store, error) : NULL;
	bool ok = l && ledger_begin(l, error);
	if (!ok)
		return k->moved->len == 0;
	for (guint i = 0; ok && i < k->moved->len; i++)
		ok = uids_moved(l, &g_array_index(k->moved, struct uid_row, i), error);
	if (ok)
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* --- the result ------------------------------------------------------------------ */

/* A folder that is not there says nothing about what lay in it. */
static bool folder_is_there(const struct look *k, const struct uid_row *row)
{
	g_autofree char *path = store_folder_path(k->store, row->folder, NULL);
	return path && maildir_is(path);
}

static bool is_whole(struct look *k, bool *whole, GError **error)
{
	bool away;
	g_autoptr(GPtrArray) folders = store_folders(k->store, error);
	if (!folders || !mounts_look(k->store, folders, &away, error))
		return false;
	*whole = !away && store_is_readable(k->store);
	return true;
}

static bool sum_up(struct look *k, struct presence *presence, GError **error)
{
	GHashTableIter iter;
	gpointer value;
	bool whole;
	/* What lies in a folder that cannot be read, or is away, is not gone. */
	if (!is_whole(k, &whole, error))
		return false;
	g_hash_table_iter_init(&iter, k->missing);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct uid_row *row = value;
		bool trashed = g_hash_table_contains(k->in_trash, row);
		if (!trashed && !(whole && folder_is_there(k, row)))
			continue;
		g_hash_table_add(trashed ? presence->trashed : presence->gone,
			g_memdup2(&row->id, sizeof row->id));
	}
	presence->letters = k->letters;
	return true;
}

bool presence_look(
	struct store *s, const GPtrArray *rows, struct presence *presence, GError **error)
{
	struct look k = {.store = s};
	*presence = (struct presence){
		.trashed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
		.gone = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
	};
	k.missing = g_hash_table_new(g_str_hash, g_str_equal);
	k.in_trash = g_hash_table_new(NULL, NULL);
	k.moved = g_array_new(FALSE, FALSE, sizeof(struct uid_row));
	g_array_set_clear_func(k.moved, moved_clear);
	for (guint i = 0; i < rows->len; i++) {
		struct uid_row *row = rows->pdata[i];
		g_hash_table_insert(k.missing, row->base, row);
	}
	bool ok = look_by_name(&k, error) && look_by_content(&k, error) &&
		  write_places(&k, error) && sum_up(&k, presence, error);
	g_hash_table_unref(k.missing);
	g_hash_table_unref(k.in_trash);
	g_array_unref(k.moved);
	return ok;
}

void presence_clear(struct presence *presence)
{
	g_clear_pointer(&presence->trashed, g_hash_table_unref);
	g_clear_pointer(&presence->gone, g_hash_table_unref);
}

bool presence_stamp(struct store *s, int64_t *stamp, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(s, error);
	uint64_t mixed = folders ? folders->len : 0;
	for (guint i = 0; folders && i < folders->len; i++) {
		int64_t one;
		g_autofree char *path = store_folder_path(s, folders->pdata[i], error);
		if (!path || !maildir_stamp(path, &one, error))
			return false;
		mixed = mixed * 1000003 ^ (uint64_t)one ^ g_str_hash(folders->pdata[i]);
	}
	*stamp = mixed ? (int64_t)mixed : 1;
	return folders != NULL;
}
