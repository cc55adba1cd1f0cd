/* SPDX-License-Identifier: MIT
 *
 * How many columns a text takes on a terminal.  Our own rule over GLib's
 * tables, so that tests and every C library agree; what terminals disagree
 * about (emoji made of several code points) is split into pieces that each
 * have one width everywhere.  Where the terminal's charset lacks a character, the columns
 * are those of what stands in for it (base/local.h).  Text is UTF-8; what
 * stands there for controls is one column. */
#ifndef DEWEY_BASE_WIDTH_H
#define DEWEY_BASE_WIDTH_H

#include "base/base.h"

/* 0 for what combines, 2 for East Asian wide characters and emoji, else 1, or those of
 * its stand-in. */
int width_char(gunichar c);

/* What turns directions and joins, and takes no place; the skin of the emoji before it. */
bool width_is_format(gunichar c);
bool width_is_tone(gunichar c);

/* The octets of the first cluster (a base, its marks, what stands before it without a
 * place) of text; columns is set to its width, at least 1, or to 0 if nothing follows
 * that takes a place.  0 at the end of the text. */
size_t width_cluster(const char *text, int *columns);

int width_text(const char *text);
/* … of its first octets; what is behind them may be anything. */
int width_octets(const char *text, size_t len);

/* The octets of text that fit into columns. */
size_t width_prefix(const char *text, int columns);

/* text, or its beginning and "…" (where there is room for that), in at most columns;
 * g_free() it. */
char *width_cut(const char *text, int columns);

#endif
