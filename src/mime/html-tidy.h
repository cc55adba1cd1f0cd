/* SPDX-License-Identifier: MIT
 *
 * What libxml2 reads otherwise than the programs that letters are written for, or
 * takes too long for, is made harmless before it sees it. */
#ifndef DEWEY_MIME_HTML_TIDY_H
#define DEWEY_MIME_HTML_TIDY_H

#include "base/base.h"

/* A copy of as many octets: without "<![if …]>" and the like, which are no elements, and without the
 * attributes of an element that has more than a page can need.  g_free() it. */
char *html_tidy(const char *html, size_t len);

#endif
