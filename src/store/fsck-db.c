/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "store/db.h"
#include "store/fsck-private.h"
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

void fsck_ledger(struct fsck *f)
{
	g_autoptr(GError) error = NULL;
	const char *cure = _("no letter is deleted on a server meanwhile; put its backup, "
			     "'.dewey/ledger.db.bak', in its place");
	f->ledger = store_ledger(f->store, &error);
	g_autofree char *verdict = f->ledger ? integrity(ledger_db(f->ledger)) : NULL;
	if (f->ledger && g_str_equal(verdict, "ok"))
		return;
	fsck_tell(f,
		g_strdup_printf(_("the ledger is damaged: %s"), error ? error->message : verdict),
		cure, false);
	f->ledger = NULL;
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

static void check_size(struct fsck *f, struct index *ix, const char *path, const struct look *row)
{
	struct stat st;
	g_autofree char *full = g_build_filename(path, row->is_new ? "new" : "cur", row->file, NULL);
	if (lstat(full, &st) != 0 || st.st_size == row->size)
		return;
	g_autofree char *name = sanitize_line(row->file, -1);
	/* The sync at the end reads it again. */
	bool mended = f->options->repair && forget_row(ix, row->id);
	fsck_tell(f,
		g_strdup_printf(_("'%s' was changed since it was read for the index"), name),
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
