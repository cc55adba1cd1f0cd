/* SPDX-License-Identifier: MIT
 *
 * Text of parts as a person reads it: a line is a paragraph, quoted lines begin
 * with "> " per level; an empty one ends with ">". */
#ifndef DEWEY_MIME_TEXT_H
#define DEWEY_MIME_TEXT_H

#include "mime/charset.h"
#include "mime/letter.h"

/* text/plain, UTF-8; flowed and delsp: RFC 3676. */
char *text_plain(const char *text, bool flowed, bool delsp);

/* text/html, UTF-8.  Links are appended to links (struct mime_link) and
 * numbered on from there; *cut is set if a limit was reached. */
char *text_html(const char *html, size_t len, GPtrArray *links, bool *cut);

/* The charset that a <meta> of the first octets names, or NULL; g_free() it. */
char *text_html_charset(const char *html, size_t len);

/* The reading of a letter. */
struct body {
	GString *text;      /* sanitized */
	GString *words;     /* what is searched for but not shown; sanitized */
	GPtrArray *links;
	char *type;         /* of the first part shown, NULL: none */
	const char *charset; /* its, static */
	const char *chosen; /* the user's choice, or NULL */
	bool guessed, flowed, truncated;
	bool want_words;
};

void body_init(struct body *b);
void body_clear(struct body *b);

/* All that is shown of the letter. */
void body_read(struct body *b, struct letter *l);
/* One part of it. */
void body_read_part(struct body *b, struct letter *l, GMimeObject *object);

#endif
