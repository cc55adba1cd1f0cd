/* SPDX-License-Identifier: MIT
 *
 * Handing letters in, and reading the list.  A letter is queued in this order:
 *
 *   1. bytes to outbox/FILE.part       a crash leaves rubbish
 *   2. fsync
 *   3. rename to outbox/FILE           a file that no row names: rubbish too
 *   4. fsync of outbox
 *   5. rows committed                  the letter is queued
 *
 * Nobody was told "queued" before 5, so rubbish is not a letter: it goes by
 * outbox_recover() when it is old enough not to be somebody's step 4. */
#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "store/fail.h"
#include "store/maildir.h"
#include "store/outbox-private.h"
#include "store/store-private.h"

static const char *const state_names[] = {
	"held", "queued", "sending", "dot-pending", "uncertain", "done"};
static const char *const recipient_names[] = {
	"waiting", "accepted", "sent", "deferred", "failed", "given-up"};

const char *outbox_state_name(enum outbox_state state)
{
	g_assert((size_t)state < G_N_ELEMENTS(state_names));
	return state_names[state];
}

const char *recipient_state_name(enum recipient_state state)
{
	g_assert((size_t)state < G_N_ELEMENTS(recipient_names));
	return recipient_names[state];
}

char *outbox_file_path(const struct store *s, const char *file)
{
	g_autofree char *below = g_build_filename("outbox", file, NULL);
	return store_own_path(s, below);
}

bool outbox_transaction(struct store *s, outbox_work work, void *data, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	/* Inside the caller's ledger_begin() the whole is the caller's to commit. */
	if (l && !sqlite3_get_autocommit(ledger_db(l)))
		return work(ledger_db(l), data, error);
	if (!l || !ledger_begin(l, error))
		return false;
	if (work(ledger_db(l), data, error))
		return ledger_commit(l, error);
	ledger_rollback(l);
	return false;
}

/* --- addresses ---------------------------------------------------------------- */

bool outbox_check_address(const char *address, GError **error)
{
	bool ok = address[0] != '\0';
	for (const char *at = address; ok && *at != '\0'; at++)
		ok = !g_ascii_iscntrl(*at);
	if (!ok)
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE, _("'%s' is not an address"),
			address);
	return ok;
}

bool outbox_same_address(const char *a, const char *b)
{
	const char *at = strrchr(a, '@'), *bt = strrchr(b, '@');
	if (!at || !bt)
		return strcmp(a, b) == 0;
	return at - a == bt - b && strncmp(a, b, (size_t)(at - a)) == 0 &&
	       g_ascii_strcasecmp(at, bt) == 0;
}

static bool is_known(const char *const *recipients, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (outbox_same_address(recipients[i], recipients[before]))
			return true;
	return false;
}

/* --- handing in --------------------------------------------------------------- */

struct adding {
	struct store *store;
	const struct outbox_letter *letter;
	char *file;
	int64_t id;
};

static bool write_part(const char *part, const struct outbox_letter *letter, GError **error)
{
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fail("open", part, error);
	bool ok = store_adopt(fdio_write_all(fd, letter->data, letter->len, error), error) &&
		  store_adopt(fdio_sync(fd, part, error), error);
	if (!store_close(fd, part, ok ? error : NULL))
		ok = false;
	return ok;
}

static bool write_file(const char *path, const struct outbox_letter *letter, GError **error)
{
	g_autofree char *part = g_strconcat(path, ".part", NULL);
	g_autofree char *dir = g_path_get_dirname(path);
	bool ok = write_part(part, letter, error);
	if (ok && rename(part, path) != 0)
		ok = store_fail("rename", path, error);
	if (ok)
		return store_adopt(fdio_sync_directory(dir, error), error);
	unlink(part);
	return false;
}

static bool insert_recipients(sqlite3 *db, struct adding *a, GError **error)
{
	const char *const *recipients = a->letter->recipients;
	for (size_t i = 0; recipients[i]; i++)
		if (!is_known(recipients, i) &&
			!db_run(db, NULL, error,
				"INSERT INTO recipient (item, address) VALUES (?1, ?2)", "is",
				a->id, recipients[i]))
			return false;
	return true;
}

static bool insert_item(sqlite3 *db, void *data, GError **error)
{
	struct adding *a = data;
	const struct outbox_letter *letter = a->letter;
	enum outbox_state state = letter->held ? OUTBOX_HELD : OUTBOX_QUEUED;
	const char *sql = "INSERT INTO outbox (state, account, sender, subject, message_id, file,"
			  " size, queued, due, answers)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
	int64_t now = clock_now();
	if (!db_run(db, NULL, error, sql, "isssssiiii", (int64_t)state, letter->account,
		    letter->sender, letter->subject ? letter->subject : "",
		    letter->message_id ? letter->message_id : "", a->file, (int64_t)letter->len,
		    now, letter->due ? letter->due : now, letter->answers))
		return false;
	a->id = sqlite3_last_insert_rowid(db);
	return insert_recipients(db, a, error);
}

int64_t outbox_add(struct store *s, const struct outbox_letter *letter, GError **error)
{
	g_autofree char *file = maildir_unique_name();
	g_autofree char *path = outbox_file_path(s, file);
	struct adding a = {.store = s, .letter = letter, .file = file};
	g_assert(letter->recipients && letter->recipients[0]);
	for (size_t i = 0; letter->recipients[i]; i++)
		if (!outbox_check_address(letter->recipients[i], error))
			return 0;
	if (!write_file(path, letter, error) || !outbox_transaction(s, insert_item, &a, error)) {
		unlink(path);
		return 0;
	}
	return a.id;
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
		item->path, item->error, item->sent_folder, item->sent_base};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_ptr_array_unref(item->recipients);
	g_free(item);
}

static bool read_recipients(sqlite3 *db, struct outbox_item *item, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db,
		"SELECT id, address, state, reply FROM recipient WHERE item = ?1 ORDER BY id",
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
		g_ptr_array_add(item->recipients, recipient);
	}
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

#define ITEM_COLUMNS                                                                               \
	"id, state, account, sender, subject, message_id, file, size, queued, due, attempts,"      \
	" error, answers, copy_folder, copy_base"

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
		item->path = outbox_file_path(s, (const char *)sqlite3_column_text(stmt, 6));
	item->size = sqlite3_column_int64(stmt, 7);
	item->queued = sqlite3_column_int64(stmt, 8);
	item->due = sqlite3_column_int64(stmt, 9);
	item->attempts = sqlite3_column_int(stmt, 10);
	item->error = db_text(stmt, 11);
	item->answers = sqlite3_column_int64(stmt, 12);
	item->sent_folder = db_text(stmt, 13);
	item->sent_base = db_text(stmt, 14);
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
