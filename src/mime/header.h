/* SPDX-License-Identifier: MIT
 *
 * Header values: unfolding, RFC 2047 encoded words with our own joiner (a
 * character may be split over several words, M-07), raw eight-bit text. */
#ifndef DEWEY_MIME_HEADER_H
#define DEWEY_MIME_HEADER_H

#include "mime/charset.h"

/* One header field as it stands. */
struct field {
	char *name;
	char *raw; /* behind the colon, folds included */
};

/* Fields of a header block, of struct field; free with g_ptr_array_unref().
 * Lines that are no field are left out. */
GPtrArray *fields_parse(const char *block, size_t len);

/* The same of those that are named in names, which a NULL ends. */
GPtrArray *fields_parse_some(const char *block, size_t len, const char *const *names);

/* The n-th field of that name (0: the first), or NULL. */
const char *fields_get(const GPtrArray *fields, const char *name, guint n);

/* Unstructured text (Subject …), UTF-8, not sanitized.  hint: the charset of
 * raw eight-bit octets, or NULL. */
char *header_decode(struct charsets *c, const char *raw, const char *hint);

/* Behind the encoded word that begins at text; NULL: none begins there, or it is
 * of another charset than the one that begins at before (NULL: any). */
const char *header_skip_word(const char *text, const char *before);

/* A structured value (addresses, parameters) in such a form that GMime cannot
 * go wrong: each run of encoded words is one of UTF-8, and no octet is raw. */
char *header_recode(struct charsets *c, const char *raw, const char *hint);

#endif
