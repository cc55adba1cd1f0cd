/* SPDX-License-Identifier: MIT
 *
 * The guard in front of GMime: it reads the octets of a letter once and edits
 * the view of them (source.h) so that no letter can make the parser crash or
 * eat memory (CHECKLIST M-01, M-03, M-06).  It knows nothing of MIME: what is
 * cut are paragraphs and lines, a superset of headers and boundaries, and only
 * while the structure is parsed, so bodies come through unharmed. */
#ifndef DEWEY_MIME_LIMITS_H
#define DEWEY_MIME_LIMITS_H

#include "mime/source.h"

enum {
	LIMIT_PARTS = 2000,
	LIMIT_DEPTH = 100,
	LIMIT_HEADER_BLOCK = 1024 * 1024,
	LIMIT_FIELDS = 5000,
	LIMIT_ADDRESS_HEADER = 64 * 1024,
	LIMIT_COLONS = 64,     /* of an address header, outside of quotes: nested groups */
	LIMIT_ALL_COLONS = 1000, /* … and at all: the guard and GMime may differ on quotes */
	LIMIT_BOUNDARY = 1000, /* octets */
	LIMIT_BOUNDARIES = 20000, /* lines beginning with "--" */
	LIMIT_TEXT = 4 * 1024 * 1024, /* of text, and of words, for one letter */
	LIMIT_HTML_DEPTH = 512,
};

struct limits {
	int64_t start;    /* of the letter: behind an mbox line or a BOM */
	bool truncated;   /* a limit was reached in the header, or by the boundaries */
};

/* The first letter of an address header that is not parsed is shown as this;
 * limits_field_name() gives the true name back. */
#define LIMITS_OPAQUE '!'

bool limits_guard(struct source *s, struct limits *result, GError **error);

/* "!o" is "To"; other names are returned as they are. */
const char *limits_field_name(const char *name);

#endif
