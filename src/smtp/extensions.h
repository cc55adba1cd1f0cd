/* SPDX-License-Identifier: MIT
 *
 * What a server offers: the lines of its answer to EHLO, by extensions.def. */
#ifndef DEWEY_SMTP_EXTENSIONS_H
#define DEWEY_SMTP_EXTENSIONS_H

#include "base/base.h"

struct extensions {
#define EXTENSION(member, keyword, arguments) bool member;
#include "smtp/extensions.def"
#undef EXTENSION
	int64_t size_limit; /* octets; 0: none known */
	char *mechanisms;   /* of AUTH, separated by blanks; NULL: no AUTH */
	/* How long a letter may be held, in seconds, and until when, in seconds since
	 * 1970; 0: not at all. */
	int64_t hold_interval, hold_until;
	/* In one transaction, and letters in one session; 0: no limit is known. */
	guint recipients_max, domains_max, letters_max;
};

/* One line without its code, the first one ("domain greeting") not among them.
 * What cannot be understood is as if it were not there. */
void extensions_take(struct extensions *x, const char *line);
void extensions_clear(struct extensions *x); /* nothing is offered */

#endif
