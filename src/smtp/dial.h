/* SPDX-License-Identifier: MIT
 *
 * The way to the account's server and one session with it, for a run through the
 * outbox and for questions by hand: with the key that a person accepted, the password
 * from wherever it is, and who is asked for either. */
#ifndef DEWEY_SMTP_DIAL_H
#define DEWEY_SMTP_DIAL_H

#include "agent/transcript.h"
#include "agent/way.h"
#include "smtp/session.h"

struct dial {
	/* The caller's, borrowed. */
	const struct account *account;
	struct store *store;
	struct wire_child *child; /* who is asked, on behalf of request id */
	int64_t id;
	struct conn_watch watch;
	struct transcript *transcript; /* NULL: none is kept */

	struct session *session; /* of the last attempt; NULL: there was none */
	struct agent_way way;
};

/* To be called once, before the first session; dial_close() follows in any case.
 * Error: STORE_ERROR. */
bool dial_init(struct dial *d, GError **error);

/* A new session in place of the last one; where a person vouches for the server's key,
 * at the second attempt.  After an error session_server() has what the server said.
 * Error: as session_open(). */
bool dial_open(struct dial *d, GError **error);

void dial_close(struct dial *d); /* QUIT */

#endif
