/* SPDX-License-Identifier: MIT
 *
 * The ledger: what must never be forgotten and cannot be read off the mail.
 * SQLite, WAL, synchronous=FULL; every function that writes has committed when
 * it returns true, unless called between ledger_begin() and ledger_commit().
 * Rows and columns are in dewey-store(5). */
#ifndef DEWEY_STORE_LEDGER_H
#define DEWEY_STORE_LEDGER_H

#include <sqlite3.h>

#include "store/store.h"

/* Opens path, makes or upgrades its tables; a copy "ledger.db.bak" (ledger-copy.h) is
 * made after each change of version.  STORE_ERROR_DAMAGED: it is missing, empty, damaged
 * or of a newer version; the text says which, and the cure. */
struct ledger *ledger_open(const char *path, GError **error);
void ledger_free(struct ledger *l);
typedef struct ledger ledger;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ledger, ledger_free)

/* The version that this program makes. */
int ledger_version(void);

/* For the other files of this folder (uids, outbox, journal). */
sqlite3 *ledger_db(struct ledger *l);
bool ledger_begin(struct ledger *l, GError **error);
bool ledger_commit(struct ledger *l, GError **error);
void ledger_rollback(struct ledger *l);

/* As ledger_begin(), but the commit does not wait for the disk: other processes see
 * it at once, a kill takes nothing of it back, and a power failure may take back
 * all of it until the next commit that does wait, or ledger_settle(), is over. */
bool ledger_begin_light(struct ledger *l, GError **error);
/* Waits for the disk if a light commit is not known to be there. */
bool ledger_settle(struct ledger *l, GError **error);

#endif
