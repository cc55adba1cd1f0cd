/* SPDX-License-Identifier: MIT
 *
 * Between the sources of the compose page: view-compose.c draws it,
 * compose-edit.c runs the editor, compose-fields.c has the fields and
 * attachments, compose-send.c sends it or keeps it.  Nobody else includes this. */
#ifndef DEWEY_UI_VIEW_COMPOSE_H
#define DEWEY_UI_VIEW_COMPOSE_H

#include "ui/compose.h"
#include "ui/pager.h"

struct compose_view {
	struct view view;
	struct draft *draft;
	int64_t recalled; /* message of Drafts that goes when this one is kept or sent; 0 */
	char *editing;    /* the file in the editor, or left there because of a mistake */
	char *mistake;    /* of that file; it is edited again first */
	struct pager body;
	int width;   /* the body is laid out to; 0: to be done */
	guint cursor; /* among the attachments */
	bool busy;   /* being sent or kept: nothing can be changed */
};

/* The compose page on top, if it can be changed now; else NULL. */
struct compose_view *compose_top(struct ui *ui);

/* The text of the letter in the editor; a mistake in it is told, and kept. */
void compose_edit(struct compose_view *c);
/* The file that was in the editor goes. */
void compose_drop_file(struct compose_view *c);

/* Into Drafts, unless it is on its way already. */
void compose_postpone(struct compose_view *c);

#endif
