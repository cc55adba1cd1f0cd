/* SPDX-License-Identifier: MIT
 *
 * An account that goes to another port, server or log-in than before: what lies
 * here does not come a second time (CHECKLIST P-11, store/moves.h). */
#ifndef DEWEY_POP3_MOVED_H
#define DEWEY_POP3_MOVED_H

#include "pop3/visit.h"

/* After visit_begin(): where only the port is another one, and the host is not this
 * machine, on which every port may lead to another server, all that was known goes
 * with the account; in a dry run the visit has the former key instead.  Error:
 * STORE_ERROR (BUSY: another program is at the former port). */
bool moved_port(struct visit *v, GError **error);

/* The rows (struct uid_row) of the account's other maildrops, if its letters are to
 * be compared with them; else *rows is NULL.  What a crash left there is put in
 * order.  Error: as above. */
bool moved_rows(struct visit *v, GPtrArray **rows, GError **error);

/* Around a visit with such rows: before anything is recognised or fetched, and when
 * all of it is done.  A dry run notes nothing. */
bool moved_begin(struct visit *v, GError **error);
bool moved_end(struct visit *v, GError **error);

#endif
