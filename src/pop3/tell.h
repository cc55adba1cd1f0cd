/* SPDX-License-Identifier: MIT
 *
 * What a person is told about a maildrop beside the error of a session: on
 * stderr by hand, as events on the wire. */
#ifndef DEWEY_POP3_TELL_H
#define DEWEY_POP3_TELL_H

#include "pop3/visit.h"

/* The kinds of notices, in the ledger and on the wire. */
#define NOTICE_GONE "gone"                 /* most letters are no longer here */
#define NOTICE_EXPIRE "expire"             /* EXPIRE and keep contradict each other */
#define NOTICE_PARTIAL "partial"           /* the server lists a part of its mail */
#define NOTICE_MOVED "moved"               /* the account is at another server */
#define NOTICE_MOVED_UNTOLD "moved-untold" /* a look at it has shown that; for us alone */
#define NOTICE_RENUMBERED "renumbered"     /* all UIDs are new */
#define NOTICE_UNDELETED "undeleted"       /* the server does not delete */
#define NOTICE_REFUSED "refused"           /* it does not give letters that it lists */

/* A notice, if it was not given before. */
void tell_once(struct visit *v, const char *kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* It is as it should be again: the next time is told anew. */
void tell_again(struct visit *v, const char *kind);

/* The next attempt is not to be made before so many seconds. */
void tell_wait(struct visit *v, int64_t seconds);

#endif
