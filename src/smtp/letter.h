/* SPDX-License-Identifier: MIT
 *
 * A finished letter that some other program hands in: what a sendmail has to
 * know of it, by lines and field names.  Its header is in memory, its body goes
 * from descriptor to descriptor, once. */
#ifndef DEWEY_SMTP_LETTER_H
#define DEWEY_SMTP_LETTER_H

#include "compose/address.h"
#include "smtp/input.h"

/* No program writes such a header; what has one is no letter. */
#define LETTER_HEADER_MAX (1024 * 1024)

struct letter {
	GString *header;     /* LF, each field whole; without the empty line */
	struct input *input; /* borrowed; what is left of it is the body */
	bool empty;          /* nothing came at all */
};

/* Reads in up to the body.  An mbox "From " line is dropped.  Error: as
 * input_more(), or CODE_DATA: the header is longer than LETTER_HEADER_MAX. */
struct letter *letter_begin(struct input *in, GError **error);
void letter_free(struct letter *l);
typedef struct letter letter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(letter, letter_free)

/* The header, an empty line and the body, as it comes, into fd; once.  Error:
 * as input_copy(). */
bool letter_write(struct letter *l, int fd, GError **error);

/* The first field of this name, unfolded, without blanks around it; NULL: there
 * is none.  g_free() it. */
char *letter_field(const struct letter *l, const char *name);

/* The addresses in To, Cc and Bcc, or, if there are Resent fields, in those of
 * the newest block alone (CHECKLIST S-63): char *, owned by the array.  here
 * (NULL: nobody) is asked about names without a domain.  Error:
 * COMPOSE_ERROR_ADDRESS. */
GPtrArray *letter_recipients(
	const struct letter *l, const struct address_here *here, GError **error);

/* The header of the letter in fd, which stays where it stands; what is there of it,
 * where it cannot be read or is too long.  To be made the header of a struct letter
 * that has nothing else. */
GString *letter_header_of(int fd);

/* The first address in the fields of people that cannot be written in ASCII, for what
 * stands before its @ (CHECKLIST S-15), and is none of except; NULL: there is none.
 * g_free() it. */
char *letter_utf8_address(const struct letter *l, const GPtrArray *except);

/* Puts a field on top, in the place of those of this name that are empty. */
void letter_add(struct letter *l, const char *name, const char *value);

/* Names without a domain in the fields of who writes and who reads become
 * addresses, as RFC 6409 section 8 lets a submission agent; a field in which there
 * is none, or that cannot be understood, stays as it is. */
void letter_qualify(struct letter *l, const struct address_here *here);

#endif
