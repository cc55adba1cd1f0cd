/* SPDX-License-Identifier: MIT
 *
 * The query language: one grammar for search, limit and views.
 *
 *   expression = term { [AND] term | OR term } ; NOT or "-" before a term;
 *   ( … ) groups; AND binds closer than OR; terms side by side are ANDed.
 *   term = [name ":"] word | "several words" | word*
 *
 * Without a name a word is looked for in subject, names, addresses, text and
 * attachment names.  The terms are the lines of query-terms.def. */
#ifndef DEWEY_STORE_QUERY_H
#define DEWEY_STORE_QUERY_H

#include "store/store.h"

struct query;
typedef struct query query;

/* now: for relative dates.  Error: STORE_ERROR_QUERY; the text points at the
 * place: "unknown term 'form:' at 1; did you mean 'from:'?" */
struct query *query_parse(const char *text, int64_t now, GError **error);
/* What is wrong with a query of the dotfile, in the words above; NULL: nothing.
 * heads: it is to find letters before they are fetched, by head and size alone, so
 * terms that look at anything else are wrong, and so is a query that finds all.
 * g_free() it. */
char *query_fault(const char *text, bool heads);
void query_free(struct query *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(query, query_free)

/* In the language again, fully bracketed: parses to an equal query. */
char *query_print(const struct query *q);

/* A condition on the table "message" (as m) with ?-parameters; the values, in
 * order, are appended to values (GPtrArray of GVariant: "s" or "x"). */
char *query_sql(const struct query *q, GPtrArray *values);

/* Binds those values, from the parameter at on; they have to live until stmt is
 * reset. */
struct sqlite3_stmt;
void query_bind(struct sqlite3_stmt *stmt, int at, const GPtrArray *values);

/* Whether the query names Trash itself: then it is searched too. */
bool query_names_folder(const struct query *q, const char *folder);

struct query_term_info {
	const char *name, *help; /* help is marked for translation, not translated */
};
const struct query_term_info *query_terms(guint *count);

#endif
