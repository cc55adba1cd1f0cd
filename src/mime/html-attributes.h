/* SPDX-License-Identifier: MIT
 *
 * The attributes of elements, read when an element is seen that needs them. */
#ifndef DEWEY_MIME_HTML_ATTRIBUTES_H
#define DEWEY_MIME_HTML_ATTRIBUTES_H

#include "base/base.h"

/* The attribute that html_tidy() puts in the place of all: an offset. */
#define HTML_PLACE "_"

enum { LIMIT_HTML_ATTRIBUTES = 200 /* of an element; more are not looked at */ };

/* One as it is written. */
struct html_raw {
	const char *name, *value; /* value is NULL if there is none */
	size_t name_len, value_len;
};

/* The next one of a start tag; *p moves behind it.  False: *p is at the '>' or "/>" of the
 * tag, or at end if nothing ends it. */
bool html_raw_next(const char **p, const char *end, struct html_raw *raw);

struct html_attributes;
typedef struct html_attributes html_attributes;

/* Of html as it was given to html_tidy(), which is kept and not copied. */
struct html_attributes *html_attributes_new(const char *html, size_t len);
void html_attributes_free(struct html_attributes *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(html_attributes, html_attributes_free)

/* What an element had, in the parser's form: names in lower case and values (or NULL) in
 * turn, NULL behind the last; of one name the first.  Good until the next call.  parsed is
 * what the parser found in the tidied page: it is given back unless it is a place. */
const unsigned char **html_attributes_read(
	struct html_attributes *a, const unsigned char **parsed);

#endif
