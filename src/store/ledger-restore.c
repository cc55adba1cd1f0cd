/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "store/db.h"
#include "store/fail.h"
#include "store/ledger-copy.h"
#include "store/ledger.h"
#include "store/maildir.h"
#include "store/outbox-private.h"
#include "store/store-private.h"

struct restoring {
	struct store *store;
	struct ledger_restored *done;
	char *path, *copy, *fresh; /* the ledger, its copy, and what is put in place */
};

void ledger_restored_clear(struct ledger_restored *done)
{
	g_clear_pointer(&done->aside, g_free);
}

/* --- whether it may be done -------------------------------------------------------- */

/* Each connection holds these octets of the -shm as long as it is open (SQLite's
 * "dead man's switch"); what a program then writes would go into the ledger that was
 * moved away. */
static bool is_unused(const char *path, GError **error)
{
	enum { SHM_LOCKS = 120, SHM_LENGTH = 9 };
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SHM_LOCKS, .l_len = SHM_LENGTH};
	g_autofree char *shm = g_strconcat(path, "-shm", NULL);
	int fd = open(shm, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return true;
	bool used = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	close(fd);
	if (used)
		g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
			_("process %ld has the ledger open; end it, and try again"),
			(long)lock.l_pid);
	return !used;
}

/* A newer dewey's ledger is whole; only we cannot read it. */
static bool is_newer(sqlite3 *db)
{
	int64_t version = 0;
	return db_number(db, "PRAGMA user_version", 0, &version, NULL) &&
	       version > ledger_version();
}

static bool set_newer(const char *path, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
		_("the ledger '%s' is of a newer version; use the newer dewey that wrote it"),
		path);
	return false;
}

static bool refuse_newer(const char *path, GError **error)
{
	struct stat st;
	if (stat(path, &st) != 0 || st.st_size == 0)
		return true;
	g_autoptr(GError) why = NULL;
	sqlite3 *db = db_open(path, &why);
	bool newer = db && is_newer(db);
	sqlite3_close(db);
	if (newer)
		return set_newer(path, error);
	if (!why || g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED))
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* --- the outbox --------------------------------------------------------------------- */

static bool is_there(const struct restoring *r, const char *file)
{
	g_autofree char *outbox = store_own_path(r->store, "outbox");
	g_autofree char *path = g_build_filename(outbox, file, NULL);
	return access(path, F_OK) == 0;
}

/* Sent, or dropped, since the copy was made: their files went then. */
static bool forget_sent(struct restoring *r, sqlite3 *db, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT file FROM outbox WHERE state <> 5", error);
	g_autoptr(GPtrArray) files = stmt ? db_texts(stmt, error) : NULL;
	for (guint i = 0; files && i < files->len; i++)
		if (!is_there(r, files->pdata[i]) &&
			(!db_run(db, NULL, error,
				 "DELETE FROM recipient WHERE item IN"
				 " (SELECT id FROM outbox WHERE file = ?1)",
				 "s", files->pdata[i]) ||
				!db_run(db, NULL, error, "DELETE FROM outbox WHERE file = ?1", "s",
					files->pdata[i])))
			return false;
	return files != NULL;
}

/* They may have been sent, to some or to all, since the copy was made. */
static bool hold(struct restoring *r, sqlite3 *db, GError **error)
{
	return db_run(db, NULL, error,
		       "UPDATE recipient SET state = 0 WHERE state = 1 AND item IN"
		       " (SELECT id FROM outbox WHERE state IN (1, 2, 3))",
		       "") &&
	       db_run(db, &r->done->held, error,
		       "UPDATE outbox SET state = 0, error = ?1 WHERE state IN (1, 2, 3)", "s",
		       _("the ledger was put back from its copy; it may have been sent since"));
}

static bool has_table(sqlite3 *db, const char *name, bool *has, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT 1 FROM sqlite_schema WHERE name = ?1", error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", name);
	*has = db_row(stmt, &own);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* Of tables that a copy of an older version may lack.  Whoever forwards or notifies does
 * so once, and the copy does not know that it did.  A letter that was brought back from
 * Trash and went there again since has its whole time before it. */
static bool forget_due(sqlite3 *db, GError **error)
{
	bool due, trashed;
	return has_table(db, "filter_due", &due, error) &&
	       has_table(db, "trashed", &trashed, error) &&
	       (!due || db_exec(db, "DELETE FROM filter_due", error)) &&
	       (!trashed || db_run(db, NULL, error, "UPDATE trashed SET made = max(made, ?1)", "i",
				    clock_now()));
}

static GHashTable *named_files(sqlite3 *db, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, "SELECT file FROM outbox", error);
	return stmt ? db_text_set(stmt, error) : NULL;
}

/* A letter that no row names would be swept away some day.  Its draft, if there is one,
 * is what the editor wants. */
static bool keep_one(struct restoring *r, const char *file, GError **error)
{
	g_autofree char *draft = outbox_draft_path(file);
	g_autofree char *outbox = store_own_path(r->store, "outbox");
	g_autofree char *from = g_build_filename(outbox, is_there(r, draft) ? draft : file, NULL);
	g_autofree char *drafts = store_folder_path(r->store, FOLDER_DRAFTS, error);
	g_autofree char *unique = maildir_unique_name();
	g_autofree char *to = g_strconcat(drafts, "/cur/", unique, ":2,DS", NULL);
	if (rename(from, to) != 0)
		return store_fail("rename", from, error);
	r->done->drafts++;
	return maildir_sync(drafts, error);
}

static GPtrArray *outbox_files(const struct restoring *r)
{
	g_autofree char *outbox = store_own_path(r->store, "outbox");
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	DIR *dir = opendir(outbox);
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		struct stat st;
		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(st.st_mode))
			g_ptr_array_add(files, g_strdup(entry->d_name));
	}
	if (dir)
		closedir(dir);
	return files;
}

/* named: of the copy; NULL: there is none. */
static bool keep_letters(struct restoring *r, GHashTable *named, GError **error)
{
	g_autoptr(GPtrArray) files = outbox_files(r);
	g_autoptr(GHashTable) drafts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < files->len; i++)
		g_hash_table_add(drafts, outbox_draft_path(files->pdata[i]));
	for (guint i = 0; i < files->len; i++)
		if (!g_hash_table_contains(drafts, files->pdata[i]) &&
			!(named && g_hash_table_contains(named, files->pdata[i])) &&
			!keep_one(r, files->pdata[i], error))
			return false;
	return true;
}

/* --- putting it back ---------------------------------------------------------------- */

/* Nothing of the past may be done a second time by what is put back. */
static bool settle_rows(struct restoring *r, sqlite3 *db, GError **error)
{
	g_autoptr(GHashTable) named = NULL;
	return db_exec(db, "BEGIN IMMEDIATE", error) && forget_sent(r, db, error) &&
	       hold(r, db, error) && forget_due(db, error) &&
	       (named = named_files(db, error)) != NULL && keep_letters(r, named, error) &&
	       db_exec(db, "COMMIT", error);
}

/* The file that is put in place must be one, without a -wal. */
static bool settle(struct restoring *r, GError **error)
{
	sqlite3 *db = db_open(r->fresh, error);
	bool ok =
		db && settle_rows(r, db, error) && db_exec(db, "PRAGMA journal_mode=DELETE", error);
	sqlite3_close(db);
	return ok;
}

/* Read-only: db_open() would write to it. */
static bool read_copy(struct restoring *r, GError **error)
{
	sqlite3 *db = NULL;
	bool ok = sqlite3_open_v2(r->copy, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ==
			  SQLITE_OK ||
		  db_fail(db, _("open"), error);
	ok = ok && (!is_newer(db) || set_newer(r->copy, error)) && ledger_copy(db, r->fresh, error);
	sqlite3_close(db);
	return ok;
}

/* made: 0 if no copy is whole, which is no error. */
static bool take_copy(struct restoring *r, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct stat st;
	if (stat(r->copy, &st) != 0)
		return errno == ENOENT || store_fail("stat", r->copy, error);
	if (read_copy(r, &why)) {
		r->done->made = st.st_mtime;
		return true;
	}
	if (g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED))
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool move(const char *from, const char *to, GError **error)
{
	return rename(from, to) == 0 || errno == ENOENT || store_fail("rename", from, error);
}

/* The -wal first: left beside another ledger it would be replayed into that. */
static bool move_aside(struct restoring *r, GError **error)
{
	static const char *const ends[] = {"-wal", "-shm", "-journal", ""};
	g_autofree char *aside = NULL;
	for (int64_t when = clock_now(); !aside || access(aside, F_OK) == 0; when++) {
		g_free(aside);
		aside = g_strdup_printf("%s" LEDGER_DAMAGED "%" G_GINT64_FORMAT, r->path, when);
	}
	bool was = access(r->path, F_OK) == 0;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *from = g_strconcat(r->path, ends[i], NULL);
		g_autofree char *to = g_strconcat(aside, ends[i], NULL);
		if (!move(from, to, error))
			return false;
	}
	g_autofree char *no_copy = g_strconcat(aside, LEDGER_COPY, NULL);
	if (!r->done->made && !move(r->copy, no_copy, error))
		return false;
	r->done->aside = was ? g_steal_pointer(&aside) : NULL;
	return true;
}

static bool restore(struct restoring *r, GError **error)
{
	if (!is_unused(r->path, error) || !refuse_newer(r->path, error) || !take_copy(r, error))
		return false;
	bool ok = r->done->made ? settle(r, error) : keep_letters(r, NULL, error);
	ok = ok && move_aside(r, error) &&
	     (!r->done->made || rename(r->fresh, r->path) == 0 ||
		     store_fail("rename", r->path, error));
	return ok && store_adopt(fdio_sync_directory(r->store->own, error), error);
}

bool ledger_restore(struct store *s, struct ledger_restored *done, GError **error)
{
	struct restoring r = {.store = s, .done = done};
	*done = (struct ledger_restored){0};
	g_autoptr(store_lock) lock = store_lock_take(s, "ledger-copy", error);
	if (!lock)
		return false;
	g_clear_pointer(&s->ledger, ledger_free);
	r.path = store_own_path(s, LEDGER);
	r.copy = g_strconcat(r.path, LEDGER_COPY, NULL);
	r.fresh = g_strconcat(r.path, ".restored", NULL);
	bool ok = restore(&r, error);
	g_free(r.path);
	g_free(r.copy);
	g_free(r.fresh);
	return ok;
}
