/* SPDX-License-Identifier: MIT
 *
 * The way to an account's server: what the dotfile says (proxy, tunnel, CA
 * file, pins), and the key that a person accepted. */
#ifndef DEWEY_AGENT_WAY_H
#define DEWEY_AGENT_WAY_H

#include "agent/agent.h"
#include "net/conn.h"
#include "store/pins.h"

struct agent_way {
	const struct account *account;
	const struct server_url *url; /* of the service */
	struct store *store;
	struct pin *known;       /* NULL: no key was accepted */
	struct conn_proxy proxy; /* for conn_params */
	struct conn_facts facts; /* of the last attempt */
};

/* account and s must outlive it.  Error: STORE_ERROR. */
bool agent_way_init(struct agent_way *w, struct store *s, const struct account *account,
	enum agent_service service, GError **error);
void agent_way_clear(struct agent_way *w);

/* Host, port, TLS, time-out and all of the way; what else is in net stays.  It
 * points into w and the account. */
void agent_way_params(struct agent_way *w, struct conn_params *net);

/* After an attempt that failed with *why: if it was for a certificate that a
 * person may overrule, asks the parent, or the person at the terminal.  True:
 * the key is accepted and in the ledger, *why is cleared: try again.  False:
 * *why stands, or tells why the answer cannot be kept. */
bool agent_way_accept(struct agent_way *w, struct wire_child *child, int64_t id, GError **why);

#endif
