/* SPDX-License-Identifier: MIT
 *
 * The table correspondent: who wrote, and who was written to by name.  What a
 * transaction sees is added up here and stands in the table after its commit. */
#ifndef DEWEY_STORE_CORRESPONDENTS_H
#define DEWEY_STORE_CORRESPONDENTS_H

#include "store/index.h"

struct correspondents;
typedef struct correspondents correspondents;

struct correspondents *correspondents_new(void);
void correspondents_free(struct correspondents *c);

/* Who a letter names, and how.  An empty name leaves the one that is known. */
struct correspondent {
	const char *address, *name;
	bool wrote;   /* it is from this one */
	bool written; /* it lies in Sent, and went to this one */
};
/* One letter more. */
void correspondents_note(struct correspondents *c, const struct correspondent *who);
void correspondents_forget(struct correspondents *c);
bool correspondents_write(struct correspondents *c, struct index *ix, GError **error);

/* Those whose address, its domain, or a word of whose name begins with text, at most
 * count, those of most letters first: GPtrArray of char *, "Name <address>" or the
 * address alone. */
GPtrArray *correspondents_find(struct index *ix, const char *text, guint count, GError **error);

/* What is known of who wrote a letter, that letter included. */
struct acquaintance {
	int64_t wrote, written; /* letters from this address, and to it */
	char *other;  /* of a stranger (one letter, none to it): another address that is known by
		       * this name; NULL: none */
	char *alike;  /* likewise, a known domain that this one can be taken for; NULL: none */
};
void acquaintance_clear(struct acquaintance *a);

/* Of a stranger the whole table is read: on a thread. */
bool correspondents_know(struct index *ix, const char *address, const char *name,
	struct acquaintance *out, GError **error);

#endif
