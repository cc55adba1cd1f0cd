/* SPDX-License-Identifier: MIT
 *
 * A text between quotes, as the dotfile, the query language and header fields
 * (RFC 5322 section 3.2.4) have it. */
#ifndef DEWEY_BASE_QUOTE_H
#define DEWEY_BASE_QUOTE_H

#include "base/base.h"

/* Between '"', with a '\' before each '"' and each '\' in it; g_free() it. */
char *quote_text(const char *text);

#endif
