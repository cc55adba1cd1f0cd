/* SPDX-License-Identifier: MIT
 *
 * The part of a message list that is on the screen, with a margin: rows are
 * read by keyset pages as the cursor moves, and forgotten behind it, so cost
 * and memory do not depend on the size of the folder.  Pages of a query are
 * read on the search thread, those of a folder at once. */
#ifndef DEWEY_UI_PAGES_H
#define DEWEY_UI_PAGES_H

#include "ui/ui.h"

struct page_line {
	struct message_row *row;
	struct list_key key; /* of the row, or of its thread */
	char *tree;          /* "└─>", "" */
	guint hidden;        /* rows of the folded thread below it */
	bool same_subject;   /* as the one above it in its thread */
};

struct pages;

/* changed is called when rows, cursor or error are others than before. */
struct pages *pages_new(struct ui *ui, void (*changed)(void *data), void *data);
/* A page under way comes to nothing. */
void pages_free(struct pages *p);

/* What is shown, from the top.  An error of the query is told once by
 * pages_error(). */
void pages_set(struct pages *p, const struct list_spec *spec);
/* The same, but what is shown stays until the new rows are here. */
void pages_change(struct pages *p, const struct list_spec *spec);
const struct list_spec *pages_spec(const struct pages *p);
/* Reads what is there again and keeps the cursor on its message. */
void pages_reload(struct pages *p);
bool pages_loading(const struct pages *p);
const char *pages_error(const struct pages *p); /* NULL: none */

void pages_set_height(struct pages *p, int rows);
guint pages_len(const struct pages *p);
const struct page_line *pages_line(const struct pages *p, guint n);
guint pages_cursor(const struct pages *p);
const struct message_row *pages_current(const struct pages *p); /* NULL: none */
guint pages_top(const struct pages *p); /* the first line on the screen */
bool pages_at_start(const struct pages *p);
bool pages_at_end(const struct pages *p);

/* False: the cursor could not move. */
bool pages_move(struct pages *p, enum movement m);
/* The cursor is where the user wants it: new mail does not move it. */
void pages_touch(struct pages *p);
/* To the line of this message, if it is loaded. */
bool pages_go_to(struct pages *p, int64_t id);
/* The same, with the rows around it if they are not loaded; in a list of a query
 * only if it is among the first.  While rows are being read: when they are here. */
bool pages_go_to_place(struct pages *p, int64_t id);
/* To the next unread line below the cursor, or else from the top.  then is called when
 * the cursor is there, or nothing was found: at once for a folder; for a query when the
 * search thread knows it, unless the list goes another way meanwhile. */
struct pages_then {
	void (*call)(bool found, void *data);
	void *data;
	void (*free)(void *data); /* always, last */
};
void pages_next_unread(struct pages *p, const struct pages_then *then);
/* The same when a reload brings a message with this base name, until the user
 * moves the cursor. */
void pages_wish(struct pages *p, const char *base);
/* Messages that are leaving (ui_is_leaving) go now. */
void pages_drop_leaving(struct pages *p);

void pages_fold(struct pages *p);
void pages_fold_all(struct pages *p);

#endif
