/* SPDX-License-Identifier: MIT
 *
 * Threads that a person split or joined.  The ledger has what was said of a letter,
 * by its Message-ID, so that a new index has it too; the index repeats it as links
 * by hand. */
#ifndef DEWEY_STORE_THREAD_HAND_H
#define DEWEY_STORE_THREAD_HAND_H

#include "store/actions.h"
#include "store/journal.h"
#include "store/ledger.h"

/* Reads all of it again if the index does not know of the ledger's last change. */
bool index_sync_hand(struct index *ix, struct ledger *l, GError **error);

/* The same in any case. */
bool index_renew_hand(struct index *ix, struct ledger *l, GError **error);

/* How many links the index has that the ledger has not, or the other way round. */
bool index_check_hand(struct index *ix, struct ledger *l, int64_t *wrong, GError **error);

/* Each message begins a thread from now on, with all that answers it; those that do so
 * already are left out.  One journal entry; ids: GArray of int64_t. */
bool action_split(struct store *s, const GArray *ids, struct action_result *result, GError **error);

/* The messages hang below parent from now on, with all that answers them.  Error:
 * STORE_ERROR_STATE: parent itself hangs below one of them. */
bool action_join(struct store *s, const GArray *ids, int64_t parent, struct action_result *result,
	GError **error);

/* Takes an entry of JOURNAL_SPLIT or JOURNAL_JOIN back, and out of the journal. */
bool action_unthread(struct store *s, const struct journal_entry *e, struct action_result *result,
	GError **error);

#endif
