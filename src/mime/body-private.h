/* SPDX-License-Identifier: MIT
 *
 * Between the files that read the body of a letter.  Nobody else includes this. */
#ifndef DEWEY_MIME_BODY_PRIVATE_H
#define DEWEY_MIME_BODY_PRIVATE_H

#include "mime/armour.h"
#include "mime/text.h"

/* A block of what was appended at start; NULL: that is nothing. */
struct mime_block *body_add_block(struct body *b, enum mime_block_kind kind,
	GMimeObject *object, size_t start);

/* Armour in the text of a part, the how many-eth of it; NULL: there are too many. */
struct mime_crypt *body_add_armour(
	struct body *b, GMimeObject *object, const struct armour *a, guint number);

/* The events of a part, as cards; false: there is none, it is to be read as text. */
bool body_read_calendar(struct body *b, struct letter *l, GMimeObject *object);
/* The cards of persons in a part of this type, also of one that is attached, likewise. */
bool body_read_contact(struct body *b, struct letter *l, GMimeObject *object, const char *type);

#endif
