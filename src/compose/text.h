/* SPDX-License-Identifier: MIT
 *
 * The text of a letter as a part of it.  Private to this folder. */
#ifndef DEWEY_COMPOSE_TEXT_H
#define DEWEY_COMPOSE_TEXT_H

#include "compose/draft.h"

/* Appends Content- fields, an empty line and the text, which ends with a line end;
 * saving: as it was typed, whatever the draft wishes.  COMPOSE_ERROR_TEXT. */
bool text_put(GString *out, const struct draft *d, bool saving, GError **error);

#endif
