/* SPDX-License-Identifier: MIT
 *
 * A Trash that empties itself.  The ledger knows since when a letter lies there that
 * dewey put there.  What another program put there is never counted, so it stays until
 * somebody removes it: since when it is there is not to be seen on the file. */
#ifndef DEWEY_STORE_TRASH_H
#define DEWEY_STORE_TRASH_H

#include "store/ledger.h"

/* What came to Trash, and what left it: base names, of char *.  Zeros: nothing. */
struct trash_change {
	GPtrArray *in, *out;
};
void trash_change_clear(struct trash_change *c);

/* A letter went from one folder to another, where its file is called file; to NULL: it
 * is gone.  Folders other than Trash are passed over. */
struct trash_way {
	const char *from, *to, *base, *file;
};
void trash_change_note(struct trash_change *c, const struct trash_way *way);

/* Keeps it, without waiting for the disk: what a power failure takes back is a letter
 * that stays in Trash. */
bool trash_change_write(struct ledger *l, const struct trash_change *c, GError **error);

/* Removes for good what has been lying in Trash for so many days (one or more), with
 * an index that was just brought up to the files.  It looks once an hour at most; and
 * after more than a month without a look, or when the clock was set back, a look removes
 * nothing, because the clock may be wrong.  removed: how many letters.  Asks
 * store_going() between groups of them; what is left then is for the next look. */
bool trash_empty(struct store *s, int days, int64_t *removed, GError **error);

#endif
