/* SPDX-License-Identifier: MIT
 *
 * Maildir flags as bits.  In a file name they are letters behind ":2,". */
#ifndef DEWEY_STORE_FLAGS_H
#define DEWEY_STORE_FLAGS_H

#include "base/base.h"

enum message_flag {
	FLAG_DRAFT = 1 << 0,   /* D */
	FLAG_FLAGGED = 1 << 1, /* F */
	FLAG_PASSED = 1 << 2,  /* P: forwarded or resent */
	FLAG_REPLIED = 1 << 3, /* R */
	FLAG_SEEN = 1 << 4,    /* S */
	FLAG_TRASHED = 1 << 5, /* T */
	FLAG_ALL = (1 << 6) - 1,
};

/* "FS" → bits.  Letters that are not ours are skipped; they stay in the file
 * name because maildir_rename() keeps them (CHECKLIST X-05). */
unsigned flags_from_letters(const char *letters);
/* bits → letters in ASCII order; out must hold 7 octets. */
void flags_to_letters(unsigned flags, char out[7]);

#endif
