/* SPDX-License-Identifier: MIT
 *
 * Delivery with group commit: letters are spooled to tmp one after the other,
 * then made durable together (DESIGN section 3).  The order, for a batch:
 *
 *   1. each letter written to tmp/BASE                 (delivery_begin … _end)
 *   2. fsync of each file                              (delivery_commit …)
 *   3. ledger rows FETCHING with the final names, one commit
 *   4. rename tmp/BASE → new/BASE, each
 *   5. fsync of new; previews that the letters complete are removed
 *   6. rows STORED with size and digest, one commit
 *
 * Only a letter whose row is STORED may be deleted on its server.  What a crash
 * leaves after each step is said in delivery.c; delivery_recover() repairs it. */
#ifndef DEWEY_STORE_DELIVERY_H
#define DEWEY_STORE_DELIVERY_H

#include "store/maildir.h"
#include "store/uids.h"

struct delivery;
typedef struct delivery delivery;

/* account: account_state_key(), or NULL for mail that came by no account
 * (import); then no rows are written.  The folder is made.  Error, here and below
 * where nothing else is said: STORE_ERROR, DISK or SYSTEM for the files, BUSY too
 * for the ledger; the letter is to be fetched again, and is on its server. */
struct delivery *delivery_new(struct store *s, const char *account, const char *folder,
	GError **error);

/* What was not committed is removed from tmp. */
void delivery_free(struct delivery *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(delivery, delivery_free)

/* Begins a letter: uid (NULL: the server has none), then any number of writes,
 * bytes as they shall lie on disk (the caller turned CRLF into LF), then end,
 * or abort, which forgets this letter alone. */
bool delivery_begin(struct delivery *d, GBytes *uid, GError **error);
bool delivery_write(struct delivery *d, const void *data, size_t len, GError **error);
bool delivery_end(struct delivery *d, GError **error);
void delivery_abort(struct delivery *d);

/* The server says that the letter begun has so many octets; 0: it does not say. */
void delivery_set_whole(struct delivery *d, uint64_t octets);

/* What comes from now on is due for the filters (filter.h), but for letters whose
 * preview was. */
void delivery_set_due(struct delivery *d);

/* The letter begun goes to cur with these flags, instead of to new (import). */
void delivery_set_flags(struct delivery *d, unsigned flags);

/* The letter begun completes the preview base: it takes its name, and goes to
 * where place, of maildir_find(), says; the preview is removed when the letter
 * is durable. */
bool delivery_complete(struct delivery *d, const char *base, const struct maildir_place *place,
	GError **error);

/* Size and SHA-256 (32 octets, valid until the next call) of what was written
 * of the letter begun; nothing may be written to it afterwards. */
bool delivery_digest(struct delivery *d, int64_t *size, const uint8_t **sha256, GError **error);

/* How many octets were written of the letter begun. */
int64_t delivery_size(const struct delivery *d);

/* From now on a letter that has come whole and cannot be stored stays in tmp,
 * since its server does not give it out again (P-62). */
void delivery_keep_spooled(struct delivery *d);

/* Whether the disk takes a letter of so many octets (P-57): to be asked before
 * a letter is fetched from a server that forgets it by that.  Error:
 * STORE_ERROR_DISK. */
bool delivery_has_room(const struct delivery *d, int64_t octets, GError **error);

/* Letters and octets waiting for a commit, besides a group of
 * delivery_commit_behind(): the caller commits when it likes. */
guint delivery_waiting(const struct delivery *d, int64_t *octets);

/* Makes all that ended durable.  On success stored (may be NULL) is called for
 * each, in order.  On error none of this batch counts as stored; a letter that
 * had been renamed is still found by delivery_recover().  After a sync that
 * failed, here or in delivery_begin(), every commit is an error: a second sync
 * would say nothing about what the first one lost.  After any other error
 * of delivery_begin() or _end() what ended before can be committed. */
typedef void (*delivery_stored)(const struct uid_row *row, void *data);
bool delivery_commit(struct delivery *d, delivery_stored stored, void *data, GError **error);

/* The same while letters go on coming, for a group of many: finishes the group
 * before, whose letters stored gets now, and begins to make those durable that
 * wait.  Whatever comes last needs delivery_commit(). */
bool delivery_commit_behind(
	struct delivery *d, delivery_stored stored, void *data, GError **error);

/* Whether there is such a group, which is not finished. */
bool delivery_is_behind(const struct delivery *d);

/* At start, under the account's lock: each FETCHING row is resolved by looking
 * for its base name in new and cur of all folders (any flags), then in tmp, and
 * comparing the digest: found → STORED, else the row goes and the letter is
 * fetched again; where a shortage hides a file it is an error.  Files in tmp of any
 * folder that no row names are removed after 36 hours. */
bool delivery_recover(struct store *s, const char *account, GError **error);

#endif
