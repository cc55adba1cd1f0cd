/* SPDX-License-Identifier: MIT */
#include "mime/legacy.h"

#include <string.h>

static bool has(GMimeObject *object, const char *name, const char *wanted)
{
	const char *value = node_parameter(object, name);
	return value && (!wanted || g_ascii_strcasecmp(value, wanted) == 0);
}

/* What the header is protected with: the body, or what is signed of it. */
static GMimeObject *payload_of(const struct letter *l)
{
	return l->body && crypt_is_signed(l->body)
		       ? g_mime_multipart_get_part(GMIME_MULTIPART(l->body), 0)
		       : l->body;
}

bool legacy_marked(const struct letter *l, GMimeObject *part)
{
	GMimeObject *payload = payload_of(l);
	return payload && has(payload, "hp", "cipher") && has(part, "hp-legacy-display", "1");
}

static bool is_field(const char *line, size_t len)
{
	size_t name = strcspn(line, ": \t\r\n");
	return name > 0 && name < len && line[name] == ':';
}

const char *legacy_skip(const char *text)
{
	for (const char *line = text, *next; *line; line = next) {
		size_t len = strcspn(line, "\n");
		next = line + len + (line[len] != '\0');
		if (len == 0 || (len == 1 && line[0] == '\r'))
			return line > text ? next : text;
		bool folded = line > text && strchr(" \t", line[0]);
		if (!folded && !is_field(line, len))
			return text;
	}
	return text;
}

int legacy_parts(const struct letter *l, GMimeMultipart *m)
{
	GMimeObject *root = payload_of(l);
	if (root != GMIME_OBJECT(m) || !has(root, "protected-headers", NULL) ||
		has(root, "hp", NULL) || g_mime_multipart_get_count(m) < 2)
		return 0;
	GMimeObject *first = g_mime_multipart_get_part(m, 0);
	g_autofree char *type = node_type(first);
	bool text = strcmp(type, "text/plain") == 0 || strcmp(type, "text/rfc822-headers") == 0;
	return text && has(first, "protected-headers", NULL);
}
