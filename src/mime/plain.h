/* SPDX-License-Identifier: MIT
 *
 * What nearly all headers look like, read without GMime: where these say true,
 * they give what letter_addresses_whole() and letter_date_whole() give, at a
 * tenth of the cost.  False: it is not so plain, and nothing was changed. */
#ifndef DEWEY_MIME_PLAIN_H
#define DEWEY_MIME_PLAIN_H

#include "mime/charset.h"

/* "Ivan Petrov <ivan@example.org>, =?utf-8?B?…?= <a@b>, c@d": words of letters
 * and digits, or encoded words, and an address of dots and atoms.  found gets
 * name and address, in turn, as they are before sanitizing. */
bool plain_addresses(struct charsets *c, const char *raw, GPtrArray *found);

/* "[Sat, ]30 Jan 2021 13:02:56 -0800", nothing else; seconds. */
bool plain_date(const char *raw, int64_t *date);

#endif
