/* SPDX-License-Identifier: MIT
 *
 * How many messages a query finds: counted on a thread of its own, so that no
 * page of rows waits for it, and given up for the next query. */
#ifndef DEWEY_UI_FOUND_H
#define DEWEY_UI_FOUND_H

#include "ui/ui.h"

struct found;

/* changed is called when the number is known. */
struct found *found_new(struct ui *ui, void (*changed)(void *data), void *data);
void found_free(struct found *f);

/* Of this folder and query, which are copied; without a query nothing is counted. */
void found_set(struct found *f, const struct list_spec *spec);
/* Counts again; the old number stays until then. */
void found_again(struct found *f);
/* -1: not known, or not yet. */
int64_t found_total(const struct found *f);
int64_t found_unread(const struct found *f);

#endif
