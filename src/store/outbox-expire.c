/* SPDX-License-Identifier: MIT
 *
 * Letters that could not be sent for days.  One that nobody got goes back to
 * Drafts, with the reason in its head, and is DONE; of one that some got the rest
 * is HELD, to be corrected or dropped.  A row says which draft is owed before any
 * file is touched, as for a Sent copy (outbox-copy.c). */
#include "base/base.h"

#include "base/clock.h"
#include "store/maildir.h"
#include "store/outbox-private.h"

/* So many attempts take half a day at least: a clock that jumped, or a computer
 * that slept for a week, is no reason to give up. */
enum { ENOUGH_ATTEMPTS = 8, DAY = 86400 };

struct expiring {
	const char *account;
	int64_t patience;
	GArray *ids; /* out */
};

static GArray *find_old(sqlite3 *db, const struct expiring *x, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id FROM outbox WHERE state = 1 AND account = ?1 AND attempts >= ?2"
		" AND first BETWEEN 1 AND ?3 ORDER BY id",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "sii", x->account, (int64_t)ENOUGH_ATTEMPTS, clock_now() - x->patience);
	return db_ids(stmt, error);
}

/* For the item, and for recipients whom the server never said a word about. */
static char *reason(sqlite3 *db, int64_t id, int64_t patience)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT error FROM outbox WHERE id = ?1", NULL);
	g_autofree char *last = NULL;
	int days = (int)(patience / DAY);
	if (stmt) {
		db_bind(stmt, "i", id);
		last = db_row(stmt, NULL) ? db_text(stmt, 0) : NULL;
	}
	if (!last)
		return g_strdup_printf(
			P_("given up after %d day", "given up after %d days", days), days);
	/* TRANSLATORS: the second is why the last attempt failed */
	return g_strdup_printf(
		P_("given up after %d day: %s", "given up after %d days: %s", days), days, last);
}

static bool expire_one(sqlite3 *db, int64_t id, int64_t patience, GError **error)
{
	struct outbox_progress p;
	g_autofree char *why = reason(db, id, patience);
	g_autofree char *base = maildir_unique_name();
	if (!outbox_progress(db, id, &p, error) ||
		!db_run(db, NULL, error,
			"UPDATE recipient SET reply = coalesce(reply, ?1) WHERE item = ?2"
			" AND state IN (0, 1, 3)",
			"si", why, id))
		return false;
	if (p.sent > 0)
		return outbox_happens(db, id, EVENT_EXPIRE_REST, why, error);
	return outbox_happens(db, id, EVENT_EXPIRE, why, error) &&
	       db_run(db, NULL, error,
		       "UPDATE outbox SET returned = 1, copy = 1, copy_folder = ?1, copy_base = ?2"
		       " WHERE id = ?3",
		       "ssi", FOLDER_DRAFTS, base, id);
}

static bool expire(sqlite3 *db, void *data, GError **error)
{
	struct expiring *x = data;
	x->ids = find_old(db, x, error);
	bool ok = x->ids != NULL;
	for (guint i = 0; ok && i < x->ids->len; i++)
		ok = expire_one(db, g_array_index(x->ids, int64_t, i), x->patience, error);
	return ok;
}

/* Where there is no draft yet, who wrote it has to know that too. */
static void make_draft(struct store *s, struct outbox_item *item)
{
	g_autoptr(GError) why = NULL;
	if (outbox_finish(s, item->id, true, &why))
		return;
	g_autofree char *given_up = item->error;
	item->error = g_strdup_printf("%s; %s", given_up, why->message);
}

static GPtrArray *return_all(struct store *s, const GArray *ids, GError **error)
{
	g_autoptr(GPtrArray) items =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_item_free);
	for (guint i = 0; i < ids->len; i++) {
		struct outbox_item *item = outbox_get(s, g_array_index(ids, int64_t, i), error);
		if (!item)
			return NULL;
		make_draft(s, item);
		g_ptr_array_add(items, item);
	}
	return g_steal_pointer(&items);
}

GPtrArray *outbox_expire(struct store *s, const char *account, int64_t patience, GError **error)
{
	struct expiring x = {account, patience, NULL};
	bool ok = outbox_transaction(s, expire, &x, error);
	g_autoptr(GArray) ids = x.ids;
	return ok ? return_all(s, ids, error) : NULL;
}

/* --- uncertain ones -------------------------------------------------------------- */

int64_t outbox_repeat_in(int64_t dotted)
{
	return MAX(OUTBOX_REPEAT_AFTER - clock_since(dotted), 0);
}

static bool repeat(sqlite3 *db, void *data, GError **error)
{
	const char *account = data;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id, dotted FROM outbox WHERE state = 4 AND account = ?1 AND repeated = 0"
		" AND dotted > 0",
		error);
	g_autoptr(GError) why = NULL;
	if (!stmt)
		return false;
	db_bind(stmt, "s", account);
	while (db_row(stmt, &why)) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		if (outbox_repeat_in(sqlite3_column_int64(stmt, 1)) > 0)
			continue;
		if (!outbox_happens(db, id, EVENT_REPEAT, NULL, error) ||
			!db_run(db, NULL, error,
				"UPDATE outbox SET repeated = 1, due = ?1 WHERE id = ?2", "ii",
				clock_now(), id))
			return false;
	}
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

bool outbox_repeat_uncertain(struct store *s, const char *account, GError **error)
{
	return outbox_transaction(s, repeat, (void *)account, error);
}
