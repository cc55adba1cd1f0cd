/* SPDX-License-Identifier: MIT
 *
 * Letters that are being written: each has a directory below .dewey/desk, which
 * belongs to the process that writes it while it lives.  What a process that
 * ended in between leaves there can be taken over (dewey-store(5)).
 *
 * Saving and removing block on the disk, and may come from different threads. */
#ifndef DEWEY_STORE_DESK_H
#define DEWEY_STORE_DESK_H

#include "store/store.h"

struct desk;
typedef struct desk desk;

/* The files of a desk, for desk_path(). */
#define DESK_LETTER "letter"     /* the draft as it was saved last */
#define DESK_TEXT "text"         /* what the editor has; newer than the letter */
#define DESK_REPLACES "replaces" /* what goes when this letter is sent or kept */

#define DESK_SENDS "sends"       /* the Message-ID that it is being handed in with */

/* A new one, empty, ours. */
struct desk *desk_new(const struct store *s, GError **error);

/* One that nobody has any more and that holds a letter or a text; it is ours
 * then.  NULL without error: there is none. */
struct desk *desk_take_left(const struct store *s, GError **error);

struct desk *desk_ref(struct desk *d); /* from any thread */
/* With the last one the desk is left as it is, for whoever takes it. */
void desk_unref(struct desk *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(desk, desk_unref)

/* The name of one of its files, there or not; g_free() it. */
char *desk_path(const struct desk *d, const char *file);

/* The name for a new file that is called so ("report.pdf", no slash), in a directory
 * of its own; g_free() it.  NULL: error. */
char *desk_file(struct desk *d, const char *name, GError **error);

/* Whether path lies on this desk, and goes with it. */
bool desk_holds(const struct desk *d, const char *path);

/* Durable when it returns.  Nothing happens once the desk was removed. */
bool desk_save(struct desk *d, const char *file, const void *data, size_t len, GError **error);

/* The directory goes, with all that is in it. */
void desk_remove(struct desk *d);

#endif
