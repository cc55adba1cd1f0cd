/* SPDX-License-Identifier: MIT
 *
 * Subjects and senders as lists are sorted by them. */
#ifndef DEWEY_STORE_SUBJECT_H
#define DEWEY_STORE_SUBJECT_H

#include <sqlite3.h>

#include "store/index.h"

/* Behind "Re:", "Fwd:", "Aw[2]:", "Ответ:" and the like, any number of them.
 * *answer (may be NULL): one of them says that it is an answer. */
const char *subject_bare(const char *subject, bool *answer);

/* What is compared: case-folded, ё as е, without what stands in front of the first
 * letter or digit; cut, so that an index of a million stays small. */
void sort_key_subject(const char *subject, char key[LIST_KEY_TEXT]);
/* By the name that is shown, or the address if there is none. */
void sort_key_sender(const char *name, const char *address, char key[LIST_KEY_TEXT]);

/* Both as functions of SQL, dewey_subject(subject) and dewey_sender(name, address). */
bool sort_key_register(sqlite3 *db, GError **error);

#endif
