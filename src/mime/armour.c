/* SPDX-License-Identifier: MIT */
#include "mime/armour.h"

#include <string.h>

static size_t line_end(const char *text, size_t len, size_t at)
{
	const char *lf = memchr(text + at, '\n', len - at);
	return lf ? (size_t)(lf + 1 - text) : len;
}

/* Mailers leave spaces behind; anything else is another line. */
static bool is_line(const char *text, size_t len, const char *wanted)
{
	size_t n = strlen(wanted);
	if (len < n || memcmp(text, wanted, n) != 0)
		return false;
	while (n < len && strchr(" \t\r\n", text[n]) && text[n])
		n++;
	return n == len;
}

/* Behind the line wanted, at or behind from; 0: there is none. */
static size_t find_line(const char *text, size_t len, size_t from, const char *wanted)
{
	while (from < len) {
		size_t end = line_end(text, len, from);
		if (is_line(text + from, end - from, wanted))
			return end;
		from = end;
	}
	return 0;
}

static size_t find_end(const char *text, size_t len, size_t from, bool encrypted)
{
	if (encrypted)
		return find_line(text, len, from, "-----END PGP MESSAGE-----");
	size_t signature = find_line(text, len, from, "-----BEGIN PGP SIGNATURE-----");
	return signature ? find_line(text, len, signature, "-----END PGP SIGNATURE-----") : 0;
}

bool armour_next(const char *text, size_t len, size_t from, struct armour *found)
{
	while (from < len) {
		size_t end = line_end(text, len, from), whole = 0;
		bool encrypted = is_line(text + from, end - from, "-----BEGIN PGP MESSAGE-----");
		if (encrypted ||
			is_line(text + from, end - from, "-----BEGIN PGP SIGNED MESSAGE-----"))
			whole = find_end(text, len, end, encrypted);
		if (whole) {
			*found = (struct armour){encrypted, from, whole};
			return true;
		}
		from = end;
	}
	return false;
}
