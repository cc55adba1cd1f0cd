/* SPDX-License-Identifier: MIT
 *
 * Markdown (CommonMark) as HTML, by libcmark.  Private to this folder. */
#ifndef DEWEY_COMPOSE_MARKDOWN_H
#define DEWEY_COMPOSE_MARKDOWN_H

#include "base/base.h"

/* A whole HTML document.  HTML in the text is left out, and so are links that a
 * program could be made to run by; the signature stands as it is typed.
 * COMPOSE_ERROR_TEXT: dewey was built without libcmark.  g_free() it. */
char *markdown_to_html(const char *text, GError **error);

#endif
