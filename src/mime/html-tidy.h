/* SPDX-License-Identifier: MIT
 *
 * What is taken away before the parser sees a page: comments, and attributes.  It reads
 * these octet by octet and compares each with all before it, most for nothing; see
 * html-attributes.h. */
#ifndef DEWEY_MIME_HTML_TIDY_H
#define DEWEY_MIME_HTML_TIDY_H

#include "base/base.h"

/* The page without comments and declarations, with one attribute in each element that had
 * some: where they stand in html. */
char *html_tidy(const char *html, size_t len);

#endif
