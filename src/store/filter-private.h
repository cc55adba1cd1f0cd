/* SPDX-License-Identifier: MIT
 *
 * Between the files of the filters: the run (filter.c), what it does to letters
 * (filter-do.c), what the ledger keeps of it (filter-due.c), programs
 * (filter-pipe.c). */
#ifndef DEWEY_STORE_FILTER_PRIVATE_H
#define DEWEY_STORE_FILTER_PRIVATE_H

#include "store/filter.h"
#include "store/ledger.h"

/* A letter on its way through the filters. */
struct passing {
	int64_t due;  /* its row; 0: on demand */
	int64_t id;   /* in the index */
	int at;       /* the last filter that matched; -1: none */
	guint step;   /* how many of its actions are done; one more: a program said no */
	bool begun;   /* the next one was begun, and cannot be repeated */
	bool over;    /* no further filter looks at it */
	bool partial; /* a preview */
	bool hit;     /* a filter did all that it says, or would */
};

struct filter_pass {
	struct store *store;
	struct index *ix;
	struct ledger *ledger;
	const GPtrArray *rules;
	const struct filter_ops *ops;
	struct filter_result *result;
	GArray *entries; /* of the journal, by the filter at hand: int64_t */
};

/* Does what rule k says to these letters (of struct passing *), each from its step on.
 * Error: the store's; the letters are where their rows say. */
bool filter_do(struct filter_pass *p, int k, GPtrArray *letters, GError **error);

/* --- the ledger ----------------------------------------------------------------- */

/* Letters that are due and wholly here: GArray of struct passing, oldest first, at
 * most limit.  Those that are nowhere any more are forgotten. */
GArray *filter_due_list(struct filter_pass *p, guint limit, GError **error);

/* One commit: these letters (of struct passing *) are at the filter, as their members
 * say; hits is added to what the filter had. */
bool filter_due_note(struct filter_pass *p, const struct filter_rule *rule,
	const GPtrArray *letters, guint hits, GError **error);
bool filter_due_drop(struct filter_pass *p, const GArray *letters, GError **error);
bool filter_due_end(struct filter_pass *p, const struct passing *letter, GError **error);
bool filter_note_failure(
	struct filter_pass *p, const struct filter_rule *rule, const char *why, GError **error);

/* --- programs -------------------------------------------------------------------- */

/* Runs it with fd as its input; who watches the store (store_watch()) may stop it.
 * FAILED: why is set, to be freed. */
enum filter_verdict filter_pipe(const struct filter_pass *p, const struct filter_rule *rule,
	char **argv, int fd, char **why);

#endif
