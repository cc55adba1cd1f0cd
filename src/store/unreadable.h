/* SPDX-License-Identifier: MIT
 *
 * Letters over which dewey-mime ended: kept in the ledger, so that one that did so again
 * and again is not read by itself any more, by this run or a later one (B-07).  What
 * another version of dewey stumbled over counts no more.  A ledger that cannot be had
 * knows of none. */
#ifndef DEWEY_STORE_UNREADABLE_H
#define DEWEY_STORE_UNREADABLE_H

#include "store/store.h"

/* So often it may: once may be the machine's fault, that had no memory or no time. */
enum { UNREADABLE_TIMES = 2 };

/* Notes that reading file (its name in the Maildir) failed so, if it is the worker that
 * ended; whether it is. */
bool unreadable_note(struct store *s, const char *file, const GError *why);

/* Why it is not to be read by itself; NULL: it may be.  g_free() it. */
char *unreadable_why(struct store *s, const char *file);

/* It was read, or is to be tried again. */
void unreadable_forget(struct store *s, const char *file);

/* The base names of those that are not to be read by themselves: a set of char *. */
GHashTable *unreadable_load(struct store *s);

#endif
