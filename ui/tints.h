/* SPDX-License-Identifier: MIT
 *
 * The colours of [color …]: which messages of a list have which.  They are found a page
 * at a time on a thread of their own, and kept; a row has no colour until then. */
#ifndef DEWEY_UI_TINTS_H
#define DEWEY_UI_TINTS_H

#include "ui/ui.h"

/* Tells the screen how the colours of the dotfile look. */
void tints_show(const struct dotfile *d, struct screen *screen);

struct tints;

/* changed is called when colours are known that were not.  NULL: the dotfile has none. */
struct tints *tints_new(struct ui *ui, void (*changed)(void *data), void *data);
void tints_free(struct tints *t); /* t may be NULL, here and below */

/* The colour of this row; THEME_NORMAL: none, or not known yet. */
enum theme tints_get(struct tints *t, const struct message_row *row);
/* Begins to look for what was asked for in vain.  Once, after all rows are drawn. */
void tints_look(struct tints *t);
/* The store changed: all are looked for again; what is known stays until then. */
void tints_again(struct tints *t);

#endif
