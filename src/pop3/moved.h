/* SPDX-License-Identifier: MIT
 *
 * An account that goes to another port, server or log-in than before: what lies
 * here does not come a second time (CHECKLIST P-11, store/moves.h). */
#ifndef DEWEY_POP3_MOVED_H
#define DEWEY_POP3_MOVED_H

#include "pop3/memory.h"
#include "pop3/pump.h"

/* After visit_begin(): where only the port is another one, and the host is not this
 * machine, on which every port may lead to another server, all that was known goes
 * with the account; in a dry run the visit has the former key instead.  Error:
 * STORE_ERROR (BUSY: another program is at the former port). */
bool moved_port(struct visit *v, GError **error);

/* The rows (struct uid_row) of the account's other maildrops, if its letters are to
 * be compared with them; else *rows is NULL.  What a crash left there is put in
 * order.  Error: as above. */
bool moved_rows(struct visit *v, GPtrArray **rows, GError **error);

/* With such rows in m->former, before anything is fetched: those whose letters are
 * recognised go over to m->known, with the names that they have here (renumber.h);
 * m->by_uid is forgotten; m->moved says how many.  A dry run notes nothing. */
bool moved_recognise(struct visit *v, struct pump *p, struct memory *m,
	const struct pop3_drop *drop, GError **error);

/* After a visit with such rows that brought all there is. */
bool moved_end(struct visit *v, GError **error);

#endif
