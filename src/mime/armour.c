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

static const char *const begins[] = {
	[ARMOUR_MESSAGE] = "-----BEGIN PGP MESSAGE-----",
	[ARMOUR_SIGNED] = "-----BEGIN PGP SIGNED MESSAGE-----",
	[ARMOUR_KEYS] = "-----BEGIN PGP PUBLIC KEY BLOCK-----",
};

/* The kind that begins with this line; -1: none. */
static int kind_of(const char *line, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
		if (is_line(line, len, begins[i]))
			return (int)i;
	return -1;
}

static size_t find_end(const char *text, size_t len, size_t from, enum armour_kind kind)
{
	if (kind == ARMOUR_MESSAGE)
		return find_line(text, len, from, "-----END PGP MESSAGE-----");
	if (kind == ARMOUR_KEYS)
		return find_line(text, len, from, "-----END PGP PUBLIC KEY BLOCK-----");
	size_t signature = find_line(text, len, from, "-----BEGIN PGP SIGNATURE-----");
	return signature ? find_line(text, len, signature, "-----END PGP SIGNATURE-----") : 0;
}

bool armour_next(const char *text, size_t len, size_t from, struct armour *found)
{
	while (from < len) {
		size_t end = line_end(text, len, from);
		int kind = kind_of(text + from, end - from);
		size_t whole = kind < 0 ? 0 : find_end(text, len, end, (enum armour_kind)kind);
		if (whole) {
			*found = (struct armour){(enum armour_kind)kind, from, whole};
			return true;
		}
		from = end;
	}
	return false;
}
