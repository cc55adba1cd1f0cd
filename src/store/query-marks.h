/* SPDX-License-Identifier: MIT
 *
 * Which words of a text a query found it by, to be marked on the screen. */
#ifndef DEWEY_STORE_QUERY_MARKS_H
#define DEWEY_STORE_QUERY_MARKS_H

#include "base/base.h"

struct query_marks;
typedef struct query_marks query_marks;

/* Where a text stands in its message. */
enum mark_field {
	MARK_SENDER = 1 << 0,
	MARK_RECIPIENTS = 1 << 1,
	MARK_SUBJECT = 1 << 2,
	MARK_BODY = 1 << 3,
	MARK_HEAD = MARK_SENDER | MARK_RECIPIENTS | MARK_SUBJECT,
	MARK_ANY = (1 << 4) - 1,
};

/* NULL: the query is none, or has no words.  languages: those of the index, or NULL for
 * the default.  For one thread at a time. */
struct query_marks *query_marks_new(const char *query, const char *languages);
void query_marks_free(struct query_marks *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(query_marks, query_marks_free)

struct mark {
	size_t from, to; /* octets of the text */
};

/* The places in text (UTF-8), of these enum mark_field, in order; at most max of them
 * (0: all).  GArray of struct mark. */
GArray *query_marks_find(struct query_marks *m, unsigned fields, const char *text, guint max);

#endif
