/* SPDX-License-Identifier: MIT
 *
 * Before a letter that was fetched in another session is deleted, or left there
 * after it had been away: is it still that letter that has the UID?  RFC 1939
 * section 7 lets a server use a UID again, and the size may be the same
 * (CHECKLIST P-28, P-50, P-59). */
#ifndef DEWEY_POP3_VERIFY_H
#define DEWEY_POP3_VERIFY_H

#include "pop3/policy.h"
#include "pop3/visit.h"

/* Gives each such letter of the plan that lies in the store its likeness, so that
 * TOP is asked for first.  Letters that lie there no more, or have neither
 * Message-ID nor Date, are deleted or left by what the ledger says of them. */
bool verify_steps(struct plan *plan, struct visit *v, const GPtrArray *known, GError **error);

#endif
