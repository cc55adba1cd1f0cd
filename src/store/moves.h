/* SPDX-License-Identifier: MIT
 *
 * Accounts whose server, port or log-in was changed in the dotfile: the key of
 * their state is another one then (CHECKLIST P-11), and what is known of the letters
 * that are here stands under the former one.  account is account_state_key(), the
 * first part of which, the word of the account, stays.
 *
 * Error: STORE_ERROR of the ledger; nothing is changed then. */
#ifndef DEWEY_STORE_MOVES_H
#define DEWEY_STORE_MOVES_H

#include "store/ledger.h"

/* The key of the maildrop of the same word, host and login on another port, the one
 * that was visited last; to be freed.  *former is NULL if there is none, or if
 * anything is known of letters of account itself. */
bool moves_port(struct ledger *l, const char *account, char **former, GError **error);

/* The maildrop former, with all its letters, is that of account from now on. */
bool moves_take_over(struct ledger *l, const char *former, const char *account, GError **error);

/* The keys of the other maildrops of the same word: GPtrArray of char *, which it frees.  *keys is
 * NULL if there are none, or if they were compared with those of account since it was last at
 * another server. */
bool moves_former(struct ledger *l, const char *account, GPtrArray **keys, GError **error);

/* Before a letter is fetched or recognised in a new place: whichever maildrop of this
 * word is visited next is compared with the others, account as well until
 * moves_compared(). */
bool moves_begin(struct ledger *l, const char *account, GError **error);
bool moves_compared(struct ledger *l, const char *account, GError **error);

#endif
