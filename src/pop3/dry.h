/* SPDX-License-Identifier: MIT
 *
 * A plan that is told instead of carried out. */
#ifndef DEWEY_POP3_DRY_H
#define DEWEY_POP3_DRY_H

#include "pop3/policy.h"
#include "pop3/visit.h"

/* Counts into the result; where the job is verbose, each letter for which
 * something would be done is told in a line. */
void dry_run(struct visit *v, const struct plan *plan, struct fetch_result *result);

#endif
