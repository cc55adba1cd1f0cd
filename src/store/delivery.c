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
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/db.h"
#include "store/delivery-private.h"
#include "store/fail.h"
#include "store/mounts.h"
#include "store/uids-private.h"

void delivery_letter_free(struct letter *letter)
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
	d->now.letters = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_letter_free);
	d->behind.letters = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_letter_free);
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

void delivery_forget(struct delivery *d, struct batch *b)
{
	for (guint i = 0; !d->keeps_spooled && i < b->letters->len; i++)
		forget(d, b->letters->pdata[i]);
	g_ptr_array_set_size(b->letters, 0);
	b->octets = 0;
	b->kept = 0;
	b->open = 0;
	b->unsafe = false;
}

void delivery_free(struct delivery *d)
{
	if (!d)
		return;
	delivery_abort(d);
	delivery_join(d);
	delivery_forget(d, &d->behind);
	delivery_forget(d, &d->now);
	g_ptr_array_unref(d->behind.letters);
	g_ptr_array_unref(d->now.letters);
	g_clear_error(&d->why);
	sqlite3_finalize(d->insert);
	sqlite3_finalize(d->settle);
	sqlite3_finalize(d->due);
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

/* Out of descriptors is no reason to stop: those that wait are synced now
 * instead of at the commit. */
static bool out_of_descriptors(const struct delivery *d)
{
	return (errno == EMFILE || errno == ENFILE) && d->now.open + d->behind.letters->len > 0;
}

static struct letter *spool(struct delivery *d, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct letter *letter = g_new0(struct letter, 1);
	letter->fd = maildir_spool(d->tmp, &letter->base, &why);
	if (letter->fd < 0 && out_of_descriptors(d)) {
		g_clear_error(&why);
		if (delivery_sync(d, &why))
			letter->fd = maildir_spool(d->tmp, &letter->base, &why);
	}
	if (letter->fd >= 0)
		return letter;
	g_propagate_error(error, g_steal_pointer(&why));
	delivery_letter_free(letter);
	return NULL;
}

bool delivery_begin(struct delivery *d, GBytes *uid, GError **error)
{
	g_assert(!d->current);
	if (d->now.open >= MOST_OPEN && !delivery_sync(d, error))
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

void delivery_set_due(struct delivery *d)
{
	if (d->ledger && !d->due)
		d->due = db_prepare(ledger_db(d->ledger),
			"INSERT INTO filter_due(folder, base, made) VALUES(?, ?, ?)", NULL);
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
	if (d->digested || d->current->size > 0 || d->now.kept + d->filled > MOST_KEPT)
		return;
	d->current->kept = g_memdup2(d->buffer, d->filled);
	d->now.kept += d->filled;
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
	d->now.octets += d->current->size;
	d->now.open++;
	g_ptr_array_add(d->now.letters, g_steal_pointer(&d->current));
	return true;
}

void delivery_abort(struct delivery *d)
{
	if (!d->current)
		return;
	forget(d, d->current);
	g_clear_pointer(&d->current, delivery_letter_free);
}

guint delivery_waiting(const struct delivery *d, int64_t *octets)
{
	if (octets)
		*octets = d->now.octets;
	return d->now.letters->len;
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
