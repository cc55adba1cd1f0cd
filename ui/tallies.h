/* SPDX-License-Identifier: MIT
 *
 * How much the saved views of the dotfile find: counted on a thread of its own, and
 * again when the store has changed, for a tenth of the time at most. */
#ifndef DEWEY_UI_TALLIES_H
#define DEWEY_UI_TALLIES_H

#include "ui/ui.h"

struct tallies;

/* changed is called when there are other numbers than before. */
struct tallies *tallies_new(struct ui *ui, void (*changed)(void *data), void *data);
void tallies_free(struct tallies *t);

/* Counts; the old numbers stay until then. */
void tallies_again(struct tallies *t);
/* The n-th view of dotfile_views(); NULL: not known, or not yet. */
const struct index_counts *tallies_of(const struct tallies *t, guint n);

#endif
