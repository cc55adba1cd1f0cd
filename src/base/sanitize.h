/* SPDX-License-Identifier: MIT
 *
 * The one gate between foreign bytes and the terminal (CHECKLIST M-40).  Every
 * string that came from a server, a message or a file name passes here, after
 * all decoding, before it is shown, logged, put in a title or printed. */
#ifndef DEWEY_BASE_SANITIZE_H
#define DEWEY_BASE_SANITIZE_H

#include "base/base.h"

/* For names, addresses, subjects, file names, server replies: one line.
 * C0 with TAB and LF, DEL and C1 become visible symbols (U+2400 block, C1 as
 * U+FFFD), line and paragraph separators too; bidi controls become a visible
 * tag like "‹202E›"; zero-width, tag and filler characters are removed; more
 * than 8 combining marks on one base are cut.  Invalid UTF-8 becomes U+FFFD.
 * len: octets, or -1 for a NUL-terminated string; NUL octets inside are shown.
 * Returns valid UTF-8, to be freed with g_free(). */
char *sanitize_line(const char *text, gssize len);

/* For bodies: as above, but LF and TAB stay, CR before LF goes, and bidi
 * embeddings and isolates stay and are closed at the end of each line, so that
 * Hebrew and Arabic read well and cannot reach beyond their line. */
char *sanitize_body(const char *text, gssize len);

/* The same; n places in text (octets, rising, none in the middle of a character)
 * become the places in what is returned that what stood there is at. */
char *sanitize_body_at(const char *text, gssize len, guint *places, guint n);

/* "server says: …": sanitized and clipped to 200 columns (P-37). */
char *sanitize_server_text(const char *text, gssize len);

/* Whether text could be shown as it is, as a line.  For asserts and tests. */
bool sanitize_is_clean(const char *text);

#endif
