/* SPDX-License-Identifier: MIT */
#include "mime/magic.h"

#include <string.h>

static const struct {
	size_t offset, len;
	const char *octets, *type;
	bool text;
} magics[] = {
#define MAGIC(offset, octets, type) {offset, sizeof(octets) - 1, octets, type, false},
#define TEXT_MAGIC(offset, octets, type) {offset, sizeof(octets) - 1, octets, type, true},
#include "mime/magic.def"
#undef TEXT_MAGIC
#undef MAGIC
};

static bool is_text(const guint8 *octets, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (octets[i] < ' ' && !strchr("\t\n\r\f\x1B", octets[i] ? octets[i] : 'x'))
			return false;
	return true;
}

/* A page has no fixed beginning: the first of these elements behind white space. */
static const char *markup_type(const char *text, size_t len)
{
	static const char *const opens[][2] = {{"<!doctype html", "text/html"},
		{"<html", "text/html"}, {"<script", "text/html"}, {"<head", "text/html"},
		{"<svg", "image/svg+xml"}};
	size_t at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	while (at < len && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	for (size_t i = 0; i < G_N_ELEMENTS(opens); i++) {
		size_t n = strlen(opens[i][0]);
		if (len - at >= n && g_ascii_strncasecmp(text + at, opens[i][0], n) == 0)
			return opens[i][1];
	}
	return "";
}

const char *magic_type(const guint8 *octets, size_t len)
{
	bool text = is_text(octets, len);
	for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
		if ((magics[i].text || !text) && len >= magics[i].offset + magics[i].len &&
			memcmp(octets + magics[i].offset, magics[i].octets, magics[i].len) == 0)
			return magics[i].type;
	return len > 0 ? markup_type((const char *)octets, len) : "";
}
