/* SPDX-License-Identifier: MIT
 *
 * What is known of a maildrop before its server is asked: the ledger's rows, the
 * visits so far, and which of the letters are still here. */
#ifndef DEWEY_POP3_MEMORY_H
#define DEWEY_POP3_MEMORY_H

#include "pop3/policy.h"
#include "pop3/visit.h"

struct memory {
	GPtrArray *known;   /* of struct uid_row; NULL: not yet read */
	GHashTable *by_uid; /* of known; NULL: to be made where it is wanted */
	struct maildrop drop;
	int64_t before; /* the visit before this one; 0: none */
	int64_t lived;  /* policy_lived() */
	struct keep_policy keep;
	GPtrArray *former; /* rows of the account's other maildrops, whose letters may
			    * lie here now (moved.h); NULL: none is to be looked for */
	GHashTable *gone;  /* ids of rows; NULL: not looked for */
	guint moved;       /* letters that were recognised as those of former */
	GHashTable *again;
};

/* Reads what must be known before the server is asked: the visits, and, where keep =
 * until deleted or --all want to know, the rows and which of their letters are
 * here.  Error: POP3_ERROR_BUSY, if the server would not take a log-in yet; its
 * seconds are told (visit_wait()). */
bool memory_recall(struct memory *m, struct visit *v, GError **error);
void memory_clear(struct memory *m);

/* Notes that the server took a log-in now, and what it wants. */
bool memory_note_visit(struct memory *m, struct visit *v, GError **error);

/* Reads the rows, if they were not read before: while the server works. */
bool memory_load(struct memory *m, struct visit *v, GError **error);

#endif
