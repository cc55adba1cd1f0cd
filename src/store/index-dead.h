/* SPDX-License-Identifier: MIT
 *
 * Postings of messages that are gone.  SQLite before 3.43 takes a message out of a
 * table without content only if it is told its words, and those went with the file: so
 * they stay, under ids that are never given again, until there are so many of them that
 * reading all postings once, to learn the words, is cheap for what it frees. */
#ifndef DEWEY_STORE_INDEX_DEAD_H
#define DEWEY_STORE_INDEX_DEAD_H

#include "store/index-words.h"

/* How many messages have postings and no row. */
bool index_count_dead(struct index *ix, int64_t *count, GError **error);

/* Takes the postings of those out, in slices and with transactions of its own.  At most
 * some thousand at a time, whose words are held in memory; *taken: of how many.  What was
 * learned when spare ends it is kept by the index for the next call.  Ids that got their
 * row in the meantime do not exist. */
bool index_bury(struct index *ix, const struct index_spare *spare, int64_t *taken, GError **error);

/* Does that when those that are gone since are some thousand, and a quarter of those
 * that are there; else it costs nothing. */
bool index_tidy(struct index *ix, const struct index_spare *spare, GError **error);

/* What an unfinished one learned. */
struct dead_words;
void dead_words_free(struct dead_words *words);

#endif
