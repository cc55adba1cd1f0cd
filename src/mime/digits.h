/* SPDX-License-Identifier: MIT
 *
 * Numbers where there are ten thousands of them, and printf() is most of the time. */
#ifndef DEWEY_MIME_DIGITS_H
#define DEWEY_MIME_DIGITS_H

#include "base/base.h"

/* Appends it in decimal digits. */
static inline void put_digits(GString *out, guint64 n)
{
	char digits[24];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	g_string_append_len(out, digits + at, (gssize)(sizeof digits - at));
}

#endif
