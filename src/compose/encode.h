/* SPDX-License-Identifier: MIT
 *
 * Content-Transfer-Encoding: what octets need one, and how they look in it
 * (RFC 2045 section 6).  Private to this folder. */
#ifndef DEWEY_COMPOSE_ENCODE_H
#define DEWEY_COMPOSE_ENCODE_H

#include "base/base.h"

enum coding { CODING_7BIT, CODING_8BIT, CODING_QUOTED, CODING_BASE64 };
const char *coding_name(enum coding c); /* "quoted-printable" */

/* What decides how octets may travel; begins as {0} and takes them in pieces. */
struct shape {
	uint64_t len;
	uint64_t high;    /* octets above 127 */
	uint64_t escaped; /* octets that quoted-printable writes as three */
	uint64_t longest; /* line, without its end */
	uint64_t line;    /* so far */
	bool odd;         /* NUL, or CR without LF */
	bool from;        /* a line begins with "From ", as letters in an mbox do */
	bool not_utf8;
	bool returns;    /* a CR, wherever */
	bool blanks;     /* a line ends with a blank */
	bool cr;         /* the last octet was one */
	bool blank;      /* or one of those */
	bool in_from;    /* all of the line so far is of "From " */
	unsigned need;   /* octets of a character that has begun */
	guchar low, top; /* what the next one of them may be */
};
void shape_feed(struct shape *m, const void *data, size_t len);
void shape_end(struct shape *m); /* behind the last octet */

/* The shortest in which it passes every server: 7bit if it can. */
enum coding shape_coding(const struct shape *m);
/* The same for a text file, of which every octet comes back: 7bit, quoted-printable, or
 * base64 where there is a CR or a line of more than 998 octets. */
enum coding shape_file_coding(const struct shape *m);
bool shape_is_letter(const struct shape *m); /* may stand in message/rfc822 */

/* Lines of at most 76 columns; no line end of text is lost or made.  Blanks at line
 * ends, "From " and a single dot are written so that nobody changes them. */
void encode_quoted(GString *out, const char *text, size_t len);

/* Lines of 76 columns, each with LF, into out, which has room for
 * BASE64_LENGTH(len); returns how many octets they are.  A text in parts: all of
 * them but the last a multiple of BASE64_LINE. */
enum { BASE64_LINE = 57 };
#define BASE64_LENGTH(len) (((len) + BASE64_LINE - 1) / BASE64_LINE * 77)
size_t encode_base64(char *out, const void *data, size_t len);

#endif
