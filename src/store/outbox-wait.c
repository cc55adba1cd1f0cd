/* SPDX-License-Identifier: MIT
 *
 * When a letter goes again.  A server that cannot be reached is the server's
 * trouble, not a letter's: the table relay says when it is tried again, once for
 * all that waits for it (S-52).  What was put off for longer than we ever do was
 * put off by a clock that was wrong; it goes now, and is put off anew. */
#include "base/base.h"

#include "base/clock.h"
#include "store/outbox-private.h"

enum { MINUTE = 60, HOUR = 3600, BLOCKED = -1 };

int64_t outbox_step(int64_t failures)
{
	/* The last is for all that follow. */
	static const int steps[] = {MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 2 * HOUR};
	size_t last = G_N_ELEMENTS(steps) - 1;
	int step = steps[MIN((size_t)MAX(failures - 1, 0), last)];
	return step + g_random_int_range(0, step / 4);
}

static bool is_too_far(int64_t due, int64_t now)
{
	return due > now + OUTBOX_LONGEST_WAIT;
}

int64_t outbox_next_attempt(const struct outbox_wait *w, int64_t now)
{
	int64_t due = is_too_far(w->due, now) && w->due > w->send_at ? now : w->due;
	if (w->relay_due == BLOCKED)
		return 0;
	if (is_too_far(w->relay_due, now))
		return due;
	/* A new letter is somebody's reason to look again, but not for each of many. */
	int64_t relay = w->first == 0 ? MIN(w->relay_due, w->relay_tried + MINUTE) : w->relay_due;
	return MAX(due, relay);
}

/* --- what waits ----------------------------------------------------------------- */

/* Accounts with items that an agent had: a dead one's are settled. */
static bool adopt_orphans(struct store *s, const char *account, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(store_ledger(s, NULL)),
		"SELECT DISTINCT account FROM outbox WHERE state IN (2, 3)"
		" AND (?1 IS NULL OR account = ?1)",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", account);
	g_autoptr(GPtrArray) accounts = db_texts(stmt, error);
	for (guint i = 0; accounts && i < accounts->len; i++) {
		g_autoptr(GError) why = NULL;
		if (outbox_adopt(s, accounts->pdata[i], &why) ||
			g_error_matches(why, STORE_ERROR, STORE_ERROR_BUSY))
			continue;
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	return accounts != NULL;
}

int64_t outbox_next_due(struct store *s, const char *account, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = NULL;
	int64_t now = clock_now(), first = 0;
	if (!store_ledger(s, error) || !adopt_orphans(s, account, error))
		return 0;
	stmt = db_prepare(ledger_db(store_ledger(s, NULL)),
		"SELECT o.due, o.send_at, o.first, coalesce(r.due, 0), coalesce(r.tried, 0)"
		" FROM outbox o LEFT JOIN relay r ON r.account = o.account"
		" WHERE o.state = 1 AND (?1 IS NULL OR o.account = ?1)",
		error);
	if (!stmt)
		return 0;
	db_bind(stmt, "s", account);
	while (db_row(stmt, &why)) {
		struct outbox_wait w = {sqlite3_column_int64(stmt, 0),
			sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2),
			sqlite3_column_int64(stmt, 3), sqlite3_column_int64(stmt, 4)};
		int64_t at = outbox_next_attempt(&w, now);
		first = first == 0 || (at != 0 && at < first) ? at : first;
	}
	if (!why)
		return first;
	g_propagate_error(error, g_steal_pointer(&why));
	return 0;
}

/* --- servers ---------------------------------------------------------------------- */

void outbox_server_clear(struct outbox_server *server)
{
	g_clear_pointer(&server->why, g_free);
	g_clear_pointer(&server->server, g_free);
	g_clear_pointer(&server->settings, g_free);
}

bool outbox_server_get(
	struct store *s, const char *account, struct outbox_server *server, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = NULL;
	*server = (struct outbox_server){0};
	if (store_ledger(s, error))
		stmt = db_prepare(ledger_db(store_ledger(s, NULL)),
			"SELECT failures, tried, due, why, server, settings FROM relay"
			" WHERE account = ?1",
			error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", account);
	if (db_row(stmt, &why)) {
		server->failures = sqlite3_column_int(stmt, 0);
		server->tried = sqlite3_column_int64(stmt, 1);
		server->due = MAX(sqlite3_column_int64(stmt, 2), 0);
		server->blocked = sqlite3_column_int64(stmt, 2) == BLOCKED;
		server->why = db_text(stmt, 3);
		server->server = db_text(stmt, 4);
		server->settings = db_text(stmt, 5);
	}
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

struct trouble {
	const struct outbox_relay *relay;
	const char *why;
	enum outbox_trouble kind;
};

/* A new row, or one that was another server's or went another way, begins at 0. */
static bool make_row(sqlite3 *db, const struct trouble *t, GError **error)
{
	return db_run(db, NULL, error,
		"INSERT INTO relay (account, server, settings) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (account) DO UPDATE SET server = ?2, settings = ?3, failures = 0,"
		" tried = 0, due = 0 WHERE server != ?2 OR settings != ?3",
		"sss", t->relay->account, t->relay->server, t->relay->settings);
}

static bool failures_of(sqlite3 *db, const char *server, int64_t *n, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT max(failures) FROM relay WHERE server = ?1", error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", server);
	if (!db_row(stmt, error))
		return false;
	*n = sqlite3_column_int64(stmt, 0);
	return true;
}

static int64_t due_after(const struct trouble *t, int64_t failures, int64_t now)
{
	switch (t->kind) {
	case OUTBOX_TROUBLE_BLOCKED:
		return BLOCKED;
	case OUTBOX_TROUBLE_OFFLINE:
		return now + outbox_step(1);
	case OUTBOX_TROUBLE_DOWN:
	default:
		return now + outbox_step(failures);
	}
}

/* The attempt counts for all that would have gone. */
static bool count_attempt(sqlite3 *db, const struct trouble *t, int64_t now, GError **error)
{
	int64_t n = t->kind == OUTBOX_TROUBLE_DOWN;
	return db_run(db, NULL, error,
		"UPDATE outbox SET error = ?1, attempts = attempts + ?2,"
		" first = iif(first = 0 AND ?2 > 0, ?3, first)"
		" WHERE state = 1 AND due <= ?3 AND account = ?4",
		"siis", t->why, n, now, t->relay->account);
}

static bool note_trouble(sqlite3 *db, void *data, GError **error)
{
	const struct trouble *t = data;
	int64_t n, now = clock_now();
	/* What is offline says nothing about the server, and a wrong password nothing
	 * about that of another account there. */
	const char *sql = t->kind == OUTBOX_TROUBLE_BLOCKED
				  ? "UPDATE relay SET failures = ?1, tried = ?2, due = ?3, why = ?4"
				    " WHERE server = ?5 AND account = ?6"
				  : "UPDATE relay SET failures = ?1, tried = ?2, due = ?3, why = ?4"
				    " WHERE server = ?5 AND (account = ?6 OR due >= 0)";
	if (!make_row(db, t, error) || !failures_of(db, t->relay->server, &n, error))
		return false;
	n += t->kind != OUTBOX_TROUBLE_OFFLINE;
	return db_run(db, NULL, error, sql, "iiisss", n, now, due_after(t, n, now), t->why,
		       t->relay->server, t->relay->account) &&
	       count_attempt(db, t, now, error);
}

bool outbox_server_failed(struct store *s, const struct outbox_relay *relay,
	enum outbox_trouble kind, const char *why, GError **error)
{
	struct trouble t = {relay, why, kind};
	return outbox_transaction(s, note_trouble, &t, error);
}

static bool forget_trouble(sqlite3 *db, void *data, GError **error)
{
	const struct outbox_relay *relay = data;
	return db_run(db, NULL, error,
		"DELETE FROM relay WHERE account = ?1 OR (server = ?2 AND due >= 0)", "ss",
		relay->account, relay->server);
}

/* Nothing is written where nothing was wrong. */
bool outbox_server_well(struct store *s, const struct outbox_relay *relay, GError **error)
{
	struct outbox_relay known = *relay;
	struct ledger *l = store_ledger(s, error);
	int64_t n;
	return l && db_number(ledger_db(l), "SELECT count(*) FROM relay", 0, &n, error) &&
	       (n == 0 || outbox_transaction_light(s, forget_trouble, &known, error));
}
