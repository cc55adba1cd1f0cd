/* SPDX-License-Identifier: MIT
 *
 * A maildrop in which every letter has a new UID, as after a move to another
 * server (CHECKLIST P-49, P-11): letters that are here are recognised by their heads,
 * so that they are neither fetched again nor deleted by what was known before. */
#ifndef DEWEY_POP3_RENUMBER_H
#define DEWEY_POP3_RENUMBER_H

#include "pop3/memory.h"
#include "pop3/pump.h"

/* TOP n 0 of each letter that is not known; rows of m get the new names, in the
 * ledger as well unless it is a dry run.  These are those of m->former, which go over
 * to m->known, and, if all is new, those of m->known that are kept on the server.
 * *matched: how many.  A server without TOP matches none. */
bool renumber(struct pump *p, struct visit *v, struct memory *m, const struct pop3_drop *drop,
	guint *matched, GError **error);

#endif
