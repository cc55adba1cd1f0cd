/* SPDX-License-Identifier: MIT
 *
 * Receipts: a letter that says that another one was shown (RFC 8098).  Whoever sends it
 * has asked a person first; its envelope has the sender <>. */
#ifndef DEWEY_COMPOSE_RECEIPT_H
#define DEWEY_COMPOSE_RECEIPT_H

#include "base/base.h"

/* All borrowed; NULL or "" where it is not known. */
struct receipt_facts {
	const char *from, *name; /* one's own address, and name */
	const char *to;          /* who asked */
	const char *subject, *message_id; /* of the letter; the id without <> */
	const char *original_recipient;   /* its field of that name, "rfc822;…" */
	bool utc;                /* as draft.utc */
};

/* The letter, LF, ASCII; *message_id is its id without <>.  g_free() both.  Error:
 * COMPOSE_ERROR_ADDRESS: an address is not valid. */
char *receipt_build(const struct receipt_facts *f, char **message_id, GError **error);

#endif
