/* SPDX-License-Identifier: MIT
 *
 * Pixels for a terminal, by chafa: in the way of kitty, as sixels or of characters,
 * as far as the terminal is known to have that. */
#ifndef DEWEY_UI_PICTURE_H
#define DEWEY_UI_PICTURE_H

#include "mime/client.h"
#include "ui/screen.h"

/* Whether dewey was built with chafa and decoders. */
bool picture_can(void);

/* How many pixels are worth being decoded for so many cells. */
struct mime_size picture_wanted(int rows, int cols);

/* Lines for at most so many cells; on any thread.  pixels: RGBA of p's size, not
 * NULL.  picture_lines_free() it. */
struct screen_picture *picture_lines(const struct mime_picture *p, int rows, int cols);
void picture_lines_free(struct screen_picture *p);

#endif
