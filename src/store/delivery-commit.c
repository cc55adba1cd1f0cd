/* SPDX-License-Identifier: MIT
 *
 * Steps 2 to 6 of delivery.h.  While a group is synced, which is waiting for the
 * disk for the most part, the next one comes. */
#include "base/base.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "store/db.h"
#include "store/delivery-private.h"
#include "store/fail.h"
#include "store/group-sync.h"
#include "store/preview.h"
#include "store/uids-private.h"

/* Fewer letters than this are synced one by one. */
enum { FEW = 8 };

/* --- step 2 ------------------------------------------------------------------- */

/* Step 2 for one letter: a failed fsync is never tried again, because what it
 * did not write may be gone from memory. */
static bool sync_letter(struct batch *b, struct letter *letter, bool synced, GError **error)
{
	if (letter->fd < 0)
		return true;
	bool ok = synced || store_adopt(fdio_sync(letter->fd, letter->base, error), error);
	if (!store_close(letter->fd, letter->base, ok ? error : NULL))
		ok = false;
	letter->fd = -1;
	b->open--;
	b->unsafe = b->unsafe || !ok;
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
static bool sync_letters(const struct delivery *d, struct batch *b, GError **error)
{
	bool together = b->open >= FEW && group_sync_is_cheap(d->tmp, b->octets);
	b->unsafe = together && !group_sync(d->tmp, d->path, error);
	if (b->unsafe)
		return false;
	for (guint i = 0; i < b->letters->len; i++)
		if (!sync_letter(b, b->letters->pdata[i], together, error))
			return false;
	return true;
}

/* Two syncs at a time would share one answer: an error is told only once. */
bool delivery_sync(struct delivery *d, GError **error)
{
	delivery_join(d);
	if (!is_safe(d, error))
		return false;
	bool ok = sync_letters(d, &d->now, error);
	d->unsafe = d->now.unsafe;
	return ok;
}

static gpointer make_digests(gpointer data)
{
	const struct batch *b = data;
	g_autoptr(sha256_sum) sum = sha256_new();
	for (guint i = 0; i < b->letters->len; i++) {
		struct letter *letter = b->letters->pdata[i];
		if (!letter->kept)
			continue;
		sha256_reset(sum);
		sha256_update(sum, letter->kept, (size_t)letter->size);
		sha256_finish(sum, letter->sha256);
	}
	return NULL;
}

/* No signal: a handler that ran there would not interrupt what the main thread
 * waits for.  NULL: it cannot be had. */
static GThread *start(const char *name, GThreadFunc run, void *data)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	GThread *thread = g_thread_try_new(name, run, data, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return thread;
}

/* The digests are made while the disk works.  Their thread touches nothing that
 * syncing does. */
static bool sync_and_digest(const struct delivery *d, struct batch *b, GError **error)
{
	GThread *thread = b->kept ? start("digest", make_digests, b) : NULL;
	bool ok = sync_letters(d, b, error);
	if (thread)
		g_thread_join(thread);
	else
		make_digests(b);
	return ok;
}

/* --- steps 3 to 6 -------------------------------------------------------------- */

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
	if (!ok || !d->due || letter->completes)
		return ok;
	db_bind(d->due, "ssi", d->folder, letter->base, now);
	return db_done(d->due, error);
}

static bool settle_row(struct delivery *d, struct letter *letter, int64_t now, GError **error)
{
	db_bind(d->settle, "ii", now, letter->row);
	return db_done(d->settle, error);
}

/* Steps 3 and 6: one transaction over all letters. */
static bool write_rows(struct delivery *d, const struct batch *b,
	bool (*write)(struct delivery *, struct letter *, int64_t, GError **), GError **error)
{
	if (!d->ledger)
		return true;
	if (!ledger_begin(d->ledger, error))
		return false;
	for (guint i = 0; i < b->letters->len; i++)
		if (!write(d, b->letters->pdata[i], clock_now(), error)) {
			ledger_rollback(d->ledger);
			return false;
		}
	return ledger_commit(d->ledger, error);
}

/* From here on the files in tmp belong to their rows. */
static void mark_named(struct delivery *d, const struct batch *b)
{
	for (guint i = 0; d->ledger && i < b->letters->len; i++)
		((struct letter *)b->letters->pdata[i])->place = NAMED;
}

/* Step 4.  The base name is new and random: nothing can be there. */
static bool rename_letters(struct delivery *d, const struct batch *b, GError **error)
{
	for (guint i = 0; i < b->letters->len; i++) {
		struct letter *letter = b->letters->pdata[i];
		int to = letter->to_cur ? d->in_cur : d->in_new;
		if (renameat(d->tmp, letter->base, to, letter->file) != 0)
			return store_fail("rename", letter->base, error);
		letter->place = RENAMED;
	}
	return true;
}

/* Step 5. */
static bool sync_directories(struct delivery *d, const struct batch *b, GError **error)
{
	bool used[2] = {false, false};
	for (guint i = 0; i < b->letters->len; i++)
		used[((struct letter *)b->letters->pdata[i])->to_cur] = true;
	return (!used[false] || store_adopt(fdio_sync(d->in_new, d->path, error), error)) &&
	       (!used[true] || store_adopt(fdio_sync(d->in_cur, d->path, error), error));
}

/* The rows are not STORED yet: if this is cut short, recovery does it again. */
static bool remove_previews(struct delivery *d, const struct batch *b, GError **error)
{
	g_autoptr(GHashTable) changed =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < b->letters->len; i++) {
		const struct letter *letter = b->letters->pdata[i];
		if (letter->completes &&
			!preview_remove(d->store, d->folder, letter->base, changed, error))
			return false;
	}
	return preview_sync_removed(changed, error);
}

/* Of letters that step 2 made durable. */
static bool finish_letters(struct delivery *d, const struct batch *b, GError **error)
{
	if (!write_rows(d, b, insert_row, error))
		return false;
	mark_named(d, b);
	return rename_letters(d, b, error) && sync_directories(d, b, error) &&
	       remove_previews(d, b, error) && write_rows(d, b, settle_row, error);
}

static void tell(
	const struct delivery *d, const struct batch *b, delivery_stored stored, void *data)
{
	for (guint i = 0; stored && i < b->letters->len; i++) {
		const struct letter *letter = b->letters->pdata[i];
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

/* --- one batch behind the other ------------------------------------------------ */

static gpointer sync_behind(gpointer data)
{
	struct delivery *d = data;
	if (!sync_and_digest(d, &d->behind, &d->why))
		d->behind.unsafe = true;
	return NULL;
}

void delivery_join(struct delivery *d)
{
	if (d->thread)
		g_thread_join(g_steal_pointer(&d->thread));
	d->unsafe = d->unsafe || d->behind.unsafe;
}

/* What has come since then is forgotten with it, if it fails. */
static bool finish_behind(struct delivery *d, delivery_stored stored, void *data, GError **error)
{
	delivery_join(d);
	if (d->behind.letters->len == 0)
		return true;
	bool ok = !d->why && is_safe(d, error);
	if (d->why)
		g_propagate_error(error, g_steal_pointer(&d->why));
	ok = ok && finish_letters(d, &d->behind, error);
	if (ok)
		tell(d, &d->behind, stored, data);
	delivery_forget(d, &d->behind);
	if (!ok)
		delivery_forget(d, &d->now);
	return ok;
}

bool delivery_commit_behind(struct delivery *d, delivery_stored stored, void *data, GError **error)
{
	if (!finish_behind(d, stored, data, error))
		return false;
	struct batch empty = d->behind;
	d->behind = d->now;
	d->now = empty;
	if (d->behind.letters->len > 0)
		d->thread = start("sync", sync_behind, d);
	return d->behind.letters->len == 0 || d->thread ||
	       (sync_behind(d), finish_behind(d, stored, data, error));
}

bool delivery_is_behind(const struct delivery *d)
{
	return d->behind.letters->len > 0;
}

bool delivery_commit(struct delivery *d, delivery_stored stored, void *data, GError **error)
{
	if (!finish_behind(d, stored, data, error))
		return false;
	bool ok = d->now.letters->len == 0 ||
		  (is_safe(d, error) && sync_and_digest(d, &d->now, error) &&
			  finish_letters(d, &d->now, error));
	d->unsafe = d->unsafe || d->now.unsafe;
	if (ok)
		tell(d, &d->now, stored, data);
	delivery_forget(d, &d->now);
	return ok;
}
