/* SPDX-License-Identifier: MIT
 *
 * Runs the filters on a thread of their own, so that a program that hangs holds up
 * neither the index nor a key: over what is due after each sync, and over old mail
 * when a person says so. */
#ifndef DEWEY_UI_SORTER_H
#define DEWEY_UI_SORTER_H

#include "base/base.h"

struct ui;
struct sorter;

struct sorter *sorter_new(struct ui *ui);
/* What runs stops, a program is killed; free when its worker has ended. */
void sorter_stop(struct sorter *s);
void sorter_free(struct sorter *s);

/* Filters what is due, if anything is. */
void sorter_want(struct sorter *s);

/* One filter, NULL: all, over what a query finds; dry: a page says what it would do. */
void sorter_run(struct sorter *s, const char *name, const char *query, bool dry);

#endif
