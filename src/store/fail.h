/* SPDX-License-Identifier: MIT
 *
 * System errors as STORE_ERROR. */
#ifndef DEWEY_STORE_FAIL_H
#define DEWEY_STORE_FAIL_H

#include "store/store.h"

/* From errno, as fdio_fail(): ENOENT is STORE_ERROR_MISSING, else _DISK;
 * errno stays.  Returns false. */
bool store_fail(const char *operation, const char *name, GError **error);

/* Gives an error of fdio the code that store_fail() would have given; ok is
 * passed on:  return store_adopt(fdio_sync(fd, path, error), error); */
bool store_adopt(bool ok, GError **error);

/* Closes a descriptor that was written to; its error counts. */
bool store_close(int fd, const char *name, GError **error);

#endif
