/* SPDX-License-Identifier: MIT */
#include "store/preview.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "store/db.h"
#include "store/fail.h"
#include "store/group-sync.h"
#include "store/mounts.h"
#include "store/store-private.h"
#include "store/uids-private.h"

/* Fewer files than this are synced one by one. */
enum { FEW = 8 };

/* --- places --------------------------------------------------------------------- */

char *preview_path(const struct store *s, const char *folder, GError **error)
{
	g_autofree char *legal = store_folder_path(s, folder, error);
	return legal ? g_build_filename(s->own, "preview", folder, NULL) : NULL;
}

char *preview_or_folder_path(
	const struct store *s, const char *folder, bool preview, GError **error)
{
	return preview ? preview_path(s, folder, error) : store_folder_path(s, folder, error);
}

bool preview_make_folder(const struct store *s, const char *folder, GError **error)
{
	g_autofree char *path = preview_path(s, folder, error);
	return path && (maildir_is(path) || maildir_create(path, error));
}

static bool find_in_folder(const struct store *s, const char *folder, const char *base,
	struct maildir_place *place, GError **error)
{
	g_autofree char *path = preview_path(s, folder, error);
	return path && maildir_is(path) && maildir_find(path, base, place, error);
}

bool preview_is(const struct store *s, const char *folder, const char *base)
{
	struct maildir_place place = {0};
	bool is = find_in_folder(s, folder, base, &place, NULL);
	maildir_place_clear(&place);
	return is;
}

static bool have_any(const struct store *s)
{
	g_autofree char *path = store_own_path(s, "preview");
	return access(path, F_OK) == 0;
}

/* Looked for first where it was last, since a folder that cannot be read now is
 * left out of the list of all. */
char *preview_find(const struct store *s, const char *last, const char *base,
	struct maildir_place *place, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (!have_any(s))
		return NULL;
	bool found = find_in_folder(s, last, base, place, &why);
	const char *folder = found ? last : NULL;
	g_autoptr(GPtrArray) folders = found || why ? NULL : store_folders(s, &why);
	for (guint i = 0; !folder && !why && i < folders->len; i++)
		if (find_in_folder(s, folders->pdata[i], base, place, &why))
			folder = folders->pdata[i];
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return g_strdup(folder);
}

bool preview_of_row(struct store *s, int64_t row, char **folder, char **base,
	struct maildir_place *place, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct ledger *l = store_ledger(s, error);
	g_autoptr(sqlite3_stmt) find =
		l ? db_prepare(ledger_db(l),
			    "SELECT base, folder FROM uid WHERE id = ?1 AND state = ?2", error)
		  : NULL;
	*folder = *base = NULL;
	if (!find)
		return false;
	db_bind(find, "ii", row, (int64_t)UID_PREVIEW);
	g_autofree char *last = NULL;
	if (db_row(find, &why)) {
		*base = db_text(find, 0);
		last = db_text(find, 1);
		*folder = preview_find(s, last, *base, place, &why);
	}
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool remove_from(const struct store *s, const char *folder, const char *base,
	GHashTable *changed, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *path = preview_path(s, folder, error);
	if (!path)
		return false;
	if (!maildir_remove(path, base, &why) &&
		!g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	if (!changed)
		return maildir_sync(path, error);
	g_hash_table_add(changed, g_steal_pointer(&path));
	return true;
}

bool preview_sync_removed(GHashTable *changed, GError **error)
{
	GHashTableIter iter;
	gpointer path;
	g_hash_table_iter_init(&iter, changed);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (!maildir_sync(path, error))
			return false;
	return true;
}

bool preview_remove(const struct store *s, const char *last, const char *base, GHashTable *changed,
	GError **error)
{
	g_autoptr(GError) why = NULL;
	struct maildir_place place = {0};
	g_autofree char *folder = preview_find(s, last, base, &place, &why);
	maildir_place_clear(&place);
	if (folder)
		return remove_from(s, folder, base, changed, error);
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* The previews are few: they are looked through first. */
int preview_or_message_open(
	const struct store *s, const char *folder, const char *file, GError **error)
{
	g_autofree char *first = preview_path(s, folder, error);
	g_autofree char *second = first ? store_folder_path(s, folder, error) : NULL;
	g_autofree char *base = maildir_base(file);
	struct maildir_place hint = {false, (char *)file};
	if (!second)
		return -1;
	int fd = maildir_is(first) ? maildir_open(first, base, NULL, NULL, NULL) : -1;
	return fd >= 0 ? fd : maildir_open(second, base, &hint, NULL, error);
}

/* --- making them ------------------------------------------------------------------ */

struct spooled {
	char *base;
	GBytes *uid;
	int fd;
	int64_t whole, size, row;
	uint8_t sha256[32];
};

struct preview_batch {
	struct store *store;
	struct ledger *ledger;
	int64_t maildrop;
	char *folder, *path;
	int tmp;            /* the directory */
	GPtrArray *spooled; /* of struct spooled */
	int64_t octets;
	bool due;   /* what comes is, for the filters */
	bool named; /* the rows are written: the files in tmp belong to them */
};

static void spooled_free(void *data)
{
	struct spooled *f = data;
	if (f->fd >= 0)
		close(f->fd);
	g_clear_pointer(&f->uid, g_bytes_unref);
	g_free(f->base);
	g_free(f);
}

struct preview_batch *preview_batch_new(
	struct store *s, const char *account, const char *folder, GError **error)
{
	g_autoptr(preview_batch) p = g_new0(struct preview_batch, 1);
	p->store = s;
	p->tmp = -1;
	p->folder = g_strdup(folder);
	p->spooled = g_ptr_array_new_with_free_func(spooled_free);
	p->ledger = store_ledger(s, error);
	p->maildrop = p->ledger ? uids_maildrop(p->ledger, account, error) : 0;
	if (!p->maildrop || !mounts_make_folder(s, folder, error) ||
		!preview_make_folder(s, folder, error))
		return NULL;
	p->path = preview_path(s, folder, error);
	g_autofree char *tmp = g_build_filename(p->path, "tmp", NULL);
	p->tmp = open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->tmp < 0) {
		store_fail("open", tmp, error);
		return NULL;
	}
	return g_steal_pointer(&p);
}

static void forget_all(struct preview_batch *p)
{
	for (guint i = 0; !p->named && i < p->spooled->len; i++) {
		const struct spooled *f = p->spooled->pdata[i];
		unlinkat(p->tmp, f->base, 0);
	}
	g_ptr_array_set_size(p->spooled, 0);
	p->octets = 0;
	p->named = false;
}

void preview_batch_free(struct preview_batch *p)
{
	if (!p)
		return;
	forget_all(p);
	g_ptr_array_unref(p->spooled);
	if (p->tmp >= 0)
		close(p->tmp);
	g_free(p->folder);
	g_free(p->path);
	g_free(p);
}

bool preview_batch_add(
	struct preview_batch *p, GBytes *uid, int64_t whole, GBytes *text, GError **error)
{
	gsize len, digest = 32;
	const void *data = g_bytes_get_data(text, &len);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	struct spooled *f = g_new0(struct spooled, 1);
	f->uid = g_bytes_ref(uid);
	f->whole = whole;
	f->size = (int64_t)len;
	g_checksum_update(sum, data, (gssize)len);
	g_checksum_get_digest(sum, f->sha256, &digest);
	f->fd = maildir_spool(p->tmp, &f->base, error);
	if (f->fd < 0) {
		spooled_free(f);
		return false;
	}
	if (!store_adopt(fdio_write_all(f->fd, data, len, error), error)) {
		unlinkat(p->tmp, f->base, 0);
		spooled_free(f);
		return false;
	}
	g_ptr_array_add(p->spooled, f);
	p->octets += f->size;
	return true;
}

guint preview_batch_waiting(const struct preview_batch *p)
{
	return p->spooled->len;
}

static bool sync_one(struct spooled *f, bool synced, GError **error)
{
	bool ok = synced || store_adopt(fdio_sync(f->fd, f->base, error), error);
	ok = store_close(f->fd, f->base, ok ? error : NULL) && ok;
	f->fd = -1;
	return ok;
}

static bool sync_files(struct preview_batch *p, GError **error)
{
	bool together = p->spooled->len >= FEW && group_sync_is_cheap(p->tmp, p->octets);
	if (together && !group_sync(p->tmp, p->path, error))
		return false;
	for (guint i = 0; i < p->spooled->len; i++)
		if (!sync_one(p->spooled->pdata[i], together, error))
			return false;
	return true;
}

static bool insert_row(
	struct preview_batch *p, sqlite3_stmt *insert, struct spooled *f, GError **error)
{
	g_autoptr(GBytes) sha256 = g_bytes_new_static(f->sha256, sizeof f->sha256);
	db_bind(insert, "ibissiibi", p->maildrop, f->uid, (int64_t)UID_PREVIEW, p->folder, f->base,
		clock_now(), f->size, sha256, f->whole);
	bool ok = db_row(insert, error);
	if (ok)
		f->row = sqlite3_column_int64(insert, 0);
	/* The step to the end is what completes an INSERT … RETURNING. */
	ok = ok && db_done(insert, error);
	sqlite3_reset(insert);
	return ok && (!p->due || db_run(ledger_db(p->ledger), NULL, error,
					 "INSERT INTO filter_due(folder, base, made) VALUES(?, ?, ?)",
					 "ssi", p->folder, f->base, clock_now()));
}

void preview_batch_set_due(struct preview_batch *p)
{
	p->due = true;
}

static bool insert_rows(struct preview_batch *p, GError **error)
{
	g_autoptr(sqlite3_stmt) insert = db_prepare(ledger_db(p->ledger),
		"INSERT INTO uid (maildrop, uid, state, folder, base, seen, size, sha256, whole)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
		" ON CONFLICT (maildrop, uid) DO UPDATE SET state = excluded.state,"
		" folder = excluded.folder, base = excluded.base, seen = excluded.seen,"
		" size = excluded.size, sha256 = excluded.sha256, whole = excluded.whole,"
		" sent = iif(state IN (5, 6) AND gone = 0, sent, 0), stored = 0, gone = 0, likely = 0, returns = 0 RETURNING id",
		error);
	if (!insert || !ledger_begin(p->ledger, error))
		return false;
	for (guint i = 0; i < p->spooled->len; i++)
		if (!insert_row(p, insert, p->spooled->pdata[i], error)) {
			ledger_rollback(p->ledger);
			return false;
		}
	return ledger_commit(p->ledger, error);
}

static bool rename_all(struct preview_batch *p, GError **error)
{
	for (guint i = 0; i < p->spooled->len; i++) {
		const struct spooled *f = p->spooled->pdata[i];
		g_autofree char *from = g_build_filename(p->path, "tmp", f->base, NULL);
		g_autofree char *to = g_build_filename(p->path, "new", f->base, NULL);
		if (rename(from, to) != 0)
			return store_fail("rename", from, error);
	}
	return maildir_sync(p->path, error);
}

bool preview_batch_commit(
	struct preview_batch *p, preview_batch_made made, void *data, GError **error)
{
	bool ok = true;
	if (p->spooled->len > 0) {
		ok = sync_files(p, error) && insert_rows(p, error);
		p->named = ok;
		ok = ok && rename_all(p, error);
	}
	for (guint i = 0; ok && made && i < p->spooled->len; i++) {
		const struct spooled *f = p->spooled->pdata[i];
		made(f->row, f->base, data);
	}
	forget_all(p);
	return ok;
}

/* --- after a crash ------------------------------------------------------------------ */

static bool finish(
	struct store *s, const char *folder, const char *base, bool *found, GError **error)
{
	g_autofree char *path = preview_path(s, folder, error);
	g_autofree char *from = path ? g_build_filename(path, "tmp", base, NULL) : NULL;
	g_autofree char *to = path ? g_build_filename(path, "new", base, NULL) : NULL;
	if (!path)
		return false;
	if (access(from, F_OK) != 0)
		return true;
	*found = true;
	return rename(from, to) == 0 || store_fail("rename", from, error);
}

/* The names in the tmp directories, rather than the rows: they are fewer. */
static bool recover_folder(struct store *s, const char *folder, sqlite3_stmt *find, GError **error)
{
	g_autofree char *path = preview_path(s, folder, error);
	g_autofree char *tmp = path ? g_build_filename(path, "tmp", NULL) : NULL;
	g_autoptr(GDir) dir = tmp ? g_dir_open(tmp, 0, NULL) : NULL;
	const char *name;
	bool found = false, ok = path != NULL;
	while (ok && dir && (name = g_dir_read_name(dir))) {
		db_bind(find, "is", (int64_t)UID_PREVIEW, name);
		if (db_row(find, NULL))
			ok = finish(s, folder, name, &found, error);
		sqlite3_reset(find);
	}
	return ok && (!found || maildir_sync(path, error));
}

bool preview_recover(struct store *s, GError **error)
{
	if (!have_any(s))
		return true;
	struct ledger *l = store_ledger(s, error);
	g_autoptr(GPtrArray) folders = l ? store_folders(s, error) : NULL;
	g_autoptr(sqlite3_stmt) find =
		folders ? db_prepare(ledger_db(l),
				  "SELECT 1 FROM uid WHERE state = ?1 AND base = ?2", error)
			: NULL;
	for (guint i = 0; find && i < folders->len; i++)
		if (!recover_folder(s, folders->pdata[i], find, error))
			return false;
	return find != NULL;
}
