/* SPDX-License-Identifier: MIT
 *
 * What the faces of dewey-smtp share: an agent with a command line, and one
 * account's outbox sent. */
#ifndef DEWEY_SMTP_PROGRAM_H
#define DEWEY_SMTP_PROGRAM_H

#include "agent/agent.h"
#include "smtp/options.h"
#include "smtp/send.h"

struct program {
	struct agent agent;
	struct options options;
};

/* send_run() by hand, with an error that names the account and the cure. */
bool program_send(struct program *p, const struct account *account, struct send_result *result,
	GError **error);

/* The account of -a, or the first one that can send; the agent is open.  Error:
 * WIRE_ERROR. */
const struct account *program_account(const struct program *p, GError **error);

/* {"event":"done","sent":…,"refused":…,"deferred":…,"uncertain":…} */
struct record *program_done(const struct send_result *result);

/* What can be asked on the wire: "send", "unsubscribe". */
extern const struct agent_request program_requests[];

/* "unsubscribe": one request of RFC 8058 to the "url", over TLS, by the way of the account,
 * without its secrets (unsubscribe.c). */
struct record *program_unsubscribe(
	struct agent *a, const struct agent_call *call, char **server, GError **error);

/* The faces by hand: exit statuses of sysexits(3). */
int program_queue(struct program *p);    /* --queue, -q (queue.c) */
int program_list(struct program *p);     /* -bp, mailq (mailq.c) */
int program_ask(struct program *p);      /* --verify, --expand, --server-help (ask.c) */
int program_find(struct program *p);     /* --find (find.c) */
int program_sendmail(struct program *p); /* a letter on stdin (sendmail.c) */

#endif
