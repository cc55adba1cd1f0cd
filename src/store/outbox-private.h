/* SPDX-License-Identifier: MIT
 *
 * What the files of the outbox share.  The states in its SQL are the numbers
 * of the enums, as dewey-store(5) lists them. */
#ifndef DEWEY_STORE_OUTBOX_PRIVATE_H
#define DEWEY_STORE_OUTBOX_PRIVATE_H

#include "store/db.h"
#include "store/outbox.h"

/* outbox.copy */
enum outbox_copy { COPY_NONE, COPY_OWED, COPY_MADE };

/* --- the machine: outbox-machine.c ---------------------------------------------- */

/* outbox-states.def */
enum outbox_event {
#define ITEM(event, from, to) EVENT_##event,
#define RECIPIENT(event, from, to)
#include "store/outbox-states.def"
#undef ITEM
#undef RECIPIENT
	EVENT_COUNT,
};

/* How far an item's recipients are. */
struct outbox_progress {
	int64_t unreached; /* WAITING, ACCEPTED, DEFERRED */
	int64_t waiting, deferred, failed, sent;
};
bool outbox_progress(sqlite3 *db, int64_t id, struct outbox_progress *p, GError **error);

/* Whether it may happen to the item now.  Error: MISSING, or STATE. */
bool outbox_may(sqlite3 *db, int64_t id, enum outbox_event event, GError **error);

/* Does it: the recipients' states, the item's, and why (may be NULL) as its error.
 * The times are the caller's; so is DROP.  Inside a transaction. */
bool outbox_happens(
	sqlite3 *db, int64_t id, enum outbox_event event, const char *why, GError **error);

/* A transaction around work: what fails is taken back.  The light one survives
 * the death of the process at once, and a power failure with the next other
 * commit. */
typedef bool (*outbox_work)(sqlite3 *db, void *data, GError **error);
bool outbox_transaction(struct store *s, outbox_work work, void *data, GError **error);
bool outbox_transaction_light(struct store *s, outbox_work work, void *data, GError **error);

/* --- files and times ------------------------------------------------------------- */

/* The file of an item's bytes, and of its draft; g_free() them. */
char *outbox_file_path(const struct store *s, const char *file);
char *outbox_draft_path(const char *path);

/* When an item with these times may go for the first time. */
int64_t outbox_due(int64_t now, int64_t undo_until, int64_t send_at, unsigned options);

/* No retry is put off for longer: what is was put off by a clock that was wrong. */
enum { OUTBOX_LONGEST_WAIT = 3 * 3600 };

/* From the dot to the one unattended retry (S-50), by the clock that nobody sets: one
 * that is put right meanwhile must not make it come at once, nor never. */
enum { OUTBOX_REPEAT_AFTER = 1800 };
/* Seconds until then; 0: it may go. */
int64_t outbox_repeat_in(int64_t dotted);

/* Seconds to wait after so many failures in a row, from 1: S-52's steps, with up
 * to a quarter more by chance. */
int64_t outbox_step(int64_t failures);

/* When an item may go if its server may, by the row of relay (0: none). */
struct outbox_wait {
	int64_t due, send_at, first;
	int64_t relay_due, relay_tried;
};
/* 0: not before somebody asks for it. */
int64_t outbox_next_attempt(const struct outbox_wait *w, int64_t now);

/* --- copies: outbox-copy.c -------------------------------------------------------- */

/* Makes an owed copy, and removes the bytes of what is DONE.  search: the copy may
 * have been made by an earlier try, and moved since. */
bool outbox_finish(struct store *s, int64_t id, bool search, GError **error);

/* outbox_recover() without the sweep: what a dead agent left.  The caller holds the
 * account's lock. */
bool outbox_clear_up(struct store *s, const char *account, GError **error);

/* Settles an account if nobody holds its lock.  Error: STORE_ERROR_BUSY. */
bool outbox_adopt(struct store *s, const char *account, GError **error);

/* --- addresses --------------------------------------------------------------------- */

/* Whether an address may stand in a line of ours: it has no control
 * characters and is not empty.  Else STORE_ERROR_STATE. */
bool outbox_check_address(const char *address, GError **error);

/* The same mailbox: the part before '@' by octet, the domain by letter. */
bool outbox_same_address(const char *a, const char *b);

#endif
