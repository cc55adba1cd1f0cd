/* SPDX-License-Identifier: MIT
 *
 * A query as a tree, for the files of the query language. */
#ifndef DEWEY_STORE_QUERY_PRIVATE_H
#define DEWEY_STORE_QUERY_PRIVATE_H

#include "mime/client.h"
#include "store/query.h"

enum term_kind {
	TERM_WORDS,
	TERM_IN,
	TERM_IS,
	TERM_HAS,
	TERM_DATE,
	TERM_SIZE,
	TERM_ID,
	TERM_THREAD,
	TERM_ACCOUNT,
	TERM_LIST,
	TERM_TAG,
	TERM_TYPE,
	TERM_LANG,
	TERM_DUPLICATE,
};

struct term {
	const char *name; /* "": words anywhere */
	enum term_kind kind;
	const char *argument;
	const char *help;
};

/* Bits of mime/client.h that are no types of parts: is: and has: ask for them. */
enum { QUERY_NO_TYPES = MIME_LINK | MIME_SIGNED | MIME_ENCRYPTED | MIME_INVITATION };

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_NEAR, NODE_TERM };

struct node {
	enum node_kind kind;
	GPtrArray *children; /* of struct node; NOT has one; AND holds no AND; NEAR only
			      * words of one term */
	const struct term *term;
	char *value;    /* as written, without quotes */
	bool prefix;    /* word* */
	int64_t lo, hi; /* DATE: lo <= date < hi; SIZE, THREAD: lo; TYPE, LANG: bits in lo;
			 * NEAR: words between in lo */
};

struct query {
	struct node *root; /* NULL: everything */
};

const struct term *query_term_find(const char *name);
/* The list of query-terms.def. */
const struct term *query_term_list(guint *count);

/* The period that text means: false if none. */
bool query_date(const char *text, int64_t now, int64_t *lo, int64_t *hi);

/* Reads the value of a term into lo and hi.  NULL, or what is wrong with it; g_free()
 * it. */
char *query_value_fault(struct node *n, int64_t now);

/* The word of candidates (comma-separated) that is near; NULL.  g_free() it. */
char *query_near(const char *word, const char *candidates);

/* The conditions of is: and has:, by the word; NULL if unknown. */
const char *query_state_sql(enum term_kind kind, const char *word);
/* The words of it; of type: and lang: as well, with commas. */
char *query_state_words(enum term_kind kind);

/* A query cut at its top: what FTS5 finds, and the rest. */
struct query_parts {
	char *match;       /* an FTS5 expression on words; NULL: none */
	char *begun;       /* what of it the table begins answers, an expression on that */
	char *rest;        /* match without it; NULL: nothing is left, or begun is NULL */
	char *sql;         /* a condition on m; "1" if there is none */
	GPtrArray *values; /* of GVariant, for sql */
	char *folder;      /* the value of the one in: at the top; NULL */
	int64_t since, until; /* no message outside can match: since <= date < until */
};
void query_parts_init(const struct query *q, struct query_parts *parts);
void query_parts_clear(struct query_parts *parts);
typedef struct query_parts query_parts;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(query_parts, query_parts_clear)

#endif
