/* SPDX-License-Identifier: MIT
 *
 * Where a letter lies: a file of the store, or a part of the letter there, or a
 * part of that … */
#ifndef DEWEY_UI_LETTER_AT_H
#define DEWEY_UI_LETTER_AT_H

#include "ui/ui.h"

struct letter_at {
	char *folder, *file;
	char *title;    /* its subject */
	bool partial;   /* only a preview is here */
	GPtrArray *within; /* of char *: paths of parts, the outermost first */
};

struct letter_at *letter_at_row(const struct message_row *row);
/* The letter in the part of this path; title: its own. */
struct letter_at *letter_at_part(const struct letter_at *outer, const char *path,
	const char *title);
struct letter_at *letter_at_copy(const struct letter_at *at);
void letter_at_free(struct letter_at *at);
typedef struct letter_at letter_at;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(letter_at, letter_at_free)

/* Its octets, for a job: a descriptor of a regular file; -1: error. */
int letter_at_open(struct room *room, const struct letter_at *at, GError **error);

#endif
