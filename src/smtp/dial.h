/* SPDX-License-Identifier: MIT
 *
 * A session by hand, for what is no letter: the way to the account's server, its
 * password, signals. */
#ifndef DEWEY_SMTP_DIAL_H
#define DEWEY_SMTP_DIAL_H

#include "agent/way.h"
#include "smtp/session.h"

struct dial {
	struct agent *agent; /* these two are the caller's */
	const struct account *account;
	struct session *session; /* from dial_open() on */
	struct agent_way way;
};

/* Error: WIRE_ERROR, that names the account and the cure. */
bool dial_open(struct dial *d, GError **error);
void dial_close(struct dial *d); /* QUIT; also after an error */

#endif
