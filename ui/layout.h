/* SPDX-License-Identifier: MIT
 *
 * Text as lines of a width: wrapped at words, quotes with their marks kept and
 * coloured by depth, a signature dimmed. */
#ifndef DEWEY_UI_LAYOUT_H
#define DEWEY_UI_LAYOUT_H

#include "ui/theme.h"

struct text_line {
	char *text;
	uint8_t theme;
	int label; /* octets at the beginning that are a header's name */
};

/* GPtrArray of struct text_line. */
GPtrArray *layout_new(void);

/* Adds text, whose lines are paragraphs, wrapped to width columns. */
void layout_text(GPtrArray *lines, const char *text, int width, enum theme theme);
/* The same for the body of a letter: quotes and the signature are found. */
void layout_body(GPtrArray *lines, const char *text, int width);
/* A label, and text beside it from the column indent on; cut and wrapped to it. */
struct hanging {
	const char *label;
	int indent;
};
void layout_hanging(GPtrArray *lines, const struct hanging *h, const char *text, int width,
	enum theme theme);
/* "Subject: text", continued below the text. */
void layout_field(GPtrArray *lines, const char *name, const char *text, int width,
	enum theme theme);
/* A rule over the whole width. */
void layout_rule(GPtrArray *lines, int width);

#endif
