/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/moves.h"
#include "store/uids-private.h"

/* In the order of account_state_key(); a login may hold the mark. */
enum { WORD, HOST, PORT, LOGIN, PARTS };

static char **parts_of(const char *account)
{
	char **parts = g_strsplit(account, "|", PARTS);
	g_assert(g_strv_length(parts) == PARTS);
	return parts;
}

static bool differ_in_port(const char *account, const char *other)
{
	g_auto(GStrv) a = parts_of(account), b = g_strsplit(other, "|", PARTS);
	return g_strv_length(b) == PARTS && strcmp(a[WORD], b[WORD]) == 0 &&
	       strcmp(a[HOST], b[HOST]) == 0 && strcmp(a[LOGIN], b[LOGIN]) == 0 &&
	       strcmp(a[PORT], b[PORT]) != 0;
}

/* What all keys of this word begin with. */
static char *beginning(const char *account)
{
	return g_strndup(account, (gsize)(strchr(account, '|') - account) + 1);
}

/* The keys that a statement gives: ?1 is account, ?2 the beginning. */
static GPtrArray *select_keys(
	struct ledger *l, const char *sql, const char *account, GError **error)
{
	g_autofree char *word = beginning(account);
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l), sql, error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "ss", account, word);
	return db_texts(stmt, error);
}

bool moves_port(struct ledger *l, const char *account, char **former, GError **error)
{
	g_autoptr(GPtrArray) keys = select_keys(l,
		"SELECT account FROM maildrop WHERE account != ?1"
		" AND substr(account, 1, length(?2)) = ?2"
		" AND NOT EXISTS (SELECT 1 FROM uid WHERE maildrop ="
		"  (SELECT id FROM maildrop WHERE account = ?1))"
		" ORDER BY visited DESC",
		account, error);
	*former = NULL;
	for (guint i = 0; keys && i < keys->len && !*former; i++)
		if (differ_in_port(account, keys->pdata[i]))
			*former = g_strdup(keys->pdata[i]);
	return keys != NULL;
}

/* A row that a look at the new port has made knows of no letter. */
static bool change_key(struct ledger *l, const char *former, const char *account, GError **error)
{
	sqlite3 *db = ledger_db(l);
	return db_run(db, NULL, error,
		       "DELETE FROM notice WHERE maildrop ="
		       " (SELECT id FROM maildrop WHERE account = ?1)",
		       "s", account) &&
	       db_run(db, NULL, error, "DELETE FROM maildrop WHERE account = ?1", "s", account) &&
	       db_run(db, NULL, error, "UPDATE maildrop SET account = ?1 WHERE account = ?2", "ss",
		       account, former);
}

bool moves_take_over(struct ledger *l, const char *former, const char *account, GError **error)
{
	if (!ledger_begin(l, error))
		return false;
	if (change_key(l, former, account, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

bool moves_former(struct ledger *l, const char *account, GPtrArray **keys, GError **error)
{
	*keys = NULL;
	if (!uids_maildrop(l, account, error))
		return false;
	g_autoptr(GPtrArray) found = select_keys(l,
		"SELECT account FROM maildrop WHERE account != ?1"
		" AND substr(account, 1, length(?2)) = ?2"
		" AND (SELECT compare FROM maildrop WHERE account = ?1) != 0",
		account, error);
	if (!found)
		return false;
	if (found->len > 0)
		*keys = g_steal_pointer(&found);
	return true;
}

bool moves_begin(struct ledger *l, const char *account, GError **error)
{
	g_autofree char *word = beginning(account);
	return db_run(ledger_db(l), NULL, error,
		"UPDATE maildrop SET compare = 1"
		" WHERE compare = 0 AND substr(account, 1, length(?1)) = ?1",
		"s", word);
}

bool moves_compared(struct ledger *l, const char *account, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"UPDATE maildrop SET compare = 0 WHERE account = ?1", "s", account);
}
