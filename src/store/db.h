/* SPDX-License-Identifier: MIT
 *
 * SQLite as this folder uses it: opening, statements, and its errors as
 * STORE_ERROR.  Both databases, ledger.db and index.db, are opened here. */
#ifndef DEWEY_STORE_DB_H
#define DEWEY_STORE_DB_H

#include <sqlite3.h>
#include <stdarg.h>

#include "store/store.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* Opens or makes path, mode 0600, WAL, synchronous=FULL, waiting for another
 * writer for up to 10 seconds.  On a network file system, where the shared
 * memory of WAL does not work, a rollback journal (CHECKLIST X-04). */
sqlite3 *db_open(const char *path, GError **error);

/* A database of this name is a cache.  When damage is found in it while it is read,
 * an empty file beside it, DB_CACHE DB_DAMAGED, tells whoever opens it next: opening
 * looks at a few pages only, and the damage may be in any. */
#define DB_CACHE "index.db"
#define DB_DAMAGED ".damaged"

/* Whether the file was removed, or another put in its place, since it was opened. */
bool db_is_gone(sqlite3 *db);

/* Sets error from the last failure of db and returns false: STORE_ERROR_BUSY,
 * _DAMAGED (corrupt, not a database) or _DISK.  doing: what was tried, for
 * people, as "read the list of letters". */
bool db_fail(sqlite3 *db, const char *doing, GError **error);

/* One or more statements without parameters or results. */
bool db_exec(sqlite3 *db, const char *sql, GError **error);

/* A statement; db_done() runs one that gives no rows, and resets it. */
sqlite3_stmt *db_prepare(sqlite3 *db, const char *sql, GError **error);
bool db_done(sqlite3_stmt *stmt, GError **error);

/* The next row: true.  No more: false, the error not set. */
bool db_row(sqlite3_stmt *stmt, GError **error);

/* Binds ?1, ?2, … by a type letter each: i int64_t, s char * (may be NULL),
 * b GBytes * (may be NULL).  The values must live until the statement ran. */
void db_bind(sqlite3_stmt *stmt, const char *types, ...);
void db_bind_list(sqlite3_stmt *stmt, const char *types, va_list args);

/* Prepares, binds, runs and forgets; changes (may be NULL): rows that changed. */
bool db_run(sqlite3 *db, int *changes, GError **error, const char *sql, const char *types, ...);

/* The one number that sql gives; missing, if it gives no row. */
bool db_number(sqlite3 *db, const char *sql, int64_t missing, int64_t *value, GError **error);

/* Column i as a new string; NULL for NULL. */
char *db_text(sqlite3_stmt *stmt, int i);

/* The first column of all rows, as GPtrArray of char *, or as a set of char *; it
 * frees them.  No row has NULL there.  NULL: error. */
GPtrArray *db_texts(sqlite3_stmt *stmt, GError **error);
/* The same of numbers: GArray of int64_t. */
GArray *db_ids(sqlite3_stmt *stmt, GError **error);
GHashTable *db_text_set(sqlite3_stmt *stmt, GError **error);

#endif
