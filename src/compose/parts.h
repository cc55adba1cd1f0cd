/* SPDX-License-Identifier: MIT
 *
 * A letter of several parts.  Private to this folder. */
#ifndef DEWEY_COMPOSE_PARTS_H
#define DEWEY_COMPOSE_PARTS_H

#include "compose/draft.h"
#include "compose/pieces.h"

/* Whether there is more than the text. */
bool parts_needed(const struct draft *d);

/* Content-Type of the whole, an empty line, and the parts.  Errors: those of
 * text_put(); COMPOSE_ERROR_ATTACHMENT. */
bool parts_put(struct pieces *to, const struct draft *d, GError **error);

#endif
