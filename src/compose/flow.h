/* SPDX-License-Identifier: MIT
 *
 * Lines of text that are broken.  Private to this folder. */
#ifndef DEWEY_COMPOSE_FLOW_H
#define DEWEY_COMPOSE_FLOW_H

#include "base/base.h"

/* Where the first line of the text up to end stops: at its last blank within width
 * columns, or else at the end of its first word; end: all of it fits. */
const char *flow_break(const char *text, const char *end, int width);

/* The text as format=flowed, without DelSp (RFC 3676 section 4): a line that ends
 * with a blank, and one that is broken here because it is long, goes on in the next
 * one of the same quotes; all else that would read as such a line, a quote or
 * "From " is made so that it does not.  g_free() it. */
char *flow_text(const char *text);

#endif
