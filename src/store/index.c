/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdarg.h>
#include <string.h>

#include "store/correspondents.h"
#include "store/index-dead.h"
#include "store/index-words.h"
#include "store/subject.h"
#include "store/words-begins.h"
#include "store/words.h"

/* Raised with every change of index-schema.def, of the tokenizer, or of what
 * is put into the rows. */
enum { INDEX_VERSION = 14 };

enum { STATEMENTS_KEPT = 100, NEAR = 64 };

/* What a transaction adds up and writes at its end, instead of once a letter. */
struct sums {
	int64_t id;                               /* the last that was given; -1: not known */
	int64_t folder;                           /* 0: nothing */
	struct index_counts by;
	int64_t block, newest, oldest;            /* block -1: nothing */
};

static const struct sums nothing = {.id = -1, .block = -1};

struct index {
	sqlite3 *db;
	GHashTable *statements; /* sql → sqlite3_stmt */
	sqlite3_stmt *near[NEAR]; /* of these, by the address of sql */
	struct sums sums;
	struct correspondents *people; /* of the transaction */
	struct dead_words *dead;       /* NULL: none were learned */
	struct begins *begins;         /* of the letter whose words are written */
	bool (*stop)(void *data);
	void *stop_data;
};

static const char *const schema[] = {
#define STATEMENT(sql) sql,
#include "store/index-schema.def"
#undef STATEMENT
};

static void finalize(gpointer stmt)
{
	sqlite3_finalize(stmt);
}

enum { CACHE_READING = 2000, CACHE_WRITING = 8000 }; /* kilobytes of pages */

/* NORMAL: a commit may be lost with the power, never the order of commits; the
 * files are the truth.  Large journal files are cut after a bulk of work. */
static bool set_up(struct index *ix, GError **error)
{
	return db_exec(ix->db,
		"PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF;"
		"PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=16777216;"
		"PRAGMA wal_autocheckpoint=4000",
		error);
}

/* The reader has half a dozen connections, one for each thread, and the system has the
 * pages as well: a large cache each would be most of what it takes. */
void index_set_bulk(struct index *ix, bool bulk)
{
	g_autofree char *sql =
		g_strdup_printf("PRAGMA cache_size=-%d", bulk ? CACHE_WRITING : CACHE_READING);
	sqlite3_exec(ix->db, sql, NULL, NULL, NULL);
}

int index_format(void)
{
	return INDEX_VERSION;
}

static bool make_schema(struct index *ix, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(schema); i++)
		if (!db_exec(ix->db, schema[i], error))
			return false;
	g_autofree char *languages = words_default_languages();
	if (!index_make_words(ix->db, languages, error))
		return false;
	g_autofree char *version = g_strdup_printf("PRAGMA user_version=%d", INDEX_VERSION);
	return db_exec(ix->db, version, error);
}

/* Another version is treated like damage: the index is made anew.  An index
 * without any table is new; looked at inside the transaction, because another
 * process may be making it right now. */
static bool check_version(struct index *ix, GError **error)
{
	int64_t version = 0, tables = 0;
	if (!db_number(ix->db, "PRAGMA user_version", 0, &version, error))
		return false;
	if (version == INDEX_VERSION)
		return true;
	if (!index_begin(ix, error))
		return false;
	bool ok = db_number(ix->db, "PRAGMA user_version", 0, &version, error) &&
		  db_number(ix->db, "SELECT count(*) FROM sqlite_schema", 0, &tables, error);
	if (ok && version != INDEX_VERSION && (version != 0 || tables != 0)) {
		g_set_error(error, STORE_ERROR,
			version < INDEX_VERSION ? STORE_ERROR_OLD : STORE_ERROR_DAMAGED,
			_("the index is of version %d, this program makes version %d"),
			(int)version, INDEX_VERSION);
		ok = false;
	}
	if (ok && version == 0)
		ok = make_schema(ix, error);
	if (ok)
		return index_commit(ix, error);
	index_rollback(ix);
	return false;
}

/* A look at each table: a file whose pages were exchanged for others is found
 * out here rather than in the middle of a list. */
static bool check_tables(struct index *ix, GError **error)
{
	int64_t n = 0;
	return db_number(ix->db, "SELECT max(id) FROM message", 0, &n, error) &&
	       db_number(ix->db, "SELECT count(*) FROM folder", 0, &n, error) &&
	       db_number(ix->db, "SELECT max(date) FROM head WHERE folder = 0", 0, &n, error) &&
	       db_number(ix->db, "SELECT max(id) FROM block", 0, &n, error) &&
	       db_number(ix->db, "SELECT rowid FROM words('dewey') LIMIT 1", 0, &n, error) &&
	       db_number(ix->db, "SELECT count(*) FROM begins_config", 0, &n, error);
}

struct index *index_open(const char *path, GError **error)
{
	struct index *ix = g_new0(struct index, 1);
	ix->db = db_open(path, error);
	ix->sums = nothing;
	ix->people = correspondents_new();
	ix->begins = begins_new();
	ix->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize);
	if (ix->db && words_register(ix->db, ix->begins, error) &&
		sort_key_register(ix->db, error) && set_up(ix, error) &&
		check_version(ix, error) && check_tables(ix, error)) {
		index_set_bulk(ix, false);
		return ix;
	}
	index_free(ix);
	return NULL;
}

void index_free(struct index *ix)
{
	if (!ix)
		return;
	g_hash_table_unref(ix->statements);
	sqlite3_close(ix->db);
	correspondents_free(ix->people);
	begins_free(ix->begins);
	dead_words_free(ix->dead);
	g_free(ix);
}

sqlite3 *index_handle(struct index *ix)
{
	return ix->db;
}

void index_interrupt(struct index *ix)
{
	sqlite3_interrupt(ix->db);
}

static int ask_stop(void *data)
{
	const struct index *ix = data;
	return ix->stop(ix->stop_data);
}

void index_set_stop(struct index *ix, bool (*stop)(void *data), void *data)
{
	enum { STEPS = 1000 }; /* of SQLite's machine: some ten microseconds */
	ix->stop = stop;
	ix->stop_data = data;
	sqlite3_progress_handler(ix->db, stop ? STEPS : 0, stop ? ask_stop : NULL, ix);
}

/* --- statements ---------------------------------------------------------------- */

/* Each query of a user makes statements of its own. */
static gboolean is_idle(gpointer sql, gpointer stmt, gpointer data)
{
	return !sqlite3_stmt_busy(stmt);
}

static sqlite3_stmt *find_stmt(struct index *ix, const char *sql, GError **error)
{
	sqlite3_stmt *stmt = g_hash_table_lookup(ix->statements, sql);
	if (stmt)
		return stmt;
	if (g_hash_table_size(ix->statements) >= STATEMENTS_KEPT) {
		memset(ix->near, 0, sizeof ix->near);
		g_hash_table_foreach_remove(ix->statements, is_idle, NULL);
	}
	stmt = db_prepare(ix->db, sql, error);
	if (stmt)
		g_hash_table_insert(ix->statements, g_strdup(sql), stmt);
	return stmt;
}

/* Nearly all texts are literals: to compare one is cheaper than to hash it. */
sqlite3_stmt *index_stmt(struct index *ix, const char *sql, GError **error)
{
	sqlite3_stmt **near = &ix->near[((uintptr_t)sql >> 3) % NEAR];
	if (!*near || strcmp(sqlite3_sql(*near), sql) != 0)
		*near = find_stmt(ix, sql, error);
	if (!*near)
		return NULL;
	sqlite3_reset(*near);
	sqlite3_clear_bindings(*near);
	return *near;
}

bool index_exec(struct index *ix, GError **error, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt = index_stmt(ix, sql, error);
	if (!stmt)
		return false;
	va_list args;
	va_start(args, types);
	db_bind_list(stmt, types, args);
	va_end(args);
	return db_done(stmt, error);
}

bool index_number(struct index *ix, int64_t missing, int64_t *value, GError **error,
	const char *sql, const char *types, ...)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix, sql, error);
	if (!stmt)
		return false;
	va_list args;
	va_start(args, types);
	db_bind_list(stmt, types, args);
	va_end(args);
	*value = missing;
	if (db_row(stmt, &own) && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* --- transactions -------------------------------------------------------------- */

bool index_begin(struct index *ix, GError **error)
{
	ix->sums = nothing;
	return index_exec(ix, error, "BEGIN IMMEDIATE", "");
}

static bool write_counts(struct index *ix, GError **error)
{
	const struct sums s = ix->sums;
	ix->sums.folder = 0;
	ix->sums.by = (struct index_counts){0};
	return s.folder == 0 ||
	       index_exec(ix, error,
		       "UPDATE folder SET total = total + ?, unread = unread + ?,"
		       " flagged = flagged + ?, size = size + ? WHERE id = ?",
		       "iiiii", s.by.total, s.by.unread, s.by.flagged, s.by.size, s.folder);
}

static bool write_block(struct index *ix, GError **error)
{
	const struct sums s = ix->sums;
	ix->sums.block = -1;
	return s.block < 0 ||
	       index_exec(ix, error,
		       "INSERT INTO block VALUES(?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET"
		       " newest = max(newest, excluded.newest),"
		       " oldest = min(oldest, excluded.oldest)",
		       "iii", s.block, s.newest, s.oldest);
}

bool index_commit(struct index *ix, GError **error)
{
	if (write_counts(ix, error) && write_block(ix, error) &&
		correspondents_write(ix->people, ix, error) && index_exec(ix, error, "COMMIT", ""))
		return true;
	index_rollback(ix);
	return false;
}

void index_rollback(struct index *ix)
{
	ix->sums = nothing;
	correspondents_forget(ix->people);
	if (!sqlite3_get_autocommit(ix->db))
		sqlite3_exec(ix->db, "ROLLBACK", NULL, NULL, NULL);
}

bool index_new_id(struct index *ix, int64_t *id, GError **error)
{
	if (ix->sums.id < 0 && !index_number(ix, 0, &ix->sums.id, error,
			"SELECT seq FROM sqlite_sequence WHERE name = 'message'", ""))
		return false;
	*id = ++ix->sums.id;
	return true;
}

void index_give_id(struct index *ix, int64_t id)
{
	ix->sums.id = id - 1;
}

bool index_note_count(struct index *ix, int64_t folder, const struct index_counts *by, GError **error)
{
	if (ix->sums.folder != folder && !write_counts(ix, error))
		return false;
	ix->sums.folder = folder;
	ix->sums.by.total += by->total;
	ix->sums.by.unread += by->unread;
	ix->sums.by.flagged += by->flagged;
	ix->sums.by.size += by->size;
	return true;
}

bool index_note_date(struct index *ix, int64_t id, int64_t date, GError **error)
{
	struct sums *s = &ix->sums;
	bool same = s->block == id >> BLOCK_BITS;
	if (!same && !write_block(ix, error))
		return false;
	s->block = id >> BLOCK_BITS;
	s->newest = same ? MAX(s->newest, date) : date;
	s->oldest = same ? MIN(s->oldest, date) : date;
	return true;
}

void index_note_correspondent(struct index *ix, const struct correspondent *c)
{
	correspondents_note(ix->people, c);
}

struct dead_words **index_dead_words(struct index *ix)
{
	return &ix->dead;
}

struct begins *index_begins(struct index *ix)
{
	return ix->begins;
}

bool index_folder_id(struct index *ix, const char *name, int64_t *id, GError **error)
{
	return index_number(ix, 0, id, error, "SELECT id FROM folder WHERE name = ?", "s", name);
}

int64_t index_version(struct index *ix)
{
	int64_t version;
	return db_number(ix->db, "PRAGMA data_version", 0, &version, NULL) ? version : 0;
}
