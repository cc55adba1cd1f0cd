/* SPDX-License-Identifier: MIT
 *
 * What an agent that died has left, and what is left over. */
#include "base/base.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "store/outbox-private.h"
#include "store/store-private.h"

enum { RUBBISH_AGE = 36 * 3600, DONE_KEPT = 90 * 86400 };

struct settling {
	const char *account, *why;
};

static bool forget_done(sqlite3 *db, int64_t before, GError **error)
{
	return db_run(db, NULL, error,
		       "DELETE FROM recipient WHERE item IN"
		       " (SELECT id FROM outbox WHERE state = 5 AND copy != 1 AND ended < ?1)",
		       "i", before) &&
	       db_run(db, NULL, error,
		       "DELETE FROM outbox WHERE state = 5 AND copy != 1 AND ended < ?1", "i",
		       before);
}

static GArray *select_ids(sqlite3 *db, const char *sql, const char *account, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, sql, error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", account);
	return db_ids(stmt, error);
}

static bool all_happen(sqlite3 *db, const struct settling *s, const char *sql,
	enum outbox_event event, GError **error)
{
	g_autoptr(GArray) ids = select_ids(db, sql, s->account, error);
	bool ok = ids != NULL;
	for (guint i = 0; ok && i < ids->len; i++)
		ok = outbox_happens(db, g_array_index(ids, int64_t, i), event, s->why, error);
	return ok;
}

/* A clock that was wrong must not delay for years (S-52): neither what was to go at
 * once nor what is tried again.  A time that the user chose stays. */
static bool settle_times(sqlite3 *db, const char *account, GError **error)
{
	int64_t now = clock_now();
	return db_run(db, NULL, error,
		       "UPDATE outbox SET due = ?1 WHERE state = 1 AND account = ?3"
		       " AND due > ?1 + ?2 AND due > send_at",
		       "iis", now, (int64_t)OUTBOX_LONGEST_WAIT, account) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET first = ?1 WHERE account = ?2 AND first > ?1", "is", now,
		       account) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET ended = ?1 WHERE account = ?2 AND ended > ?1", "is", now,
		       account) &&
	       db_run(db, NULL, error, "UPDATE relay SET due = 0 WHERE account = ?1 AND due > ?2",
		       "si", account, now + OUTBOX_LONGEST_WAIT);
}

static bool settle_states(sqlite3 *db, void *data, GError **error)
{
	struct settling s = {.account = data};
	/* Before the dot nothing was delivered (S-50); after it nobody knows. */
	if (!all_happen(db, &s, "SELECT id FROM outbox WHERE state = 2 AND account = ?1",
		    EVENT_BACK, error))
		return false;
	/* TRANSLATORS: why a letter may have been sent */
	s.why = _("the agent ended before the server's answer came");
	return all_happen(db, &s, "SELECT id FROM outbox WHERE state = 3 AND account = ?1",
		       EVENT_LOSE, error) &&
	       settle_times(db, s.account, error) &&
	       forget_done(db, clock_now() - DONE_KEPT, error);
}

static bool needs_settling(sqlite3 *db, const char *account, bool *needs, GError **error)
{
	g_autoptr(GArray) ids = select_ids(
		db, "SELECT id FROM outbox WHERE account = ?1 AND state IN (2, 3)", account, error);
	*needs = ids && ids->len > 0;
	return ids != NULL;
}

bool outbox_clear_up(struct store *s, const char *account, GError **error)
{
	return outbox_transaction(s, settle_states, (void *)account, error);
}

bool outbox_adopt(struct store *s, const char *account, GError **error)
{
	g_autofree char *name = outbox_lock_name(account);
	g_autoptr(store_lock) lock = store_lock_take(s, name, error);
	bool needs;
	/* The agent that had them may have ended in order meanwhile. */
	return lock && needs_settling(ledger_db(store_ledger(s, NULL)), account, &needs, error) &&
	       (!needs || outbox_clear_up(s, account, error));
}

/* One copy that cannot be made must not stop the outbox: it is reported, and
 * tried again at the next start. */
static bool finish_owed(struct store *s, const char *account, GError **error)
{
	g_autoptr(GArray) ids = select_ids(ledger_db(store_ledger(s, NULL)),
		"SELECT id FROM outbox WHERE copy = 1 AND account = ?1 ORDER BY id", account,
		error);
	for (guint i = 0; ids && i < ids->len; i++) {
		g_autoptr(GError) why = NULL;
		if (!outbox_finish(s, g_array_index(ids, int64_t, i), true, &why))
			report_warning("%s", why ? why->message : "");
	}
	return ids != NULL;
}

enum file_use { UNKNOWN, NEEDED, FINISHED };

/* What the rows say of each file: file → enum file_use. */
static GHashTable *file_uses(sqlite3 *db, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT file, state = 5 AND copy != 1 FROM outbox", error);
	if (!stmt)
		return NULL;
	while (db_row(stmt, &why)) {
		bool finished = sqlite3_column_int(stmt, 1) != 0;
		gpointer use = GINT_TO_POINTER(finished ? FINISHED : NEEDED);
		char *file = db_text(stmt, 0);
		g_hash_table_insert(files, outbox_draft_path(file), use);
		g_hash_table_insert(files, file, use);
	}
	if (!why)
		return g_steal_pointer(&files);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* A young file without a row may be another process's outbox_add(). */
static bool is_rubbish(GHashTable *uses, int dir, const char *name)
{
	struct stat st;
	enum file_use use = GPOINTER_TO_INT(g_hash_table_lookup(uses, name));
	int64_t now = g_get_real_time() / G_USEC_PER_SEC; /* the file system's clock */
	return use != NEEDED && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (use == FINISHED || st.st_ctime < now - RUBBISH_AGE);
}

static bool sweep(struct store *s, sqlite3 *db, GError **error)
{
	g_autoptr(GHashTable) uses = file_uses(db, error);
	g_autofree char *path = store_own_path(s, "outbox");
	DIR *dir = uses ? opendir(path) : NULL;
	struct dirent *entry;
	while (dir && (entry = readdir(dir)))
		if (is_rubbish(uses, dirfd(dir), entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	return uses != NULL;
}

char *outbox_lock_name(const char *account)
{
	return g_strconcat("outbox-", account, NULL);
}

bool outbox_recover(struct store *s, const char *account, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	return l && outbox_clear_up(s, account, error) && finish_owed(s, account, error) &&
	       sweep(s, ledger_db(l), error);
}
