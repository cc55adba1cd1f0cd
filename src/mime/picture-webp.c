/* SPDX-License-Identifier: MIT */
#include "mime/picture.h"

#include <webp/decode.h>

bool picture_webp(const guint8 *octets, size_t len, struct pixels *p)
{
	int width, height;
	if (!WebPGetInfo(octets, len, &width, &height) || !pixels_init(p, width, height))
		return false;
	return WebPDecodeRGBAInto(octets, len, p->octets, (size_t)width * height * 4, width * 4) !=
	       NULL;
}
