/* SPDX-License-Identifier: MIT
 *
 * What charset.c, guess.c and mend.c share: the table of charsets, and reading
 * octets in one of them. */
#ifndef DEWEY_MIME_CHARSET_PRIVATE_H
#define DEWEY_MIME_CHARSET_PRIVATE_H

#include "mime/charset.h"
#include "mime/cyrillic.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* charsets.def says what they mean. */
enum kind { UTF8, UNICODE, ESCAPES, CYRILLIC, LATIN, OTHER, MULTI, ASKED };

struct charset {
	const char *name, *iconv_name;
	enum kind kind;
	const char *aliases;
};

/* The i-th of the table; NULL: there are fewer. */
const struct charset *charset_at(size_t i);
/* By our name or by a label as mailers write it; NULL: unknown. */
const struct charset *charset_labelled(const char *label);

/* UTF-8, U+FFFD for what cannot be decoded, NUL and what Unicode forbids; *bad is how
 * often the former was.  g_free() it. */
char *charset_read(struct charsets *c, const struct charset *set, const char *data, size_t len,
	size_t *bad);

/* charset_decode() without regard to what people chose. */
char *charset_judge(struct charsets *c, const char *data, size_t len, const char *declared,
	struct charset_used *used);

/* The upper half of a charset of one octet a character, and the same as letters. */
const gunichar *charset_high(struct charsets *c, const struct charset *set);
const struct cyrillic_map *charset_letters(struct charsets *c, const struct charset *set);

/* What uchardet says; NULL: nothing that we know, or something that is ours to say. */
const struct charset *charset_detected(struct charsets *c, const char *data, size_t len);

/* guess.c: of octets that nothing is declared of; of such that set is. */
const struct charset *guess(struct charsets *c, const char *data, size_t len);
const struct charset *guess_against(struct charsets *c, const struct charset *set,
	const char *data, size_t len);
/* The best of the Cyrillic ones; NULL: it is no such text at all. */
const struct charset *guess_cyrillic(struct charsets *c, const char *data, size_t len,
	struct cyrillic_fit *fit);

/* latin.c: octets that are no Russian, in the charset of a language of Latin letters that
 * has all of them where no Western one does; NULL: a Western one may have. */
const struct charset *guess_latin(struct charsets *c, const char *data, size_t len);

/* mend.c: text that was read in a wrong charset before it was encoded again.  NULL:
 * it was not; else the text as it was meant, of the charset *meant, which had been
 * read as *taken.  g_free() it. */
char *mend(struct charsets *c, const char *text, const struct charset **meant,
	const struct charset **taken);

/* choices.c: what charsets_choose() was told, and about which letter. */
struct choices;
struct choices *choices_new(void);
void choices_free(struct choices *ch);
struct choices *charsets_choices(struct charsets *c);
/* What a person chose for this text; NULL: nothing. */
const struct charset *choices_for(struct choices *ch, const char *data, size_t len,
	const char *declared);

enum {
	FIT_GOOD = -130,      /* reads as Russian (struct cyrillic_fit, mean) */
	FIT_VERY_GOOD = -80,  /* … so that nothing else is looked for */
	FIT_FAIR = -250,      /* … or a neighbour of it, where nothing else is likely */
	FIT_BETTER_BY = 40,   /* sum: than the declared one, to be taken instead */
	FEW_LETTERS = 3,
};

#endif
