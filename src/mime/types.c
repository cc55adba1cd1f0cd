/* SPDX-License-Identifier: MIT */
#include "mime/client.h"

#include <string.h>

static const struct {
	const char *type, *endings;
	unsigned dangers;
} types[] = {
#define TYPE(type, endings, dangers) {type, endings, dangers},
#include "mime/types.def"
#undef TYPE
};

static int find_type(const char *type)
{
	for (size_t i = 0; type && i < G_N_ELEMENTS(types); i++)
		if (g_ascii_strcasecmp(types[i].type, type) == 0)
			return (int)i;
	return -1;
}

static bool has_ending(const char *list, const char *ending, size_t len)
{
	for (size_t n; *list; list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		if (n == len && g_ascii_strncasecmp(list, ending, len) == 0)
			return true;
	}
	return false;
}

static int find_ending(const char *ending, size_t len)
{
	for (size_t i = 0; len > 0 && i < G_N_ELEMENTS(types); i++)
		if (has_ending(types[i].endings, ending, len))
			return (int)i;
	return -1;
}

/* Blanks and full stops behind a name are not seen by all programs. */
static size_t trimmed(const char *name)
{
	size_t len = strlen(name);
	while (len > 0 && strchr(" .\t", name[len - 1]))
		len--;
	return len;
}

/* What stands behind the last full stop of the first *len octets, which are cut
 * before it; NULL: there is none. */
static const char *cut_ending(const char *name, size_t *len, size_t *ending)
{
	size_t end = *len;
	for (size_t at = end; at > 1; at--) {
		if (name[at - 1] != '.')
			continue;
		*len = at - 1;
		*ending = end - at;
		return name + at;
	}
	return NULL;
}

static int type_of_name(const char *name)
{
	size_t len = name ? trimmed(name) : 0, n;
	const char *ending = len > 0 ? cut_ending(name, &len, &n) : NULL;
	return ending ? find_ending(ending, n) : -1;
}

const char *mime_type_of_name(const char *name)
{
	int i = type_of_name(name);
	return i < 0 ? "" : types[i].type;
}

char *mime_type_ending(const char *type)
{
	int i = find_type(type);
	const char *endings = i < 0 ? "" : types[i].endings;
	return *endings ? g_strdup_printf(".%.*s", (int)strcspn(endings, " "), endings)
			: g_strdup("");
}

/* "invoice.pdf.exe", "photo.jpg      .scr": an ending that is believed, and one that
 * counts. */
static bool has_two_endings(const char *name)
{
	size_t len = trimmed(name), n;
	const char *last = cut_ending(name, &len, &n);
	int i = last ? find_ending(last, n) : -1;
	if (i < 0 || !(types[i].dangers & (MIME_RUNS | MIME_ACTIVE | MIME_MACROS)))
		return false;
	while (len > 0 && strchr(" ._-", name[len - 1]))
		len--;
	const char *first = cut_ending(name, &len, &n);
	int j = first ? find_ending(first, n) : -1;
	return j >= 0 && j != i && strcmp(types[j].type, types[i].type) != 0;
}

/* Formats that are one for a look at their first octets. */
static const char *family_of(const char *type)
{
	static const char *const zip[] = {"application/zip", "application/x-zip-compressed",
		"application/java-archive", "application/epub+zip",
		"application/vnd.android.package-archive"};
	static const char *const prefixes[][2] = {{"application/vnd.openxmlformats-", "zip"},
		{"application/vnd.oasis.", "zip"}, {"application/vnd.ms-word.", "zip"},
		{"application/vnd.ms-excel.", "zip"}, {"application/vnd.ms-powerpoint.", "zip"},
		{"application/vnd.ms-", "ole"}, {"application/msword", "ole"},
		{"application/x-msi", "ole"}, {"application/x-ole-storage", "ole"},
		{"image/svg", "markup"}, {"image/", "image"}, {"audio/", "sound"},
		{"video/", "sound"}, {"text/html", "markup"}, {"application/xhtml", "markup"},
		{"text/xml", "markup"}, {"application/xml", "markup"}, {"text/rtf", "rtf"},
		{"application/rtf", "rtf"}};
	for (size_t i = 0; i < G_N_ELEMENTS(zip); i++)
		if (strcmp(type, zip[i]) == 0)
			return "zip";
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(type, prefixes[i][0]))
			return prefixes[i][1];
	return type;
}

static bool is_vague(const char *type)
{
	return !*type || strcmp(type, "application/octet-stream") == 0 ||
	       strcmp(type, "application/binary") == 0 ||
	       strcmp(type, "application/download") == 0 ||
	       strcmp(type, "application/x-download") == 0;
}

/* Whether who takes the part for a file of this type is led astray. */
static bool deceives(const char *type, const char *content)
{
	int seen = find_type(content), told = find_type(type);
	if (is_vague(type) || strcmp(family_of(type), family_of(content)) == 0)
		return false;
	/* Its own name for the same thing: both run. */
	if (seen >= 0 && told >= 0 && types[seen].dangers == types[told].dangers &&
		types[seen].dangers != 0)
		return false;
	/* Any text may begin like a script or a page. */
	bool text = g_str_has_prefix(type, "text/");
	return !text || !g_str_has_prefix(content, "text/") || strcmp(type, "text/plain") == 0;
}

const char *mime_part_real_type(const struct mime_part *part)
{
	const char *content = part->content ? part->content : "";
	const char *named = mime_type_of_name(part->filename);
	const char *told = is_vague(part->type) && *named ? named : part->type;
	if (*content && (is_vague(told) || deceives(told, content)))
		return content;
	return told;
}

unsigned mime_part_dangers(const struct mime_part *part)
{
	const char *content = part->content ? part->content : "";
	const char *named = mime_type_of_name(part->filename);
	const char *each[] = {part->type, content, named};
	unsigned dangers = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(each); i++) {
		int known = find_type(each[i]);
		dangers |= known < 0 ? 0 : types[known].dangers;
	}
	if (*content && (deceives(part->type, content) || deceives(named, content)))
		dangers |= MIME_DISGUISED;
	if (has_two_endings(part->filename))
		dangers |= MIME_TWO_ENDINGS;
	return dangers;
}
