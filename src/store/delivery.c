/* SPDX-License-Identifier: MIT
 *
 * What a crash leaves, by the steps of delivery.h:
 *
 *   in 1, 2   files in tmp that no row names; the letters are still on the
 *             server.  They are fetched again; the files go after 36 hours.
 *   after 3   rows FETCHING, their files whole and durable in tmp.
 *   in 4, 5   rows FETCHING, each file in tmp or in new, perhaps in both after
 *             a power failure on a file system without a journal.
 *             The preview of such a letter may be there beside it.
 *   after 5   rows FETCHING, all files durable in new.
 *   after 6   nothing: rows STORED are the promise kept.
 *
 * A row FETCHING is resolved by delivery_recover(), in delivery-recover.c. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "base/sha256.h"
#include "store/db.h"
#include "store/delivery.h"
#include "store/fail.h"
#include "store/group-sync.h"
#include "store/mounts.h"
#include "store/preview.h"
#include "store/uids-private.h"

/* A descriptor stays open from the first write to the fsync, so that no error
 * of the write-back in between can be missed.  This many at a time. */
enum { MOST_OPEN = 512, BUFFER = 65536 };

/* Fewer letters than this are synced one by one. */
enum { FEW = 8 };

/* Octets of small letters that are kept in memory until the commit. */
enum { MOST_KEPT = 8 << 20 };

enum letter_place { IN_TMP, NAMED /* by a row; still in tmp */, RENAMED };

struct letter {
	char *base, *file; /* file: its name in new or cur */
	GBytes *uid;
	int fd; /* -1: synced and closed */
	bool to_cur;
	bool completes; /* the preview of this base */
	enum letter_place place;
	int64_t size, row, whole;
	uint8_t sha256[32];
	char *kept; /* its octets, if the digest is still to be made */
};

struct delivery {
	struct store *store;
	struct ledger *ledger; /* NULL: no rows are written */
	int64_t maildrop;
	char *folder, *path;
	int tmp, in_new, in_cur; /* the directories */
	GPtrArray *letters;      /* ended, waiting for a commit */
	int64_t octets;          /* of those */
	size_t kept;             /* octets of those with a copy in memory */
	guint open;              /* descriptors of those */
	sqlite3_stmt *insert, *settle;
	struct letter *current; /* begun, not ended */
	bool failed, digested;  /* of current */
	bool unsafe;            /* a sync failed: nothing more is committed */
	bool keeps_spooled;     /* what is whole is not removed from tmp */
	struct sha256_sum *sum;
	size_t filled;
	char buffer[BUFFER];
};

static void letter_free(struct letter *letter)
{
	if (letter->fd >= 0)
		close(letter->fd);
	g_clear_pointer(&letter->uid, g_bytes_unref);
	g_free(letter->base);
	g_free(letter->file);
	g_free(letter->kept);
	g_free(letter);
}

static int open_part(struct delivery *d, const char *part, GError **error)
{
	g_autofree char *path = g_build_filename(d->path, part, NULL);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		store_fail("open", path, error);
	return fd;
}

/* What a server deletes afterwards must not be put where a file system belongs. */
static bool make_folder(struct delivery *d, bool from_server, GError **error)
{
	return from_server ? mounts_make_folder(d->store, d->folder, error)
			   : store_make_folder(d->store, d->folder, error);
}

static bool open_folder(struct delivery *d, bool from_server, GError **error)
{
	if (!make_folder(d, from_server, error))
		return false;
	d->path = store_folder_path(d->store, d->folder, error);
	return d->path && (d->tmp = open_part(d, "tmp", error)) >= 0 &&
	       (d->in_new = open_part(d, "new", error)) >= 0 &&
	       (d->in_cur = open_part(d, "cur", error)) >= 0;
}

/* A uid that the ledger has already is delivered anew (a maildrop that counts
 * from one again, a row that recovery gave up): its row is used again. */
static bool open_rows(struct delivery *d, const char *account, GError **error)
{
	d->ledger = store_ledger(d->store, error);
	d->maildrop = d->ledger ? uids_maildrop(d->ledger, account, error) : 0;
	if (!d->maildrop)
		return false;
	d->insert = db_prepare(ledger_db(d->ledger),
		"INSERT INTO uid (maildrop, uid, state, folder, base, seen, size, sha256, whole)"
		" VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT (maildrop, uid) DO UPDATE SET state = 0, folder = excluded.folder,"
		" base = excluded.base, seen = excluded.seen, size = excluded.size,"
		" sha256 = excluded.sha256, whole = excluded.whole, sent = 0, stored = 0,"
		" gone = 0, likely = 0, returns = 0"
		" RETURNING id",
		error);
	if (d->insert)
		d->settle = db_prepare(ledger_db(d->ledger),
			"UPDATE uid SET state = 1, stored = ?1 WHERE id = ?2", error);
	return d->settle != NULL;
}

struct delivery *delivery_new(
	struct store *s, const char *account, const char *folder, GError **error)
{
	g_autoptr(delivery) d = g_new0(struct delivery, 1);
	d->store = s;
	d->folder = g_strdup(folder);
	d->tmp = d->in_new = d->in_cur = -1;
	d->letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
	d->sum = sha256_new();
	if (!open_folder(d, account != NULL, error) || (account && !open_rows(d, account, error)))
		return NULL;
	return g_steal_pointer(&d);
}

/* A file that a row names stays in tmp: recovery puts it where it belongs. */
static void forget(struct delivery *d, struct letter *letter)
{
	if (letter->place == IN_TMP)
		unlinkat(d->tmp, letter->base, 0);
}

static void forget_all(struct delivery *d)
{
	for (guint i = 0; !d->keeps_spooled && i < d->letters->len; i++)
		forget(d, d->letters->pdata[i]);
	g_ptr_array_set_size(d->letters, 0);
	d->octets = 0;
	d->kept = 0;
	d->open = 0;
}

void delivery_free(struct delivery *d)
{
	if (!d)
		return;
	delivery_abort(d);
	forget_all(d);
	g_ptr_array_unref(d->letters);
	sqlite3_finalize(d->insert);
	sqlite3_finalize(d->settle);
	const int dirs[] = {d->tmp, d->in_new, d->in_cur};
	for (size_t i = 0; i < G_N_ELEMENTS(dirs); i++)
		if (dirs[i] >= 0)
			close(dirs[i]);
	sha256_free(d->sum);
	g_free(d->folder);
	g_free(d->path);
	g_free(d);
}

/* --- a letter ----------------------------------------------------------------- */

/* Step 2 for one letter: a failed fsync is never tried again, because what it
 * did not write may be gone from memory. */
static bool sync_letter(struct delivery *d, struct letter *letter, bool synced, GError **error)
{
	if (letter->fd < 0)
		return true;
	bool ok = synced || store_adopt(fdio_sync(letter->fd, letter->base, error), error);
	if (!store_close(letter->fd, letter->base, ok ? error : NULL))
		ok = false;
	letter->fd = -1;
	d->open--;
	d->unsafe = d->unsafe || !ok;
	return ok;
}

/* Where a sync failed before the commit (too many were open), a second one would
 * say nothing about what the first one lost. */
static bool is_safe(const struct delivery *d, GError **error)
{
	if (d->unsafe)
		g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
			_("letters could not be made safe on the disk"));
	return !d->unsafe;
}

/* Step 2 for all: in one go where that is cheaper, else one by one. */
static bool sync_letters(struct delivery *d, GError **error)
{
	bool together = d->open >= FEW && group_sync_is_cheap(d->tmp, d->octets);
	if (!is_safe(d, error))
		return false;
	d->unsafe = together && !group_sync(d->tmp, d->path, error);
	if (d->unsafe)
		return false;
	for (guint i = 0; i < d->letters->len; i++)
		if (!sync_letter(d, d->letters->pdata[i], together, error))
			return false;
	return true;
}

/* Out of descriptors is no reason to stop: those that wait are synced now
 * instead of at the commit. */
static bool out_of_descriptors(const struct delivery *d)
{
	return (errno == EMFILE || errno == ENFILE) && d->open > 0;
}

static struct letter *spool(struct delivery *d, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct letter *letter = g_new0(struct letter, 1);
	letter->fd = maildir_spool(d->tmp, &letter->base, &why);
	if (letter->fd < 0 && out_of_descriptors(d)) {
		g_clear_error(&why);
		if (sync_letters(d, &why))
			letter->fd = maildir_spool(d->tmp, &letter->base, &why);
	}
	if (letter->fd >= 0)
		return letter;
	g_propagate_error(error, g_steal_pointer(&why));
	letter_free(letter);
	return NULL;
}

bool delivery_begin(struct delivery *d, GBytes *uid, GError **error)
{
	g_assert(!d->current);
	if (d->open >= MOST_OPEN && !sync_letters(d, error))
		return false;
	d->current = spool(d, error);
	if (!d->current)
		return false;
	d->current->uid = uid ? g_bytes_ref(uid) : NULL;
	d->failed = d->digested = false;
	d->filled = 0;
	sha256_reset(d->sum);
	return true;
}

static bool put(struct delivery *d, const void *data, size_t len, GError **error)
{
	if (!d->current->kept)
		sha256_update(d->sum, data, len);
	d->current->size += (int64_t)len;
	if (fdio_write_all(d->current->fd, data, len, NULL))
		return true;
	d->failed = true;
	return store_fail("write", d->path, error);
}

static bool flush(struct delivery *d, GError **error)
{
	size_t len = d->filled;
	d->filled = 0;
	return len == 0 || put(d, d->buffer, len, error);
}

bool delivery_write(struct delivery *d, const void *data, size_t len, GError **error)
{
	g_assert(d->current && !d->digested);
	if (len > BUFFER - d->filled && !flush(d, error))
		return false;
	if (len >= BUFFER)
		return put(d, data, len, error);
	memcpy(d->buffer + d->filled, data, len);
	d->filled += len;
	return true;
}

void delivery_set_whole(struct delivery *d, uint64_t octets)
{
	g_assert(d->current);
	d->current->whole = (int64_t)MIN(octets, (uint64_t)G_MAXINT64);
}

void delivery_set_flags(struct delivery *d, unsigned flags)
{
	g_assert(d->current);
	g_free(d->current->file);
	d->current->file = maildir_file_name(d->current->base, flags, 0);
	d->current->to_cur = true;
}

bool delivery_complete(
	struct delivery *d, const char *base, const struct maildir_place *place, GError **error)
{
	struct letter *letter = d->current;
	g_assert(letter && !letter->file);
	if (renameat(d->tmp, letter->base, d->tmp, base) != 0)
		return store_fail("rename", letter->base, error);
	g_free(letter->base);
	letter->base = g_strdup(base);
	letter->file = g_strdup(place->file);
	letter->to_cur = !place->in_new;
	letter->completes = true;
	return true;
}

int64_t delivery_size(const struct delivery *d)
{
	return d->current->size + (int64_t)d->filled;
}

void delivery_keep_spooled(struct delivery *d)
{
	d->keeps_spooled = true;
}

bool delivery_digest(struct delivery *d, int64_t *size, const uint8_t **sha256, GError **error)
{
	g_assert(d->current);
	if (!d->digested) {
		if (!flush(d, error))
			return false;
		sha256_finish(d->sum, d->current->sha256);
		d->digested = true;
	}
	*size = d->current->size;
	*sha256 = d->current->sha256;
	return true;
}

/* A small letter, all of it still in the buffer: its digest can be made while
 * the commit waits for the disk. */
static void keep(struct delivery *d)
{
	if (d->digested || d->current->size > 0 || d->kept + d->filled > MOST_KEPT)
		return;
	d->current->kept = g_memdup2(d->buffer, d->filled);
	d->kept += d->filled;
}

static bool end_bytes(struct delivery *d, GError **error)
{
	int64_t size;
	const uint8_t *sha256;
	keep(d);
	return d->current->kept ? flush(d, error) : delivery_digest(d, &size, &sha256, error);
}

bool delivery_end(struct delivery *d, GError **error)
{
	g_assert(d->current);
	if (d->failed) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
			_("the letter could not be written whole"));
		return false;
	}
	if (!end_bytes(d, error))
		return false;
	if (!d->current->file)
		d->current->file = g_strdup(d->current->base);
	d->octets += d->current->size;
	d->open++;
	g_ptr_array_add(d->letters, g_steal_pointer(&d->current));
	return true;
}

void delivery_abort(struct delivery *d)
{
	if (!d->current)
		return;
	forget(d, d->current);
	g_clear_pointer(&d->current, letter_free);
}

guint delivery_waiting(const struct delivery *d, int64_t *octets)
{
	if (octets)
		*octets = d->octets;
	return d->letters->len;
}

bool delivery_has_room(const struct delivery *d, int64_t octets, GError **error)
{
	struct statvfs fs;
	/* Besides the letter: its directory entry and the ledger. */
	enum { SPARE = 4 << 20, SPARE_FILES = 8 };
	if (fstatvfs(d->tmp, &fs) != 0)
		return store_fail("statvfs", d->path, error);
	/* Some file systems have no fixed number of files and say 0. */
	bool files = fs.f_files == 0 || fs.f_favail >= SPARE_FILES;
	if (files && fs.f_bavail * (uint64_t)fs.f_frsize >= (uint64_t)octets + SPARE)
		return true;
	errno = ENOSPC;
	return store_fail("write", d->path, error);
}

/* --- the commit --------------------------------------------------------------- */

static bool insert_row(struct delivery *d, struct letter *letter, int64_t now, GError **error)
{
	g_autoptr(GBytes) sha256 = g_bytes_new_static(letter->sha256, sizeof letter->sha256);
	db_bind(d->insert, "ibssiibi", d->maildrop, letter->uid, d->folder, letter->base, now,
		letter->size, sha256, letter->whole);
	bool ok = db_row(d->insert, error);
	if (ok)
		letter->row = sqlite3_column_int64(d->insert, 0);
	/* The step to the end is what completes an INSERT … RETURNING. */
	ok = ok && db_done(d->insert, error);
	sqlite3_reset(d->insert);
	return ok;
}

static bool settle_row(struct delivery *d, struct letter *letter, int64_t now, GError **error)
{
	db_bind(d->settle, "ii", now, letter->row);
	return db_done(d->settle, error);
}

/* Steps 3 and 6: one transaction over all letters. */
static bool write_rows(struct delivery *d,
	bool (*write)(struct delivery *, struct letter *, int64_t, GError **), GError **error)
{
	if (!d->ledger)
		return true;
	if (!ledger_begin(d->ledger, error))
		return false;
	for (guint i = 0; i < d->letters->len; i++)
		if (!write(d, d->letters->pdata[i], clock_now(), error)) {
			ledger_rollback(d->ledger);
			return false;
		}
	return ledger_commit(d->ledger, error);
}

/* From here on the files in tmp belong to their rows. */
static void mark_named(struct delivery *d)
{
	for (guint i = 0; d->ledger && i < d->letters->len; i++)
		((struct letter *)d->letters->pdata[i])->place = NAMED;
}

/* Step 4.  The base name is new and random: nothing can be there. */
static bool rename_letters(struct delivery *d, GError **error)
{
	for (guint i = 0; i < d->letters->len; i++) {
		struct letter *letter = d->letters->pdata[i];
		int to = letter->to_cur ? d->in_cur : d->in_new;
		if (renameat(d->tmp, letter->base, to, letter->file) != 0)
			return store_fail("rename", letter->base, error);
		letter->place = RENAMED;
	}
	return true;
}

/* Step 5. */
static bool sync_directories(struct delivery *d, GError **error)
{
	bool used[2] = {false, false};
	for (guint i = 0; i < d->letters->len; i++)
		used[((struct letter *)d->letters->pdata[i])->to_cur] = true;
	return (!used[false] || store_adopt(fdio_sync(d->in_new, d->path, error), error)) &&
	       (!used[true] || store_adopt(fdio_sync(d->in_cur, d->path, error), error));
}

/* The rows are not STORED yet: if this is cut short, recovery does it again. */
static bool remove_previews(struct delivery *d, GError **error)
{
	g_autoptr(GHashTable) changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < d->letters->len; i++) {
		const struct letter *letter = d->letters->pdata[i];
		if (letter->completes &&
			!preview_remove(d->store, d->folder, letter->base, changed, error))
			return false;
	}
	return preview_sync_removed(changed, error);
}

static gpointer make_digests(gpointer data)
{
	const struct delivery *d = data;
	g_autoptr(sha256_sum) sum = sha256_new();
	for (guint i = 0; i < d->letters->len; i++) {
		struct letter *letter = d->letters->pdata[i];
		if (!letter->kept)
			continue;
		sha256_reset(sum);
		sha256_update(sum, letter->kept, (size_t)letter->size);
		sha256_finish(sum, letter->sha256);
	}
	return NULL;
}

/* The digests are made while the disk works.  The thread touches nothing that
 * syncing does, and no signal: a handler that ran there would not interrupt
 * what the main thread waits for. */
static bool sync_and_digest(struct delivery *d, GError **error)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	GThread *thread = d->kept ? g_thread_try_new("digest", make_digests, d, NULL) : NULL;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	bool ok = sync_letters(d, error);
	if (thread)
		g_thread_join(thread);
	else
		make_digests(d);
	return ok;
}

static bool commit_letters(struct delivery *d, GError **error)
{
	if (!sync_and_digest(d, error) || !write_rows(d, insert_row, error))
		return false;
	mark_named(d);
	return rename_letters(d, error) && sync_directories(d, error) &&
	       remove_previews(d, error) && write_rows(d, settle_row, error);
}

static void tell(const struct delivery *d, delivery_stored stored, void *data)
{
	for (guint i = 0; stored && i < d->letters->len; i++) {
		const struct letter *letter = d->letters->pdata[i];
		struct uid_row row = {.id = letter->row,
			.uid = letter->uid,
			.state = UID_STORED,
			.folder = d->folder,
			.base = letter->base,
			.stored = clock_now(),
			.seen = clock_now(),
			.size = letter->size};
		uids_hex(letter->sha256, row.sha256);
		stored(&row, data);
	}
}

bool delivery_commit(struct delivery *d, delivery_stored stored, void *data, GError **error)
{
	bool ok = d->letters->len == 0 || commit_letters(d, error);
	if (ok)
		tell(d, stored, data);
	forget_all(d);
	return ok;
}
