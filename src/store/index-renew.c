/* SPDX-License-Identifier: MIT
 *
 * Other languages: all words are cut anew.  Of a million letters that is a gigabyte to
 * throw away and a million rows to mark, so both are done in slices, by a sync that has
 * nothing else to do.  The old tables get another name, which takes no time; as long as
 * one has it, something is left. */
#include "base/base.h"

#include <string.h>

#include "store/index-words.h"
#include "store/words.h"

enum {
	IDS = 2048,  /* marked in a transaction */
	PAGES = 500, /* of 4 KB, given back in one */
};

#define OLD "old_"

/* --- noticing ------------------------------------------------------------------ */

static bool drop_and_make(struct index *ix, const char *languages, GError **error)
{
	return db_exec(index_handle(ix), "DROP TABLE words; DROP TABLE begins", error) &&
	       index_make_words(index_handle(ix), languages, error);
}

/* A table may have been put aside before the one before it was gone. */
static bool put_aside(struct index *ix, const char *languages, GError **error)
{
	int64_t n = 0;
	if (!index_number(ix, 0, &n, error,
		    "SELECT max(CAST(substr(name, length('" OLD "words_') + 1) AS INTEGER)) + 1"
		    " FROM sqlite_schema WHERE name GLOB '" OLD "words_*'",
		    ""))
		return false;
	g_autofree char *sql = g_strdup_printf("ALTER TABLE words RENAME TO " OLD "words_%d;"
					       "ALTER TABLE begins RENAME TO " OLD "begins_%d",
		(int)n, (int)n);
	return db_exec(index_handle(ix), sql, error) &&
	       index_make_words(index_handle(ix), languages, error);
}

typedef bool (*change)(struct index *ix, const char *languages, GError **error);

static bool change_to(struct index *ix, const char *wanted, change how, GError **error)
{
	if (!index_begin(ix, error))
		return false;
	if (how(ix, wanted, error))
		return index_commit(ix, error);
	index_rollback(ix);
	return false;
}

/* NULL: they are the same, or error is set. */
static char *other_languages(struct index *ix, const char *languages, GError **error)
{
	g_autofree char *wanted = words_languages(languages);
	g_autofree char *now = index_languages(ix, error);
	return now && strcmp(wanted, now) != 0 ? g_steal_pointer(&wanted) : NULL;
}

bool index_set_languages(struct index *ix, const char *languages, GError **error)
{
	GError *own = NULL;
	int64_t any = 0;
	g_autofree char *wanted = other_languages(ix, languages, &own);
	if (own) {
		g_propagate_error(error, own);
		return false;
	}
	if (!wanted)
		return true;
	if (!index_number(ix, 0, &any, error, "SELECT 1 FROM words_docsize LIMIT 1", ""))
		return false;
	return any || change_to(ix, wanted, drop_and_make, error);
}

/* --- what is left -------------------------------------------------------------- */

static GPtrArray *old_tables(struct index *ix, GError **error)
{
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '" OLD
		"*' AND sql LIKE 'CREATE VIRTUAL%'",
		error);
	GPtrArray *names = stmt ? db_texts(stmt, error) : NULL;
	if (stmt)
		sqlite3_reset(stmt);
	return names;
}

/* Those that have no words in the new table wait for them.  One that could not be read
 * has none anyway. */
static bool mark_all(struct index *ix, const struct index_spare *spare, GError **error)
{
	int64_t id = 0;
	if (!index_number(ix, 0, &id, error, "SELECT max(id) FROM message", ""))
		return false;
	for (; id > 0; id -= IDS)
		if (!index_exec(ix, error,
			    "UPDATE message SET state = state | 16 WHERE id > ?1 - ?2 AND id <= ?1"
			    " AND (state & 20) = 0"
			    " AND NOT EXISTS (SELECT 1 FROM words_docsize d WHERE d.id = "
			    "message.id)",
			    "ii", id, (int64_t)IDS) ||
			!spare->go_on(spare->data, error))
			return false;
	return true;
}

/* Most of a table are its pages of postings, which can go before it. */
static bool drop_old(
	struct index *ix, const char *name, const struct index_spare *spare, GError **error)
{
	g_autofree char *some = g_strdup_printf(
		"DELETE FROM %s_data WHERE id IN (SELECT id FROM %s_data WHERE id > 10 LIMIT %d)",
		name, name, PAGES);
	g_autofree char *all = g_strdup_printf("DROP TABLE %s", name);
	for (;;) {
		if (!db_exec(index_handle(ix), some, error))
			return false;
		if (sqlite3_changes(index_handle(ix)) == 0)
			return db_exec(index_handle(ix), all, error);
		if (!spare->go_on(spare->data, error))
			return false;
	}
}

bool index_renew_words(
	struct index *ix, const char *languages, const struct index_spare *spare, GError **error)
{
	GError *own = NULL;
	g_autofree char *wanted = languages ? other_languages(ix, languages, &own) : NULL;
	if (own) {
		g_propagate_error(error, own);
		return false;
	}
	if (wanted && !change_to(ix, wanted, put_aside, error))
		return false;
	g_autoptr(GPtrArray) old = old_tables(ix, error);
	bool ok = old && (old->len == 0 || mark_all(ix, spare, error));
	for (guint i = 0; ok && i < old->len; i++)
		ok = drop_old(ix, old->pdata[i], spare, error);
	return ok;
}
