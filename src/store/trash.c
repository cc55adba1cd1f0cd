/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/actions-private.h"
#include "store/db.h"
#include "store/index-private.h"
#include "store/trash.h"

enum { HOUR = 3600, DAY = 24 * HOUR, LONG = 31 * DAY, GROUP = 500 };

/* --- what is where --------------------------------------------------------------- */

void trash_change_clear(struct trash_change *c)
{
	g_clear_pointer(&c->in, g_ptr_array_unref);
	g_clear_pointer(&c->out, g_ptr_array_unref);
}

static void add(GPtrArray **names, char *name)
{
	if (!*names)
		*names = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(*names, name);
}

static bool is_trash(const char *folder)
{
	return folder && strcmp(folder, FOLDER_TRASH) == 0;
}

void trash_change_note(struct trash_change *c, const struct trash_way *way)
{
	if (is_trash(way->from))
		add(&c->out, g_strdup(way->base));
	if (is_trash(way->to))
		add(&c->in, maildir_base(way->file));
}

/* types: of a name, and of the time it is. */
static bool each(struct ledger *l, const char *sql, const char *types, const GPtrArray *names,
	GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = names ? db_prepare(ledger_db(l), sql, error) : NULL;
	for (guint i = 0; stmt && i < names->len; i++) {
		db_bind(stmt, types, names->pdata[i], clock_now());
		if (!db_done(stmt, error))
			return false;
	}
	return !names || stmt;
}

bool trash_change_write(struct ledger *l, const struct trash_change *c, GError **error)
{
	if (!c->in && !c->out)
		return true;
	if (!ledger_begin_light(l, error))
		return false;
	if (each(l, "DELETE FROM trashed WHERE base = ?", "s", c->out, error) &&
		each(l, "INSERT OR REPLACE INTO trashed(base, made) VALUES(?, ?)", "si", c->in,
			error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* --- emptying -------------------------------------------------------------------- */

/* The row of the empty name is the last look. */
static bool look_again(struct ledger *l, int64_t now, bool *may_remove, bool *look, GError **error)
{
	int64_t last = 0;
	if (!db_number(ledger_db(l), "SELECT made FROM trashed WHERE base = ''", 0, &last, error))
		return false;
	*look = last > now || now - last >= HOUR;
	*may_remove = last <= now && now - last <= LONG;
	return !*look ||
	       db_run(ledger_db(l), NULL, error,
		       "INSERT OR REPLACE INTO trashed(base, made) VALUES('', ?)", "i", now);
}

struct emptying {
	struct index *ix;
	int64_t now, until; /* what was put there before is to go */
	GArray *ids;
	struct trash_change gone; /* somebody took it away, or removed it */
};

static bool sort_one(struct emptying *e, const char *base, int64_t made, GError **error)
{
	int64_t id = 0;
	if (!index_number(e->ix, 0, &id, error,
		    "SELECT id FROM message WHERE folder = ? AND base = ?", "is",
		    (int64_t)FOLDER_ID_TRASH, base))
		return false;
	if (id != 0 && made <= e->until)
		g_array_append_val(e->ids, id);
	/* What was put there just now may not have its row in the index yet. */
	if (id == 0 && made < e->now - HOUR)
		add(&e->gone.out, g_strdup(base));
	return true;
}

static bool sort(struct emptying *e, struct ledger *l, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT base, made FROM trashed WHERE base <> ''", error);
	if (!stmt)
		return false;
	while (db_row(stmt, &own))
		if (!sort_one(e, (const char *)sqlite3_column_text(stmt, 0),
			    sqlite3_column_int64(stmt, 1), error))
			return false;
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

static bool remove_all(struct store *s, const GArray *ids, int64_t *removed, GError **error)
{
	for (guint i = 0; i < ids->len && store_going(s, i, ids->len); i += GROUP) {
		struct action_result result = {0};
		g_autoptr(GArray) group = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_array_append_vals(
			group, &g_array_index(ids, int64_t, i), MIN(GROUP, ids->len - i));
		bool ok = action_remove_for_good(s, group, &result, error);
		*removed += result.done;
		action_result_clear(&result);
		if (!ok)
			return false;
	}
	return true;
}

bool trash_empty(struct store *s, int days, int64_t *removed, GError **error)
{
	bool may_remove, look;
	struct ledger *l = store_ledger(s, error);
	struct emptying e = {.now = clock_now()};
	*removed = 0;
	g_assert(days > 0);
	if (!l || !look_again(l, e.now, &may_remove, &look, error))
		return false;
	if (!look || !may_remove)
		return true;
	e.until = e.now - (int64_t)days * DAY;
	e.ix = store_index(s, error);
	e.ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	bool ok = e.ix && sort(&e, l, error) && trash_change_write(l, &e.gone, error) &&
		  remove_all(s, e.ids, removed, error);
	trash_change_clear(&e.gone);
	g_array_unref(e.ids);
	return ok;
}
