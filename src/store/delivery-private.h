/* SPDX-License-Identifier: MIT
 *
 * What the files of delivery share: letters are written in delivery.c, and made
 * durable in delivery-commit.c. */
#ifndef DEWEY_STORE_DELIVERY_PRIVATE_H
#define DEWEY_STORE_DELIVERY_PRIVATE_H

#include <sqlite3.h>

#include "base/sha256.h"
#include "store/delivery.h"

/* A descriptor stays open from the first write to the fsync, so that no error
 * of the write-back in between can be missed.  This many at a time. */
enum { MOST_OPEN = 512, BUFFER = 65536 };

/* Octets of small letters that are kept in memory until the commit. */
enum { MOST_KEPT = 4 << 20 };

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

/* Letters that ended and wait for a commit, or are in one. */
struct batch {
	GPtrArray *letters;
	int64_t octets;
	size_t kept; /* octets of those with a copy in memory */
	guint open;  /* descriptors of those */
	bool unsafe; /* a sync failed */
};

struct delivery {
	struct store *store;
	struct ledger *ledger; /* NULL: no rows are written */
	int64_t maildrop;
	char *folder, *path;
	int tmp, in_new, in_cur; /* the directories */
	struct batch now;        /* grows */
	struct batch behind;     /* is synced by the thread */
	GThread *thread;         /* NULL: none, or joined */
	GError *why;             /* its error */
	sqlite3_stmt *insert, *settle;
	sqlite3_stmt *due; /* NULL: nothing is */
	struct letter *current; /* begun, not ended */
	bool failed, digested;  /* of current */
	bool unsafe;            /* a sync failed: nothing more is committed */
	bool keeps_spooled;     /* what is whole is not removed from tmp */
	struct sha256_sum *sum;
	size_t filled;
	char buffer[BUFFER];
};

void delivery_letter_free(struct letter *letter);

/* Forgets the letters of a batch; what is in tmp and has no row goes. */
void delivery_forget(struct delivery *d, struct batch *b);

/* Step 2 for what ended so far: their descriptors are closed then. */
bool delivery_sync(struct delivery *d, GError **error);

/* Waits for the thread, whatever it says. */
void delivery_join(struct delivery *d);

#endif
