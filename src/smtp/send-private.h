/* SPDX-License-Identifier: MIT
 *
 * One run through the outbox, in three files: send.c takes letters and hands them
 * to the session, reach.c has the session, fate.c writes down and tells what became
 * of a letter. */
#ifndef DEWEY_SMTP_SEND_PRIVATE_H
#define DEWEY_SMTP_SEND_PRIVATE_H

#include "smtp/asked.h"
#include "smtp/dial.h"
#include "smtp/send.h"

/* One letter on its way. */
struct sending {
	struct run *run;
	struct outbox_item *item;
	int fd;       /* of its bytes; -1 */
	int unopened; /* errno of that; 0 */
	struct session_letter letter;
};

/* What one run knows. */
struct run {
	const struct send_job *job;
	struct send_result *result;
	struct dial dial;      /* the session; one transcript for all of this run */
	struct sending *ahead; /* its MAIL and RCPT have left already; NULL */
	guint done, total;
	guint delivered; /* by the session that is open */
	guint unsettled; /* letters sent whose copies are owed */
	int64_t settled; /* when the last ones were made, or began to be owed */
	bool stop;       /* the parent is gone, or a signal came */
	bool give_way;   /* the server is to be left alone for a while */
};

/* --- reach.c ------------------------------------------------------------------- */

/* The way, before the first session; reach_end() follows in any case, with what went
 * wrong (NULL: nothing), and says QUIT.  Error: STORE_ERROR. */
bool reach_begin(struct run *r, GError **error);
void reach_end(struct run *r, const GError *why);

/* Opens a session where there is none.  Error: WIRE_ERROR. */
bool reach_server(struct run *r, GError **error);

/* There is no session, or it ended before it delivered anything: the server is left
 * alone as code demands.  The attempt is counted for all that are QUEUED and due. */
bool reach_failed(struct run *r, enum wire_code code, const char *why, GError **error);

/* Whether the server's time has come, for who does not ask for it by name.  Error:
 * CODE_TEMPORARY, with the time and the reason. */
bool reach_may(const struct send_job *job, GError **error);

/* --- fate.c -------------------------------------------------------------------- */

/* For session_letter.before_dot; user is the sending. */
bool fate_before_dot(struct session_letter *letter, void *user, GError **error);

/* After session_send(): ledger, then events.  Error: the ledger. */
bool fate_decide(struct sending *x, GError **error);

/* The letter, which no server has heard of, is held, or tried again later, for code
 * and why, which it takes. */
bool fate_hold(struct sending *x, enum wire_code code, char *why, GError **error);
bool fate_put_off(struct sending *x, enum wire_code code, char *why, GError **error);

void fate_tell_progress(const struct run *r, const struct outbox_item *item);

/* Gives up what was tried for too long, and tells. */
bool fate_expire(struct run *r, GError **error);

#endif
