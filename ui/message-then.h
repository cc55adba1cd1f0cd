/* SPDX-License-Identifier: MIT
 *
 * A command about the letter at hand that needs the letter read. */
#ifndef DEWEY_UI_MESSAGE_THEN_H
#define DEWEY_UI_MESSAGE_THEN_H

#include "ui/letters.h"

/* letter and row are the caller's, and gone afterwards. */
typedef void (*message_ready)(struct ui *ui, const struct letter *letter,
	const struct message_row *row, const void *data);

/* Calls ready once the letter was read, or could not be; never if the page that the
 * command was given on is no longer the one on the screen.  No letter at hand: told.
 * data (may be NULL) outlives it all. */
void message_then(struct ui *ui, message_ready ready, const void *data);

#endif
