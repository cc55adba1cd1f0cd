/* SPDX-License-Identifier: MIT
 *
 * Threads by subject, the last resort: an answer ("Re: …") that names no other
 * letter belongs to the newest letter before it with the same subject, in any
 * folder, that names none either, thirty days back at most: one that is no answer
 * itself goes before others; where there is none before it, to the first one after
 * it (clocks differ).
 *
 * Which letter that is depends on the letters that are here, not on the order in
 * which they came: each new one gives those near it another look. */
#ifndef DEWEY_STORE_THREAD_SUBJECT_H
#define DEWEY_STORE_THREAD_SUBJECT_H

#include "store/index.h"

/* The number that letters of the same subject within a month have in common, of one
 * that names no other; its lowest bit says that it is an answer.  What is compared
 * is RFC 5256's base subject, section 2.1: without "Re:" and "[list]", case-folded.
 * 0: it says too little (empty, fewer than four letters and digits, or what hundreds
 * of letters are called: "hello", "question"), so that strangers would meet. */
int64_t thread_topic(const char *subject, int64_t date);

/* A letter of this topic has got its row.  Inside a transaction. */
struct thread_newcomer {
	int64_t node, date, topic;
};
bool thread_join_subject(struct index *ix, const struct thread_newcomer *new, GError **error);

/* Whether such letters are joined, from now on and all that are here; the index
 * remembers it.  As it is already: nothing is done. */
bool index_set_subject_threads(struct index *ix, bool on, GError **error);

#endif
