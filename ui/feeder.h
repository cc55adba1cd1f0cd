/* SPDX-License-Identifier: MIT
 *
 * Indexes on a thread what agents store, while they go on. */
#ifndef DEWEY_UI_FEEDER_H
#define DEWEY_UI_FEEDER_H

#include "base/base.h"

struct feeder;

/* mail: the root of the store, which the thread opens for itself. */
struct feeder *feeder_new(const char *mail);

/* A letter was stored. */
void feeder_stored(struct feeder *f, const char *folder, const char *base);

/* Waits until all is indexed, whatever else changed in the store as well, and
 * frees f.  The error is the store's. */
bool feeder_finish(struct feeder *f, GError **error);

#endif
