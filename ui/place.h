/* SPDX-License-Identifier: MIT
 *
 * A directory of our own (0700, below $XDG_RUNTIME_DIR or the directory for
 * temporary files) for parts that other programs show.  It is removed at the end;
 * what a dewey left that was killed, the next one sweeps (CHECKLIST M-54). */
#ifndef DEWEY_UI_PLACE_H
#define DEWEY_UI_PLACE_H

#include "base/base.h"

struct place;
typedef struct place place;

/* NULL: it cannot be made; G_FILE_ERROR. */
struct place *place_new(GError **error);
/* Removes it with all that is in it. */
void place_free(struct place *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(place, place_free)

/* A new file "part-N" with this ending (".pdf", from a table of types; else it is
 * left out), 0600: its descriptor; -1: error.  *path: its absolute name, whose last
 * piece has letters, digits, '-' and '.' only; g_free() it. */
int place_file(struct place *p, const char *ending, char **path, GError **error);

/* Removes the directories of those who are not there any more. */
void place_sweep(void);

#endif
