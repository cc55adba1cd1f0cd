/* SPDX-License-Identifier: MIT
 *
 * The one maildrop of the practice server: letters in memory, gone when it
 * ends.  Safe to use from the threads of several connections. */
#ifndef DEWEY_DEMO_MAILDROP_H
#define DEWEY_DEMO_MAILDROP_H

#include "base/base.h"

/* A letter never changes; whoever holds a reference may read it. */
struct letter {
	grefcount refs;
	guint uid;
	char *text; /* CRLF line ends, the last line has one */
	size_t len;
};
struct letter *letter_ref(struct letter *l);
void letter_unref(struct letter *l);

struct maildrop;
struct maildrop *maildrop_new(void); /* the end of the process frees it */

/* Adds the sample letters, with "Date: @-3h@" made into a date three hours
 * ago, so that the list always looks like this week's. */
bool maildrop_add_samples(struct maildrop *m, GError **error);

/* Adds a letter; bare line feeds become CRLF. */
void maildrop_add(struct maildrop *m, const char *text, size_t len);

/* All letters (of struct letter, referenced), for one POP3 session; NULL while
 * another session has them.  maildrop_unlock() ends that. */
GPtrArray *maildrop_lock(struct maildrop *m);
void maildrop_unlock(struct maildrop *m);
void maildrop_remove(struct maildrop *m, guint uid);

/* "Sat, 21 Nov 2026 13:40:00 +0000", seconds ago before now; g_free() it. */
char *maildrop_date(gint64 seconds_ago);

#endif
