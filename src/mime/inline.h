/* SPDX-License-Identifier: MIT
 *
 * Files that stand in a text: uuencoded ones, which are decoded, and those in yEnc
 * and BinHex, which are named. */
#ifndef DEWEY_MIME_INLINE_H
#define DEWEY_MIME_INLINE_H

#include "base/base.h"

enum inline_kind { INLINE_UUENCODE, INLINE_YENC, INLINE_BINHEX };

struct inline_file {
	enum inline_kind kind;
	size_t start, end; /* octets of the text: its first line to behind its last one */
	char *name;        /* as it stands there; "" if none */
	bool cut;          /* its end is missing */
};
void inline_file_clear(struct inline_file *f);
typedef struct inline_file inline_file;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(inline_file, inline_file_clear)

/* The first one at from or behind it; false: none.  Linear in what it passes. */
bool inline_next(const char *text, size_t len, size_t from, struct inline_file *f);

/* The octets of a uuencoded file, at most max. */
GByteArray *inline_decode(const char *text, const struct inline_file *f, size_t max);

/* The text with a line for each of them instead, for the reader; NULL: there are none. */
char *inline_named(const char *text);

#endif
