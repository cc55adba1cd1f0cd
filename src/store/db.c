/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/db.h"
#include "store/fail.h"
#include "store/ledger-copy.h"

enum { BUSY_MILLISECONDS = 10000 };

/* From linux/magic.h, which not every system has. */
static bool is_network(const char *path)
{
	static const unsigned long magics[] = {
		0x6969 /* NFS */, 0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */, 0x517b /* SMB */};
	struct statfs fs;
	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
		if (((unsigned long)fs.f_type & 0xffffffffUL) == magics[i])
			return true;
	return false;
}

/* SQLite would make the file by the umask; the -wal and -shm files get the
 * mode of the database.  The file is made under another name and linked: to
 * open and close the database itself would drop the locks that another
 * connection of this process holds on it, as POSIX has it, and another process
 * would then take the -wal away from under our feet. */
static bool make_private(const char *path, GError **error)
{
	if (access(path, F_OK) == 0)
		return true;
	g_autofree char *temp = g_strconcat(path, ".XXXXXX", NULL);
	int fd = g_mkstemp_full(temp, O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fail("open", temp, error);
	close(fd);
	bool ok = link(temp, path) == 0 || errno == EEXIST;
	/* Where there are no links: the second program to start at the very same
	 * moment is the price. */
	ok = ok || rename(temp, path) == 0 || store_fail("rename", path, error);
	unlink(temp);
	return ok;
}

static bool is_full(const char *path)
{
	struct statvfs fs;
	g_autofree char *dir = g_path_get_dirname(path);
	return statvfs(dir, &fs) == 0 && (fs.f_bavail == 0 || (fs.f_files && !fs.f_favail));
}

static bool is_shortage(sqlite3 *db, int code)
{
	return (code == SQLITE_CANTOPEN || code == SQLITE_IOERR) &&
	       fdio_is_shortage(sqlite3_system_errno(db));
}

/* "unable to open database file" is not what helps somebody whose disk is full,
 * or who has too many files open; nor "database is locked". */
static const char *reason(sqlite3 *db, const char *path, int code)
{
	bool file = code == SQLITE_CANTOPEN || code == SQLITE_IOERR;
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return _("another program has it locked; try again when that has ended");
	if (code == SQLITE_FULL || (file && is_full(path)))
		return g_strerror(ENOSPC);
	if (is_shortage(db, code))
		return g_strerror(sqlite3_system_errno(db));
	return sqlite3_errmsg(db);
}

bool db_is_gone(sqlite3 *db)
{
	int moved = 0;
	return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
	       moved;
}

static void note_damage(sqlite3 *db, const char *path)
{
	if (!g_str_has_suffix(path, G_DIR_SEPARATOR_S DB_CACHE) || db_is_gone(db))
		return;
	g_autofree char *mark = g_strconcat(path, DB_DAMAGED, NULL);
	int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		close(fd);
}

bool db_fail(sqlite3 *db, const char *doing, GError **error)
{
	int code = sqlite3_errcode(db) & 0xff, is = STORE_ERROR_DISK;
	const char *name = sqlite3_db_filename(db, "main"), *path = name ? name : "";
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		is = STORE_ERROR_BUSY;
	else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		is = STORE_ERROR_DAMAGED;
	else if (code == SQLITE_INTERRUPT)
		is = STORE_ERROR_CANCELLED;
	else if (is_shortage(db, code))
		is = STORE_ERROR_SYSTEM;
	if (is == STORE_ERROR_DAMAGED)
		note_damage(db, path);
	if (is == STORE_ERROR_DAMAGED && g_str_has_suffix(path, G_DIR_SEPARATOR_S LEDGER))
		g_set_error(error, STORE_ERROR, is,
			_("the ledger '%s' is damaged: %s; put its copy in its place with: dewey "
			  "fsck --repair"),
			path, reason(db, path, code));
	else
		/* TRANSLATORS: what was tried ("open"), a file name, SQLite's reason */
		g_set_error(error, STORE_ERROR, is, _("%s '%s': %s"), doing, path,
			reason(db, path, code));
	return false;
}

/* The switch to WAL wants the file for itself for a moment, and SQLite does
 * not call the busy handler where two processes that do the same would wait
 * for each other. */
static bool set_journal(sqlite3 *db, const char *sql, GError **error)
{
	for (int waited = 0; waited < BUSY_MILLISECONDS; waited += 20) {
		int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
		if (code == SQLITE_OK)
			return true;
		if ((code & 0xff) != SQLITE_BUSY)
			break;
		sqlite3_sleep(20);
	}
	return db_fail(db, _("open"), error);
}

/* Nobody asks how much memory SQLite uses, and counting takes a lock for each
 * piece of it.  Refused, and no harm, where SQLite is in use already. */
static void count_no_memory(void)
{
	static gsize done;
	if (g_once_init_enter(&done)) {
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		g_once_init_leave(&done, 1);
	}
}

sqlite3 *db_open(const char *path, GError **error)
{
	sqlite3 *db = NULL;
	count_no_memory();
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	const char *journal = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL";
	if (!make_private(path, error))
		return NULL;
	if (is_network(path))
		journal = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA";
	bool ok = sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK ||
		  db_fail(db, _("open"), error);
	if (ok) {
		sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
		ok = set_journal(db, journal, error);
	}
	if (!ok)
		sqlite3_close(g_steal_pointer(&db));
	return db;
}

bool db_exec(sqlite3 *db, const char *sql, GError **error)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       db_fail(db, _("write"), error);
}

sqlite3_stmt *db_prepare(sqlite3 *db, const char *sql, GError **error)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		db_fail(db, _("read"), error);
	return stmt;
}

bool db_done(sqlite3_stmt *stmt, GError **error)
{
	int code = sqlite3_step(stmt);
	bool ok = code == SQLITE_DONE || code == SQLITE_ROW ||
		  db_fail(sqlite3_db_handle(stmt), _("write"), error);
	sqlite3_reset(stmt);
	return ok;
}

bool db_row(sqlite3_stmt *stmt, GError **error)
{
	int code = sqlite3_step(stmt);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		db_fail(sqlite3_db_handle(stmt), _("read"), error);
	return code == SQLITE_ROW;
}

static void bind_bytes(sqlite3_stmt *stmt, int at, GBytes *bytes)
{
	gsize len = 0;
	const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;
	if (data)
		sqlite3_bind_blob64(stmt, at, data, len, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, at);
}

void db_bind_list(sqlite3_stmt *stmt, const char *types, va_list args)
{
	for (int at = 1; types[at - 1] != '\0'; at++)
		switch (types[at - 1]) {
		case 'i':
			sqlite3_bind_int64(stmt, at, va_arg(args, int64_t));
			break;
		case 's':
			sqlite3_bind_text(stmt, at, va_arg(args, const char *), -1, SQLITE_STATIC);
			break;
		case 'b':
			bind_bytes(stmt, at, va_arg(args, GBytes *));
			break;
		default:
			g_assert_not_reached();
		}
}

void db_bind(sqlite3_stmt *stmt, const char *types, ...)
{
	va_list args;
	va_start(args, types);
	db_bind_list(stmt, types, args);
	va_end(args);
}

bool db_run(sqlite3 *db, int *changes, GError **error, const char *sql, const char *types, ...)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, sql, error);
	if (!stmt)
		return false;
	va_list args;
	va_start(args, types);
	db_bind_list(stmt, types, args);
	va_end(args);
	if (!db_done(stmt, error))
		return false;
	if (changes)
		*changes = sqlite3_changes(db);
	return true;
}

bool db_number(sqlite3 *db, const char *sql, int64_t missing, int64_t *value, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, sql, error);
	if (!stmt)
		return false;
	*value = db_row(stmt, &own) ? sqlite3_column_int64(stmt, 0) : missing;
	if (own) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	return true;
}

char *db_text(sqlite3_stmt *stmt, int i)
{
	return g_strdup((const char *)sqlite3_column_text(stmt, i));
}

GPtrArray *db_texts(sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	while (db_row(stmt, &why))
		g_ptr_array_add(texts, db_text(stmt, 0));
	if (!why)
		return g_steal_pointer(&texts);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

GArray *db_ids(sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	while (db_row(stmt, &why)) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		g_array_append_val(ids, id);
	}
	if (!why)
		return g_steal_pointer(&ids);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

GHashTable *db_text_set(sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GPtrArray) texts = db_texts(stmt, error);
	if (!texts)
		return NULL;
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while (texts->len > 0)
		g_hash_table_add(set, g_ptr_array_steal_index_fast(texts, texts->len - 1));
	return set;
}
