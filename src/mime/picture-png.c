/* SPDX-License-Identifier: MIT */
#include "mime/picture.h"

#include <png.h>

bool picture_png(const guint8 *octets, size_t len, struct pixels *p)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	if (!png_image_begin_read_from_memory(&image, octets, len))
		return false;
	image.format = PNG_FORMAT_RGBA;
	bool good = pixels_init(p, image.width, image.height) &&
		    png_image_finish_read(&image, NULL, p->octets, 0, NULL);
	png_image_free(&image);
	return good;
}
