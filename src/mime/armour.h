/* SPDX-License-Identifier: MIT
 *
 * Armour of OpenPGP within a text (RFC 9580 sections 6.2 and 7). */
#ifndef DEWEY_MIME_ARMOUR_H
#define DEWEY_MIME_ARMOUR_H

#include "base/base.h"

enum armour_kind {
	ARMOUR_MESSAGE, /* encrypted, as a rule */
	ARMOUR_SIGNED,  /* text with its signature */
	ARMOUR_KEYS,    /* public ones */
};

struct armour {
	enum armour_kind kind;
	size_t start, end; /* octets, whole lines */
};

/* The next one at or behind from, which is at the beginning of a line; text need not
 * end with a NUL.  False: there is none that has an end. */
bool armour_next(const char *text, size_t len, size_t from, struct armour *found);

#endif
