/* SPDX-License-Identifier: MIT
 *
 * Text as lines of a width: wrapped at words, quotes with their marks kept and
 * coloured by depth, a signature dimmed. */
#ifndef DEWEY_UI_LAYOUT_H
#define DEWEY_UI_LAYOUT_H

#include "mime/client.h"
#include "ui/theme.h"

struct text_line {
	char *text;
	uint8_t theme;
	int label;    /* octets at the beginning that are a header's name */
	GArray *runs; /* of struct text_run, in order; NULL: all is of one look */
};

/* A range of a line that looks otherwise. */
struct text_run {
	int from, to;  /* octets of the line's text */
	uint8_t theme;
	uint8_t bits;  /* of enum look_bits */
	bool begins;   /* what it shows begins here, not on a line before */
	int link;      /* its number among the letter's links; 0: none */
};

/* GPtrArray of struct text_line. */
GPtrArray *layout_new(void);

/* Adds text, whose lines are paragraphs, wrapped to width columns. */
void layout_text(GPtrArray *lines, const char *text, int width, enum theme theme);
/* The same for the body of a letter: quotes and the signature are found. */
void layout_body(GPtrArray *lines, const char *text, int width);

/* Which quoted lines are left out; a line tells how many. */
enum layout_fold {
	FOLD_NONE,
	FOLD_DEEP, /* those of level two and more */
	FOLD_ALL,
	FOLD_COUNT,
};

/* A range of a letter's text as a body, with its spans. */
struct rich_text {
	const struct mime_message *mime;
	guint start, length; /* octets of its text */
	enum layout_fold fold;
};
void layout_rich(GPtrArray *lines, const struct rich_text *t, int width);
/* How deep a letter's lines are quoted. */
int layout_depth(const char *text);

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
