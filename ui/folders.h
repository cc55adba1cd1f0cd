/* SPDX-License-Identifier: MIT
 *
 * What can be opened: the folders with their counts, the saved views of the
 * dotfile, the outbox, the servers.  The folder bar and the folder list show it. */
#ifndef DEWEY_UI_FOLDERS_H
#define DEWEY_UI_FOLDERS_H

#include "store/index.h"
#include "ui/grid.h"

struct ui;

struct folder_entry {
	char *title;  /* as a person reads it */
	char *folder; /* NULL: not a folder */
	char *query;  /* NULL: not a saved view */
	const struct dotfile_view *view; /* of the dotfile; NULL: not a saved view */
	bool server;  /* what lies on the servers; else, without both: the outbox */
	bool counted; /* what follows is known; of the outbox: total */
	struct index_counts counts;
};

struct folders;

struct folders *folders_new(struct ui *ui);
void folders_free(struct folders *f);
void folders_refresh(struct folders *f);
/* What the saved views find is counted as well, from now on with each refresh; what is
 * known by then is shown when it is. */
void folders_count_views(struct folders *f);

guint folders_count(const struct folders *f);
const struct folder_entry *folders_entry(const struct folders *f, guint n);
/* Opens a folder or saved view instead of what is there; or the outbox. */
void folders_open(struct folders *f, guint n);
/* What is open, for the bar: the entry with this folder and query. */
void folders_set_current(struct folders *f, const char *folder, const char *query);

guint folders_current(const struct folders *f);

/* The bar's own cursor. */
void folders_bar_move(struct folders *f, int by);
void folders_bar_open(struct folders *f);
void folders_draw_bar(struct folders *f, const struct pane *p);

#endif
