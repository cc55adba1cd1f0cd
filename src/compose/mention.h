/* SPDX-License-Identifier: MIT
 *
 * Whether a letter speaks of an attachment (CHECKLIST S-76): for who forgot it. */
#ifndef DEWEY_COMPOSE_MENTION_H
#define DEWEY_COMPOSE_MENTION_H

#include "base/base.h"

/* The first word of body, as it stands there, that is one of words
 * (NULL-terminated), without regard to case and to ё; a word that ends with '*'
 * stands for all that begin like it.  Quoted lines, the signature and a letter
 * that is sent on below do not count.  NULL: none.  g_free() it. */
char *mention_find(const char *body, const char *const *words);

#endif
