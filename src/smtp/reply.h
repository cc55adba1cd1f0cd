/* SPDX-License-Identifier: MIT
 *
 * One reply of an SMTP server, RFC 5321 section 4.2: lines "250-text" up to a
 * last "250 text".  Nothing here touches the network. */
#ifndef DEWEY_SMTP_REPLY_H
#define DEWEY_SMTP_REPLY_H

#include "base/base.h"

/* More of either is no reply but a flood (CHECKLIST S-02). */
#define REPLY_LINES_MAX 100
#define REPLY_OCTETS_MAX (64 * 1024)

struct reply {
	int code;          /* 200 … 599; 0: none yet */
	char enhanced[12]; /* "5.1.1" (RFC 2034), or "" */
	GPtrArray *lines;  /* of char *: the text of each line, as it came */
	size_t octets;
};

void reply_init(struct reply *r);
void reply_clear(struct reply *r); /* ready for the next */
void reply_release(struct reply *r);

/* Takes one line without its end; *more: another must follow.  Error:
 * CODE_PROTOCOL (no three digits, another code than before, a flood). */
bool reply_add(struct reply *r, const char *line, size_t len, bool *more, GError **error);

/* "550 5.1.1 no such user", lines joined by blanks, sanitized and clipped: for
 * people.  g_free() it. */
char *reply_text(const struct reply *r);

#endif
