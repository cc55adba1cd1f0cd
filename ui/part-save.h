/* SPDX-License-Identifier: MIT
 *
 * Parts of a letter into files: never over something that is there, never through
 * a link, never with an x bit (CHECKLIST M-50, M-52). */
#ifndef DEWEY_UI_PART_SAVE_H
#define DEWEY_UI_PART_SAVE_H

#include "ui/crypt-read.h"

/* The parts at these paths (NULL behind the last) of the letter fd as a new file, one
 * behind the other.  Error: G_FILE_ERROR or MIME_ERROR or CRYPT_ERROR, in words for the
 * user; then nothing is left of it. */
bool part_save(const struct crypt_reading *r, int fd, const char *const *paths, const char *to,
	GError **error);

/* Whether a part is something to be saved. */
bool part_is_attached(const struct mime_part *part);

/* "a program": what opening a part may do (mime_part_dangers()), for the user; NULL:
 * nothing that is known. */
const char *part_danger(unsigned dangers);
/* "this is a program: application/x-sh", of one that must not be taken for what it says
 * it is; NULL: it is harmless, or it is asked about only when it is opened.  g_free() it. */
char *part_warning(const struct mime_part *part);

/* All that is attached, into the directory to; of a part that was saved not those
 * in it, and of a box that was opened (winmail.dat) those in it instead.  Of two parts of one name the second is "name-2.txt".  Appends
 * the names to saved (of char *), also of those before an error. */
bool part_save_all(const struct crypt_reading *r, int fd, const GPtrArray *parts, const char *to,
	GPtrArray *saved, GError **error);

#endif
