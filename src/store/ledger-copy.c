/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "base/fdio.h"
#include "base/report.h"
#include "store/db.h"
#include "store/fail.h"
#include "store/ledger-copy.h"
#include "store/ledger.h"
#include "store/store-private.h"

enum {
	OLD = 24 * 3600, /* seconds */
	SLICE = 500,     /* pages, where writers wait for readers */
	PAUSE = 20,      /* milliseconds between them */
	PATIENCE = 3000, /* slices: each write of another begins the copy anew */
};

/* That of files' times. */
static int64_t file_clock(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

/* --- one copy -------------------------------------------------------------------- */

/* With a WAL a reader holds nobody up, so all goes in one step: in slices each write of
 * another process would begin the copy anew.  With a rollback journal it is slices. */
static bool copy_pages(sqlite3_backup *backup, bool wal)
{
	int code = SQLITE_OK;
	for (int i = 0; i < PATIENCE; i++) {
		code = sqlite3_backup_step(backup, wal ? -1 : SLICE);
		if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED)
			break;
		sqlite3_sleep(PAUSE);
	}
	return code == SQLITE_DONE;
}

static bool is_wal(sqlite3 *db)
{
	int64_t synchronous = 0; /* see db_open() */
	return db_number(db, "PRAGMA synchronous", 0, &synchronous, NULL) && synchronous == 2;
}

/* The copy is looked at, not what is in use: it has the same pages. */
static bool check(sqlite3 *copy, GError **error)
{
	g_autoptr(GError) why = NULL;
	int64_t version = 0;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(copy, "PRAGMA quick_check(1)", &why);
	g_autofree char *words = stmt && db_row(stmt, &why) ? db_text(stmt, 0) : NULL;
	if (words && g_str_equal(words, "ok") &&
		db_number(copy, "PRAGMA user_version", 0, &version, &why) && version > 0)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
		_("the ledger is damaged: %s; put its copy in its place with: dewey fsck --repair"),
		why                 ? why->message
		: version || !words ? "?"
				    : words);
	return false;
}

static bool fill(sqlite3 *from, const char *path, GError **error)
{
	sqlite3 *to = db_open(path, error);
	if (!to)
		return false;
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	bool ok = backup && copy_pages(backup, is_wal(from));
	if (backup)
		sqlite3_backup_finish(backup);
	/* One file, not three: the copy may be copied by hand. */
	ok = ok && sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK;
	if (!ok)
		db_fail(to, _("write"), error);
	ok = ok && check(to, error);
	sqlite3_close(to);
	return ok;
}

static void remove_part(const char *part)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *file = g_strconcat(part, ends[i], NULL);
		remove(file);
	}
}

/* It is as old as its beginning: what was written meanwhile may not be in it. */
static void set_time(const char *path, int64_t when)
{
	utime(path, &(struct utimbuf){.actime = when, .modtime = when});
}

/* A crash leaves the old copy, or a "….part-PID" beside it that nobody reads
 * and the next process of that number overwrites. */
bool ledger_copy(sqlite3 *from, const char *path, GError **error)
{
	g_autofree char *part = g_strdup_printf("%s.part-%ld", path, (long)getpid());
	g_autofree char *dir = g_path_get_dirname(path);
	int64_t begun = file_clock();
	remove_part(part);
	if (!fill(from, part, error)) {
		remove_part(part);
		return false;
	}
	set_time(part, begun);
	if (rename(part, path) != 0) {
		store_fail("rename", path, error);
		remove_part(part);
		return false;
	}
	return store_adopt(fdio_sync_directory(dir, error), error);
}

/* --- now and then ---------------------------------------------------------------- */

/* A time to come is one of a clock that was wrong. */
static bool is_old(int64_t made)
{
	int64_t age = file_clock() - made;
	return age >= OLD || age <= -OLD;
}

static bool is_newer(const char *path, int64_t made)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size > 0 && st.st_mtime >= made;
}

static bool is_due(const char *path, const char *copy)
{
	struct stat st;
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);
	if (stat(copy, &st) != 0)
		return true;
	return is_old(st.st_mtime) && (is_newer(path, st.st_mtime) || is_newer(wal, st.st_mtime));
}

void ledger_copy_renew(struct store *s)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = store_own_path(s, LEDGER);
	g_autofree char *copy = g_strconcat(path, LEDGER_COPY, NULL);
	if (!s->ledger || db_is_gone(ledger_db(s->ledger)) || !is_due(path, copy))
		return;
	g_autoptr(store_lock) lock = store_lock_take(s, "ledger-copy", &error);
	/* Somebody else may have made it since. */
	if (lock && is_due(path, copy) && !ledger_copy(ledger_db(s->ledger), copy, &error))
		report_warning(
			_("the ledger has no new copy, the old one stays: %s"), error->message);
	else if (!lock && !g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY))
		report_warning(
			_("the ledger has no new copy, the old one stays: %s"), error->message);
}
