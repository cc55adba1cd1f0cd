/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <sys/stat.h>

#include "base/report.h"
#include "store/db.h"
#include "store/ledger-copy.h"
#include "store/ledger.h"

struct ledger {
	sqlite3 *db;
	char *path, *backup;
	bool wal;
	bool light;   /* the transaction is */
	bool pending; /* a light commit may not be on the disk yet */
	int changes;  /* of all time, when the transaction began */
};

static const struct {
	int version;
	const char *sql;
} steps[] = {
#define LEDGER_STEP(version, sql) {version, sql},
#include "store/ledger-schema.def"
#undef LEDGER_STEP
};

int ledger_version(void)
{
	return steps[G_N_ELEMENTS(steps) - 1].version;
}

sqlite3 *ledger_db(struct ledger *l)
{
	return l->db;
}

static bool read_version(struct ledger *l, int64_t *version, GError **error)
{
	return db_number(l->db, "PRAGMA user_version", 0, version, error);
}

/* IMMEDIATE: two writers then wait for each other here, where the busy handler
 * works, and not in the middle, where one would have to give up. */
bool ledger_begin(struct ledger *l, GError **error)
{
	l->changes = sqlite3_total_changes(l->db);
	return db_exec(l->db, "BEGIN IMMEDIATE", error);
}

/* With a rollback journal a commit that does not wait could damage the file. */
bool ledger_begin_light(struct ledger *l, GError **error)
{
	l->light = l->wal &&
		   sqlite3_exec(l->db, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL) == SQLITE_OK;
	if (ledger_begin(l, error))
		return true;
	ledger_rollback(l);
	return false;
}

static void end_light(struct ledger *l)
{
	if (l->light)
		sqlite3_exec(l->db, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
	l->light = false;
}

bool ledger_commit(struct ledger *l, GError **error)
{
	if (!db_exec(l->db, "COMMIT", error)) {
		ledger_rollback(l);
		return false;
	}
	/* A transaction that changed nothing has not waited for anything. */
	if (l->light || sqlite3_total_changes(l->db) != l->changes)
		l->pending = l->light;
	end_light(l);
	return true;
}

void ledger_rollback(struct ledger *l)
{
	if (!sqlite3_get_autocommit(l->db))
		sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	end_light(l);
}

static bool rewrite_version(struct ledger *l, GError **error)
{
	int64_t version;
	if (!read_version(l, &version, error))
		return false;
	g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", (int)version);
	return db_exec(l->db, sql, error);
}

/* Anything that is written takes along what was written before it. */
bool ledger_settle(struct ledger *l, GError **error)
{
	if (!l->pending)
		return true;
	if (!ledger_begin(l, error))
		return false;
	if (!rewrite_version(l, error)) {
		ledger_rollback(l);
		return false;
	}
	if (!ledger_commit(l, error))
		return false;
	l->pending = false;
	return true;
}

void ledger_free(struct ledger *l)
{
	if (!l)
		return;
	sqlite3_close(l->db);
	g_free(l->path);
	g_free(l->backup);
	g_free(l);
}

/* rows of the ledger cannot be got back from the mail, so a person decides. */
static bool set_lost(const struct ledger *l, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
		_("the ledger '%s' is missing or empty; put its copy in its place with: dewey fsck "
		  "--repair"),
		l->path);
	return false;
}

static bool is_there(const struct ledger *l)
{
	struct stat st;
	return stat(l->path, &st) == 0 && st.st_size > 0;
}

static bool refuse_newer(const struct ledger *l, int64_t version, GError **error)
{
	if (version <= ledger_version())
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
		_("the ledger '%s' has version %d, this program knows versions up to %d; use the "
		  "newer dewey that wrote it"),
		l->path, (int)version, ledger_version());
	return false;
}

static bool run_steps(struct ledger *l, int64_t version, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (steps[i].version > version && !db_exec(l->db, steps[i].sql, error))
			return false;
	g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", ledger_version());
	return db_exec(l->db, sql, error);
}

/* The version is read again inside: another process may have been faster. */
static bool upgrade(struct ledger *l, GError **error)
{
	int64_t version;
	if (!ledger_begin(l, error))
		return false;
	if (read_version(l, &version, error) && refuse_newer(l, version, error) &&
		run_steps(l, version, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* A copy that cannot be made is no reason to leave mail where it is; damage is. */
static bool make_backup(struct ledger *l, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (ledger_copy(l->db, l->backup, &why))
		return true;
	if (g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	report_warning(_("the ledger has no new copy: %s"), why->message);
	return true;
}

static bool open_tables(struct ledger *l, GError **error)
{
	int64_t version;
	/* Looked for first: another process may be making both at this moment,
	 * the backup last. */
	bool had_backup = g_file_test(l->backup, G_FILE_TEST_EXISTS);
	if (had_backup && !is_there(l))
		return set_lost(l, error);
	l->db = db_open(l->path, error);
	int64_t synchronous = 0;
	if (!l->db || !read_version(l, &version, error) ||
		!db_number(l->db, "PRAGMA synchronous", 0, &synchronous, error))
		return false;
	l->wal = synchronous == 2; /* FULL; EXTRA goes with a rollback journal */
	/* SQLite takes a file of one octet for an empty one. */
	if (had_backup && version == 0)
		return set_lost(l, error);
	if (!refuse_newer(l, version, error))
		return false;
	if (version < ledger_version() && !upgrade(l, error))
		return false;
	if (version < ledger_version() || !g_file_test(l->backup, G_FILE_TEST_EXISTS))
		return make_backup(l, error);
	return true;
}

struct ledger *ledger_open(const char *path, GError **error)
{
	g_autoptr(ledger) l = g_new0(struct ledger, 1);
	g_autoptr(GError) why = NULL;
	l->path = g_strdup(path);
	l->backup = g_strconcat(path, LEDGER_COPY, NULL);
	if (open_tables(l, &why))
		return g_steal_pointer(&l);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}
