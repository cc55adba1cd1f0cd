/* SPDX-License-Identifier: MIT
 *
 * A message on its way to the wire, in pieces of any size: every line end
 * becomes CRLF (CHECKLIST S-70), Bcc and Resent-Bcc are left out (S-62), leading
 * dots are doubled (S-71).  The order matters: a lone CR may begin a Bcc. */
#ifndef DEWEY_SMTP_CONTENT_H
#define DEWEY_SMTP_CONTENT_H

#include "base/base.h"

struct content_filter {
	GString *out; /* borrowed; the caller empties it */

	/* What has gone by, after the filter: */
	int64_t octets; /* CRLF counted as two, doubled dots as one (RFC 1870) */
	size_t longest; /* octets of the longest line, without its end */
	bool high;      /* there are octets above 127 */
	bool nul;       /* there are NULs: this must not be sent */

	/* private */
	bool after_cr, in_body, in_name, skip;
	size_t column;
	char name[64]; /* blanks may stand before the colon */
	size_t name_len;
};

void content_init(struct content_filter *f, GString *out);
void content_feed(struct content_filter *f, const char *data, size_t len);
/* Ends the last line if it has no end.  The final dot is the protocol's. */
void content_end(struct content_filter *f);

/* Runs all of data through a filter and keeps only what it counted. */
void content_measure(struct content_filter *f, const char *data, size_t len);

#endif
