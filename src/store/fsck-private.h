/* SPDX-License-Identifier: MIT
 *
 * What the parts of the check share: files (fsck.c) and databases (fsck-db.c). */
#ifndef DEWEY_STORE_FSCK_PRIVATE_H
#define DEWEY_STORE_FSCK_PRIVATE_H

#include "store/fsck.h"
#include "store/index.h"
#include "store/ledger.h"

struct fsck {
	struct store *store;
	const struct fsck_options *options;
	struct fsck_result *result;
	const char *folder;    /* that is looked at */
	struct ledger *ledger; /* NULL: it cannot be opened */
	bool index_ok;         /* it may be compared with the files */
};

/* problem is taken; cure is the caller's, translated. */
void fsck_tell(struct fsck *f, char *problem, const char *cure, bool mended);
/* The same of what was mended, with what was done. */
void fsck_tell_done(struct fsck *f, char *problem, const char *done);

void fsck_ledger(struct fsck *f);
void fsck_outbox(struct fsck *f);
void fsck_index(struct fsck *f);
/* What was said of threads by hand. */
void fsck_threads(struct fsck *f);
/* What the ledger keeps of letters that are nowhere. */
void fsck_words(struct fsck *f);
/* The rows of a folder beside its files. */
void fsck_compare(struct fsck *f, const char *folder, const char *path);
/* Lets the index forget the row of this file of the folder that is looked at. */
void fsck_forget(struct fsck *f, const char *file);
/* Whether a letter that lies in tmp under this name is being delivered. */
bool fsck_is_expected(struct fsck *f, const char *base);

#endif
