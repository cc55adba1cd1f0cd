/* SPDX-License-Identifier: MIT
 *
 * Teaching a spam program, such as bogofilter: letters that a person calls spam or ham
 * are given to it on its standard input, and go to the folder of spam, or back to the
 * Inbox.  The ledger knows what it was taught of which letter, so that nothing is
 * learnt twice, and what was wrong is forgotten before the right thing is learnt. */
#ifndef DEWEY_STORE_TRAIN_H
#define DEWEY_STORE_TRAIN_H

#include "store/actions.h"

enum train_word { TRAIN_SPAM, TRAIN_HAM };

/* By enum train_word; NULL: there is no such program, and nothing to tell.  Borrowed. */
struct train_programs {
	char **learn[2], **forget[2];
	const char *folder; /* of spam */
};

/* Who is told of what is done through this store from now on, undo included; NULL:
 * nobody.  It must live as long. */
void train_by(struct store *s, const struct train_programs *programs);

/* One entry of the journal.  ids: GArray of int64_t.  Letters of which only a preview is
 * here are moved, and not learnt.  Error: also STORE_ERROR_STATE: the program failed, as
 * the text says; it was then not told of that letter and those behind it, and they lie
 * where they were. */
bool action_train(struct store *s, const GArray *ids, enum train_word word,
	struct action_result *result, GError **error);

#endif
