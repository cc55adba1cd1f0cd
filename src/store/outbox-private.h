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

/* Sets of states, for what may follow what. */
#define IS(state) (1U << (state))
#define OUTBOX_AGENT (IS(OUTBOX_SENDING) | IS(OUTBOX_DOT_PENDING))

/* How far an item's recipients are. */
struct outbox_progress {
	int64_t unreached; /* WAITING, ACCEPTED, DEFERRED */
	int64_t deferred, failed, sent;
};
bool outbox_progress(sqlite3 *db, int64_t id, struct outbox_progress *p, GError **error);

/* The state that follows from them. */
enum outbox_state outbox_next_state(const struct outbox_progress *p);

/* The state of an item; error MISSING, or STATE if it is none of allowed. */
bool outbox_check(
	sqlite3 *db, int64_t id, unsigned allowed, enum outbox_state *state, GError **error);

/* A transaction around work: what fails is taken back. */
typedef bool (*outbox_work)(sqlite3 *db, void *data, GError **error);
bool outbox_transaction(struct store *s, outbox_work work, void *data, GError **error);
/* The same with ledger_begin_light(), for what may be taken back by a power failure
 * until the next transaction that may not. */
bool outbox_transaction_light(struct store *s, outbox_work work, void *data, GError **error);

bool outbox_reset_accepted(sqlite3 *db, int64_t id, GError **error);

/* The file of an item's bytes, and of its draft; g_free() them. */
char *outbox_file_path(const struct store *s, const char *file);
char *outbox_draft_path(const char *path);

/* When an item with these times may go for the first time. */
int64_t outbox_due(int64_t now, int64_t undo_until, int64_t send_at, unsigned options);

/* Makes an owed Sent copy, and removes the bytes of what is DONE.  search: the
 * copy may have been made by an earlier try, and moved since. */
bool outbox_finish(struct store *s, int64_t id, bool search, GError **error);

/* Whether an address may stand in a line of ours: it has no control
 * characters and is not empty.  Else STORE_ERROR_STATE. */
bool outbox_check_address(const char *address, GError **error);

/* The same mailbox: the part before '@' by octet, the domain by letter. */
bool outbox_same_address(const char *a, const char *b);

#endif
