/* SPDX-License-Identifier: MIT
 *
 * A message in words on stdout, for a run by hand. */
#ifndef DEWEY_MIME_PRINT_H
#define DEWEY_MIME_PRINT_H

#include "mime/client.h"

void print_message(const struct mime_message *m, bool structure_only);

#endif
