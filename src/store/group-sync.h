/* SPDX-License-Identifier: MIT
 *
 * One sync for many files.  An fsync makes the disk flush its cache, also when
 * the file's bytes went out with an earlier one: 500 of them wait 500 times.
 * Syncing the file system waits once, and its writes are merged. */
#ifndef DEWEY_STORE_GROUP_SYNC_H
#define DEWEY_STORE_GROUP_SYNC_H

#include "store/store.h"

/* Whether syncing the file system of dir is known to make files durable, and
 * little but our own octets waits to be written. */
bool group_sync_is_cheap(int dir, int64_t octets);

/* All files of the file system of dir.  dir was opened before they were
 * written: an error of a write-back since then is an error of this. */
bool group_sync(int dir, const char *name, GError **error);

#endif
