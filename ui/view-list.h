/* SPDX-License-Identifier: MIT
 *
 * What the message view needs of the list it was opened from. */
#ifndef DEWEY_UI_VIEW_LIST_H
#define DEWEY_UI_VIEW_LIST_H

#include "ui/ui.h"

struct query_marks;

/* The row under the cursor, NULL: the list is empty.  Belongs to the list until
 * the next change. */
const struct message_row *view_list_current(struct view *v);
/* GArray of int64_t: what is marked. */
GArray *view_list_marked(struct view *v);
/* Moves the cursor; false: there is nothing in this direction. */
bool view_list_step(struct view *v, bool down);
/* To the next unread message below the cursor, or else from the top; then is called
 * when the cursor is there, or there is none: see pages.h. */
struct pages_then;
void view_list_next_unread(struct view *v, const struct pages_then *then);
/* The rows above and below the cursor; NULL: none loaded. */
const struct message_row *view_list_neighbour(struct view *v, bool down);
/* These are leaving: the cursor goes on. */
void view_list_acted(struct view *v, const GArray *ids, bool gone);
/* As soon as a message with this base name is seen, the cursor goes to it. */
void view_list_wish(struct view *v, const char *base);
/* The words of its query and limit; NULL: none.  They are the list's. */
struct query_marks *view_list_marks(const struct view *v);
bool view_is_list(const struct view *v);

#endif
