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
	struct query_marks *words; /* marked wherever they stand, and found again; borrowed; NULL */
};

void pager_clear(struct pager *p);
/* Takes the lines; the place stays if keep is true. */
void pager_set(struct pager *p, GPtrArray *lines, bool keep);
void pager_draw(struct pager *p, const struct pane *pane);
/* False: it is at that end already. */
bool pager_move(struct pager *p, enum movement m);
bool pager_find(struct pager *p, const char *text, bool forward, bool again);
/* "45%", "all", "end". */
char *pager_status(const struct pager *p);

#endif
