/* SPDX-License-Identifier: MIT
 *
 * Which key is which command where: keys-mutt.def, with [keys …] of the
 * dotfile on top. */
#ifndef DEWEY_UI_KEYMAP_H
#define DEWEY_UI_KEYMAP_H

#include "config/dotfile.h"
#include "ui/key.h"
#include "ui/view.h"

struct keymap;

/* Every mistake of [keys …] is appended to mistakes (of char *). */
struct keymap *keymap_new(const struct dotfile *d, GPtrArray *mistakes);
void keymap_free(struct keymap *k);

/* The command line of a key ("move Archive"), or NULL. */
const char *keymap_command(const struct keymap *k, enum context context, key_code key);

/* "d, <Delete>": the keys of a command in a context; NULL: none. */
char *keymap_keys(const struct keymap *k, unsigned contexts, const char *command);
/* The shortest of them, for hints; NULL: none. */
char *keymap_short_key(const struct keymap *k, enum context context, const char *command);

#endif
