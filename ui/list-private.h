/* SPDX-License-Identifier: MIT
 *
 * What the files of the message list know of each other: view-list.c draws it
 * and moves in it, list-limit.c searches and limits, list-mark.c marks. */
#ifndef DEWEY_UI_LIST_PRIVATE_H
#define DEWEY_UI_LIST_PRIVATE_H

#include "store/sorts.h"
#include "ui/found.h"
#include "ui/pages.h"
#include "ui/snippets.h"
#include "ui/tints.h"
#include "ui/view-list.h"

struct list_view {
	struct view view;
	char *folder, *query; /* query: of the view itself */
	char *name;           /* of a saved view, sanitized; NULL: it is none */
	char *limit;          /* typed on top; NULL: none */
	struct pages *pages;
	struct found *found;
	struct query_marks *marks; /* of view's query and limit; NULL: it has no words */
	struct snippets *snippets; /* beside them */
	GHashTable *marked;        /* of ID_KEY() */
	int64_t total, unread;     /* of the folder; -1: not known */
	bool told_error;
	bool ascending; /* of its order: list_spec */
	struct list_sort unscored; /* the order before it was that of score */
	struct tints *tints;       /* colours of rows; NULL: the dotfile has none */
	/* What stood here before a limit was typed that is not yet entered. */
	struct {
		struct pages *pages; /* NULL: no limit is being typed */
		char *limit;
		bool stale; /* the store changed meanwhile */
	} kept;
};

/* The list on top of the screen; only for commands of lists. */
struct list_view *list_top(struct ui *ui);

/* The view's query and the limit as one; NULL: neither.  g_free() it. */
char *list_whole_query(const struct list_view *l);

/* Reads what folder, query and limit say now, in this order. */
void list_show(struct list_view *l, enum list_order order);
/* The same, but what is on the screen stays until the new rows are here. */
void list_show_next(struct list_view *l, enum list_order order);

/* Empty pages that tell this list when they change. */
struct pages *list_new_pages(struct list_view *l);
/* A list of what query finds in all folders lies over the others. */
struct list_view *list_push_found(struct ui *ui, const char *query, enum list_order order);

/* Best first, or as before.  False: nothing in the query has a score. */
bool list_toggle_score(struct list_view *l);
/* The order is that of score, and the query has words. */
bool list_is_scored(const struct list_view *l);
/* Whether key is that of "relevance", typed while a query is: not one that is text. */
bool list_is_score_key(struct ui *ui, key_code key);
/* "C-s:best first": what that key would do here; NULL: nothing.  g_free() it. */
char *list_score_hint(const struct list_view *l);

/* The order a person chose for this folder, else that of the dotfile. */
struct list_sort list_sort_of(struct ui *ui, const char *folder);
/* Marks and pieces of text are those of this query from now on; NULL: none. */
void list_match_set(struct list_view *l, const char *query);
/* A text at column x of a row, its matches marked; returns the column behind it. */
struct list_text {
	const char *text;
	unsigned fields; /* enum mark_field */
	int x, columns;
	enum theme theme;
	bool cursor;
};
int list_put(const struct list_view *l, const struct pane *p, const struct list_text *t);
/* The same for the subject of row, and beside it why it was found. */
void list_put_subject(const struct list_view *l, const struct pane *p,
	const struct message_row *row, const struct list_text *t);

/* What was kept while a limit was typed goes. */
void list_forget_kept(struct list_view *l);

#endif
