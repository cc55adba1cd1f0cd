/* SPDX-License-Identifier: MIT
 *
 * Pictures become pixels, in a worker that has nothing else to do (client.h,
 * mime_client_picture()): PNG, JPEG, GIF (its first frame) and WebP. */
#ifndef DEWEY_MIME_PICTURE_H
#define DEWEY_MIME_PICTURE_H

#include "mime/client.h"

enum {
	PICTURE_OCTETS = 32 * 1024 * 1024, /* of the file */
	PICTURE_PIXELS = 32 * 1024 * 1024, /* more are not decoded */
	PICTURE_SIDE = 2048,               /* of what is handed out */
};

/* RGBA, not premultiplied; row by row. */
struct pixels {
	int width, height;
	guint8 *octets; /* g_free() it */
};

/* Each for one format; false: it is damaged, or too large. */
typedef bool picture_decode(const guint8 *octets, size_t len, struct pixels *p);
picture_decode picture_png, picture_jpeg, picture_gif, picture_webp;

/* Room for so many pixels; false: there are too many, or none. */
bool pixels_init(struct pixels *p, gint64 width, gint64 height);

/* Whatever it is; made smaller to fit into width times height, its own size in *full.
 * Error: MIME_ERROR_PARSE. */
bool picture_read(const guint8 *octets, size_t len, const struct mime_size *most,
	struct pixels *p, struct mime_size *full, GError **error);

#endif
