/* SPDX-License-Identifier: MIT
 *
 * The little of CSS that a reader of text needs: what is hidden, bold, struck out,
 * preformatted.  Declarations of elements, and rules of style sheets for an element, a
 * class or an id alone, outside of @media.  Nothing is ever fetched. */
#ifndef DEWEY_MIME_HTML_CSS_H
#define DEWEY_MIME_HTML_CSS_H

#include "base/base.h"

#include <string.h>

/* Whether two names are the same; most differ in the first letter. */
static inline bool css_is(const char *a, const char *b)
{
	return *a == *b && strcmp(a, b) == 0;
}

enum css_bit {
	CSS_HIDDEN = 1 << 0,
	CSS_SHOWN = 1 << 1,
	CSS_BOLD = 1 << 2,
	CSS_PLAIN = 1 << 3, /* not bold */
	CSS_ITALIC = 1 << 4,
	CSS_UPRIGHT = 1 << 5,
	CSS_STRIKE = 1 << 6,
	CSS_UNDERLINE = 1 << 7,
	CSS_PRE = 1 << 8,
	CSS_FLOWING = 1 << 9,
	CSS_RTL = 1 << 10,
	CSS_LTR = 1 << 11,
	CSS_RIGHT = 1 << 12,
	CSS_LEFT = 1 << 13,
	CSS_CLIPPED = 1 << 14,
	CSS_PLACED = 1 << 15,
	CSS_TINY = 1 << 16,     /* a font that nobody can read */
	CSS_NO_ABOVE = 1 << 17, /* no margin above; below */
	CSS_NO_BELOW = 1 << 18,
	CSS_BAR = 1 << 19, /* a line at its left edge: a quotation */
	CSS_NO_BORDER = 1 << 20,
	CSS_BORDER = 1 << 21,
	CSS_COLOR = 1 << 22,    /* color is set */
	CSS_BACK = 1 << 23,     /* back is set */
	CSS_PICTURE = 1 << 24,  /* the background is a picture, or not to be known */
	CSS_FLAT = 1 << 25,     /* no height */
	CSS_AWAY = 1 << 26,     /* far beside the page */
	CSS_READABLE = 1 << 27, /* a font of some size */
};

struct css_look {
	guint bits;          /* of enum css_bit */
	guint32 color, back; /* 0xRRGGBB */
};

/* Adds what declarations ("color: red; …") say. */
void css_declare(struct css_look *look, const char *declarations);

/* "#fff", "rgb(1, 2, 3)", "white", "ffffff" */
bool css_color(const char *text, guint32 *color);

/* Whether somebody with good eyes could tell them apart. */
bool css_same(guint32 a, guint32 b);

struct css_sheet;
typedef struct css_sheet css_sheet;

struct css_sheet *css_sheet_new(void);
void css_sheet_free(struct css_sheet *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(css_sheet, css_sheet_free)

/* Adds the rules of a <style>. */
void css_sheet_read(struct css_sheet *s, const char *text);

/* Whether it has a rule about backgrounds that it cannot follow: then what is said of
 * colours says nothing. */
bool css_sheet_is_dark(const struct css_sheet *s);

/* Adds what the rules say of an element; class and id may be NULL. */
void css_sheet_look(const struct css_sheet *s, const char *element, const char *class,
	const char *id, struct css_look *look);

/* Calls found with each address that text (declarations, a style sheet) would have
 * fetched. */
void css_addresses(const char *text, void (*found)(const char *url, void *data), void *data);

#endif
