/* SPDX-License-Identifier: MIT
 *
 * [filter NAME] with when = preview: letters that are looked at by their heads
 * before they are fetched (CHECKLIST P-76). */
#ifndef DEWEY_POP3_RULES_H
#define DEWEY_POP3_RULES_H

#include "pop3/pump.h"

/* Asks for the heads of the letters that plan would bring and that are not known,
 * and changes what it does with those that a filter fits; the first one counts.
 * Without filters for this account nothing is asked.  A letter whose head is not
 * to be had is none of theirs.  Error: CONFIG_ERROR, for a query that is wrong. */
bool rules_apply(struct pump *p, struct visit *v, struct plan *plan, struct fetch_result *result,
	GError **error);

#endif
