/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/filter-private.h"
#include "store/index-private.h"

/* A letter that is nowhere may be on its way: from tmp, or moved by another program,
 * or stored since the index was brought up to date. */
enum { PATIENCE = 86400 };

/* A letter whose row is FETCHING may not be in its folder yet. */
#define DUE                                                                                        \
	" FROM filter_due d WHERE NOT EXISTS"                                                      \
	" (SELECT 1 FROM uid u WHERE u.base = d.base AND u.state = 0)"

bool filter_is_due(struct store *s)
{
	struct ledger *l = store_ledger(s, NULL);
	int64_t any = 0;
	return l && db_number(ledger_db(l), "SELECT 1" DUE " LIMIT 1", 0, &any, NULL) && any;
}

/* The filter that a row names; -2: the dotfile has it no more. */
static int rule_of(const struct filter_pass *p, const char *name)
{
	for (guint i = 0; name && i < p->rules->len; i++) {
		const struct filter_rule *rule = p->rules->pdata[i];
		if (strcmp(rule->name, name) == 0)
			return (int)i;
	}
	return name ? -2 : -1;
}

/* Its row in the index: 0: it is nowhere; -1: it is to be looked at later. */
static bool find(struct filter_pass *p, const char *folder, const char *base,
	struct passing *letter, GError **error)
{
	int64_t state = 0;
	g_autoptr(GError) own = NULL;
	g_autoptr(message_row) row = index_by_base(p->ix, folder, base, &own);
	if (!row && g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING)) {
		letter->id = 0;
		return true;
	}
	if (!row) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	letter->id = row->id;
	letter->partial = row->partial;
	if (!index_number(p->ix, 0, &state, error, "SELECT state FROM message WHERE id = ?", "i",
		    row->id))
		return false;
	if (state & STATE_WORDLESS)
		letter->id = -1;
	return true;
}

static bool was_stopped(const struct filter_pass *p, const struct passing *letter)
{
	if (letter->at < 0)
		return false;
	const struct filter_rule *rule = p->rules->pdata[letter->at];
	for (guint i = 0; letter->step <= rule->count && i < letter->step; i++)
		if (rule->actions[i].verb == FILTER_STOP)
			return true;
	return false;
}

static bool read_due(struct filter_pass *p, sqlite3_stmt *stmt, guint limit, GArray *found,
	GArray *gone, GError **error)
{
	g_autoptr(GError) own = NULL;
	while (found->len < limit && db_row(stmt, &own)) {
		struct passing letter = {.due = sqlite3_column_int64(stmt, 0)};
		const char *name = (const char *)sqlite3_column_text(stmt, 3);
		letter.at = rule_of(p, name);
		letter.step = (guint)sqlite3_column_int(stmt, 4);
		letter.begun = sqlite3_column_int(stmt, 5) != 0;
		letter.over = was_stopped(p, &letter);
		if (!find(p, (const char *)sqlite3_column_text(stmt, 1),
			    (const char *)sqlite3_column_text(stmt, 2), &letter, error))
			return false;
		bool old = sqlite3_column_int64(stmt, 6) < clock_now() - PATIENCE;
		if (letter.at == -2 || (letter.id == 0 && old))
			g_array_append_val(gone, letter);
		else if (letter.id > 0)
			g_array_append_val(found, letter);
	}
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

GArray *filter_due_list(struct filter_pass *p, guint limit, GError **error)
{
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct passing));
	g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(struct passing));
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(p->ledger),
		"SELECT d.id, d.folder, d.base, d.filter, d.step, d.begun, d.made" DUE
		" ORDER BY d.id",
		error);
	if (!stmt)
		return NULL;
	if (!read_due(p, stmt, limit, found, gone, error))
		return NULL;
	sqlite3_reset(stmt);
	if (gone->len > 0 && !filter_due_drop(p, gone, error))
		return NULL;
	return g_steal_pointer(&found);
}

static bool note_hits(
	struct filter_pass *p, const struct filter_rule *rule, guint hits, GError **error)
{
	return hits == 0 || db_run(ledger_db(p->ledger), NULL, error,
				    "INSERT INTO filter_past(name, hits, last) VALUES(?1, ?2, ?3)"
				    " ON CONFLICT(name) DO UPDATE SET hits = hits + ?2, last = ?3",
				    "sii", rule->name, (int64_t)hits, clock_now());
}

static bool note_letters(struct filter_pass *p, const struct filter_rule *rule,
	const GPtrArray *letters, GError **error)
{
	for (guint i = 0; i < letters->len; i++) {
		const struct passing *letter = letters->pdata[i];
		if (letter->due != 0 && !db_run(ledger_db(p->ledger), NULL, error,
						"UPDATE filter_due SET filter = ?, step = ?, begun "
						"= ? WHERE id = ?",
						"siii", rule->name, (int64_t)letter->step,
						(int64_t)letter->begun, letter->due))
			return false;
	}
	return true;
}

/* Light: no kill takes it back.  A power failure may, and then takes back what was
 * done since as well, or leaves it to be done again. */
bool filter_due_note(struct filter_pass *p, const struct filter_rule *rule,
	const GPtrArray *letters, guint hits, GError **error)
{
	if (!ledger_begin_light(p->ledger, error))
		return false;
	if (note_letters(p, rule, letters, error) && note_hits(p, rule, hits, error))
		return ledger_commit(p->ledger, error);
	ledger_rollback(p->ledger);
	return false;
}

bool filter_due_drop(struct filter_pass *p, const GArray *letters, GError **error)
{
	bool ok = ledger_begin(p->ledger, error);
	for (guint i = 0; ok && i < letters->len; i++)
		ok = db_run(ledger_db(p->ledger), NULL, error,
			"DELETE FROM filter_due WHERE id = ?", "i",
			g_array_index(letters, struct passing, i).due);
	if (ok)
		return ledger_commit(p->ledger, error);
	ledger_rollback(p->ledger);
	return false;
}

bool filter_due_end(struct filter_pass *p, const struct passing *letter, GError **error)
{
	return db_run(ledger_db(p->ledger), NULL, error, "DELETE FROM filter_due WHERE id = ?", "i",
		letter->due);
}

bool filter_note_failure(
	struct filter_pass *p, const struct filter_rule *rule, const char *why, GError **error)
{
	return db_run(ledger_db(p->ledger), NULL, error,
		"INSERT INTO filter_past(name, failures, failed, why) VALUES(?1, 1, ?2, ?3)"
		" ON CONFLICT(name) DO UPDATE SET failures = failures + 1, failed = ?2, why = ?3",
		"sis", rule->name, clock_now(), why);
}

bool filter_past_get(struct store *s, const char *name, struct filter_past *past, GError **error)
{
	g_autoptr(GError) own = NULL;
	struct ledger *l = store_ledger(s, error);
	*past = (struct filter_past){0};
	g_autoptr(sqlite3_stmt) stmt = l ? db_prepare(ledger_db(l),
						   "SELECT hits, last, failures, failed, why"
						   " FROM filter_past WHERE name = ?",
						   error)
					 : NULL;
	if (!stmt)
		return false;
	db_bind(stmt, "s", name);
	if (db_row(stmt, &own)) {
		past->hits = sqlite3_column_int64(stmt, 0);
		past->last = sqlite3_column_int64(stmt, 1);
		past->failures = sqlite3_column_int64(stmt, 2);
		past->failed = sqlite3_column_int64(stmt, 3);
		past->why = db_text(stmt, 4);
	}
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

void filter_past_clear(struct filter_past *past)
{
	g_clear_pointer(&past->why, g_free);
}
