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

/* One letter more.  An empty name leaves the one that is known. */
void correspondents_note(struct correspondents *c, const char *address, const char *name);
void correspondents_forget(struct correspondents *c);
bool correspondents_write(struct correspondents *c, struct index *ix, GError **error);

/* Those whose address, its domain, or a word of whose name begins with text, at most
 * count, those of most letters first: GPtrArray of char *, "Name <address>" or the
 * address alone. */
GPtrArray *correspondents_find(struct index *ix, const char *text, guint count, GError **error);

#endif
