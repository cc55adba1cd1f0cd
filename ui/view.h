/* SPDX-License-Identifier: MIT
 *
 * A view is a table of functions over its own state, in its own file: a new
 * screen is one file and one line of commands.  Every function may be NULL
 * where the view has nothing to say. */
#ifndef DEWEY_UI_VIEW_H
#define DEWEY_UI_VIEW_H

#include "ui/grid.h"
#include "ui/key.h"

struct screen_picture;
struct ui;
struct view;

/* Where a command or a key is valid. */
enum context {
	CONTEXT_LIST = 1 << 0,
	CONTEXT_MESSAGE = 1 << 1,
	CONTEXT_FOLDERS = 1 << 2,
	CONTEXT_COMPOSE = 1 << 3,
	CONTEXT_OUTBOX = 1 << 4,
	CONTEXT_PARTS = 1 << 5,
	CONTEXT_TEXT = 1 << 6, /* help, source, links */
	CONTEXT_SERVER = 1 << 7, /* what lies on a server */
	CONTEXT_JOURNAL = 1 << 8,
	CONTEXT_FILTERS = 1 << 9,
	CONTEXT_ANY = (1 << 10) - 1,
};

enum movement {
	MOVE_NEXT,
	MOVE_PREVIOUS,
	MOVE_PAGE_DOWN,
	MOVE_PAGE_UP,
	MOVE_HALF_DOWN,
	MOVE_HALF_UP,
	MOVE_FIRST,
	MOVE_LAST,
};

struct view_ops {
	enum context context;
	bool bar; /* the folder bar stands beside it where there is room */
	char *(*title)(struct view *v);  /* the line at the top; g_free() it */
	char *(*status)(struct view *v); /* the line at the bottom, right part */
	void (*draw)(struct view *v, const struct pane *p);
	/* What lies behind its pane, which it draws empty; after draw.  NULL: nothing. */
	const struct screen_picture *(*picture)(struct view *v);
	void (*move)(struct view *v, enum movement m);
	void (*open)(struct view *v);
	/* The messages a command is about: GArray of int64_t index ids. */
	GArray *(*targets)(struct view *v);
	/* Those messages were given to an action; they leave this folder if gone. */
	void (*acted)(struct view *v, const GArray *ids, bool gone);
	/* Looks for text from the place where it is on; false: not found. */
	bool (*find)(struct view *v, const char *text, bool forward, bool again);
	void (*refresh)(struct view *v); /* the store changed */
	bool (*close)(struct view *v);   /* false: it asks something first */
	void (*free)(struct view *v);
};

struct view {
	const struct view_ops *ops;
	struct ui *ui;
	int refs;
	bool closed; /* not on the screen any more; only results come back to it */
	int rows, cols; /* of its pane when drawn last */
};

void view_init(struct view *v, const struct view_ops *ops, struct ui *ui);
struct view *view_ref(struct view *v);
void view_unref(struct view *v);
void view_changed(struct view *v);
const struct screen_picture *view_picture(struct view *v); /* NULL: none */
/* Where a cursor goes in a list of count entries that fills the view's pane. */
gint64 view_moved(const struct view *v, enum movement m, gint64 cursor, gint64 count);

/* The views and how each is opened. */
struct message_row;
void view_list_open(struct ui *ui, const char *folder, const char *query);
struct dotfile_view;
void view_list_open_saved(struct ui *ui, const struct dotfile_view *saved);
void view_folders_open(struct ui *ui);
void view_outbox_open(struct ui *ui);
void view_journal_open(struct ui *ui);
void view_filters_open(struct ui *ui);
void view_help_open(struct ui *ui);
/* title and text are taken; text has passed sanitize_body(). */
void view_text_open(struct ui *ui, char *title, char *text);
/* The same with a layout of its own, called for each width. */
typedef void text_layout(GPtrArray *lines, const char *text, int width);
void view_text_open_laid(struct ui *ui, char *title, char *text, text_layout *lay);

#endif
