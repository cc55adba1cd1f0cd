/* SPDX-License-Identifier: MIT
 *
 * Orders of lists by their names, and the one that a person chose for a folder,
 * which the ledger remembers. */
#ifndef DEWEY_STORE_SORTS_H
#define DEWEY_STORE_SORTS_H

#include "store/index.h"
#include "store/ledger.h"

struct list_sort {
	enum list_order order;
	bool ascending;
};

/* "date", "thread", "sender", "subject", "size", "score": the newest, A, the largest,
 * the best first; with "-" or "reverse-" in front the other way round.  Error:
 * STORE_ERROR_NAME, which tells the names. */
bool sort_read(const char *word, struct list_sort *sort, GError **error);
/* The same, back.  g_free() it. */
char *sort_word(const struct list_sort *sort);
/* The names without a sign, NULL-terminated. */
const char *const *sort_names(void);

/* False: none was chosen. */
bool sort_of_folder(struct ledger *l, const char *folder, struct list_sort *sort);
bool sort_keep(struct ledger *l, const char *folder, const struct list_sort *sort,
	GError **error);

#endif
