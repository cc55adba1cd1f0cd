/* SPDX-License-Identifier: MIT
 *
 * Letters that are here, or were, under a name that the server does not give any
 * more: one that comes with a new name and the same content is not a new letter
 * (CHECKLIST P-49, P-61). */
#ifndef DEWEY_POP3_HERE_H
#define DEWEY_POP3_HERE_H

#include "pop3/policy.h"
#include "store/strays.h"

struct here;
typedef struct here here;

/* Rows of known that may still lie on the server and are not in listed (row ids);
 * and strays, which is taken (NULL: none). */
struct here *here_new(const GPtrArray *known, const GArray *listed, struct strays *strays);
void here_free(struct here *h);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(here, here_free)

/* Whether a letter of so many octets can be one of these. */
bool here_may_have(const struct here *h, int64_t size);

/* The letter of this content, each given once.  *row: of the ledger; else *stray:
 * a letter without a row, to be freed with uid_row_free().  False: it is new. */
bool here_take(
	struct here *h, int64_t size, const char *sha256, int64_t *row, struct uid_row **stray);

#endif
