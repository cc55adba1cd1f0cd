/* SPDX-License-Identifier: MIT
 *
 * From any octets to UTF-8, never losing one silently: what cannot be decoded
 * is U+FFFD.  The declared charset is used where it makes sense; without one,
 * or with a wrong one, the text decides. */
#ifndef DEWEY_MIME_CHARSET_H
#define DEWEY_MIME_CHARSET_H

#include "base/base.h"

/* Converters opened so far, and the detector. */
struct charsets;
typedef struct charsets charsets;

struct charsets *charsets_new(void);
void charsets_free(struct charsets *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(charsets, charsets_free)

struct charset_used {
	const char *name; /* static: "koi8-r"; "us-ascii" if there was nothing to decode */
	bool guessed;     /* not the declared one */
	bool chosen;      /* by a person */
	const char *mended; /* the text had been read as this once, and been encoded
			     * again: that was undone; static, NULL: it had not */
};

/* Opens all converters now: in the sandbox no file can be opened, and a converter
 * is one (B-03).  n_missing may be NULL: how many the system has not. */
void charsets_preload(struct charsets *c, guint *n_missing);

/* Our name of a label as mailers write them, or NULL. */
const char *charset_known(const char *label);

/* declared: NULL or "" if it is not.  used may be NULL.  The result has no NUL
 * inside (they are U+FFFD); g_free() it. */
char *charset_decode(struct charsets *c, const char *data, size_t len, const char *declared,
	struct charset_used *used);

/* The user's choice: decoded as that if we know it, whatever comes of it. */
char *charset_decode_as(struct charsets *c, const char *data, size_t len, const char *chosen,
	struct charset_used *used);

/* Text of letters of this sender that is declared as this (NULL, "" or an unknown label:
 * not usefully) is read in charset from now on.  An unknown charset changes nothing. */
void charsets_choose(struct charsets *c, const char *sender, const char *declared,
	const char *charset);
/* … all of that is forgotten. */
void charsets_forget(struct charsets *c);
bool charsets_has_choices(struct charsets *c);
/* The letter that is read from now on: its sender, or NULL; wish: what a person chose
 * for this one, or NULL; hint: what its text is declared as (static), or NULL. */
void charsets_begin(struct charsets *c, const char *sender, const char *wish, const char *hint);

/* What else the octets may be, the best first, as static names; the one that
 * charset_decode() takes is the first.  Empty: all is ASCII.  Free the array. */
GPtrArray *charset_candidates(struct charsets *c, const char *data, size_t len,
	const char *declared);

#endif
