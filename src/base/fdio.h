/* SPDX-License-Identifier: MIT
 *
 * Reading, writing and syncing descriptors, with short writes and EINTR taken
 * care of.  Errors are G_FILE_ERROR; the text is "operation 'name': reason". */
#ifndef DEWEY_BASE_FDIO_H
#define DEWEY_BASE_FDIO_H

#include "base/base.h"

bool fdio_write_all(int fd, const void *data, size_t len, GError **error);

/* Reads a whole file of at most limit octets; longer is an error that says so.
 * The text is NUL-terminated behind len; free with g_free(). */
char *fdio_read_file(const char *path, size_t limit, size_t *len, GError **error);

/* Writes data to path by a temporary file beside it, fsync, rename and fsync
 * of the directory, mode 0600: after a crash the old or the new file is there. */
bool fdio_replace_file(const char *path, const void *data, size_t len, GError **error);

/* fsync of a descriptor; name only words the error.  A failed fsync is never
 * tried again: the pages may be gone (CHECKLIST X-02). */
bool fdio_sync(int fd, const char *name, GError **error);

/* fsync of a directory, so that a rename in it is durable. */
bool fdio_sync_directory(const char *path, GError **error);

/* A new file without a name, in $TMPDIR or /var/tmp: on a disk, for /tmp is memory on
 * many machines.  Its descriptor; -1: error, G_FILE_ERROR. */
int fdio_temporary(GError **error);

/* Makes sure that n descriptors (256 at most) are free, for a program that could
 * not begin without them: GLib aborts where its loops find none.  A soft limit is
 * raised.  Error: G_FILE_ERROR_MFILE or _NFILE, with the cure. */
bool fdio_have_room(guint n, GError **error);

/* Opens /dev/null as standard input, output and error where these are closed: else
 * the next file would get their number, and be read or written in their place. */
void fdio_have_standard(void);

/* Whether an errno tells that the system, not the disk or the network, stands in
 * the way: no descriptors or no memory are left.  It may be better later. */
bool fdio_is_shortage(int number);
bool fdio_error_is_shortage(const GError *error); /* the same of a G_FILE_ERROR */

/* "write 'NAME': reason" from errno, or "write: reason" where name is "": sets
 * G_FILE_ERROR and returns false. */
bool fdio_fail(GError **error, const char *operation, const char *name);

#endif
