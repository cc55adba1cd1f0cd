/* SPDX-License-Identifier: MIT
 *
 * What was seen on the servers, read from the caches of the store on a thread:
 * the rows of the server view. */
#ifndef DEWEY_UI_SERVER_ROWS_H
#define DEWEY_UI_SERVER_ROWS_H

#include "store/drop.h"
#include "ui/ui.h"

struct server_row {
	const char *account; /* the word of its section; interned */
	int64_t id;          /* of the drop */
	int64_t size, date;  /* date 0: not known */
	enum drop_state state;
	bool has_head;
	bool ruled; /* a filter of the dotfile says what is to become of it: … */
	enum filter_do rule;
	char *from, *subject; /* clean */
};

struct server_rows {
	GPtrArray *rows;    /* of struct server_row, newest first; NULL: an error */
	int64_t looked;     /* the oldest last look of the accounts; 0: there is one
			     * that was never looked at */
	guint without_tops; /* accounts whose servers have no TOP */
	GError *error;
};
void server_rows_free(struct server_rows *r);

struct server_wanted {
	const char *account; /* NULL: all that have pop3 */
	const char *query;   /* NULL: everything */
};

/* Reads on the search thread; done is called in the main loop, and may take the
 * rows out of what it is given. */
void server_rows_read(struct ui *ui, const struct server_wanted *wanted,
	void (*done)(struct server_rows *rows, void *data), void *data, GDestroyNotify free);

#endif
