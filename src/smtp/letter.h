/* SPDX-License-Identifier: MIT
 *
 * A finished letter that some other program hands in: what a sendmail has to
 * know of it, by lines and field names; nothing of it is rewritten. */
#ifndef DEWEY_SMTP_LETTER_H
#define DEWEY_SMTP_LETTER_H

#include "base/base.h"

struct letter {
	GString *text; /* LF line ends */
	gsize header;  /* octets of the header, before the empty line */
};

/* Reads fd to its end, or, if dot, to a line of a single dot.  CRLF becomes LF,
 * an mbox "From " line is dropped, a header that ends without an empty line
 * gets one.  Error: CODE_DATA (NUL), G_FILE_ERROR. */
struct letter *letter_read(int fd, bool dot, GError **error);
void letter_free(struct letter *l);
typedef struct letter letter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(letter, letter_free)

/* The first field of this name, unfolded, without blanks around it; NULL: there
 * is none.  g_free() it. */
char *letter_field(const struct letter *l, const char *name);

/* The addresses in To, Cc and Bcc, or, if there are Resent fields, in those of
 * the newest block alone (CHECKLIST S-63): char *, owned by the array.  Error:
 * COMPOSE_ERROR_ADDRESS. */
GPtrArray *letter_recipients(const struct letter *l, GError **error);

/* Puts a field on top. */
void letter_add(struct letter *l, const char *name, const char *value);

#endif
