/* SPDX-License-Identifier: MIT
 *
 * What a person answered once and is not to be asked again: the table answered of the
 * ledger. */
#ifndef DEWEY_STORE_ANSWERED_H
#define DEWEY_STORE_ANSWERED_H

#include "store/ledger.h"

enum answered_kind {
	ANSWERED_INVITATION,  /* about: UID, and behind a blank the RECURRENCE-ID if any; word:
			       * "accepted", "tentative", "declined"; number: SEQUENCE */
	ANSWERED_RECEIPT,     /* about: Message-ID; word: "sent", "refused" */
	ANSWERED_UNSUBSCRIBE, /* about: the list; word: "posted", "written", "opened" */
};

/* The last one counts. */
bool answered_note(struct ledger *l, enum answered_kind kind, const char *about,
	const char *word, int64_t number, GError **error);

/* The word, NULL: nothing was answered, or it cannot be read; g_free() it.  number and
 * made (seconds) may be NULL. */
char *answered_word(struct ledger *l, enum answered_kind kind, const char *about,
	int64_t *number, int64_t *made);

#endif
