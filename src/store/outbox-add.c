/* SPDX-License-Identifier: MIT
 *
 * Handing letters in.  A letter is queued in this order:
 *
 *   1. bytes to outbox/FILE, and to FILE.draft   a crash leaves rubbish
 *   2. fsync of each
 *   3. fsync of outbox                           files that no row names: rubbish too
 *   4. rows committed                            the letter is queued
 *
 * Nobody was told "queued" before 4, so rubbish is not a letter: it goes by
 * outbox_recover() when it is old enough not to be somebody's step 3.  A file has
 * its name from the beginning, because nothing but a row makes anybody look. */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "base/sanitize.h"
#include "store/fail.h"
#include "store/journal.h"
#include "store/maildir.h"
#include "store/outbox-private.h"
#include "store/store-private.h"

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

/* --- files -------------------------------------------------------------------- */

struct adding {
	struct store *store;
	const struct outbox_letter *letter;
	char *file, *path, *draft_path;
	int64_t size, id;
};

static void adding_clear(struct adding *a)
{
	g_free(a->file);
	g_free(a->path);
	g_free(a->draft_path);
}

static bool write_data(int fd, void *user, GError **error)
{
	const struct outbox_letter *letter = user;
	return store_adopt(fdio_write_all(fd, letter->data, letter->len, error), error);
}

static bool write_draft(int fd, void *user, GError **error)
{
	const struct outbox_letter *letter = user;
	return store_adopt(fdio_write_all(fd, letter->draft, letter->draft_len, error), error);
}

typedef bool (*writer)(int fd, void *user, GError **error);

/* A new file, synced; its size. */
static bool write_file(const char *path, writer write, void *user, int64_t *size, GError **error)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fail("open", path, error);
	bool ok = write(fd, user, error) && store_adopt(fdio_sync(fd, path, error), error);
	if (ok && fstat(fd, &st) != 0)
		ok = store_fail("stat", path, error);
	if (!store_close(fd, path, ok ? error : NULL))
		ok = false;
	if (ok)
		*size = st.st_size;
	return ok;
}

static bool write_files(struct adding *a, GError **error)
{
	struct outbox_letter *letter = (struct outbox_letter *)a->letter; /* only read */
	g_autofree char *dir = g_path_get_dirname(a->path);
	int64_t draft_size;
	writer write = letter->write ? letter->write : write_data;
	return write_file(a->path, write, letter->write ? letter->user : letter, &a->size, error) &&
	       (!letter->draft ||
		       write_file(a->draft_path, write_draft, letter, &draft_size, error)) &&
	       store_adopt(fdio_sync_directory(dir, error), error);
}

/* --- rows --------------------------------------------------------------------- */

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

int64_t outbox_due(int64_t now, int64_t undo_until, int64_t send_at, unsigned options)
{
	int64_t wanted = options & OUTBOX_SERVER_HOLDS ? 0 : send_at;
	return MAX(now, MAX(undo_until, wanted));
}

/* What can be called back is a change like others; in the commit of the letter. */
static bool journal(const struct adding *a, GError **error)
{
	g_auto(journal_entry) e = {.kind = JOURNAL_SEND};
	struct ledger *l = store_ledger(a->store, error);
	struct journal_item *item = journal_item_new("", a->file);
	item->data = g_strdup_printf("%" G_GINT64_FORMAT, a->id);
	e.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	g_ptr_array_add(e.items, item);
	e.about = sanitize_line(a->letter->subject ? a->letter->subject : "", -1);
	return l && journal_write(l, &e, error);
}

static bool insert_item(sqlite3 *db, void *data, GError **error)
{
	struct adding *a = data;
	const struct outbox_letter *l = a->letter;
	const char *sql = "INSERT INTO outbox (state, account, sender, subject, message_id, file,"
			  " size, queued, due, answers, undo_until, send_at, options, envid, draft,"
			  " copy) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
			  " ?14, ?15, ?16)";
	int64_t now = clock_now();
	int64_t due = outbox_due(now, l->undo_until, l->send_at, l->options);
	if (!db_run(db, NULL, error, sql, "isssssiiiiiiisii",
		    (int64_t)(l->held ? OUTBOX_HELD : OUTBOX_QUEUED), l->account, l->sender,
		    l->subject ? l->subject : "", l->message_id ? l->message_id : "", a->file,
		    a->size, now, due, l->answers, l->undo_until, l->send_at, (int64_t)l->options,
		    l->envid, (int64_t)(l->draft != NULL),
		    (int64_t)(l->again ? COPY_MADE : COPY_NONE)))
		return false;
	a->id = sqlite3_last_insert_rowid(db);
	return insert_recipients(db, a, error) && (l->undo_until <= now || journal(a, error));
}

static void forget_files(const struct adding *a)
{
	unlink(a->path);
	if (a->letter->draft)
		unlink(a->draft_path);
}

int64_t outbox_add(struct store *s, const struct outbox_letter *letter, GError **error)
{
	struct adding a = {.store = s, .letter = letter, .file = maildir_unique_name()};
	g_assert(letter->recipients && letter->recipients[0]);
	bool ok = true;
	for (size_t i = 0; ok && letter->recipients[i]; i++)
		ok = outbox_check_address(letter->recipients[i], error);
	a.path = outbox_file_path(s, a.file);
	a.draft_path = outbox_draft_path(a.path);
	ok = ok && write_files(&a, error) && outbox_transaction(s, insert_item, &a, error);
	if (!ok)
		forget_files(&a);
	adding_clear(&a);
	return ok ? a.id : 0;
}
