/* SPDX-License-Identifier: MIT
 *
 * What may stand where somebody types a query: the names of terms, and behind a
 * colon the values that there are. */
#ifndef DEWEY_STORE_QUERY_COMPLETE_H
#define DEWEY_STORE_QUERY_COMPLETE_H

#include "store/index.h"

struct query_completion {
	char *text; /* "from:", "in:Lists/debian", "tag:\"a b\"" */
	char *help; /* in the user's language, or a name; "" if there is nothing to say */
};

/* What the term that text[0, cursor) ends in may become, the likeliest first: GPtrArray
 * of struct query_completion, each instead of text[*start, cursor).  Empty where
 * nothing is known to complete it: in the middle of a word of no term.  A value that is
 * not the beginning of any says nothing either: it may be right.
 *
 * ix NULL: only what the language itself has.  What the index cannot answer is left
 * out.  Correspondents are looked through one by one, a few milliseconds for ten
 * thousand: on Tab, not with each key. */
GPtrArray *query_complete(struct index *ix, const char *text, size_t cursor, size_t *start);

#endif
