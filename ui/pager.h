/* SPDX-License-Identifier: MIT
 *
 * Lines that are looked at: scrolling and finding, for all views of text. */
#ifndef DEWEY_UI_PAGER_H
#define DEWEY_UI_PAGER_H

#include "store/query-marks.h"
#include "ui/layout.h"
#include "ui/view.h"

struct pager {
	GPtrArray *lines; /* of struct text_line; NULL: nothing yet */
	guint top;
	int rows;
	char *needle; /* folded; NULL: nothing was looked for */
	const GPtrArray *links; /* of struct mime_link, what runs lead to; borrowed; NULL */
	bool numbers;           /* links show theirs */
	guint found;            /* the line that was found last */
	bool wrapped;           /* the last find went on at the other end */
	struct query_marks *words; /* marked wherever they stand, and found again; borrowed; NULL */
};

void pager_clear(struct pager *p);
/* Takes the lines; the place stays if keep is true. */
void pager_set(struct pager *p, GPtrArray *lines, bool keep);
void pager_draw(struct pager *p, const struct pane *pane);
/* False: it is at that end already. */
bool pager_move(struct pager *p, enum movement m);
/* Goes on at the beginning where the end is reached (wrapped); false: it is nowhere. */
bool pager_find(struct pager *p, const char *text, bool forward, bool again);
/* The same for a view: its user is told where the search went on. */
struct ui;
bool pager_find_told(struct pager *p, struct ui *ui, const char *text, bool again);
/* "45%", "all", "end". */
char *pager_status(const struct pager *p);

#endif
