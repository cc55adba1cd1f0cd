/* SPDX-License-Identifier: MIT
 *
 * A screen in memory as the scripts see it.  grid may be NULL: nothing was drawn. */
#ifndef DEWEY_TESTS_UI_PICTURE_H
#define DEWEY_TESTS_UI_PICTURE_H

#include "base/base.h"

struct grid;

/* The text of the first cell that no terminal should get, escaped: a control, a format
 * character, half of a wide one (M-40, M-42).  NULL: there is none.  g_free() it. */
char *picture_fault(const struct grid *grid, int *y, int *x);

/* Whether a row has this text. */
bool picture_has(const struct grid *grid, const char *text);

/* What is drawn as a match, with blanks between.  g_free() it. */
char *picture_marked(const struct grid *grid);

/* The number of the dotfile's colour that the beginning of text has where it stands first,
 * from 1 on, with "+" as of an unread letter; "0": none of them; "": it is not there.
 * g_free() it. */
char *picture_colour(const struct grid *grid, const char *text);

/* The name of the look (theme.def) that the beginning of text has where it stands
 * first; "": it is not there.  g_free() it. */
char *picture_look(const struct grid *grid, const char *text);

/* The rows, each behind '>' if the cursor of a list is on it, else '|'.  g_free() it. */
char *picture_text(const struct grid *grid);

/* The rows on standard output, for who looks why a test failed. */
void picture_print(const struct grid *grid);

#endif
