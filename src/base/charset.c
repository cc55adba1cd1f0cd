/* SPDX-License-Identifier: MIT */
#include "base/charset.h"

#include <string.h>

static const char *const known[] = {"koi8-r", "koi8-u", "windows-1250", "windows-1251",
	"windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
	"windows-1257", "windows-1258", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4",
	"iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-10",
	"iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16", NULL};

const char *charset_find(const char *word)
{
	for (const char *const *name = known; *name; name++)
		if (g_ascii_strcasecmp(*name, word) == 0)
			return *name;
	return NULL;
}

bool charset_is_name(const char *word)
{
	return charset_find(word) || g_ascii_strcasecmp(word, "utf-8") == 0 ||
	       g_ascii_strcasecmp(word, "us-ascii") == 0;
}

/* Some conversions take a near character where there is no equal one: what comes
 * back must be what went. */
static char *convert_exactly(const char *text, size_t len, const char *charset)
{
	gsize octets, back;
	g_autofree char *to = g_convert(text, (gssize)len, charset, "utf-8", NULL, &octets, NULL);
	g_autofree char *from =
		to ? g_convert(to, (gssize)octets, "utf-8", charset, NULL, &back, NULL) : NULL;
	if (!from || back != len || memcmp(from, text, len) != 0)
		return NULL;
	return g_steal_pointer(&to);
}

const char *charset_convert(const char *text, size_t len, const char *names, char **octets)
{
	*octets = NULL;
	g_auto(GStrv) words = g_strsplit_set(names ? names : "", " \t", -1);
	for (char **word = words; *word; word++) {
		const char *charset = charset_find(*word);
		if (g_ascii_strcasecmp(*word, "utf-8") == 0)
			break;
		*octets = charset ? convert_exactly(text, len, charset) : NULL;
		if (*octets)
			return charset;
	}
	return NULL;
}
