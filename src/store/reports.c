/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-private.h"
#include "store/outbox-private.h"
#include "store/reports.h"
#include "store/thread.h"

/* Addresses that the envelope does not have, of one letter: members of a list,
 * say.  More of them are somebody's game. */
enum { STRANGERS = 100 };

static const char *const outcome_names[] = {
	"delivered", "relayed", "expanded", "delayed", "failed", "read", "deleted", "processed"};

const char *outcome_name(enum outcome outcome)
{
	g_assert((size_t)outcome < G_N_ELEMENTS(outcome_names));
	return outcome_names[outcome];
}

struct told {
	const char *action;
	bool receipt;
	enum outcome outcome;
};

/* RFC 3464 2.3.3, RFC 8098 3.2.6.2; "dispatched" is of RFC 3798. */
static const struct told told[] = {
	{"delivered", false, OUTCOME_DELIVERED},
	{"relayed", false, OUTCOME_RELAYED},
	{"expanded", false, OUTCOME_EXPANDED},
	{"delayed", false, OUTCOME_DELAYED},
	{"failed", false, OUTCOME_FAILED},
	{"displayed", true, OUTCOME_READ},
	{"deleted", true, OUTCOME_DELETED},
	{"dispatched", true, OUTCOME_PROCESSED},
	{"processed", true, OUTCOME_PROCESSED},
};

bool report_outcome(
	const struct mime_report *report, const struct mime_outcome *o, enum outcome *outcome)
{
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		if (told[i].receipt != report->receipt || strcmp(told[i].action, o->action) != 0)
			continue;
		*outcome = told[i].outcome;
		return true;
	}
	return false;
}

/* --- which letter -------------------------------------------------------------- */

static char *first_text(sqlite3 *db, const char *sql, const char *key, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, sql, error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", key);
	return db_row(stmt, error) ? db_text(stmt, 0) : NULL;
}

/* The Message-ID of an item of the outbox; the envelope's id cannot be guessed by
 * those who never saw the envelope, so it goes first. */
static char *find_item(sqlite3 *db, const struct mime_report *report, GError **error)
{
	g_autoptr(GError) own = NULL;
	char *id = NULL;
	if (*report->envid)
		id = first_text(db,
			"SELECT message_id FROM outbox WHERE envid = ?1 AND message_id <> ''",
			report->envid, &own);
	if (!id && !own && *report->about)
		id = first_text(db, "SELECT message_id FROM outbox WHERE message_id = ?1",
			report->about, &own);
	if (own)
		g_propagate_error(error, g_steal_pointer(&own));
	return id;
}

static bool index_knows(struct store *s, const char *message_id, bool *knows, GError **error)
{
	int64_t known = 0;
	struct index *ix = store_index(s, error);
	bool ok = ix &&
		  index_number(ix, 0, &known, error, "SELECT 1 FROM message WHERE node = ? LIMIT 1",
			  "i", thread_node(message_id));
	*knows = known != 0;
	return ok;
}

char *reports_letter(struct store *s, const struct mime_report *report, GError **error)
{
	g_autoptr(GError) own = NULL;
	bool knows = false;
	struct ledger *l = store_ledger(s, error);
	char *id = l ? find_item(ledger_db(l), report, &own) : NULL;
	if (l && !id && !own && *report->about && index_knows(s, report->about, &knows, &own) &&
		knows)
		id = g_strdup(report->about);
	if (own)
		g_propagate_error(error, g_steal_pointer(&own));
	return id;
}

/* --- which recipient ----------------------------------------------------------- */

static GPtrArray *recipients_of(sqlite3 *db, const char *letter, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT DISTINCT address FROM recipient JOIN outbox ON outbox.id = item"
		" WHERE message_id = ?1",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", letter);
	return db_texts(stmt, error);
}

static const char *same_as(const GPtrArray *recipients, const char *address)
{
	for (guint i = 0; i < recipients->len; i++)
		if (outbox_same_address(recipients->pdata[i], address))
			return recipients->pdata[i];
	return NULL;
}

/* As the envelope has it.  A server on the way may know another name only; of a
 * letter with one recipient it is clear whom it means. */
static const char *envelope_address(const GPtrArray *recipients, const struct mime_outcome *o)
{
	const char *known = same_as(recipients, o->address);
	if (!known && *o->final)
		known = same_as(recipients, o->final);
	return known || recipients->len != 1 ? known : recipients->pdata[0];
}

/* --- noting -------------------------------------------------------------------- */

struct noting {
	const struct mime_report *report;
	const char *letter;
	int64_t came;
	GPtrArray *recipients;
};

static bool has_room(sqlite3 *db, const struct noting *n, bool *room, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(db, "SELECT count(*) FROM report WHERE letter = ?1", error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", n->letter);
	bool ok = db_row(stmt, error);
	*room = ok && sqlite3_column_int64(stmt, 0) < (int64_t)n->recipients->len * 2 + STRANGERS;
	return ok;
}

/* When the letter was queued for this address, if that was more than once; 0. */
static bool sent_again(
	sqlite3 *db, const struct noting *n, const char *address, int64_t *since, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT iif(count(*) > 1, max(queued), 0) FROM outbox"
		" JOIN recipient ON item = outbox.id WHERE message_id = ?1 AND address = ?2",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "ss", n->letter, address);
	bool ok = db_row(stmt, error);
	*since = ok ? sqlite3_column_int64(stmt, 0) : 0;
	return ok;
}

/* What an outcome weighs, by its number: a list's members may fare differently, and
 * what happened to one of them is not to be hidden by the others. */
#define WEIGHT(outcome) "substr('22013321', " outcome " + 1, 1)"

static const char insert_row[] =
	"INSERT INTO report (letter, address, receipt, outcome, status, words, server, came)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	" ON CONFLICT (letter, address, receipt) DO UPDATE SET outcome = excluded.outcome,"
	" status = excluded.status, words = excluded.words, server = excluded.server,"
	" came = excluded.came WHERE (came < ?9 AND excluded.came >= ?9)"
	" OR ((came < ?9) = (excluded.came < ?9)"
	" AND (" WEIGHT("excluded.outcome") " > " WEIGHT("outcome") " OR (" WEIGHT(
		"excluded.outcome") " = " WEIGHT("outcome") " AND excluded.came > came)))";

static bool note_one(
	sqlite3 *db, const struct noting *n, const struct mime_outcome *o, GError **error)
{
	enum outcome outcome;
	const char *known = envelope_address(n->recipients, o);
	bool room = known != NULL;
	if (!report_outcome(n->report, o, &outcome))
		return true;
	if (!known && !has_room(db, n, &room, error))
		return false;
	if (!room)
		return true;
	const char *address = known ? known : o->address;
	int64_t since;
	return sent_again(db, n, address, &since, error) &&
	       db_run(db, NULL, error, insert_row, "ssiisssii", n->letter, address,
		       (int64_t)n->report->receipt, (int64_t)outcome, o->status, o->words,
		       n->report->server, n->came, since);
}

static bool note_all(sqlite3 *db, void *data, GError **error)
{
	struct noting *n = data;
	n->recipients = recipients_of(db, n->letter, error);
	bool ok = n->recipients != NULL;
	for (guint i = 0; ok && i < n->report->outcomes->len; i++)
		ok = note_one(db, n, n->report->outcomes->pdata[i], error);
	if (n->recipients)
		g_ptr_array_unref(n->recipients);
	return ok;
}

bool reports_note(struct store *s, const struct mime_report *report, int64_t came, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autofree char *letter = reports_letter(s, report, &own);
	struct noting n = {.report = report, .letter = letter, .came = came};
	if (letter)
		return outbox_transaction(s, note_all, &n, error);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* --- reading ------------------------------------------------------------------- */

static void row_free(void *data)
{
	struct report_row *row = data;
	g_free(row->address);
	g_free(row->status);
	g_free(row->words);
	g_free(row->server);
	g_free(row);
}

GPtrArray *reports_about(struct store *s, const char *message_id, GError **error)
{
	g_autoptr(GError) own = NULL;
	struct ledger *l = store_ledger(s, error);
	g_autoptr(sqlite3_stmt) stmt =
		l ? db_prepare(ledger_db(l),
			    "SELECT address, outcome, status, words, server, came FROM report"
			    " WHERE letter = ?1 AND letter <> '' ORDER BY address, receipt",
			    error)
		  : NULL;
	if (!stmt)
		return NULL;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
	db_bind(stmt, "s", message_id);
	while (db_row(stmt, &own)) {
		struct report_row *row = g_new0(struct report_row, 1);
		row->address = db_text(stmt, 0);
		row->outcome =
			(enum outcome)CLAMP(sqlite3_column_int(stmt, 1), 0, OUTCOME_PROCESSED);
		row->status = db_text(stmt, 2);
		row->words = db_text(stmt, 3);
		row->server = db_text(stmt, 4);
		row->came = sqlite3_column_int64(stmt, 5);
		g_ptr_array_add(rows, row);
	}
	if (!own)
		return g_steal_pointer(&rows);
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}
