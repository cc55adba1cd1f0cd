/* SPDX-License-Identifier: MIT
 *
 * Beginnings of words: their first one, two and three letters.  What begins with "c"
 * are a tenth of all words, and FTS5 would read all their postings to find the newest
 * fifty letters.  So each letter has its beginnings in a table of their own, each
 * once: as they are anywhere in it (marked BEGIN_ANYWHERE), and those of its header
 * marked by their field. */
#ifndef DEWEY_STORE_WORDS_BEGINS_H
#define DEWEY_STORE_WORDS_BEGINS_H

#include "base/base.h"

enum { BEGIN_LETTERS = 3, BEGIN_ANYWHERE = 'a' };

/* The mark of a column of words, "" for all of them; ' ': it has none. */
char words_begin_field(const char *column);

struct begins;

struct begins *begins_new(void);
void begins_free(struct begins *b);

/* A new letter, which has none yet.  fields: the marks of the texts that follow, ' ' for
 * none; it must live as long.  begins_next() before each of them. */
void begins_start(struct begins *b, const char *fields);
void begins_next(struct begins *b);
/* len octets of a folded word. */
void begins_add(struct begins *b, const char *word, int len);
/* All that were added, as a text for the tokenizer; it belongs to b and is valid until
 * begins_start(). */
const char *begins_text(const struct begins *b);

/* An FTS5 expression on the table of beginnings, if text is a single word of at most
 * BEGIN_LETTERS letters; else NULL.  g_free() it. */
char *words_begin_match(const char *text, char field);

#endif
