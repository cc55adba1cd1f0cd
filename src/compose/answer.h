/* SPDX-License-Identifier: MIT
 *
 * Answers to invitations (RFC 5546 section 3.2.3): a calendar object that goes along
 * with a letter, as draft.calendar. */
#ifndef DEWEY_COMPOSE_ANSWER_H
#define DEWEY_COMPOSE_ANSWER_H

#include "base/base.h"

/* All borrowed; NULL or "" where it is not known. */
struct answer_facts {
	const char *uid, *sequence;
	const char *recurrence, *start, *end; /* "20260310T120000Z", "20260310", local without Z */
	const char *organizer; /* an address */
	const char *attendee, *name; /* one's own */
	const char *summary;
	const char *state; /* "accepted", "tentative", "declined" */
	int64_t made;      /* seconds */
};

/* The object, LF, lines not folded, without a comment; g_free() it. */
char *answer_new(const struct answer_facts *f);

/* As it goes: folded, with the comment, CRLF; g_free() it. */
char *answer_with_comment(const char *calendar, const char *comment);

/* The value of a line of our own object ("UID"), or of ATTENDEE's PARTSTAT if name is
 * that; NULL: there is none.  g_free() it. */
char *answer_value(const char *calendar, const char *name);

#endif
