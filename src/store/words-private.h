/* SPDX-License-Identifier: MIT
 *
 * What the files of the tokenizer share: words.c cuts, words-fold.c folds letters,
 * words-stems.c has the stemmers. */
#ifndef DEWEY_STORE_WORDS_PRIVATE_H
#define DEWEY_STORE_WORDS_PRIVATE_H

#include "store/words.h"

/* What a character is for the cutting of words. */
enum word_kind {
	KIND_UNKNOWN,
	KIND_OTHER,
	KIND_MARK,
	KIND_PAIR,
	KIND_LETTER, /* of a script without a stemmer, or a digit */
	KIND_LATIN,
	KIND_CYRILLIC,
	KIND_GREEK,
	KIND_ARABIC,
	KIND_ARMENIAN,
	KIND_DEVANAGARI,
	KIND_TAMIL,
	KIND_HEBREW,
	KIND_COUNT,
};

struct folded {
	char text[7]; /* UTF-8, NUL-terminated */
	guint8 kind;
	bool changed; /* it is more than the small letter */
};

/* Case and, of Latin and Greek, diacritics go; ё is е. */
void words_fold(gunichar c, struct folded *out);
enum word_kind words_kind(gunichar c);
/* The same of text of len octets, without marks, for at most size octets. */
int words_fold_text(const char *text, int len, char *out, int size);

enum {
	WORD_LONGEST = 64, /* octets of a word; base64 would fill the index */
	STEMS_MOST = 12,
	STEMS_OCTETS = STEMS_MOST * (WORD_LONGEST + 8),
};

struct stem_list {
	int n;
	int len[STEMS_MOST];
	const char *text[STEMS_MOST]; /* in octets or the stemmers' memory */
	int used;
	char octets[STEMS_OCTETS];
};

struct stems;
struct stems *stems_new(const char *languages);
void stems_free(struct stems *s);

/* A word as it was folded, and as it stands if letters were changed, else NULL. */
struct stem_word {
	enum word_kind kind;
	const char *folded;
	int len;
	const char *source;
	int source_len;
};

/* What is found of a word: at least one, and another one for each language that
 * takes it for something else.  Valid until the next call. */
void stems_find(struct stems *s, const struct stem_word *word, struct stem_list *out);

/* Adds the stems that words beginning with this one have and that do not begin with
 * it themselves. */
void stems_find_longer(struct stems *s, const struct stem_word *word, struct stem_list *out);

#endif
