/* SPDX-License-Identifier: MIT
 *
 * What was done on a server, in words. */
#ifndef DEWEY_UI_SERVER_TEXT_H
#define DEWEY_UI_SERVER_TEXT_H

#include "wire/record.h"

/* "3 fetched, 5 deleted" of the last record of a run; g_free() it. */
char *server_summary(const struct record *done);

/* Appends text, taken, with a comma before it, unless n is 0. */
void server_add_part(GString *out, guint n, char *text);

#endif
