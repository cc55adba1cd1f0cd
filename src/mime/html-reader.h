/* SPDX-License-Identifier: MIT
 *
 * What is known while a page is read: between html.c, html-look.c and html-links.c. */
#ifndef DEWEY_MIME_HTML_READER_H
#define DEWEY_MIME_HTML_READER_H

#include "mime/html-attributes.h"
#include "mime/html-css.h"
#include "mime/html-page.h"
#include "mime/text.h"

enum kind {
	INLINE,
	BLOCK,
	TITLE,
	BREAK,
	RULE,
	IMAGE,
	LINK,
	LIST,
	NUMBERED,
	ITEM,
	INDENT,
	QUOTE,
	PRE,
	TABLE,
	CAPTION,
	ROW,
	CELL,
	SKIP,
};

struct tag {
	const char *name;
	int space;
	enum kind kind;
	guint style;
};

enum pre { PRE_NOT, PRE_WRAPPED, PRE_FIXED };

/* A page is white where it does not say otherwise. */
enum back { BACK_WHITE, BACK_KNOWN, BACK_UNKNOWN };

/* What holds for the text in an element, unless one inside says otherwise. */
struct state {
	guint style;
	int link; /* number; 0: none */
	enum pre pre;
	bool title, rtl;
	bool tiny;    /* in a font that nobody can read */
	bool colored; /* the colours are known */
	enum back backed;
	guint32 color, back;
};

/* An open element. */
struct frame {
	const struct tag *tag;
	struct state state;
	bool hidden, skipped;
	bool opened;   /* a list, a quote … was counted */
	int number;    /* of the next item */
	int below;     /* line ends behind it */
	guint open;    /* tables, rows and cells that were open before */
	size_t start;  /* of a link's text */
	char *picture; /* in a link: what its picture is called */
};

struct html_reader {
	void *parser; /* libxml2's */
	struct rich *rich;
	struct html_attributes *attributes;
	struct html_page page;
	struct css_sheet *sheet;
	GString *css;      /* of the <style> that is open */
	GHashTable *known; /* url → number */
	GArray *frames;
	struct state state; /* of the innermost */
	int too_deep;       /* elements open beyond LIMIT_HTML_DEPTH */
	int hidden;         /* elements around that are not shown */
	int skipped;        /* … or are no text */
	bool fresh;         /* a line end that follows <pre> belongs to it */
	const char *rest;   /* where a new parser is to go on; NULL: nowhere */
	const char *html;
	size_t len;
};

/* Attributes are libxml2's: names and values in turn, NULL behind the last. */
const char *html_attribute(const unsigned char **attributes, const char *name);

/* What style sheets and the element itself say of it. */
struct css_look html_look(
	struct html_reader *r, const char *name, const unsigned char **attributes);
/* The same, for the text within. */
void html_look_apply(
	struct state *s, const struct css_look *look, const unsigned char **attributes);

/* Text goes to the page, unless it is not to be seen. */
void html_reader_put(struct html_reader *r, const char *text, size_t len);

void html_link_begin(struct html_reader *r, struct frame *f, const unsigned char **attributes);
void html_link_end(struct html_reader *r, struct frame *f);
void html_picture(
	struct html_reader *r, const unsigned char **attributes, const struct css_look *look);
/* Too small to be seen: it tells the sender that the letter was opened. */
bool html_is_pixel(const unsigned char **attributes, const struct css_look *look);

#endif
