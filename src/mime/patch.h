/* SPDX-License-Identifier: MIT
 *
 * Where a patch lies in a text. */
#ifndef DEWEY_MIME_PATCH_H
#define DEWEY_MIME_PATCH_H

#include "base/base.h"

/* Octets of the first one at from or behind it, from its "diff" or "---" line to
 * behind its last hunk, by the counts of lines that hunks have: what a list adds
 * below is not of it.  False: there is none. */
bool patch_find(const char *text, size_t from, size_t *start, size_t *end);

#endif
