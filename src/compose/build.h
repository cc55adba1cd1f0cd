/* SPDX-License-Identifier: MIT
 *
 * A letter in two, for what is signed or encrypted.  Private to this folder. */
#ifndef DEWEY_COMPOSE_BUILD_H
#define DEWEY_COMPOSE_BUILD_H

#include "compose/draft.h"

/* As draft_build(), but the header fields go to fields, without MIME-Version, and the
 * letter writes only the part below: its Content- fields, an empty line, its octets,
 * which are written so that nobody on the way changes them (RFC 3156 section 5). */
struct built_letter *build_apart(const struct draft *d, GString *fields, GError **error);

#endif
