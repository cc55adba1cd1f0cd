/* SPDX-License-Identifier: MIT
 *
 * What pages.c (what is seen of what is loaded) and pages-load.c (loading)
 * know of each other. */
#ifndef DEWEY_UI_PAGES_PRIVATE_H
#define DEWEY_UI_PAGES_PRIVATE_H

#include "ui/pages.h"

enum want { WANT_TOP, WANT_END, WANT_DOWN, WANT_UP, WANT_RELOAD, WANT_UNREAD };

struct pages {
	struct ui *ui;
	void (*changed)(void *data);
	void *data;
	char *folder, *query;
	struct list_spec spec; /* points to the two above */
	GPtrArray *all;   /* of struct page_line: what is loaded */
	GPtrArray *lines; /* of the same, borrowed: what folding leaves */
	guint cursor, top;
	int height;
	bool at_start, at_end;
	bool touched; /* the user chose where the cursor stands */
	char *wish; /* the base name of what the cursor is to go to; NULL: nothing */
	char *error;
	GHashTable *folded; /* thread ids whose folding differs from fold_all */
	bool fold_all;
	int64_t place; /* where the cursor is to go when the rows are here; 0: nowhere */
	struct request *request; /* under way on the search thread */
	bool again; /* the store changed since it began */
};

/* Reads on: at once for a folder, on the search thread for a query. */
void pages_request(struct pages *p, enum want want);
/* The same for the next unread one of a query; then is copied. */
void pages_request_unread(struct pages *p, const struct pages_then *then);
/* To line n, with some above it if it was not on the screen. */
void pages_put_cursor(struct pages *p, guint n);
/* What is under way comes to nothing, and its query is interrupted. */
void pages_forget_request(struct pages *p);

/* What is around this place instead of what is loaded. */
void pages_show_at(struct pages *p, struct list_key key);

/* The lines that folding leaves of what is loaded. */
void pages_build_lines(struct pages *p);
/* Cursor and top are put where both are on the screen. */
void pages_keep_in_view(struct pages *p);
/* The message of line n, 0 if there is none; and back. */
int64_t pages_id_at(const struct pages *p, guint n);
bool pages_find_line(const struct pages *p, int64_t id, guint *n);

#endif
