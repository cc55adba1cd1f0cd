/* SPDX-License-Identifier: MIT
 *
 * Which letters do not come unasked: the settings max-size and preview
 * (CHECKLIST P-71, P-72), over a plan that knows nothing of them. */
#ifndef DEWEY_POP3_WITHHOLD_H
#define DEWEY_POP3_WITHHOLD_H

#include "config/account.h"
#include "pop3/policy.h"

struct withhold {
	const struct account *account;
	const GPtrArray *known; /* struct uid_row of the account */
	bool tops;              /* the server has TOP, as far as it says */
	GHashTable *only;       /* ids of rows: these are fetched, and nothing else; NULL */
	/* What came of it. */
	guint large;  /* left there without a preview, over max-size */
	guint held;   /* left there without a preview, over preview */
	guint listed; /* of only: were on the server */
};

/* Turns FETCH into PREVIEW, or into LEAVE where there can be none. */
void plan_withhold(struct plan *plan, struct withhold *w);

#endif
