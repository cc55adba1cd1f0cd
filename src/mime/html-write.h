/* SPDX-License-Identifier: MIT
 *
 * What paragraphs and tables of a page are written with; between html-write.c and
 * html-grid.c. */
#ifndef DEWEY_MIME_HTML_WRITE_H
#define DEWEY_MIME_HTML_WRITE_H

#include "mime/html-page.h"

struct html_sheet {
	GString *text;
	GArray *spans; /* of struct mime_span, octets of text */
};

void html_sheet_init(struct html_sheet *s);
void html_sheet_clear(struct html_sheet *s);

struct html_writer {
	struct html_page *page;
	struct html_sheet *sheet;
	guint columns;        /* of the page; 0: tables are not laid out */
	guint width;          /* lines are wrapped at; 0: they are paragraphs */
	guint quotes, indent; /* around the flow */
	guint style;          /* of all that is written */
	guint owed;           /* empty lines above the next one */
	guint last_quotes;
	const char *label; /* before the next text, or NULL */
	bool fresh;        /* nothing was written yet */
	bool laid;         /* a table was laid out */
};

struct html_range {
	const char *text;
	guint start, length;
};

void html_put(struct html_writer *w, const char *text, size_t len, guint style, int link);
void html_put_blanks(struct html_writer *w, guint n);
/* The range with its spans, beginning with the next one of them. */
void html_put_spans(
	struct html_writer *w, const struct html_range *r, const GArray *spans, guint *next);

/* Quotes and steps of indentation inside of the flow. */
void html_begin_line(struct html_writer *w, guint quotes, guint indent, guint above);
void html_end_line(struct html_writer *w);

/* The items from first up to end. */
void html_flow(struct html_writer *w, guint first, guint end);

/* A table whose columns were measured. */
void html_grid(struct html_writer *w, guint table);

#endif
