/* SPDX-License-Identifier: MIT
 *
 * A person looks at the maildrop, and says what is to become of its letters:
 * the server view's side of the agent (dewey-wire(7), survey and run). */
#ifndef DEWEY_POP3_SURVEY_H
#define DEWEY_POP3_SURVEY_H

#include "pop3/fetch.h"

struct survey_result {
	guint listed;   /* letters on the server */
	guint heads;    /* of these, heads that were fetched now */
	guint headless; /* whose heads are not to be had */
	bool tops;      /* the server has TOP */
};

/* Brings store/drop.h up to date: the listing, then TOP for letters of which
 * neither a head nor the letter itself is here, the newest first, each with so
 * many lines of the body.  Nothing is marked on the server.  What came before an
 * error stays.  result: for the server's words. */
bool survey_run(const struct fetch_job *job, guint lines, struct survey_result *survey,
	struct fetch_result *result, GError **error);

enum mark_kind {
	MARK_GET = 1 << 0,
	MARK_DELETE = 1 << 1, /* unseen, or with MARK_GET when it is durable here */
};
struct mark {
	int64_t id; /* of the drop */
	unsigned kind;
};

struct marks_result {
	guint gone;    /* marked, but not listed any more */
	guint changed; /* the UID has another letter now: left alone */
	guint large;   /* left alone: larger than max-size */
	guint failed;  /* the server refused */
};

/* Does what marks (GArray of struct mark) say, in one session.  A letter is found
 * by its UID in the listing of that session, and before it is deleted its head
 * is looked at again: if it is not the one that was seen, it is left (RFC 1939
 * section 7 lets no UID be given twice; some servers do).  new, deleted and owed
 * are in result. */
bool marks_run(const struct fetch_job *job, const GArray *marks, struct marks_result *done,
	struct fetch_result *result, GError **error);

#endif
