/* SPDX-License-Identifier: MIT
 *
 * A message as text: what "dewey show" and the demo print, laid out as the reader
 * does. */
#ifndef DEWEY_UI_SHOW_H
#define DEWEY_UI_SHOW_H

#include "ui/letter-page.h"
#include "ui/trust.h"

/* What speaks for and against it (t NULL: nothing), the page with its mime, and its
 * links; lines have at most width columns, but for addresses.  UTF-8, clean; g_free() it. */
char *show_page(const struct letter_page *page, const struct trust *t, int width);

#endif
