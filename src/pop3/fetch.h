/* SPDX-License-Identifier: MIT
 *
 * Fetching the mail of one account: the session, the policy and the store put
 * together, in the order that loses nothing (DESIGN section 3). */
#ifndef DEWEY_POP3_FETCH_H
#define DEWEY_POP3_FETCH_H

#include "config/dotfile.h"
#include "net/interrupt.h"
#include "store/store.h"
#include "wire/child.h"

struct fetch_job {
	const struct account *account;
	struct store *store;
	struct wire_child *child;
	int64_t id; /* of the request */
	struct interrupt *interrupt;
	bool verbose;
	const GPtrArray *filters; /* of struct dotfile_filter; NULL: none */
	bool sorts; /* there are filters for what has come */
	GHashTable *only;         /* ids of the ledger (int64_t *): fetch these, and nothing else */
	bool rest;                /* fetch the rest of all previews, and nothing else */
	bool dry_run;             /* look, and say what would be done */
	bool insist_on_utf8;      /* see pop3_params; fetch_run() sees to it itself */
	bool keep;                /* delete nothing on the server this time */
	bool all;                 /* fetch also what was fetched before and is here no more */
	bool delete_gone;         /* letters that are not here any more were removed by a person */
};

/* Whether single letters are asked for, and no others. */
bool fetch_is_for_some(const struct fetch_job *job);

struct fetch_result {
	guint new, deleted, kept;
	guint skipped;   /* left there by a filter */
	guint filtered;  /* deleted unseen by one */
	guint adopted;   /* that came, and were here already under other names */
	guint refused;   /* RETR and DELE that the server answered with -ERR */
	guint withheld;  /* of these, RETR */
	guint owed;      /* to be deleted next time: QUIT did not say that it was done */
	uint64_t octets; /* as stored */
	guint previews;
	guint large;  /* left on the server, without a preview even: they are too large */
	guint listed; /* of job->only: that are on the server */
	guint would_fetch, would_preview, would_delete; /* of a dry run */
	bool expires;                                   /* the server said EXPIRE: */
	int64_t expire_days;                            /* -1: never */
	bool in_doubt, more; /* of fetch_run() itself: between two visits */
	int64_t wait;        /* after an error: seconds until the server takes another log-in; 0 */
	char *server;        /* the server's last words, after an error; NULL */
	char *withheld_with; /* the server's words to the first of withheld; NULL */
	char *path;          /* of fetch_top(): the file, which is the caller's */
};
void fetch_result_clear(struct fetch_result *r);

/* Errors: whatever policy_code() knows.  What was stored until then stays. */
bool fetch_run(const struct fetch_job *job, struct fetch_result *result, GError **error);

/* TOP: the head and so many lines of the body of a letter, into a new file in
 * the store's room for temporary ones.  The letter is named by its number in the
 * maildrop, or, if that is 0, by its id (store/drop.h). */
struct top_wanted {
	uint64_t number;
	int64_t id;
	uint64_t lines;
};
bool fetch_top(const struct fetch_job *job, const struct top_wanted *wanted,
	struct fetch_result *result, GError **error);

#endif
