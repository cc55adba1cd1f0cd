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

/* The rows, each behind '>' if the cursor of a list is on it, else '|'.  g_free() it. */
char *picture_text(const struct grid *grid);

#endif
