/* SPDX-License-Identifier: MIT
 *
 * Text of parts as a person reads it: a line is a paragraph, quoted lines begin
 * with "> " per level; an empty one ends with ">". */
#ifndef DEWEY_MIME_TEXT_H
#define DEWEY_MIME_TEXT_H

#include "mime/charset.h"
#include "mime/letter.h"
#include "mime/remote.h"

/* text/plain, UTF-8; flowed and delsp: RFC 3676. */
char *text_plain(const char *text, bool flowed, bool delsp);

/* What is told of the text of a part beside it, and how it is to be made. */
struct rich {
	GPtrArray *links; /* of struct mime_link: appended, numbered on from there */
	GArray *spans;    /* of struct mime_span, octets of what is returned */
	int columns;      /* that tables may take; < 0: they are read cell by cell */
	int laid_for;     /* set to columns where the text depends on them */
	struct remote *remote; /* counts what is not fetched; may be NULL */
	guint hidden;     /* characters that were left out are added */
	/* What the part is called that a page names by its Content-ID, or NULL; to be
	 * freed with g_free().  It may be NULL itself. */
	char *(*part_name)(const char *cid, void *data);
	void *part_data;
	bool cut;         /* set where a limit was reached */
	bool legacy;      /* the element of legacy.h is left out */
};

/* text/html, UTF-8; not sanitized yet.  g_free() it. */
char *text_html(const char *html, size_t len, struct rich *r);

/* Addresses that stand in text/plain (UTF-8): links and their spans. */
void text_find_links(const char *text, struct rich *r);

/* The charset that a <meta> of the first octets names, or NULL; g_free() it. */
char *text_html_charset(const char *html, size_t len);

/* Appends a paragraph, up to LIMIT_TEXT in all; *truncated is set if that cuts it.  Returns
 * where it begins. */
size_t text_append(GString *to, const char *text, bool *truncated);

/* The reading of a letter. */
struct body {
	GString *text;      /* sanitized */
	GString *words;     /* what is searched for but not shown; sanitized */
	GPtrArray *links;
	GArray *spans;      /* of struct mime_span */
	GPtrArray *blocks;  /* of struct mime_block */
	GHashTable *paths;  /* part → its path */
	GPtrArray *crypts;  /* of struct mime_crypt: armour in texts */
	GMimeObject *whole; /* the letter's body */
	int columns;        /* that tables may take */
	int laid_for;       /* client.h */
	char *type;         /* of the first part shown, NULL: none */
	const char *charset; /* its, static */
	const char *chosen; /* the user's choice, or NULL */
	enum mime_prefer prefer;
	bool decrypted;     /* client.h */
	struct remote *remote;
	guint hidden;       /* client.h */
	const char *other;  /* the type that the text could be taken from too, or NULL */
	bool differs;
	const char *mended;  /* of the first one (struct charset_used), static */
	const char *declared; /* what it was declared as, static; NULL: nothing that is known */
	GPtrArray *candidates; /* of it, static names; NULL: none */
	bool guessed, chosen_used, flowed, truncated;
	bool want_words, want_text;
};

/* how: not taken over; NULL: text in the usual way. */
void body_init(struct body *b, const struct mime_reading *how);
void body_clear(struct body *b);

/* All that is shown of the letter. */
void body_read(struct body *b, struct letter *l);
/* One part of it. */
void body_read_part(struct body *b, struct letter *l, GMimeObject *object);

#endif
