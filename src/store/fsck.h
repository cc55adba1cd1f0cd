/* SPDX-License-Identifier: MIT
 *
 * Is the store what it should be: its directories and modes, the names and files of
 * its letters, the ledger, the outbox, and the index beside them.  Nothing is changed
 * unless asked for; letters are never removed or written to. */
#ifndef DEWEY_STORE_FSCK_H
#define DEWEY_STORE_FSCK_H

#include "store/store.h"

struct fsck_finding {
	const char *problem; /* translated, names sanitized: "'Inbox/cur/x' is empty" */
	const char *cure;    /* what to do, or what was done */
	bool mended;
};

struct fsck_options {
	bool repair;
	/* Called for each finding; may be NULL. */
	void (*found)(const struct fsck_finding *finding, void *data);
	void *data;
};

struct fsck_result {
	int64_t folders, letters; /* looked at */
	int64_t findings, mended;
};

/* Error: STORE_ERROR, where the store cannot be looked at at all; what is wrong in it is
 * a finding. */
bool fsck_run(struct store *s, const struct fsck_options *options, struct fsck_result *result,
	GError **error);

/* Moves the index aside and fills a new one from the files. */
bool fsck_rebuild(struct store *s, GError **error);

#endif
