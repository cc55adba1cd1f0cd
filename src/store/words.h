/* SPDX-License-Identifier: MIT
 *
 * Words: what the index finds.  A word is a run of letters and digits, folded
 * (case, diacritics, ё = е) and stemmed by libstemmer, by each of the languages of
 * the index that is written in its letters.  Scripts without spaces (Han, kana,
 * Hangul, Thai …) give pairs of characters.  Addresses and host names are their
 * parts; looked for whole they are a phrase of the parts, so nothing is stored
 * twice. */
#ifndef DEWEY_STORE_WORDS_H
#define DEWEY_STORE_WORDS_H

#include <sqlite3.h>

#include "base/base.h"

struct words;
typedef struct words words;
struct begins; /* words-begins.h */

enum words_mode {
	WORDS_TEXT,   /* of a message */
	WORDS_QUERY,  /* looked for: no single last character of a run of pairs */
	WORDS_PLAIN,  /* as WORDS_QUERY, the last word not stemmed: for prefixes */
	WORDS_LONGER, /* the last word not stemmed, and all that longer ones would be
		       * stemmed to and that does not begin with it */
};

/* The codes of base/stems.def among those in text (apart by spaces or commas), in
 * their order there.  g_free() it. */
char *words_languages(const char *text);
/* Those of the locale, and English. */
char *words_default_languages(void);

/* languages: NULL for the default.  One at a time in one thread: it keeps the stems
 * of recent words. */
struct words *words_new(const char *languages);
void words_free(struct words *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(words, words_free)

/* Calls found for each word with its place in text, until it returns other
 * than 0, which is returned.  A word that languages take for several stems comes
 * several times with the same place.  text need not be valid UTF-8. */
typedef int (*words_found)(void *data, const char *word, int len, int start, int end);
int words_each(struct words *w, const char *text, int len, enum words_mode mode, words_found found,
	void *data);

/* Whether there is any word in text. */
bool words_any(const char *text);

/* Whether the last word of text is one character of a script of pairs: it is
 * found as the beginning of a pair. */
bool words_ends_single(const char *text);

/* Puts the beginnings of all words of WORDS_TEXT into b, which must outlive w; NULL:
 * nowhere. */
void words_note_begins(struct words *w, struct begins *b);

/* At the beginning of a text of the tokenizer: what follows are words as words_each()
 * gives them, with a space before each. */
#define WORDS_AS_THEY_ARE "\002"

/* The words as an FTS5 tokenizer "dewey" of this connection; its arguments are
 * languages.  begins: NULL, or what learns the beginnings of the words of each row that
 * is inserted; it must outlive the connection. */
bool words_register(sqlite3 *db, struct begins *begins, GError **error);

/* An FTS5 expression that finds words beginning with the last word of text
 * (those before it must stand in front of it).  Stems are shorter than words:
 * "configurat" is not the beginning of the stem "configur", so the stems that
 * its usual endings lead to are looked for as well.  g_free() it. */
char *words_prefix_match(const char *text);

/* As a phrase: "…" with quotes doubled. */
char *words_phrase_match(const char *text);

#endif
