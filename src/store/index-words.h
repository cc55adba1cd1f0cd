/* SPDX-License-Identifier: MIT
 *
 * The words of messages in the index, and the languages it cuts them by. */
#ifndef DEWEY_STORE_INDEX_WORDS_H
#define DEWEY_STORE_INDEX_WORDS_H

#include "store/index-private.h"

/* The marks of words_begin_field() for the columns of words, in their order. */
#define WORD_FIELDS "sftc  n"

/* The tables of words and their beginnings, for a schema without them.  languages: of
 * words_languages(). */
bool index_make_words(sqlite3 *db, const char *languages, GError **error);

/* What is found of a message; no member is NULL. */
struct index_texts {
	const char *subject, *from, *to, *cc;
	const char *text;  /* as mime_message.words */
	const char *names; /* of attachments */
};
/* Inside of a transaction. */
bool index_put_words(struct index *ix, int64_t id, const struct index_texts *texts, GError **error);

/* Text without its quoted lines and signatures, and these.  False: there are none,
 * and nothing was written. */
bool index_split_text(const char *text, GString *body, GString *quoted);

/* The languages of the index; g_free() it. */
char *index_languages(struct index *ix, GError **error);
/* For an index without words.  Another one keeps its languages until
 * index_renew_words(). */
bool index_set_languages(struct index *ix, const char *languages, GError **error);

/* Work that can wait, in slices: go_on() is asked between them, outside of transactions;
 * false with an error ends it, and the next call goes on there. */
struct index_spare {
	bool (*go_on)(void *data, GError **error);
	void *data;
};

/* Other languages than the index has (NULL: any will do): all words go, and messages wait
 * for theirs (STATE_WORDLESS), which the sync reads that calls this.  The same ones:
 * what is left of an earlier change, mostly nothing. */
bool index_renew_words(struct index *ix, const char *languages, const struct index_spare *spare,
	GError **error);

#endif
