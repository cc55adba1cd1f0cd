/* SPDX-License-Identifier: MIT
 *
 * A page of HTML as it was read, before it is laid out: paragraphs and tables on
 * one tape, in the order of the text.  A table holds rows, a row cells, a cell again
 * paragraphs and tables.  What an item holds follows it, up to its end. */
#ifndef DEWEY_MIME_HTML_PAGE_H
#define DEWEY_MIME_HTML_PAGE_H

#include "mime/client.h"

enum {
	LIMIT_HTML_CELLS = 60000,
	LIMIT_HTML_TABLES = 24, /* in each other; deeper ones are read as if they were none */
	LIMIT_HTML_QUOTES = 50,
	LIMIT_HTML_SPAN = 200,  /* rows or columns of one cell */
	LIMIT_HTML_SECONDS = 2, /* of the processor */
};

enum html_kind { HTML_LINE, HTML_TABLE, HTML_ROW, HTML_CELL };

enum html_flag {
	HTML_FIXED = 1,  /* line: not to be wrapped */
	HTML_RULE = 2,   /* line: drawn */
	HTML_TITLE = 4,  /* line: a heading */
	HTML_RTL = 8,    /* line: reads from the right */
	HTML_HEAD = 1,   /* cell: names its row or column */
	HTML_RIGHT = 2,  /* cell: its lines end at its right edge */
	HTML_DATA = 1,   /* table: it says itself that it holds data */
	HTML_LAYOUT = 2, /* table: it says itself that it does not */
	HTML_BORDER = 4, /* table: its cells are framed */
	HTML_GRID = 8,   /* table: to be laid out in columns */
};

struct html_item {
	guint8 kind, flags;
	guint8 above;          /* empty lines wanted above; of a row or cell: below it */
	guint8 quotes, indent; /* line, table: of the flow that it is in; steps of two columns */
	guint8 hang;           /* line: columns of the marker that it begins with */
	guint8 column;         /* cell: its first */
	guint16 span, rows;    /* cell: columns and rows that it takes; table: columns it has */
	guint end;             /* index of the item behind all that it holds */
	guint start, length;   /* line: octets of text; table: of columns, the first */
	guint run;             /* line: its first run, if it has one */
	guint min, max;        /* columns it takes when wrapped as can be, and not wrapped */
};

/* The widths of one column of a table. */
struct html_column {
	guint min, max, width;
};

struct html_page {
	GString *text;
	GArray *runs;    /* of struct mime_span: octets of text, in order */
	GArray *items;   /* of struct html_item */
	GArray *columns; /* of struct html_column */
	/* What the next text is like. */
	guint style; /* of enum mime_style */
	int link;
	guint quotes, indent;
	bool title, rtl;
	char *marker; /* of a list item, owed */
	/* Where the pen is. */
	GArray *open; /* indexes of the tables, rows and cells that are open */
	guint tables, cells;
	guint breaks;      /* line ends owed before the next text */
	guint space, hard; /* blanks owed: one of any number; no-break ones */
	guint blank_style; /* theirs */
	int blank_link;
	guint column;    /* of preformatted text, for tabs */
	bool line;       /* a line is open */
	bool cut;        /* a limit was reached: no more is taken */
	gint64 deadline; /* of the processor's clock; 0: none */
	guint steps;
};

void html_page_init(struct html_page *p);
void html_page_clear(struct html_page *p);

/* Whether the time is over; then cut is set. */
bool html_late(struct html_page *p);

/* At least so many line ends before the next text; 0: none. */
void html_break(struct html_page *p, guint lines);
/* One more. */
void html_newline(struct html_page *p);
/* UTF-8: runs of white space are one space; as it stands (fixed: its lines are not
 * wrapped either); a drawn line. */
void html_text(struct html_page *p, const char *text, size_t len);
void html_preformatted(struct html_page *p, const char *text, size_t len, bool fixed);
void html_rule(struct html_page *p);
/* Characters that belong to the text before, even if its line has ended. */
void html_mark(struct html_page *p, const char *text);

/* Tables.  False: a limit was reached, and nothing is open that was not before.  A row
 * ends the open one of the innermost table, a cell the one of the innermost row. */
bool html_table(struct html_page *p, guint flags);
bool html_row(struct html_page *p);
bool html_cell(struct html_page *p, guint span, guint rows, guint flags);
/* What html_table(), html_row() and html_cell() opened since so many were open ends. */
void html_close(struct html_page *p, guint open);

static inline struct html_item *html_item(const struct html_page *p, guint i)
{
	return &g_array_index(p->items, struct html_item, i);
}

/* The widths of all, and which tables are laid out in columns; columns < 0: none. */
void html_measure(struct html_page *p, int columns);

/* The text, laid out: appends to text and spans, whose octets count from its start.
 * True if it depends on the columns. */
bool html_write(struct html_page *p, int columns, GString *text, GArray *spans);

#endif
