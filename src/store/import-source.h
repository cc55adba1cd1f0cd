/* SPDX-License-Identifier: MIT
 *
 * The octets of a file that may be compressed: gzip here, xz, zstd and bzip2 by
 * their own programs, so that no other program has to load their libraries. */
#ifndef DEWEY_STORE_IMPORT_SOURCE_H
#define DEWEY_STORE_IMPORT_SOURCE_H

#include <sys/types.h>

#include "store/store.h"

struct import_source;
typedef struct import_source import_source;

/* path must be a regular file, and is known by what it begins with, not by its
 * name.  Error: STORE_ERROR, MISSING if there is no such file, DISK if it cannot
 * be read or its program cannot be started. */
struct import_source *import_source_new(const char *path, GError **error);
/* An open file, as it is, from its beginning; fd stays the caller's. */
struct import_source *import_source_new_fd(int fd);
void import_source_free(struct import_source *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(import_source, import_source_free)

/* Up to len octets, 0 at the end, -1: error; of a file that is cut off what is
 * there comes first. */
ssize_t import_source_read(struct import_source *s, void *buffer, size_t len, GError **error);

/* Octets at this offset of the file, as many as there are; -1: compressed, or an
 * error.  What is read in order is not touched. */
ssize_t import_source_peek(struct import_source *s, int64_t offset, void *buffer, size_t len);

bool import_source_is_plain(const struct import_source *s);

/* What is left is unpacked into fd, a file without a name (taken), and read from
 * there, so that it can be peeked at. */
bool import_source_unpack(struct import_source *s, int fd, GError **error);

/* How much of the file was read, and how long it is: octets of the disk. */
void import_source_progress(const struct import_source *s, int64_t *done, int64_t *total);

#endif
