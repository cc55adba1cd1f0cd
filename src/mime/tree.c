/* SPDX-License-Identifier: MIT */
#include "mime/box.h"
#include "mime/letter.h"

#include <string.h>

#include "mime/parameter.h"

struct walk {
	letter_visit visit;
	void *data;
	struct letter *letter;
	int parts;
	bool all;
};

static void walk(struct walk *w, GMimeObject *object, const char *path, int depth);

static void walk_multipart(struct walk *w, GMimeMultipart *multipart, const char *prefix, int depth)
{
	int n = g_mime_multipart_get_count(multipart);
	for (int i = 0; i < n && w->parts < LIMIT_PARTS; i++) {
		g_autofree char *path = g_strdup_printf("%s%s%d", prefix, *prefix ? "." : "", i + 1);
		walk(w, g_mime_multipart_get_part(multipart, i), path, depth);
	}
	w->all = w->all && w->parts < LIMIT_PARTS;
}

/* IMAP's numbering: what is in a letter in part 2 is 2.1, 2.2 …; a multipart
 * that is the letter's body has no number of its own. */
static void walk_body(struct walk *w, GMimeObject *body, const char *path, int depth)
{
	if (!body)
		return;
	if (!GMIME_IS_MULTIPART(body)) {
		g_autofree char *only = g_strconcat(path, *path ? "." : "", "1", NULL);
		walk(w, body, only, depth);
		return;
	}
	g_autofree char *text = g_strconcat(path, *path ? ".TEXT" : "", NULL);
	struct node n = {body, text, depth, w->letter};
	w->parts++;
	if (w->visit(&n, w->data))
		walk_multipart(w, GMIME_MULTIPART(body), path, depth + 1);
}

static void walk_inner(struct walk *w, GMimePart *part, const char *path, int depth)
{
	struct letter *outer = w->letter;
	struct letter *inner = letter_nested(outer, part);
	if (!inner)
		return;
	w->letter = inner;
	walk_body(w, inner->body, path, depth);
	w->letter = outer;
}

static bool is_letter(GMimeObject *object)
{
	g_autofree char *type = node_type(object);
	return strcmp(type, "message/rfc822") == 0 || strcmp(type, "message/global") == 0;
}

static void walk_box(struct walk *w, const GPtrArray *objects, const char *prefix, int depth)
{
	for (guint i = 0; objects && i < objects->len && w->parts < LIMIT_PARTS; i++) {
		g_autofree char *path = g_strdup_printf("%s.%u", prefix, i + 1);
		walk(w, objects->pdata[i], path, depth);
	}
	w->all = w->all && w->parts < LIMIT_PARTS;
}

static void walk(struct walk *w, GMimeObject *object, const char *path, int depth)
{
	if (!object)
		return;
	struct node n = {object, path, depth, w->letter};
	w->parts++;
	if (depth >= LIMIT_DEPTH || w->parts > LIMIT_PARTS) {
		w->all = false;
		return;
	}
	if (!w->visit(&n, w->data))
		return;
	if (GMIME_IS_MULTIPART(object)) {
		walk_multipart(w, GMIME_MULTIPART(object), path, depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *m = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		walk_body(w, m ? g_mime_message_get_mime_part(m) : NULL, path, depth + 1);
	} else if (GMIME_IS_PART(object) && is_letter(object)) {
		walk_inner(w, GMIME_PART(object), path, depth + 1);
	} else if (GMIME_IS_PART(object)) {
		walk_box(w, box_of(w->letter, object), path, depth + 1);
	}
}

bool letter_walk(struct letter *l, letter_visit visit, void *data)
{
	struct walk w = {visit, data, l, 0, true};
	walk_body(&w, l->body, "", 0);
	return w.all;
}

/* A stream that takes what it is given, up to max octets. */
GByteArray *letter_content(GMimePart *part, size_t max, bool *cut)
{
	GByteArray *octets = g_byte_array_new();
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	*cut = false;
	if (!stream)
		return octets;
	g_mime_stream_reset(stream);
	g_autoptr(GMimeStream) filtered = g_mime_stream_filter_new(stream);
	GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
	g_autoptr(GMimeFilter) filter = g_mime_filter_basic_new(encoding, FALSE);
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), filter);
	char chunk[16384];
	ssize_t n;
	while ((n = g_mime_stream_read(filtered, chunk, sizeof chunk)) > 0) {
		size_t take = MIN((size_t)n, max - octets->len);
		g_byte_array_append(octets, (guint8 *)chunk, (guint)take);
		*cut = take < (size_t)n;
		if (*cut)
			break;
	}
	return octets;
}

/* "text" alone is what some programs of the nineties wrote. */
static bool is_bare_text(GMimeObject *object)
{
	GMimeHeader *h = g_mime_header_list_get_header(g_mime_object_get_header_list(object),
		"Content-Type");
	const char *raw = h ? g_mime_header_get_raw_value(h) : NULL;
	raw = raw ? raw + strspn(raw, " \t\r\n") : NULL;
	return raw && g_ascii_strncasecmp(raw, "text", 4) == 0 && (!raw[4] || strchr(" ;\t\r\n", raw[4]));
}

char *node_type(GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const char *media = type ? g_mime_content_type_get_media_type(type) : NULL;
	const char *sub = type ? g_mime_content_type_get_media_subtype(type) : NULL;
	if (!media || !*media || !sub || !*sub)
		return g_strdup("application/octet-stream");
	g_autofree char *both = g_strdup_printf("%s/%s", media, sub);
	if (g_ascii_strcasecmp(both, "application/octet-stream") == 0 && is_bare_text(object))
		return g_strdup("text/plain");
	return g_ascii_strdown(both, -1);
}

const char *node_parameter(GMimeObject *object, const char *name)
{
	return g_mime_object_get_content_type_parameter(object, name);
}

/* GMime would not know the charset of raw octets, loses one of several encoded words,
 * and cuts at an encoded NUL. */
static char *parameter(const struct letter *l, GMimeObject *object, const char *field,
	const char *name)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(object);
	GMimeHeader *header = g_mime_header_list_get_header(list, field);
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
	char *value = raw ? parameter_get(l->charsets, raw, name, l->hint) : NULL;
	if (value && !*value)
		g_clear_pointer(&value, g_free);
	return value;
}

char *node_filename(const struct letter *l, GMimeObject *object)
{
	char *name = parameter(l, object, "Content-Disposition", "filename");
	if (!name)
		name = parameter(l, object, "Content-Type", "name");
	return name ? name : g_strdup("");
}

enum mime_disposition node_disposition(const struct letter *l, GMimeObject *object, bool root)
{
	GMimeContentDisposition *d = g_mime_object_get_content_disposition(object);
	g_autofree char *type = node_type(object);
	const char *word = d ? g_mime_content_disposition_get_disposition(d) : NULL;
	bool text = g_str_has_prefix(type, "text/") || g_str_has_prefix(type, "message/");
	if (!GMIME_IS_PART(object) && !GMIME_IS_MESSAGE_PART(object))
		return MIME_INLINE;
	if (word && g_ascii_strcasecmp(word, "inline") == 0)
		return text || g_str_has_prefix(type, "image/") ? MIME_INLINE : MIME_ATTACHMENT;
	if (word && *word)
		return MIME_ATTACHMENT;
	if (g_str_has_prefix(type, "image/") && g_mime_object_get_content_id(object))
		return MIME_INLINE;
	if (strcmp(type, "application/pgp-signature") == 0)
		return MIME_INLINE;
	if (!text || root)
		return text ? MIME_INLINE : MIME_ATTACHMENT;
	g_autofree char *name = node_filename(l, object);
	return *name ? MIME_ATTACHMENT : MIME_INLINE;
}
