/* SPDX-License-Identifier: MIT */
#include "mime/client.h"

#include <string.h>

#include "base/sanitize.h"

enum { NAME_MAX_OCTETS = 200, EXTENSION_MAX_OCTETS = 24 };

/* Names that are devices somewhere, with or without an extension. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = {"con", "prn", "aux", "nul", "clock$", "conin$",
		"conout$"};
	size_t stem = strcspn(name, ".");
	for (size_t i = 0; i < G_N_ELEMENTS(reserved); i++)
		if (strlen(reserved[i]) == stem && g_ascii_strncasecmp(name, reserved[i], stem) == 0)
			return true;
	bool port = g_ascii_strncasecmp(name, "com", 3) == 0 || g_ascii_strncasecmp(name, "lpt", 3) == 0;
	return port && stem == 4 && g_ascii_isdigit(name[3]);
}

/* What is visible of name, without the tags that stand for bidi controls. */
static char *visible(const char *name)
{
	g_autofree char *body = g_utf8_make_valid(name, -1);
	GString *out = g_string_new(NULL);
	for (const char *p = body; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		char one[8] = {0};
		g_unichar_to_utf8(c, one);
		if (!g_unichar_iscntrl(c) && sanitize_is_clean(one))
			g_string_append_unichar(out, strchr("<>:\"|?*", (int)c) && c < 0x80 ? '_' : c);
	}
	return g_string_free(out, FALSE);
}

static const char *base_of(const char *name)
{
	const char *base = name;
	for (const char *p = name; *p; p++)
		if (*p == '/' || *p == '\\')
			base = p + 1;
	return base;
}

static size_t cut_at_char(const char *text, size_t len)
{
	while (len > 0 && ((guchar)text[len] & 0xC0) == 0x80)
		len--;
	return len;
}

/* Shortened in the middle of the stem: the last extension stays. */
static char *shorten(const char *name)
{
	size_t len = strlen(name);
	if (len <= NAME_MAX_OCTETS)
		return g_strdup(name);
	const char *dot = strrchr(name, '.');
	size_t keep = dot ? strlen(dot) : 0;
	if (keep > EXTENSION_MAX_OCTETS)
		keep = 0;
	g_autofree char *stem = g_strndup(name, cut_at_char(name, NAME_MAX_OCTETS - keep));
	return g_strconcat(stem, keep ? dot : "", NULL);
}

char *mime_safe_filename(const char *filename, const char *type, int number)
{
	g_autofree char *seen = visible(base_of(filename ? filename : ""));
	g_autofree char *normal = g_utf8_normalize(seen, -1, G_NORMALIZE_NFC);
	const char *start = normal ? normal : "";
	while (*start == '.' || *start == '-' || *start == ' ' || *start == '~')
		start++;
	g_autofree char *name = shorten(start);
	size_t len = strlen(name);
	while (len > 0 && (name[len - 1] == '.' || name[len - 1] == ' '))
		name[--len] = '\0';
	if (len == 0) {
		g_autofree char *ending = mime_type_ending(type);
		return g_strdup_printf("attachment-%d%s", number, ending);
	}
	return is_reserved(name) ? g_strconcat("_", name, NULL) : g_steal_pointer(&name);
}
