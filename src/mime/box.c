/* SPDX-License-Identifier: MIT */
#include "mime/box.h"

#include <string.h>

#include "mime/inline.h"
#include "mime/tnef.h"

static GMimePart *part_new(const char *type)
{
	g_autofree char *clean = g_ascii_strdown(type, -1);
	char *slash = strchr(clean, '/');
	if (!slash || !slash[1] || slash == clean ||
		clean[strspn(clean, "abcdefghijklmnopqrstuvwxyz0123456789.+-/")])
		return g_mime_part_new_with_type("application", "octet-stream");
	*slash = '\0';
	return g_mime_part_new_with_type(clean, slash + 1);
}

/* name: UTF-8; "" if none. */
static GMimeObject *object_new(const char *type, const char *name, const GByteArray *octets)
{
	const char *known = *type ? type : mime_type_of_name(name);
	GMimePart *part = part_new(*known ? known : "application/octet-stream");
	g_autoptr(GMimeStream) stream =
		g_mime_stream_mem_new_with_buffer((const char *)octets->data, octets->len);
	g_autoptr(GMimeDataWrapper) content =
		g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_BINARY);
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BINARY);
	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	if (*name)
		g_mime_part_set_filename(part, name);
	return GMIME_OBJECT(part);
}

static GPtrArray *objects_new(void)
{
	return g_ptr_array_new_with_free_func(g_object_unref);
}

/* --- winmail.dat -------------------------------------------------------------------- */

static bool is_tnef(const char *type)
{
	return strcmp(type, "application/ms-tnef") == 0 ||
	       strcmp(type, "application/vnd.ms-tnef") == 0;
}

static GMimeObject *of_file(struct letter *l, const struct tnef_file *f)
{
	g_autofree char *name = header_decode(l->charsets, f->name, l->hint);
	GMimeObject *object = object_new(f->type, name, f->octets);
	if (f->body)
		g_mime_object_set_disposition(object, "inline");
	if (*f->charset)
		g_mime_object_set_content_type_parameter(object, "charset", f->charset);
	return object;
}

static GPtrArray *unpack_tnef(struct letter *l, GMimePart *part, size_t room)
{
	bool cut;
	g_autoptr(GByteArray) octets = letter_content(part, room, &cut);
	g_autoptr(GPtrArray) files = tnef_files(octets->data, octets->len, BOX_FILES, room);
	if (!files || files->len == 0)
		return NULL;
	l->unpacked += octets->len;
	GPtrArray *objects = objects_new();
	for (guint i = 0; i < files->len; i++)
		g_ptr_array_add(objects, of_file(l, files->pdata[i]));
	return objects;
}

/* --- uuencoded ---------------------------------------------------------------------- */

static GPtrArray *unpack_text(struct letter *l, GMimePart *part, size_t room)
{
	bool cut;
	g_autoptr(GByteArray) octets = letter_content(part, MIN(room, LIMIT_TEXT), &cut);
	const char *text = (const char *)octets->data;
	GPtrArray *objects = NULL;
	struct inline_file f = {0};
	for (size_t from = 0; octets->len > 0 && inline_next(text, octets->len, from, &f) &&
			      (!objects || objects->len < BOX_FILES);
		from = f.end, inline_file_clear(&f)) {
		if (f.kind != INLINE_UUENCODE)
			continue;
		g_autofree char *name = header_decode(l->charsets, f.name, l->hint);
		g_autoptr(GByteArray) file = inline_decode(text, &f, room);
		objects = objects ? objects : objects_new();
		g_ptr_array_add(objects, object_new("", name, file));
		l->unpacked += file->len;
	}
	inline_file_clear(&f);
	return objects;
}

static void unref(void *data)
{
	if (data)
		g_ptr_array_unref(data);
}

const GPtrArray *box_of(struct letter *l, GMimeObject *part)
{
	const char *const key = "box", *const tried = "box-tried";
	if (!GMIME_IS_PART(part))
		return NULL;
	if (g_object_get_data(G_OBJECT(part), tried))
		return g_object_get_data(G_OBJECT(part), key);
	g_autofree char *type = node_type(part);
	size_t room = l->unpacked < BOX_OCTETS ? BOX_OCTETS - l->unpacked : 0;
	GPtrArray *objects = NULL;
	if (room > 0 && is_tnef(type))
		objects = unpack_tnef(l, GMIME_PART(part), room);
	else if (room > 0 && strcmp(type, "text/plain") == 0)
		objects = unpack_text(l, GMIME_PART(part), room);
	g_object_set_data(G_OBJECT(part), tried, part);
	g_object_set_data_full(G_OBJECT(part), key, objects, unref);
	return objects;
}

bool box_is_opened(GMimeObject *part)
{
	g_autofree char *type = node_type(part);
	return is_tnef(type);
}
