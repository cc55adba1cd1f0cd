/* SPDX-License-Identifier: MIT
 *
 * After a crash: what became of the letters whose rows are FETCHING, and the
 * rubbish in tmp. */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "store/db.h"
#include "store/delivery.h"
#include "store/digest.h"
#include "store/fail.h"
#include "store/preview.h"
#include "store/uids-private.h"

enum { RUBBISH_AGE = 36 * 3600 };

struct recovery {
	struct store *store;
	struct ledger *ledger;
	int64_t maildrop;
	GPtrArray *rows;    /* FETCHING */
	GHashTable *wanted; /* base → struct uid_row, of rows; resolved ones leave */
	GHashTable *synced; /* paths of folders to be synced: something was found, or removed */
	const char *path;   /* of the folder that is scanned */
};

static bool matches(const struct uid_row *row, int fd)
{
	char sha256[65];
	int64_t size;
	return digest_file(fd, &size, sha256, NULL) && size == row->size &&
	       strcmp(sha256, row->sha256) == 0;
}

static void resolve(struct recovery *r, struct uid_row *row)
{
	row->state = UID_STORED;
	g_hash_table_remove(r->wanted, row->base);
	g_hash_table_add(r->synced, g_strdup(r->path));
}

static bool look_at(const char *file, bool in_new, void *data)
{
	struct recovery *r = data;
	g_autofree char *base = maildir_base(file);
	struct uid_row *row = g_hash_table_lookup(r->wanted, base);
	if (!row)
		return true;
	struct maildir_place place = {in_new, (char *)file};
	int fd = maildir_open(r->path, base, &place, NULL, NULL);
	if (fd < 0)
		return true;
	if (matches(row, fd))
		resolve(r, row);
	close(fd);
	return g_hash_table_size(r->wanted) > 0;
}

/* All folders, because a letter may have been moved since, and twice, because
 * it may be moved while we look. */
static bool look_in_folders(struct recovery *r, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(r->store, error);
	for (guint round = 0; folders && round < 2; round++)
		for (guint i = 0; i < folders->len && g_hash_table_size(r->wanted) > 0; i++) {
			g_autofree char *path =
				store_folder_path(r->store, folders->pdata[i], error);
			r->path = path;
			if (!path || !maildir_scan(path, look_at, r, error))
				return false;
		}
	return folders != NULL;
}

/* The crash came before the rename: the file is whole, since its row was
 * written after its fsync, and is put where it was going.  A shortage does not say
 * that it is not there, and its server may not give it out again (P-62). */
static bool finish_rename(struct recovery *r, struct uid_row *row, GError **error)
{
	g_autofree char *path = store_folder_path(r->store, row->folder, error);
	g_autofree char *spooled = path ? g_build_filename(path, "tmp", row->base, NULL) : NULL;
	g_autofree char *target = path ? g_build_filename(path, "new", row->base, NULL) : NULL;
	if (!path)
		return false;
	int fd = open(spooled, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return !fdio_is_shortage(errno) || store_fail("open", spooled, error);
	bool whole = matches(row, fd);
	close(fd);
	if (!whole)
		return true;
	if (rename(spooled, target) != 0)
		return store_fail("rename", spooled, error);
	r->path = path;
	resolve(r, row);
	return true;
}

static bool look_in_tmp(struct recovery *r, GError **error)
{
	for (guint i = 0; i < r->rows->len; i++) {
		struct uid_row *row = r->rows->pdata[i];
		if (row->state == UID_FETCHING && !finish_rename(r, row, error))
			return false;
	}
	return true;
}

/* Found is not yet durable: the crash may have come before step 5. */
static bool sync_found(struct recovery *r, GError **error)
{
	GHashTableIter iter;
	gpointer path;
	g_hash_table_iter_init(&iter, r->synced);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (!maildir_sync(path, error))
			return false;
	g_hash_table_remove_all(r->synced);
	return true;
}

/* The letter that was to complete a preview did not come: the preview stays. */
static bool has_preview(const struct recovery *r, const struct uid_row *row)
{
	struct maildir_place place = {0};
	g_autofree char *folder = preview_find(r->store, row->folder, row->base, &place, NULL);
	maildir_place_clear(&place);
	return folder != NULL;
}

static bool write_row(struct recovery *r, const struct uid_row *row, GError **error)
{
	sqlite3 *db = ledger_db(r->ledger);
	if (row->state == UID_STORED)
		return preview_remove(r->store, row->folder, row->base, r->synced, error) &&
		       db_run(db, NULL, error,
			       "UPDATE uid SET state = 1, stored = ?1 WHERE id = ?2", "ii",
			       clock_now(), row->id);
	if (has_preview(r, row))
		return db_run(db, NULL, error, "UPDATE uid SET state = ?1 WHERE id = ?2", "ii",
			(int64_t)UID_PREVIEW, row->id);
	return db_run(db, NULL, error, "DELETE FROM uid WHERE id = ?1", "i", row->id);
}

static bool write_rows(struct recovery *r, GError **error)
{
	bool ok = ledger_begin(r->ledger, error);
	for (guint i = 0; ok && i < r->rows->len; i++)
		ok = write_row(r, r->rows->pdata[i], error);
	if (ok && sync_found(r, error))
		return ledger_commit(r->ledger, error);
	ledger_rollback(r->ledger);
	return false;
}

static bool resolve_rows(struct recovery *r, GError **error)
{
	for (guint i = 0; i < r->rows->len; i++) {
		struct uid_row *row = r->rows->pdata[i];
		g_hash_table_insert(r->wanted, row->base, row);
	}
	return r->rows->len == 0 || (look_in_folders(r, error) && look_in_tmp(r, error) &&
					    sync_found(r, error) && write_rows(r, error));
}

/* --- rubbish ------------------------------------------------------------------ */

/* The bases that rows of any account still need. */
static GHashTable *needed_bases(struct ledger *l, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT base FROM uid WHERE state = 0", error);
	return stmt ? db_text_set(stmt, error) : NULL;
}

/* What cannot be removed now is rubbish another day: no error. */
static void sweep(const char *tmp, GHashTable *needed)
{
	DIR *dir = opendir(tmp);
	struct dirent *entry;
	struct stat st;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !g_hash_table_contains(needed, entry->d_name) &&
			fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(st.st_mode) && st.st_mtime < clock_now() - RUBBISH_AGE)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static bool sweep_all(struct recovery *r, GError **error)
{
	g_autoptr(GHashTable) needed = needed_bases(r->ledger, error);
	g_autoptr(GPtrArray) folders = needed ? store_folders(r->store, error) : NULL;
	for (guint i = 0; folders && i < folders->len; i++) {
		g_autofree char *tmp =
			g_build_filename(store_root(r->store), folders->pdata[i], "tmp", NULL);
		g_autofree char *other = g_build_filename(
			store_root(r->store), ".dewey/preview", folders->pdata[i], "tmp", NULL);
		sweep(tmp, needed);
		sweep(other, needed);
	}
	if (!folders)
		return false;
	g_autofree char *own = g_build_filename(store_root(r->store), ".dewey", "tmp", NULL);
	sweep(own, needed);
	return true;
}

bool delivery_recover(struct store *s, const char *account, GError **error)
{
	struct recovery r = {.store = s, .ledger = store_ledger(s, error)};
	r.maildrop = r.ledger ? uids_maildrop(r.ledger, account, error) : 0;
	r.rows = r.maildrop ? uids_fetching(r.ledger, r.maildrop, error) : NULL;
	if (!r.rows)
		return false;
	r.wanted = g_hash_table_new(g_str_hash, g_str_equal);
	r.synced = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	bool ok = resolve_rows(&r, error) && preview_recover(s, error) && sweep_all(&r, error);
	g_hash_table_unref(r.wanted);
	g_hash_table_unref(r.synced);
	g_ptr_array_unref(r.rows);
	return ok;
}
