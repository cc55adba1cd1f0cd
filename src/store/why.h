/* SPDX-License-Identifier: MIT
 *
 * Why a letter is here and as it is: what the ledger, the index and the disk know of
 * how it came and of what was done to it. */
#ifndef DEWEY_STORE_WHY_H
#define DEWEY_STORE_WHY_H

#include "store/journal.h"
#include "store/uids.h"

/* A letter of the same Message-ID. */
struct why_other {
	char *folder, *file;
	bool same; /* its body is the same; false may mean that nobody has looked */
};

struct why {
	char *maildrop;      /* account_state_key() of where it came from; NULL: dewey did not
			      * fetch it */
	struct uid_row *uid; /* of that; NULL with it */
	char *path;          /* of the file, or of its preview */
	int64_t size;        /* octets of it */
	char sha256[65];     /* of it, hex */
	int64_t trashed;     /* when it was put into Trash; 0: not by dewey, or it is not there */
	char *taught;        /* "spam" or "ham"; NULL: nothing */
	GPtrArray *changes;  /* of struct journal_entry, the last first, of one item each */
	GPtrArray *others;   /* of struct why_other */
};
void why_free(struct why *w);
typedef struct why why;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(why, why_free)

/* row is of the index of s.  Reads all of the file.  Error: STORE_ERROR; MISSING where the
 * file is no more. */
struct message_row;
struct why *why_of(struct store *s, const struct message_row *row, GError **error);

#endif
