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

/* All that is attached, into the directory to; of a part that was saved not those
 * in it, and of a box that was opened (winmail.dat) those in it instead.  Of two parts of one name the second is "name-2.txt".  Appends
 * the names to saved (of char *), also of those before an error. */
bool part_save_all(const struct crypt_reading *r, int fd, const GPtrArray *parts, const char *to,
	GPtrArray *saved, GError **error);

#endif
