/* SPDX-License-Identifier: MIT
 *
 * Header fields as they stand in a message: RFC 2047, RFC 2231 and folding.  GMime is not
 * used for them: its first lines are longer than 78 columns, and its decoder,
 * which others have too, loses what follows a padded base64 word that is not
 * the last (CHECKLIST M-07); so none is written.
 *
 *   f = header_begin("Subject"); header_put_text(f, "Тема"); header_end(f)
 *
 * Values are UTF-8 without control characters but TAB. */
#ifndef DEWEY_COMPOSE_HEADER_H
#define DEWEY_COMPOSE_HEADER_H

#include "base/base.h"

struct header;
struct header *header_begin(const char *name);

/* For encoded words: charset_convert()'s names, UTF-8 where none of them will do.
 * Borrowed until the end; NULL: none. */
void header_set_charsets(struct header *h, const char *names);

/* Unstructured text; ASCII words stay as they are. */
void header_put_text(struct header *h, const char *text);

/* Words that must not be touched, apart by blanks: ids, dates. */
void header_put_words(struct header *h, const char *words);

/* One more address of a list; its domain is ASCII.  name "" : none. */
void header_put_address(struct header *h, const char *name, const char *address);

/* "; name=value" of a MIME field; what is no short ASCII text by RFC 2231. */
void header_put_parameter(struct header *h, const char *name, const char *value);

/* The value with its folds, without the name and the last line end; frees h and
 * is to be freed with g_free(). */
char *header_end(struct header *h);

/* The same, appended to out as a whole line: "Name: value\n". */
void header_write(struct header *h, GString *out);

/* Content-Type with parameters: name, value …, NULL; values may be NULL: not there. */
void header_put_type(GString *out, const char *type, ...) G_GNUC_NULL_TERMINATED;

#endif
