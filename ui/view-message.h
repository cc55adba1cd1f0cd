/* SPDX-License-Identifier: MIT */
#ifndef DEWEY_UI_VIEW_MESSAGE_H
#define DEWEY_UI_VIEW_MESSAGE_H

#include "ui/letters.h"

/* Shows the message under the cursor of a list. */
void view_message_open(struct ui *ui, struct view *list);

/* The message a command of the list or message page is about; NULL: none, told.
 * message_row_free() it. */
struct message_row *message_at_hand(struct ui *ui);
/* Its id; 0: none, and nothing is told. */
int64_t message_id_at_hand(struct ui *ui);

/* The letter on the page on top, and its row, which belongs to the page. */
const struct letter *view_message_letter(struct ui *ui, const struct message_row **row);
/* A letter has another id in the index now, and the same base name: what was read of it
 * stays, and v goes on showing it if it is its message page. */
void view_message_renumber(struct view *v, int64_t id, int64_t now, const char *base);

/* The cursor of this list, or of the list below this message page, goes to the
 * letter of this base name when it comes. */
void view_message_wish(struct view *v, const char *base);

/* What was read of the letter of a message page, or of one of a letter within; NULL: nothing yet, or v is none. */
const struct mime_message *view_message_mime(struct view *v);
/* Links show their numbers, or not; nothing happens to a page that is closed. */
void view_message_numbers(struct view *v, bool on);

/* The parts of a letter, to be saved or read. */
void view_parts_open(struct ui *ui, const struct message_row *row);

#endif
