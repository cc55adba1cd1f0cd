/* SPDX-License-Identifier: MIT
 *
 * What was reported of letters that were sent: by servers (RFC 3464) and by
 * recipients who confirmed that they read (RFC 8098).  Reports come as letters;
 * the sync hands them in, and they are kept in the ledger, so that they outlive
 * the letters that told them.  Anybody can write a report: what it says is shown
 * beside the sent letter, and no letter is sent or held for it. */
#ifndef DEWEY_STORE_REPORTS_H
#define DEWEY_STORE_REPORTS_H

#include "mime/client.h"
#include "store/store.h"

enum outcome {
	OUTCOME_DELIVERED,
	OUTCOME_RELAYED,  /* to a server that reports nothing */
	OUTCOME_EXPANDED, /* to the members of a list */
	OUTCOME_DELAYED,
	OUTCOME_FAILED,
	OUTCOME_READ,      /* shown to the recipient, as their program says */
	OUTCOME_DELETED,   /* thrown away unread */
	OUTCOME_PROCESSED, /* by a program, neither shown nor thrown away */
};

struct report_row {
	char *address; /* as in the envelope, where that is known */
	enum outcome outcome;
	char *status, *words, *server; /* clean lines; "" if not told */
	int64_t came; /* seconds */
};

/* Keeps what a report tells, if it is about a letter that the outbox or the index
 * knows: by the id of its envelope, else by its Message-ID.  For each recipient
 * and kind (delivery, receipt) one outcome stands: a failure before a delivery, that
 * before a delay, and of equals the latest; but what is said of a letter that was
 * sent again to this address, before all that was said earlier.  Noting a report
 * again changes nothing.  came: seconds.  Error: STORE_ERROR; then nothing is kept. */
bool reports_note(struct store *s, const struct mime_report *report, int64_t came, GError **error);

/* What is known of a letter, by recipient, a receipt behind the delivery:
 * GPtrArray of struct report_row.  message_id without <>; with "" none. */
GPtrArray *reports_about(struct store *s, const char *message_id, GError **error);

/* The Message-ID of the letter that a report is about, to be freed: the outbox's
 * where it knows the envelope, else as told; NULL: not known, or an error. */
char *reports_letter(struct store *s, const struct mime_report *report, GError **error);

/* What one recipient's part of a report says; false: nothing that is known. */
bool report_outcome(const struct mime_report *report, const struct mime_outcome *o,
	enum outcome *outcome);

const char *outcome_name(enum outcome outcome); /* "failed" */

#endif
