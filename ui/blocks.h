/* SPDX-License-Identifier: MIT
 *
 * The body of a letter: one block after the other, each kind drawn by a function of
 * its own (the table is in blocks.c). */
#ifndef DEWEY_UI_BLOCKS_H
#define DEWEY_UI_BLOCKS_H

#include "ui/crypt-verdict.h"
#include "ui/layout.h"

struct block_page {
	GPtrArray *lines; /* of struct text_line: blocks add theirs */
	const struct mime_message *mime;
	int width;
	enum layout_fold fold;
	const struct crypt_verdict *crypt; /* NULL: nothing is signed or encrypted */
	const char *decrypt; /* the key that asks for a passphrase */
};

/* Adds the lines of one block; the empty line behind it is not its own. */
typedef void block_draw(struct block_page *page, const struct mime_block *b);

block_draw block_text, block_forwarded, block_encrypted;
block_draw block_invitation;
block_draw block_patch, block_contact;

/* Lines from first on lose the look of the letter's own header (M-44). */
void block_set_off(struct block_page *page, guint first);

/* All of them. */
void blocks_layout(struct block_page *page);

#endif
