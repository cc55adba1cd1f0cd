/* SPDX-License-Identifier: MIT
 *
 * The copy of the ledger, ledger.db.bak: whole, checked, and not much older than a
 * day; and putting it back in the place of a ledger that was lost (CHECKLIST X-26).
 * What is in the ledger cannot be read off the mail. */
#ifndef DEWEY_STORE_LEDGER_COPY_H
#define DEWEY_STORE_LEDGER_COPY_H

#include <sqlite3.h>

#include "store/store.h"

#define LEDGER "ledger.db"
#define LEDGER_COPY ".bak"
#define LEDGER_DAMAGED ".damaged-"

/* Copies a ledger, which others may read and write meanwhile, to path.  The new copy
 * is read through by SQLite before it takes the place of what is there, so that damage
 * never does.  Error: STORE_ERROR_DAMAGED: the ledger is; else _DISK or _BUSY. */
bool ledger_copy(sqlite3 *from, const char *path, GError **error);

/* Renews the copy of the ledger of s if that is open, has changed since the last one
 * was made, and that is older than a day.  One process or thread at a time; the others
 * go on without.  A failure is a warning.  For after a session, or for a thread that
 * may take its time. */
void ledger_copy_renew(struct store *s);

typedef struct ledger_restored ledger_restored;
/* What ledger_restore() did. */
struct ledger_restored {
	char *aside;  /* where the damaged one is now; NULL: there was none */
	int64_t made; /* when the copy that was put back was made; 0: no copy is whole, a
		       * new ledger was begun */
	int drafts;   /* letters of the outbox that the copy does not know, now in Drafts */
	int held;     /* letters that are to be sent by the copy, and are held now */
};
void ledger_restored_clear(struct ledger_restored *done);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ledger_restored, ledger_restored_clear)

/* Moves the ledger of s aside and puts its copy in place.  What would be done twice
 * by an old ledger is not: letters that wait in its outbox are held, filters begin
 * anew.  Nothing is done, with an error, when the ledger is of a newer version, when
 * another process has it open (STORE_ERROR_BUSY), or when a disk fails; then it may be
 * called again. */
bool ledger_restore(struct store *s, struct ledger_restored *done, GError **error);

#endif
