/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "store/db.h"
#include "store/fsck-private.h"
#include "store/index-tags.h"
#include "store/ledger-copy.h"
#include "store/maildir.h"
#include "store/outbox-private.h"
#include "store/store-private.h"
#include "store/subject.h"
#include "store/sync-private.h"
#include "store/thread-hand.h"
#include "store/uids.h"
#include "store/words.h"

/* SQLite's own check; "ok", or what is wrong first. */
static char *integrity(sqlite3 *db)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, "PRAGMA integrity_check(1)", &error);
	char *verdict = stmt && db_row(stmt, &error) ? db_text(stmt, 0) : NULL;
	return verdict ? verdict : g_strdup(error ? error->message : "?");
}

/* --- the ledger ---------------------------------------------------------------- */

/* How old, in words. */
static char *age_of(int64_t made)
{
	int64_t now = g_get_real_time() / G_USEC_PER_SEC; /* the file system's clock */
	int64_t hours = MAX(now - made, 0) / 3600, days = hours / 24;
	if (days >= 2)
		return g_strdup_printf(P_("%d day old", "%d days old", days), (int)days);
	return g_strdup_printf(P_("%d hour old", "%d hours old", hours), (int)hours);
}

static void add_outbox(GString *text, const struct ledger_restored *done)
{
	if (done->held > 0)
		g_string_append_printf(text,
			P_("; %d letter of the outbox is held, since it may have been sent already",
				"; %d letters of the outbox are held, since they may have been "
				"sent "
				"already",
				done->held),
			done->held);
	if (done->drafts > 0)
		g_string_append_printf(text,
			P_("; %d letter of the outbox lies in Drafts now, and may have been sent "
			   "already",
				"; %d letters of the outbox lie in Drafts now, and may have been "
				"sent already",
				done->drafts),
			done->drafts);
}

/* What was done, and what follows from it. */
static char *restored_text(const struct ledger_restored *done)
{
	GString *text = g_string_new(NULL);
	if (done->made) {
		g_autofree char *age = age_of(done->made), *when = clock_long(done->made);
		g_string_append_printf(text,
			_("mended: its copy of %s, %s, is in its place; letters fetched since are "
			  "known by their content when they are listed again, and none is deleted "
			  "on a server before it was seen that it is here; tags, undo and notes of "
			  "filters since then are gone"),
			when, age);
	} else {
		g_string_append(text,
			_("mended: there is no whole copy of it, a new ledger was begun; letters "
			  "that are here are known by their content when they are listed again, "
			  "and none is deleted on a server before that; what you deleted here and "
			  "left on the server comes again; tags and undo are gone, keys of servers "
			  "that you accepted are asked for again; your own backup of "
			  "'.dewey/ledger.db', if there is one, is better"));
	}
	add_outbox(text, done);
	if (done->aside) {
		g_autofree char *name = g_path_get_basename(done->aside);
		g_string_append_printf(text, _("; the damaged one is '.dewey/%s'"), name);
	}
	return g_string_free(text, FALSE);
}

static void restore(struct fsck *f, char *problem)
{
	g_autoptr(GError) error = NULL;
	g_auto(ledger_restored) done = {0};
	if (!ledger_restore(f->store, &done, &error)) {
		fsck_tell(f, problem, error->message, false);
		return;
	}
	f->ledger = store_ledger(f->store, &error);
	g_autofree char *text = restored_text(&done);
	if (f->ledger)
		fsck_tell_done(f, problem, text);
	else
		fsck_tell(f, problem, error->message, false);
}

/* What is wrong with it; NULL: nothing. */
static char *ledger_trouble(struct fsck *f, bool *damaged)
{
	g_autoptr(GError) error = NULL;
	f->ledger = store_ledger(f->store, &error);
	*damaged = f->ledger || g_error_matches(error, STORE_ERROR, STORE_ERROR_DAMAGED);
	if (!f->ledger)
		return g_strdup(error->message);
	g_autofree char *verdict = integrity(ledger_db(f->ledger));
	return g_str_equal(verdict, "ok")
		       ? NULL
		       : g_strdup_printf(_("the ledger is damaged: %s"), verdict);
}

void fsck_ledger(struct fsck *f)
{
	bool damaged;
	char *trouble = ledger_trouble(f, &damaged);
	if (!trouble)
		return;
	f->ledger = NULL;
	if (damaged && f->options->repair)
		restore(f, trouble);
	else
		fsck_tell(f, trouble,
			damaged ? _("no letter is deleted on a server meanwhile; dewey fsck "
				    "--repair puts its copy in its place")
				: _("no letter is deleted on a server meanwhile"),
			false);
}

bool fsck_is_expected(struct fsck *f, const char *base)
{
	if (!f->ledger)
		return true;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		ledger_db(f->ledger), "SELECT 1 FROM uid WHERE base = ? AND state = 0", NULL);
	if (!stmt)
		return true;
	db_bind(stmt, "s", base);
	return db_row(stmt, NULL);
}

void fsck_outbox(struct fsck *f)
{
	g_autoptr(GPtrArray) items = f->ledger ? outbox_list(f->store, false, NULL) : NULL;
	for (guint i = 0; items && i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		g_autofree char *subject = sanitize_line(item->subject, -1);
		if (access(item->path, R_OK) != 0)
			fsck_tell(f,
				g_strdup_printf(
					_("the letter '%s' of the outbox has lost its file"),
					subject),
				_("bring '.dewey/outbox' back from a backup, or drop it"), false);
	}
}

/* --- the index ----------------------------------------------------------------- */

/* A new index: what it lacks is no finding. */
static bool fill(struct fsck *f)
{
	return sync_run(f->store, NULL, NULL, NULL, NULL);
}

/* What is wrong with the index, or NULL. */
static char *trouble_of(const char *path, bool *damaged)
{
	g_autoptr(GError) error = NULL;
	int64_t version = 0;
	/* Its indexes are made with functions of ours. */
	sqlite3 *db = db_open(path, &error);
	bool ok = db && words_register(db, NULL, &error) && sort_key_register(db, &error);
	g_autofree char *verdict = ok ? integrity(db) : g_strdup(error->message);
	*damaged = !g_str_equal(verdict, "ok");
	if (!*damaged && !db_number(db, "PRAGMA user_version", 0, &version, NULL))
		version = 0;
	sqlite3_close(db);
	if (*damaged)
		return g_strdup_printf(_("the index is damaged: %s"), verdict);
	if (version == index_format())
		return NULL;
	return g_strdup_printf(_("the index is of version %d, this program makes version %d"),
		(int)version, index_format());
}

/* Only opened when it is whole and ours: to open another one moves it aside. */
void fsck_index(struct fsck *f)
{
	g_autofree char *path = store_own_path(f->store, DB_CACHE);
	if (access(path, F_OK) != 0) {
		fsck_tell(f, g_strdup(_("there is no index")),
			_("it is made when dewey starts, or by --rebuild"), f->options->repair);
		f->index_ok = f->options->repair && fill(f);
		return;
	}
	bool damaged = false;
	char *trouble = trouble_of(path, &damaged);
	f->index_ok = !trouble;
	if (!trouble)
		return;
	/* What is only of another version goes when it is opened. */
	f->index_ok = f->options->repair && (!damaged || store_index_renew(f->store, NULL, NULL)) &&
		      fill(f);
	fsck_tell(f, trouble, _("--repair makes it anew from the messages"), f->index_ok);
}

void fsck_threads(struct fsck *f)
{
	int64_t wrong = 0;
	struct index *ix = f->ledger && f->index_ok ? store_index(f->store, NULL) : NULL;
	if (!ix || !index_check_hand(ix, f->ledger, &wrong, NULL) || wrong == 0)
		return;
	bool mended = f->options->repair && index_renew_hand(ix, f->ledger, NULL);
	fsck_tell(f,
		g_strdup_printf(P_("the index does not know that %d thread was split or joined",
					"the index does not know that %d threads were split or "
					"joined",
					wrong),
			(int)wrong),
		_("--repair brings the index up to the ledger"), mended);
}

/* One line for each message, by its file name. */
static void tell_files(struct fsck *f, const char *folder, const GArray *files, const char *format)
{
	for (guint i = 0; i < files->len; i++) {
		const struct sync_file *file = &g_array_index(files, struct sync_file, i);
		g_autofree char *name = sanitize_line(file->file, -1);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		char *problem = g_strdup_printf(format, folder, name);
#pragma GCC diagnostic pop
		fsck_tell(f, problem, _("--repair brings the index up to the files"),
			f->options->repair);
	}
}

static void tell_gone(struct fsck *f, struct index *ix, const GArray *gone)
{
	for (guint i = 0; i < gone->len; i++) {
		g_autoptr(message_row) row =
			index_message(ix, g_array_index(gone, int64_t, i), NULL);
		if (row)
			fsck_tell(f,
				g_strdup_printf(
					_("the index has '%s' in '%s', which has no such file"),
					row->subject, row->folder),
				_("--repair brings the index up to the files"), f->options->repair);
	}
}

/* The counts that the writer keeps beside what there is. */
static void check_counts(struct fsck *f, struct index *ix, int64_t id, const char *folder)
{
	int64_t wrong = 0;
	index_number(ix, 0, &wrong, NULL,
		"SELECT count(*) FROM folder WHERE id = ?1 AND (total, unread, flagged) <>"
		" (SELECT count(*), coalesce(sum((flags & 16) = 0), 0),"
		" coalesce(sum((flags & 2) <> 0), 0) FROM message WHERE folder = ?1)",
		"i", id);
	if (wrong == 0)
		return;
	bool mended = f->options->repair &&
		      index_exec(ix, NULL,
			      "UPDATE folder SET (total, unread, flagged) ="
			      " (SELECT count(*), coalesce(sum((flags & 16) = 0), 0),"
			      " coalesce(sum((flags & 2) <> 0), 0) FROM message WHERE folder = ?1)"
			      " WHERE id = ?1",
			      "i", id);
	fsck_tell(f, g_strdup_printf(_("the index counts the messages of '%s' wrongly"), folder),
		_("--repair counts them again"), mended);
}

/* what a letter holds never changes.  Where a program has written into one all the
 * same, its words are those of before. */
struct look {
	int64_t id, size;
	char *file;
	bool is_new;
};

static GArray *rows_of(struct index *ix, int64_t folder)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct look));
	g_autoptr(sqlite3_stmt) stmt = db_prepare(index_handle(ix),
		"SELECT id, size, base || info, state FROM message"
		" WHERE folder = ? AND (state & 8) = 0 ORDER BY id",
		NULL);
	if (!stmt)
		return rows;
	db_bind(stmt, "i", folder);
	while (db_row(stmt, NULL)) {
		struct look row = {sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
			db_text(stmt, 2), sqlite3_column_int(stmt, 3) & STATE_NEW};
		g_array_append_val(rows, row);
	}
	return rows;
}

static bool forget_row(struct index *ix, int64_t id)
{
	if (!index_begin(ix, NULL))
		return false;
	if (index_remove(ix, id, NULL))
		return index_commit(ix, NULL);
	index_rollback(ix);
	return false;
}

void fsck_forget(struct fsck *f, const char *file)
{
	int64_t folder, id = 0;
	g_autofree char *base = maildir_base(file);
	struct index *ix = f->index_ok ? store_index(f->store, NULL) : NULL;
	if (ix && index_folder_id(ix, f->folder, &folder, NULL) &&
		index_number(ix, 0, &id, NULL,
			"SELECT id FROM message WHERE folder = ? AND base = ?", "is", folder,
			base) &&
		id)
		forget_row(ix, id);
}

static void check_size(struct fsck *f, struct index *ix, const char *path, const struct look *row)
{
	struct stat st;
	g_autofree char *full =
		g_build_filename(path, row->is_new ? "new" : "cur", row->file, NULL);
	if (lstat(full, &st) != 0 || st.st_size == row->size)
		return;
	g_autofree char *name = sanitize_line(row->file, -1);
	/* The sync at the end reads it again. */
	bool mended = f->options->repair && forget_row(ix, row->id);
	fsck_tell(f, g_strdup_printf(_("'%s' was changed since it was read for the index"), name),
		_("--repair reads it again"), mended);
}

static void check_sizes(struct fsck *f, struct index *ix, int64_t folder, const char *path)
{
	g_autoptr(GArray) rows = rows_of(ix, folder);
	for (guint i = 0; i < rows->len; i++) {
		struct look *row = &g_array_index(rows, struct look, i);
		check_size(f, ix, path, row);
		g_free(row->file);
	}
}

void fsck_compare(struct fsck *f, const char *folder, const char *path)
{
	struct sync_place place = {.path = path};
	g_auto(sync_differences) d = {0};
	struct index *ix = f->index_ok ? store_index(f->store, NULL) : NULL;
	if (!ix || !index_folder_id(ix, folder, &place.folder, NULL) ||
		!sync_compare(ix, &place, &d, NULL))
		return;
	tell_files(f, folder, d.added, _("the index of '%s' does not have '%s' yet"));
	tell_files(f, folder, d.changed, _("the index of '%s' has other flags than '%s'"));
	tell_gone(f, ix, d.gone);
	check_sizes(f, ix, place.folder, path);
	check_counts(f, ix, place.folder, folder);
}

void fsck_words(struct fsck *f)
{
	struct index *ix = f->index_ok && f->ledger && store_is_readable(f->store)
				   ? store_index(f->store, NULL)
				   : NULL;
	g_autoptr(GPtrArray) lost = ix ? index_lost_bases(ix, f->ledger, NULL) : NULL;
	if (!lost || lost->len == 0)
		return;
	bool mended = f->options->repair && index_forget_bases(ix, f->ledger, lost, NULL);
	fsck_tell(f,
		g_strdup_printf(
			P_("the ledger has tags of %u message that is gone",
				"the ledger has tags of %u messages that are gone", lost->len),
			lost->len),
		_("--repair forgets them"), mended);
}
