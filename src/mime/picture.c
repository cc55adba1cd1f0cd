/* SPDX-License-Identifier: MIT */
#include "mime/picture.h"

#include <string.h>

#include "mime/magic.h"

bool pixels_init(struct pixels *p, gint64 width, gint64 height)
{
	if (width <= 0 || height <= 0 || width > PICTURE_PIXELS || height > PICTURE_PIXELS / width)
		return false;
	p->width = (int)width;
	p->height = (int)height;
	p->octets = g_try_malloc0((gsize)width * (gsize)height * 4);
	return p->octets != NULL;
}

#ifdef HAVE_PICTURES
static const struct {
	const char *type;
	picture_decode *decode;
} formats[] = {
	{"image/png", picture_png},
	{"image/jpeg", picture_jpeg},
	{"image/gif", picture_gif},
	{"image/webp", picture_webp},
};

static picture_decode *decoder_of(const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (strcmp(formats[i].type, type) == 0)
			return formats[i].decode;
	return NULL;
}
#else
static picture_decode *decoder_of(const char *type)
{
	return NULL;
}
#endif

/* The mean of the pixels that fall into one, by how much of each is to be seen. */
static void mean(const struct pixels *from, const int box[4], guint8 *to)
{
	guint64 sum[4] = {0}, count = 0;
	for (int y = box[1]; y < box[3]; y++)
		for (int x = box[0]; x < box[2]; x++) {
			const guint8 *at = from->octets + ((gsize)y * from->width + x) * 4;
			for (int i = 0; i < 3; i++)
				sum[i] += (guint64)at[i] * at[3];
			sum[3] += at[3];
			count++;
		}
	for (int i = 0; i < 3; i++)
		to[i] = sum[3] ? (guint8)(sum[i] / sum[3]) : 0;
	to[3] = count ? (guint8)(sum[3] / count) : 0;
}

static void shrink(struct pixels *p, int width, int height)
{
	struct pixels small = {0};
	if (!pixels_init(&small, width, height))
		return;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			int box[4] = {(int)((gint64)x * p->width / width),
				(int)((gint64)y * p->height / height),
				(int)((gint64)(x + 1) * p->width / width),
				(int)((gint64)(y + 1) * p->height / height)};
			mean(p, box, small.octets + ((gsize)y * width + x) * 4);
		}
	g_free(p->octets);
	*p = small;
}

static void fit(struct pixels *p, const struct mime_size *most)
{
	gint64 width = MIN(p->width, CLAMP(most->width, 1, PICTURE_SIDE));
	gint64 height = MAX(width * p->height / p->width, 1);
	gint64 limit = CLAMP(most->height, 1, PICTURE_SIDE);
	if (height > limit) {
		width = MAX(limit * p->width / p->height, 1);
		height = limit;
	}
	if (width < p->width || height < p->height)
		shrink(p, (int)width, (int)height);
}

static bool fail(GError **error, const char *text)
{
	g_set_error_literal(error, MIME_ERROR, MIME_ERROR_PARSE, text);
	return false;
}

bool picture_read(const guint8 *octets, size_t len, const struct mime_size *most, struct pixels *p,
	struct mime_size *full, GError **error)
{
	picture_decode *decode = decoder_of(magic_type(octets, MIN(len, MAGIC_OCTETS)));
	*p = (struct pixels){0};
	if (!decode)
		return fail(error, _("this is no picture that dewey reads"));
	if (!decode(octets, len, p)) {
		g_clear_pointer(&p->octets, g_free);
		return fail(error, _("the picture is damaged or too large"));
	}
	*full = (struct mime_size){p->width, p->height};
	fit(p, most);
	return true;
}
