/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "store/drop-private.h"
#include "store/fail.h"
#include "store/store-private.h"
#include "store/uids.h"

/* Raised when the tables below change; PRAGMA user_version is the index's. */
enum { DROP_VERSION = 1 };

/* head: 1: there is one, the message of the same id; 2: that message is there for
 * the size alone, because the server gives no heads.
 * date: of its header, 0: none; -1: not known.  The one row of look is the last
 * look. */
static const char schema[] =
	"CREATE TABLE letter(id INTEGER PRIMARY KEY AUTOINCREMENT, uid BLOB NOT NULL UNIQUE,"
	" number INTEGER NOT NULL, size INTEGER NOT NULL, seen INTEGER NOT NULL,"
	" row INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0,"
	" head INTEGER NOT NULL DEFAULT 0, lines INTEGER NOT NULL DEFAULT 0,"
	" date INTEGER NOT NULL DEFAULT -1);"
	"CREATE INDEX letter_headless ON letter(number) WHERE head != 1;"
	"CREATE TABLE look(at INTEGER NOT NULL, tops INTEGER NOT NULL);"
	"INSERT INTO look VALUES(0, 1);";

/* 2026-01-01, in seconds: ids begin at the milliseconds since. */
#define EPOCH INT64_C(1767225600)

/* --- opening ------------------------------------------------------------------- */

/* Ids of a cache that was thrown away must not come back as those of other
 * letters, for a list on the screen may be older than that. */
static bool make_tables(struct drop *d, GError **error)
{
	g_autofree char *rest = g_strdup_printf(
		"INSERT INTO sqlite_sequence(name, seq) VALUES('letter', %" G_GINT64_FORMAT ");"
		"PRAGMA application_id=%d",
		MAX(clock_now() - EPOCH, 0) * 1000, DROP_VERSION);
	return db_exec(index_handle(d->ix), schema, error) &&
	       index_make_folder(d->ix, DROP_FOLDER, &d->folder, error) &&
	       db_exec(index_handle(d->ix), rest, error);
}

static bool check_version(struct drop *d, GError **error)
{
	sqlite3 *db = index_handle(d->ix);
	int64_t version, tables;
	if (!db_number(db, "PRAGMA application_id", 0, &version, error) ||
		!db_number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'letter'", 0,
			&tables, error))
		return false;
	if (tables == 0 && version == 0)
		return make_tables(d, error);
	if (tables == 1 && version == DROP_VERSION)
		return index_folder_id(d->ix, DROP_FOLDER, &d->folder, error);
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
		_("'%s' is of version %d, this program makes version %d"), d->path, (int)version,
		DROP_VERSION);
	return false;
}

/* In a transaction, since another process may be making it right now. */
static bool open_tables(struct drop *d, GError **error)
{
	if (!index_begin(d->ix, error))
		return false;
	if (check_version(d, error))
		return index_commit(d->ix, error);
	index_rollback(d->ix);
	return false;
}

static bool open_index(struct drop *d, GError **error)
{
	d->ix = index_open(d->path, error);
	if (d->ix && open_tables(d, error))
		return true;
	g_clear_pointer(&d->ix, index_free);
	return false;
}

/* Nothing is lost with it but a little time of the server's. */
static void throw_away(const struct drop *d)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *path = g_strconcat(d->path, ends[i], NULL);
		remove(path);
	}
}

static bool open_anew(struct drop *d, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (open_index(d, &why))
		return true;
	if (!g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED) &&
		!g_error_matches(why, STORE_ERROR, STORE_ERROR_OLD)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	throw_away(d);
	return open_index(d, error);
}

struct drop *drop_open(struct store *s, const char *account, const char *id, GError **error)
{
	g_autoptr(drop) d = g_new0(struct drop, 1);
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, account, -1);
	g_autofree char *dir = store_own_path(s, "server");
	g_autofree char *name = g_strdup_printf("%.16s.db", hash);
	d->store = s;
	d->account = g_strdup(account);
	d->id = g_strdup(id);
	d->path = g_build_filename(dir, name, NULL);
	if (!store_adopt(path_make_directories(dir, error), error) || !open_anew(d, error))
		return NULL;
	return g_steal_pointer(&d);
}

void drop_free(struct drop *d)
{
	if (!d)
		return;
	index_free(d->ix);
	mime_client_free(d->mime);
	g_free(d->account);
	g_free(d->id);
	g_free(d->path);
	g_free(d);
}

struct index *drop_index(struct drop *d)
{
	return d->ix;
}

bool drop_begin(struct drop *d, GError **error)
{
	return index_begin(d->ix, error);
}

bool drop_commit(struct drop *d, GError **error)
{
	return index_commit(d->ix, error);
}

void drop_rollback(struct drop *d)
{
	index_rollback(d->ix);
}

/* Commits what went well, takes back what did not. */
static bool end(struct drop *d, bool ok, GError **error)
{
	if (ok)
		return index_commit(d->ix, error);
	index_rollback(d->ix);
	return false;
}

/* --- the listing --------------------------------------------------------------- */

struct known {
	int64_t id, number, size;
	bool listed;
};

static bool load_known(struct drop *d, GHashTable *known, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(d->ix, "SELECT id, number, size, uid FROM letter", error);
	if (!stmt)
		return false;
	while (db_row(stmt, &own)) {
		struct known k = {sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
			sqlite3_column_int64(stmt, 2), false};
		GBytes *uid = g_bytes_new(
			sqlite3_column_blob(stmt, 3), (gsize)sqlite3_column_bytes(stmt, 3));
		g_hash_table_replace(known, uid, g_memdup2(&k, sizeof k));
	}
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* Numbers and sizes that SQLite cannot hold are nobody's (P-45). */
static int64_t number_of(uint64_t n)
{
	return n > G_MAXINT64 ? G_MAXINT64 : (int64_t)n;
}

/* Of another size it is another letter, and the head is not its own (RFC 1939
 * section 7 lets a UID be used again). */
static bool list_one(struct drop *d, GHashTable *known, const struct drop_letter *l, GError **error)
{
	struct known *k = g_hash_table_lookup(known, l->uid);
	int64_t number = number_of(l->number);
	bool same = k && k->size == number_of(l->size);
	if (k)
		k->listed = true;
	if (same)
		return k->number == number ||
		       index_exec(d->ix, error, "UPDATE letter SET number = ? WHERE id = ?", "ii",
			       number, k->id);
	if (k && !drop_forget(d, k->id, error))
		return false;
	return index_exec(d->ix, error,
		"INSERT OR IGNORE INTO letter(uid, number, size, seen) VALUES(?, ?, ?, ?)", "biii",
		l->uid, number_of(l->number), number_of(l->size), clock_now());
}

bool drop_forget(struct drop *d, int64_t id, GError **error)
{
	return index_remove(d->ix, id, error) &&
	       index_exec(d->ix, error, "DELETE FROM letter WHERE id = ?", "i", id);
}

static bool forget_others(struct drop *d, GHashTable *known, GError **error)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, known);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct known *k = value;
		if (!k->listed && !drop_forget(d, k->id, error))
			return false;
	}
	return true;
}

static bool write_listing(
	struct drop *d, const struct drop_letter *letters, guint n, GError **error)
{
	g_autoptr(GHashTable) known = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
	if (!load_known(d, known, error))
		return false;
	/* The oldest first, whatever the order, so that ids grow with numbers. */
	for (guint i = 0; i < n; i++)
		if (!list_one(d, known, &letters[i], error))
			return false;
	return forget_others(d, known, error) &&
	       index_exec(d->ix, error, "UPDATE look SET at = ?", "i", clock_now());
}

bool drop_listed(struct drop *d, const struct drop_letter *letters, guint n, GError **error)
{
	return index_begin(d->ix, error) && end(d, write_listing(d, letters, n, error), error) &&
	       drop_note_ledger(d, error);
}

bool drop_last_look(struct drop *d, struct drop_look *look, GError **error)
{
	int64_t tops = 1;
	*look = (struct drop_look){0, true};
	if (!index_number(d->ix, 0, &look->at, error, "SELECT at FROM look", "") ||
		!index_number(d->ix, 1, &tops, error, "SELECT tops FROM look", ""))
		return false;
	look->tops = tops != 0;
	return true;
}

bool drop_set_tops(struct drop *d, bool tops, GError **error)
{
	struct drop_look look;
	return drop_last_look(d, &look, error) &&
	       (look.tops == tops ||
		       index_exec(d->ix, error, "UPDATE look SET tops = ?", "i", (int64_t)tops));
}

/* --- what is here -------------------------------------------------------------- */

struct change {
	int64_t id, row;
	enum drop_state state;
};

/* Among the others a row without a file is of a letter that was deleted unseen
 * (uids.h). */
static enum drop_state state_of(const struct uid_row *row)
{
	if (!row || row->state == UID_FETCHING)
		return DROP_NEW;
	if (row->state == UID_PREVIEW || row->state == UID_SKIPPED)
		return DROP_LEFT;
	return row->base[0] ? DROP_HERE : DROP_OWED;
}

/* Whether a fetch would still bring it, by itself or when asked. */
static bool is_unread(enum drop_state state)
{
	return state == DROP_NEW || state == DROP_LEFT;
}

static GHashTable *ledger_rows(const GPtrArray *rows)
{
	GHashTable *table = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < rows->len; i++) {
		struct uid_row *row = rows->pdata[i];
		if (row->uid)
			g_hash_table_replace(table, row->uid, row);
	}
	return table;
}

static void note_change(sqlite3_stmt *stmt, GHashTable *rows, GArray *changes)
{
	g_autoptr(GBytes) uid = g_bytes_new_static(
		sqlite3_column_blob(stmt, 3), (gsize)sqlite3_column_bytes(stmt, 3));
	const struct uid_row *row = g_hash_table_lookup(rows, uid);
	struct change c = {sqlite3_column_int64(stmt, 0), 0, state_of(row)};
	if (c.state != DROP_NEW)
		c.row = row->id;
	if (c.row != sqlite3_column_int64(stmt, 1) || (int)c.state != sqlite3_column_int(stmt, 2))
		g_array_append_val(changes, c);
}

static GArray *find_changes(struct drop *d, GError **error)
{
	g_autoptr(GError) own = NULL;
	struct ledger *l = store_ledger(d->store, error);
	g_autoptr(GPtrArray) known = l ? uids_load(l, d->account, error) : NULL;
	sqlite3_stmt *stmt =
		known ? index_stmt(d->ix, "SELECT id, row, state, uid FROM letter", error) : NULL;
	if (!stmt)
		return NULL;
	g_autoptr(GHashTable) rows = ledger_rows(known);
	g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(struct change));
	while (db_row(stmt, &own))
		note_change(stmt, rows, changes);
	sqlite3_reset(stmt);
	if (!own)
		return g_steal_pointer(&changes);
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}

char *drop_file_name(int64_t id, enum drop_state state)
{
	return g_strdup_printf("%" G_GINT64_FORMAT "%s", id, is_unread(state) ? "" : ":2,S");
}

static bool write_change(struct drop *d, const struct change *c, GError **error)
{
	g_autofree char *file = drop_file_name(c->id, c->state);
	struct index_place place = {d->folder, file, is_unread(c->state)};
	return index_exec(d->ix, error, "UPDATE letter SET row = ?, state = ? WHERE id = ?", "iii",
		       c->row, (int64_t)c->state, c->id) &&
	       index_set_place(d->ix, c->id, &place, error);
}

bool drop_note_ledger(struct drop *d, GError **error)
{
	g_autoptr(GArray) changes = find_changes(d, error);
	if (!changes || changes->len == 0)
		return changes != NULL;
	bool ok = index_begin(d->ix, error);
	if (!ok)
		return false;
	for (guint i = 0; ok && i < changes->len; i++)
		ok = write_change(d, &g_array_index(changes, struct change, i), error);
	return end(d, ok, error);
}
