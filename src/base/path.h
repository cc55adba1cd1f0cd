/* SPDX-License-Identifier: MIT
 *
 * File names: home directories, the sibling programs, private directories. */
#ifndef DEWEY_BASE_PATH_H
#define DEWEY_BASE_PATH_H

#include "base/base.h"

/* "~" and "~/x" become the home directory ($HOME first); anything else is
 * copied.  Free with g_free(). */
char *path_expand(const char *path);

/* Makes path and its parents, mode 0700.  An existing directory is success.
 * Error: G_FILE_ERROR, with the name in the text. */
bool path_make_directories(const char *path, GError **error);

/* The same, and what had to be made survives a power failure: each directory is
 * synced that got a new one, if it may be read. */
bool path_make_durable(const char *path, GError **error);

/* The full name of one of our programs ("dewey-pop3"): $DEWEY_BIN, else beside
 * the running program (the build tree), else the directory it was installed
 * to.  Never through $PATH: what gets our passwords is ours.  g_free() it. */
char *path_program(const char *name);

#endif
