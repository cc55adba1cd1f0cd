/* SPDX-License-Identifier: MIT
 *
 * Names, and reading the list. */
#include "base/base.h"

#include "base/clock.h"
#include "store/outbox-private.h"
#include "store/store-private.h"

struct words {
	const char *name, *text;
};

static const struct words states[] = {
#define STATE(state, name, text) [OUTBOX_##state] = {name, text},
#include "store/outbox-words.def"
};

static const struct words recipient_states[] = {
#define RECIPIENT_STATE(state, name, text) [RECIPIENT_##state] = {name, text},
#include "store/outbox-words.def"
};

const char *outbox_state_name(enum outbox_state state)
{
	g_assert((size_t)state < G_N_ELEMENTS(states));
	return states[state].name;
}

const char *outbox_state_text(enum outbox_state state)
{
	g_assert((size_t)state < G_N_ELEMENTS(states));
	return _(states[state].text);
}

const char *recipient_state_name(enum recipient_state state)
{
	g_assert((size_t)state < G_N_ELEMENTS(recipient_states));
	return recipient_states[state].name;
}

const char *recipient_state_text(enum recipient_state state)
{
	g_assert((size_t)state < G_N_ELEMENTS(recipient_states));
	return _(recipient_states[state].text);
}

char *outbox_file_path(const struct store *s, const char *file)
{
	g_autofree char *below = g_build_filename("outbox", file, NULL);
	return store_own_path(s, below);
}

char *outbox_draft_path(const char *path)
{
	return g_strconcat(path, ".draft", NULL);
}

/* --- reading ------------------------------------------------------------------ */

static void recipient_free(struct outbox_recipient *recipient)
{
	g_free(recipient->address);
	g_free(recipient->reply);
	g_free(recipient);
}

void outbox_item_free(struct outbox_item *item)
{
	if (!item)
		return;
	char *const texts[] = {item->account, item->sender, item->subject, item->message_id,
		item->path, item->draft_path, item->error, item->envid, item->sent_folder,
		item->sent_base};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_ptr_array_unref(item->recipients);
	g_free(item);
}

static bool read_recipients(sqlite3 *db, struct outbox_item *item, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id, address, state, reply, heard, attempts FROM recipient"
		" WHERE item = ?1 ORDER BY id",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "i", item->id);
	while (db_row(stmt, &why)) {
		struct outbox_recipient *recipient = g_new0(struct outbox_recipient, 1);
		recipient->id = sqlite3_column_int64(stmt, 0);
		recipient->address = db_text(stmt, 1);
		recipient->state = (enum recipient_state)sqlite3_column_int(stmt, 2);
		recipient->reply = db_text(stmt, 3);
		recipient->heard = sqlite3_column_int64(stmt, 4);
		recipient->attempts = sqlite3_column_int(stmt, 5);
		g_ptr_array_add(item->recipients, recipient);
	}
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

#define ITEM_COLUMNS                                                                               \
	"id, state, account, sender, subject, message_id, file, size, queued, due, attempts,"      \
	" error, answers, copy_folder, copy_base, undo_until, send_at, first, options, envid,"     \
	" draft, coalesce((SELECT due FROM relay WHERE relay.account = outbox.account), 0),"       \
	" coalesce((SELECT tried FROM relay WHERE relay.account = outbox.account), 0),"            \
	" iif(state = 4 AND repeated = 0, dotted, 0)"

static void read_files(const struct store *s, sqlite3_stmt *stmt, struct outbox_item *item)
{
	item->path = outbox_file_path(s, (const char *)sqlite3_column_text(stmt, 6));
	if (sqlite3_column_int(stmt, 20) != 0)
		item->draft_path = outbox_draft_path(item->path);
}

static int64_t read_due(sqlite3_stmt *stmt, const struct outbox_item *item)
{
	struct outbox_wait w = {.due = sqlite3_column_int64(stmt, 9),
		.send_at = item->send_at,
		.first = item->first_attempt,
		.relay_due = sqlite3_column_int64(stmt, 21),
		.relay_tried = sqlite3_column_int64(stmt, 22)};
	return outbox_next_attempt(&w, clock_now());
}

static struct outbox_item *read_item(const struct store *s, sqlite3_stmt *stmt)
{
	struct outbox_item *item = g_new0(struct outbox_item, 1);
	item->id = sqlite3_column_int64(stmt, 0);
	item->state = (enum outbox_state)sqlite3_column_int(stmt, 1);
	item->account = db_text(stmt, 2);
	item->sender = db_text(stmt, 3);
	item->subject = db_text(stmt, 4);
	item->message_id = db_text(stmt, 5);
	if (item->state != OUTBOX_DONE)
		read_files(s, stmt, item);
	item->size = sqlite3_column_int64(stmt, 7);
	item->queued = sqlite3_column_int64(stmt, 8);
	item->attempts = sqlite3_column_int(stmt, 10);
	item->error = db_text(stmt, 11);
	item->answers = sqlite3_column_int64(stmt, 12);
	item->sent_folder = db_text(stmt, 13);
	item->sent_base = db_text(stmt, 14);
	item->undo_until = sqlite3_column_int64(stmt, 15);
	item->send_at = sqlite3_column_int64(stmt, 16);
	item->first_attempt = sqlite3_column_int64(stmt, 17);
	item->options = (unsigned)sqlite3_column_int(stmt, 18);
	item->envid = db_text(stmt, 19);
	item->due = read_due(stmt, item);
	int64_t dotted = sqlite3_column_int64(stmt, 23);
	item->repeat_at = dotted > 0 ? clock_now() + outbox_repeat_in(dotted) : 0;
	item->recipients = g_ptr_array_new_with_free_func((GDestroyNotify)recipient_free);
	return item;
}

static GPtrArray *read_items(struct store *s, sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GPtrArray) items =
		g_ptr_array_new_with_free_func((GDestroyNotify)outbox_item_free);
	while (db_row(stmt, &why))
		g_ptr_array_add(items, read_item(s, stmt));
	for (guint i = 0; !why && i < items->len; i++)
		read_recipients(sqlite3_db_handle(stmt), items->pdata[i], &why);
	if (!why)
		return g_steal_pointer(&items);
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

GPtrArray *outbox_list(struct store *s, bool done, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autoptr(sqlite3_stmt) stmt = NULL;
	if (l)
		stmt = db_prepare(ledger_db(l),
			"SELECT " ITEM_COLUMNS " FROM outbox WHERE ?1 OR state != 5 ORDER BY id",
			error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "i", (int64_t)done);
	return read_items(s, stmt, error);
}

GPtrArray *outbox_find(struct store *s, const char *message_id, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autoptr(sqlite3_stmt) stmt = NULL;
	if (l)
		stmt = db_prepare(ledger_db(l),
			"SELECT " ITEM_COLUMNS " FROM outbox WHERE message_id = ?1 ORDER BY id",
			error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", message_id);
	return read_items(s, stmt, error);
}

struct outbox_item *outbox_get(struct store *s, int64_t id, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autoptr(sqlite3_stmt) stmt = NULL;
	if (l)
		stmt = db_prepare(
			ledger_db(l), "SELECT " ITEM_COLUMNS " FROM outbox WHERE id = ?1", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "i", id);
	g_autoptr(GPtrArray) items = read_items(s, stmt, error);
	if (items && items->len == 1)
		return g_ptr_array_steal_index(items, 0);
	if (items)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING, _("the outbox has no item %d"),
			(int)id);
	return NULL;
}
