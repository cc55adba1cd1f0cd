/* SPDX-License-Identifier: MIT
 *
 * Between the sources of the outbox page: view-outbox.c draws it, outbox-keys.c has
 * what can be done there.  Nobody else includes this. */
#ifndef DEWEY_UI_VIEW_OUTBOX_H
#define DEWEY_UI_VIEW_OUTBOX_H

#include "store/outbox.h"
#include "ui/ui.h"

/* A line of the page: a letter, or below it one of its recipients. */
struct outbox_line {
	const struct outbox_item *item;
	const struct outbox_recipient *recipient; /* NULL: the letter's own line */
};

/* Where the cursor is; valid until the main loop runs.  NULL: told. */
const struct outbox_line *outbox_line_at_hand(struct ui *ui);

#endif
