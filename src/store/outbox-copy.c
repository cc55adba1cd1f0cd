/* SPDX-License-Identifier: MIT
 *
 * The Sent copy, exactly one (S-55), and the draft of what was given up, by the same
 * steps.  The order:
 *
 *   1. rows: SENT, the item's next state, copy OWED with the folder and the
 *      base name it will have, one commit (outbox-states.c, outbox-expire.c), and
 *      a wait for the disk, for as many letters as there are by then
 *        a crash before: DOT_PENDING, so UNCERTAIN; no copy was begun
 *   2. outbox/FILE → SENT-FOLDER/cur/BASE:2,S: a hard link, or a copy by
 *      content where there are no links.  (A rename could lose both names, on a
 *      file system without a journal.)
 *        a crash before: OWED and no BASE anywhere: made at the next start
 *   3. fsync of cur, for all of them
 *        a crash in 2, 3: OWED; BASE is looked for in all folders, since the
 *        user may have moved it: found, it is not made again
 *   4. rows: copy MADE, one commit
 *   5. outbox/FILE is removed when the item is DONE
 *        a crash before: a file whose row is DONE: removed at the next start
 *
 * Sending never looks at the copy, so no failure here sends anything again. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/sanitize.h"
#include "store/fail.h"
#include "store/maildir.h"
#include "store/outbox-private.h"
#include "store/store-private.h"

enum { COPY_PIECE = 64 * 1024 };

struct finishing {
	struct store *store;
	sqlite3 *db;
	int64_t id;
	enum outbox_state state;
	enum outbox_copy copy;
	bool returned;       /* the copy is a draft */
	char *file;          /* path of outbox/FILE */
	char *source;        /* what is copied: it, or the draft beside it */
	char *why;           /* of what was given up */
	char *folder, *base; /* of the copy */
};

static void finishing_clear(struct finishing *f)
{
	char *const texts[] = {f->file, f->source, f->why, f->folder, f->base};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
}

static bool load(struct finishing *f, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(f->db,
		"SELECT state, copy, file, copy_folder, copy_base, returned, draft, error"
		" FROM outbox WHERE id = ?1",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "i", f->id);
	if (!db_row(stmt, error))
		return false;
	f->state = (enum outbox_state)sqlite3_column_int(stmt, 0);
	f->copy = (enum outbox_copy)sqlite3_column_int(stmt, 1);
	f->file = outbox_file_path(f->store, (const char *)sqlite3_column_text(stmt, 2));
	f->folder = db_text(stmt, 3);
	f->base = db_text(stmt, 4);
	f->returned = sqlite3_column_int(stmt, 5) != 0;
	bool draft = f->returned && sqlite3_column_int(stmt, 6) != 0;
	f->source = draft ? outbox_draft_path(f->file) : g_strdup(f->file);
	f->why = db_text(stmt, 7);
	return true;
}

/* --- making it ---------------------------------------------------------------- */

/* 1: there, 0: nowhere, -1: error. */
static int is_anywhere(struct finishing *f, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(f->store, error);
	g_autoptr(GError) why = NULL;
	struct maildir_place place = {0};
	bool found = false;
	if (!folders)
		return -1;
	for (guint i = 0; !found && !why && i < folders->len; i++) {
		g_autofree char *path =
			g_build_filename(store_root(f->store), folders->pdata[i], NULL);
		found = maildir_find(path, f->base, &place, &why);
	}
	maildir_place_clear(&place);
	if (!why)
		return found;
	g_propagate_error(error, g_steal_pointer(&why));
	return -1;
}

static bool copy_octets(int from, int to, const char *name, GError **error)
{
	g_autofree char *buffer = g_malloc(COPY_PIECE);
	ssize_t n;
	while ((n = read(from, buffer, COPY_PIECE)) != 0) {
		if (n < 0 && errno != EINTR)
			return fdio_fail(error, "read", name);
		if (n > 0 && !fdio_write_all(to, buffer, (size_t)n, error))
			return false;
	}
	return true;
}

/* RFC 2047, in words of 45 octets that cut no character. */
static char *encode(const char *text)
{
	GString *words = g_string_new(NULL);
	while (*text != '\0') {
		size_t len = strlen(text);
		if (len > 45)
			for (len = 45; ((unsigned char)text[len] & 0xc0) == 0x80;)
				len--;
		g_autofree char *word = g_base64_encode((const guchar *)text, len);
		g_string_append_printf(words, "%s=?utf-8?B?%s?=", words->len ? "\n " : "", word);
		text += len;
	}
	return g_string_free(words, FALSE);
}

/* Why it lies there again: a field that the editor does not keep. */
static bool write_reason(int to, const struct finishing *f, GError **error)
{
	if (!f->returned)
		return true;
	g_autofree char *clean = sanitize_line(f->why ? f->why : "", -1);
	g_autofree char *words = encode(clean);
	g_autofree char *field = g_strconcat("X-Dewey-Not-Sent: ", words, "\n", NULL);
	return fdio_write_all(to, field, strlen(field), error);
}

/* Somebody has removed the draft: what was to be sent has all of it, too. */
static int open_source(const struct finishing *f)
{
	int fd = open(f->source, O_RDONLY | O_CLOEXEC);
	return fd >= 0 || errno != ENOENT ? fd : open(f->file, O_RDONLY | O_CLOEXEC);
}

static bool copy_synced(const struct finishing *f, int to, const char *name, GError **error)
{
	int fd = open_source(f);
	if (fd < 0)
		return fdio_fail(error, "open", f->source);
	bool ok = write_reason(to, f, error) && copy_octets(fd, to, f->source, error) &&
		  fdio_sync(to, name, error);
	close(fd);
	return ok;
}

/* Where there are no hard links, or Sent lies on another disk, or it is no copy. */
static bool copy_content(struct finishing *f, const char *path, const char *target, GError **error)
{
	g_autofree char *tmp = g_build_filename(path, "tmp", f->base, NULL);
	/* Of an earlier try nothing but rubbish can be there. */
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fail("open", tmp, error);
	bool ok = store_adopt(copy_synced(f, fd, tmp, error), error);
	if (!store_close(fd, tmp, ok ? error : NULL))
		ok = false;
	if (ok && rename(tmp, target) != 0)
		ok = store_fail("rename", target, error);
	if (!ok)
		unlink(tmp);
	return ok;
}

static bool is_linkless(int why)
{
	return why == EXDEV || why == EPERM || why == EMLINK || why == EOPNOTSUPP || why == ENOSYS;
}

static char *copy_path(const struct finishing *f, const char *path)
{
	unsigned flags = f->returned ? FLAG_SEEN | FLAG_DRAFT | FLAG_FLAGGED : FLAG_SEEN;
	g_autofree char *file = maildir_file_name(f->base, flags, 0);
	return g_build_filename(path, "cur", file, NULL);
}

static bool put_copy(struct finishing *f, const char *path, GError **error)
{
	g_autofree char *target = copy_path(f, path);
	bool ok = !f->returned && link(f->file, target) == 0;
	int why = errno;
	if (!ok && (f->returned || is_linkless(why)))
		return copy_content(f, path, target, error);
	/* The name is random: what has it is this copy, which another process
	 * made at the same time. */
	if (ok || access(target, F_OK) == 0)
		return true;
	errno = why;
	return store_fail("link", target, error);
}

static bool is_gone(const char *path)
{
	struct stat st;
	return lstat(path, &st) != 0 && errno == ENOENT;
}

/* Whether nothing need be put there: 1; -1: error.  search: the copy may have been
 * made already, and moved since. */
static int is_done(struct finishing *f, const char *path, bool search, GError **error)
{
	g_autofree char *target = copy_path(f, path);
	int there = 0;
	if (search)
		there = access(target, F_OK) == 0 ? 1 : is_anywhere(f, error);
	if (there != 0)
		return there;
	/* Both gone: an older dewey renamed it, and the user has deleted it since.  What
	 * cannot be looked at is not gone. */
	return search && f->state == OUTBOX_DONE && is_gone(f->file) && is_gone(f->source);
}

static bool place_copy(struct finishing *f, const char *path, bool search, GError **error)
{
	int done = is_done(f, path, search, error);
	return done >= 0 && store_make_folder(f->store, f->folder, error) &&
	       (done > 0 || put_copy(f, path, error));
}

static bool make_copy(struct finishing *f, bool search, GError **error)
{
	g_autofree char *path = store_folder_path(f->store, f->folder, error);
	return path && place_copy(f, path, search, error) && maildir_sync(path, error) &&
	       db_run(f->db, NULL, error, "UPDATE outbox SET copy = 2 WHERE id = ?1", "i", f->id);
}

/* What stays is removed at the next start. */
static void remove_files(const struct finishing *f)
{
	g_autofree char *draft = outbox_draft_path(f->file);
	unlink(f->file);
	unlink(draft);
}

/* Of what has become of the letter nothing is taken back. */
static void say_owed(const struct finishing *f, GError **error)
{
	g_prefix_error(error, "%s",
		f->returned ? _("the letter is given up, but it is not in Drafts yet: ")
			    : _("the letter is sent, but its copy is not made yet: "));
}

bool outbox_finish(struct store *s, int64_t id, bool search, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	struct finishing f = {.store = s, .id = id};
	if (!l)
		return false;
	f.db = ledger_db(l);
	bool ok = load(&f, error);
	if (ok && f.copy == COPY_OWED && !make_copy(&f, search, error)) {
		say_owed(&f, error);
		ok = false;
	}
	if (ok && f.state == OUTBOX_DONE)
		remove_files(&f);
	finishing_clear(&f);
	return ok;
}

/* --- many at a time ------------------------------------------------------------ */

static GArray *select_owed(sqlite3 *db, const char *account, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		db, "SELECT id FROM outbox WHERE copy = 1 AND account = ?1 ORDER BY id", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", account);
	return db_ids(stmt, error);
}

struct settling {
	struct store *store;
	GHashTable *folders; /* paths with new copies */
	GPtrArray *items;    /* of struct finishing */
	GError *why;         /* of the first one that was not made */
};

static void settled_free(void *data)
{
	finishing_clear(data);
	g_free(data);
}

static bool load_all(struct settling *x, const GArray *ids, GError **error)
{
	bool ok = true;
	for (guint i = 0; ok && i < ids->len; i++) {
		struct finishing *f = g_new0(struct finishing, 1);
		f->store = x->store;
		f->db = ledger_db(store_ledger(x->store, NULL));
		f->id = g_array_index(ids, int64_t, i);
		g_ptr_array_add(x->items, f);
		ok = load(f, error);
	}
	return ok;
}

/* A second name of the bytes, or none, tells that a copy was begun before. */
static bool was_begun(const struct finishing *f)
{
	struct stat st;
	return stat(f->file, &st) != 0 || st.st_nlink > 1;
}

static bool place_one(struct settling *x, struct finishing *f, GError **error)
{
	g_autofree char *path = store_folder_path(x->store, f->folder, error);
	if (!path || !place_copy(f, path, was_begun(f), error))
		return false;
	g_hash_table_add(x->folders, g_steal_pointer(&path));
	return true;
}

/* One that cannot be made does not stop the others: it stays owed, and it is the
 * error when they are made. */
static void place_all(struct settling *x)
{
	for (guint i = 0; i < x->items->len;) {
		g_autoptr(GError) why = NULL;
		if (place_one(x, x->items->pdata[i], &why)) {
			i++;
			continue;
		}
		say_owed(x->items->pdata[i], &why);
		if (!x->why)
			x->why = g_steal_pointer(&why);
		g_ptr_array_remove_index(x->items, i);
	}
}

static bool sync_folders(const struct settling *x, GError **error)
{
	GHashTableIter iter;
	void *path;
	bool ok = true;
	g_hash_table_iter_init(&iter, x->folders);
	while (ok && g_hash_table_iter_next(&iter, &path, NULL))
		ok = maildir_sync(path, error);
	return ok;
}

static bool note_made(sqlite3 *db, void *data, GError **error)
{
	const struct settling *x = data;
	bool ok = true;
	for (guint i = 0; ok && i < x->items->len; i++) {
		const struct finishing *f = x->items->pdata[i];
		ok = db_run(
			db, NULL, error, "UPDATE outbox SET copy = 2 WHERE id = ?1", "i", f->id);
	}
	return ok;
}

static bool make_copies(struct settling *x, GError **error)
{
	if (!ledger_settle(store_ledger(x->store, NULL), error))
		return false;
	place_all(x);
	bool ok = sync_folders(x, error) && outbox_transaction_light(x->store, note_made, x, error);
	for (guint i = 0; ok && i < x->items->len; i++) {
		const struct finishing *f = x->items->pdata[i];
		if (f->state == OUTBOX_DONE)
			remove_files(f);
	}
	if (!ok && x->items->len > 0)
		say_owed(x->items->pdata[0], error);
	if (!ok || !x->why)
		return ok;
	g_propagate_error(error, g_steal_pointer(&x->why));
	return false;
}

bool outbox_settle(struct store *s, const char *account, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autoptr(GArray) ids = l ? select_owed(ledger_db(l), account, error) : NULL;
	if (!ids)
		return false;
	struct settling x = {.store = s};
	x.folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	x.items = g_ptr_array_new_with_free_func(settled_free);
	bool ok = load_all(&x, ids, error) && make_copies(&x, error);
	g_hash_table_unref(x.folders);
	g_ptr_array_unref(x.items);
	g_clear_error(&x.why);
	return ok;
}
