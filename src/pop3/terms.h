/* SPDX-License-Identifier: MIT
 *
 * What the server demands of those who use it: EXPIRE and LOGIN-DELAY (RFC 2449
 * sections 6.5 and 6.7; CHECKLIST P-17, P-19). */
#ifndef DEWEY_POP3_TERMS_H
#define DEWEY_POP3_TERMS_H

#include "pop3/memory.h"

/* After the listing, whose CAPA counts: remembers them, tells where they do not
 * go together with the dotfile, and where the server keeps nothing, makes keep of
 * m never. */
bool terms_heed(struct visit *v, struct memory *m, struct fetch_result *result, GError **error);

/* Before a visit: whether the server takes a log-in already.  Error:
 * POP3_ERROR_BUSY; the seconds are told (visit.wait). */
bool terms_allow(struct visit *v, const struct maildrop *m, GError **error);

/* After a log-in was refused: how long to wait, if the server said so. */
void terms_refused(struct visit *v, const struct maildrop *m);

/* For who is not fetching, and has no memory: terms_allow(), visit_log_in() and
 * terms_refused(), with *m read, and the log-in noted where the server counts
 * them.  After the listing, terms_heed_delay() notes what it wants (terms_heed()
 * does as well). */
bool terms_log_in(struct visit *v, struct maildrop *m, GError **error);
bool terms_heed_delay(struct visit *v, struct maildrop *m, GError **error);

/* What the server says of how long it keeps letters (P-19), into the result. */
void terms_note_expire(const struct visit *v, struct fetch_result *result);

#endif
