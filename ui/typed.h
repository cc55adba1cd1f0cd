/* SPDX-License-Identifier: MIT
 *
 * Passwords that a person typed: asked for once, and kept until the server
 * refuses them or dewey ends.  They lie in memory that is not swapped and not in
 * a core file, and are wiped (T-30).  A name says whose a password is: the account
 * and the server, "fetch home".
 *
 * Also what a person declined, once for each name: to give a password, or to trust
 * a key, "key HOST PORT FINGERPRINT". */
#ifndef DEWEY_UI_TYPED_H
#define DEWEY_UI_TYPED_H

#include "base/base.h"

struct typed;

struct typed *typed_new(void);
void typed_free(struct typed *t);

/* Belongs to t; NULL: there is none. */
const char *typed_find(const struct typed *t, const char *name);
/* text NULL: the person did not want to give one, or was asked about a key. */
void typed_keep(struct typed *t, const char *name, const char *text);
/* It was refused.  Nothing happens if there is none. */
void typed_forget(struct typed *t, const char *name);
/* Whether the last time a person was asked nothing was given: who is not there, or
 * does not want to, is not asked again by what goes on by itself. */
bool typed_is_declined(const struct typed *t, const char *name);

#endif
