/* SPDX-License-Identifier: MIT
 *
 * SDPS, of Demon Internet: *ENV n says from whom and for whom a letter came,
 * where one maildrop takes the mail of many addresses (P-10).  The letter itself
 * stays as it is; the "stored" event says it (dewey-wire(7)). */
#ifndef DEWEY_POP3_ENVELOPE_H
#define DEWEY_POP3_ENVELOPE_H

#include "pop3/visit.h"
#include "wire/record.h"

struct envelopes;
typedef struct envelopes envelopes;

/* NULL: the account does not want them; all of the following take that. */
struct envelopes *envelopes_new(const struct visit *visit);
void envelopes_free(struct envelopes *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(envelopes, envelopes_free)

/* Whether *ENV is to be sent before the RETR of this letter: once each. */
bool envelopes_want(struct envelopes *e, uint64_t number);

/* Takes the reply to *ENV, whose status line was ok or not.  Error: as of the
 * session. */
bool envelopes_take(struct envelopes *e, uint64_t number, bool ok, GError **error);

/* Puts what is known of the letter into its event, and forgets it. */
void envelopes_tell(struct envelopes *e, uint64_t number, struct record *r);

#endif
