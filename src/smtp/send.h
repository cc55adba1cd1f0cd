/* SPDX-License-Identifier: MIT
 *
 * The outbox through a session: everything of one account that is queued and
 * due, one log-in for all of it.  Each state is in the ledger before the next
 * octet is said (CHECKLIST S-51). */
#ifndef DEWEY_SMTP_SEND_H
#define DEWEY_SMTP_SEND_H

#include "config/account.h"
#include "net/interrupt.h"
#include "store/outbox.h"
#include "wire/child.h"

struct send_job {
	const struct account *account; /* with smtp */
	struct store *store;
	struct wire_child *child;
	int64_t id; /* of the request */
	struct interrupt *interrupt;
	bool hold;  /* one refused recipient holds the letter (S-40) */
	bool asked; /* the server is tried though its time has not come */
};

struct send_result {
	guint sent;      /* letters that at least one recipient was sent */
	guint refused;   /* recipients, and letters that are held for another reason */
	guint deferred;  /* letters that go again later */
	guint uncertain; /* letters that may have been sent */
	char *server;    /* the server's last words, sanitized; NULL */
};
void send_result_clear(struct send_result *r);

/* Error: WIRE_ERROR.  A server that could not be reached is tried again when its time
 * comes (outbox_server_failed()): before that, and unasked, the error is
 * CODE_TEMPORARY.  The letters that were not sent are in the outbox all the
 * same.  CODE_BUSY: another agent sends for this account; it will find what was
 * queued before this call. */
bool send_run(const struct send_job *job, struct send_result *result, GError **error);

#endif
