/* SPDX-License-Identifier: MIT
 *
 * The multi-line reply as a machine that is fed octets in pieces of any size
 * (RFC 1939 section 3; CHECKLIST P-41 to P-43): dots are un-stuffed, CRLF
 * becomes LF, everything else stays.  It ends at CRLF "." CRLF and at nothing
 * else; a session whose greeting ended in a bare LF ends at LF "." LF. */
#ifndef DEWEY_POP3_BODY_H
#define DEWEY_POP3_BODY_H

#include "base/base.h"

enum body_state { BODY_LINE, BODY_DOT, BODY_DOT_CR, BODY_TEXT, BODY_CR, BODY_END };

struct body {
	enum body_state state;
	bool lf_mode;
};

void body_init(struct body *b, bool lf_mode);

/* Takes octets from in until the end; returns how many.  out must hold len + 1
 * octets and gets *out_len.  b->state is BODY_END afterwards or more is due. */
size_t body_feed(struct body *b, const char *in, size_t len, char *out, size_t *out_len);

#endif
