/* SPDX-License-Identifier: MIT
 *
 * What the files of the export share. */
#ifndef DEWEY_STORE_EXPORT_PRIVATE_H
#define DEWEY_STORE_EXPORT_PRIVATE_H

#include <stdio.h>

#include "store/export.h"
#include "store/index.h"

/* Writes the letter that fd holds, from its beginning, as one of an mbox.  What out
 * could not take shows by ferror(). */
bool export_to_mbox(int fd, const struct message_row *row, enum export_format format, FILE *out,
	GError **error);

#endif
