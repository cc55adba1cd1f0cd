/* SPDX-License-Identifier: MIT
 *
 * The edge beside what is signed or encrypted in a letter of which not all is
 * (CHECKLIST M-71).  Where there is one, no line of the letter reaches the first two
 * columns, so that a text cannot draw an edge of its own. */
#ifndef DEWEY_UI_CRYPT_FRAME_H
#define DEWEY_UI_CRYPT_FRAME_H

#include "ui/crypt-verdict.h"
#include "ui/layout.h"

struct crypt_frame {
	const struct crypt_verdict *verdict; /* NULL: no edge */
	GPtrArray *lines;
	int width;     /* of the page */
	const struct crypt_find *find; /* inside of which the last block was */
	guint from;    /* the first line without an edge */
};

/* The columns that are left for blocks. */
int crypt_frame_begin(struct crypt_frame *f, const struct crypt_verdict *v, GPtrArray *lines,
	int width);
/* Before each block, with its path; and behind the last. */
void crypt_frame_enter(struct crypt_frame *f, const char *path);
void crypt_frame_end(struct crypt_frame *f);

#endif
