/* SPDX-License-Identifier: MIT
 *
 * What the faces of dewey-smtp share: the dotfile, the store, one account's
 * outbox sent, and how errors are told. */
#ifndef DEWEY_SMTP_AGENT_H
#define DEWEY_SMTP_AGENT_H

#include "config/dotfile.h"
#include "smtp/options.h"
#include "smtp/send.h"

#define AGENT_PROGRAM "dewey-smtp"

struct agent {
	struct options options;
	struct interrupt *interrupt;
	struct wire_child *child;
	struct dotfile *dotfile;
	struct store *store;
};
void agent_clear(struct agent *a);

/* Reads the dotfile and opens the store, once.  Error: WIRE_ERROR. */
bool agent_open(struct agent *a, GError **error);

/* The account of this name, with smtp.  Error: CODE_USAGE, CODE_CONFIG. */
const struct account *agent_account(const struct agent *a, const char *name, GError **error);

/* send_run() with an error that names the account and the cure. */
bool agent_send(struct agent *a, const struct account *account, struct send_job *job,
	struct send_result *result, GError **error);

/* {"event":"done","sent":…,"refused":…,"deferred":…,"uncertain":…} */
struct record *agent_done(const struct send_result *result);

/* Says the error and returns its exit status. */
int agent_fail(const GError *error);

/* The faces: exit statuses of sysexits(3). */
int agent_serve(struct agent *a);    /* --wire (wire.c) */
int agent_queue(struct agent *a);    /* --queue, -q (queue.c) */
int agent_list(struct agent *a);     /* -bp, mailq (queue.c) */
int agent_sendmail(struct agent *a); /* a letter on stdin (sendmail.c) */

#endif
