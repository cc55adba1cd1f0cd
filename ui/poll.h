/* SPDX-License-Identifier: MIT
 *
 * When each account is fetched by itself: its interval, and what failures do to
 * it (wire/retry.h).  No clock and no timer of its own. */
#ifndef DEWEY_UI_POLL_H
#define DEWEY_UI_POLL_H

#include "config/dotfile.h"
#include "wire/retry.h"

struct poll;

/* The accounts of d that fetch; all with an interval are due now. */
struct poll *poll_new(const struct dotfile *d, int64_t now);
void poll_free(struct poll *p);

/* An account that is due, or NULL; it is not given again before one of the
 * following was called for it.  Static as long as p lives. */
const char *poll_next(struct poll *p, int64_t now);

/* How often to ask, in seconds; 0: never, no account has an interval. */
int poll_step(const struct poll *p);

/* It was fetched, by itself or by a person. */
void poll_done(struct poll *p, const char *account, int64_t now);

/* It failed.  wait: seconds that the server wants; 0: none.  The result says
 * whether a person is to be told, if nobody waits for the answer anyway. */
struct poll_failure {
	enum wire_code code;
	bool progress;
	int wait;
};
struct retry poll_failed(
	struct poll *p, const char *account, const struct poll_failure *why, int64_t now);

#endif
