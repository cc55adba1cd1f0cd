/* SPDX-License-Identifier: MIT */
#include "mime/picture.h"

#include <gif_lib.h>
#include <string.h>

struct input {
	const guint8 *octets;
	size_t left;
};

static int read_input(GifFileType *gif, GifByteType *to, int n)
{
	struct input *in = gif->UserData;
	int take = (int)MIN((size_t)MAX(n, 0), in->left);
	memcpy(to, in->octets, (size_t)take);
	in->octets += take;
	in->left -= (size_t)take;
	return take;
}

/* What stands before the first frame; *clear: the colour that is none, -1: all are. */
static bool find_frame(GifFileType *gif, int *clear)
{
	GifRecordType type;
	GifByteType *data;
	int code;
	while (DGifGetRecordType(gif, &type) == GIF_OK && type != TERMINATE_RECORD_TYPE) {
		if (type == IMAGE_DESC_RECORD_TYPE)
			return DGifGetImageDesc(gif) == GIF_OK;
		if (type != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &data) != GIF_OK)
			return false;
		if (code == GRAPHICS_EXT_FUNC_CODE && data && data[0] >= 4 && (data[1] & 1))
			*clear = data[4];
		while (data)
			if (DGifGetExtensionNext(gif, &data) != GIF_OK)
				return false;
	}
	return false;
}

static void put_row(const struct pixels *p, int y, const GifPixelType *row,
	const ColorMapObject *map, int clear)
{
	guint8 *to = p->octets + (gsize)y * p->width * 4;
	for (int x = 0; x < p->width; x++, to += 4) {
		if (row[x] == clear || row[x] >= map->ColorCount)
			continue;
		const GifColorType *c = &map->Colors[row[x]];
		to[0] = c->Red;
		to[1] = c->Green;
		to[2] = c->Blue;
		to[3] = 255;
	}
}

static void read_frame(GifFileType *gif, const struct pixels *p, int clear)
{
	static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
	const ColorMapObject *map = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
	g_autofree GifPixelType *row = g_malloc0((gsize)p->width);
	bool woven = gif->Image.Interlace;
	for (int pass = 0; map && pass < (woven ? 4 : 1); pass++)
		for (int y = woven ? starts[pass] : 0; y < p->height;
			y += woven ? steps[pass] : 1) {
			if (DGifGetLine(gif, row, p->width) != GIF_OK)
				return;
			put_row(p, y, row, map, clear);
		}
}

bool picture_gif(const guint8 *octets, size_t len, struct pixels *p)
{
	struct input in = {octets, len};
	int error, clear = -1;
	GifFileType *gif = DGifOpen(&in, read_input, &error);
	if (!gif)
		return false;
	bool good = find_frame(gif, &clear) && pixels_init(p, gif->Image.Width, gif->Image.Height);
	if (good)
		read_frame(gif, p, clear);
	DGifCloseFile(gif, &error);
	return good;
}
