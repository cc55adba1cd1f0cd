/* SPDX-License-Identifier: MIT
 *
 * The server view, shared by its files: view-server.c (the page), server-marks.c
 * (marks and what becomes of them), view-head.c (the first lines of a letter). */
#ifndef DEWEY_UI_VIEW_SERVER_H
#define DEWEY_UI_VIEW_SERVER_H

#include "ui/server-rows.h"

/* What is to become of a letter. */
enum server_mark {
	SERVER_LEAVE, /* no mark: it waits for the next fetch */
	SERVER_GET,
	SERVER_TAKE,  /* get, and delete on the server */
	SERVER_ERASE, /* delete on the server unseen */
	SERVER_MARKS,
};

struct server_marks;
struct server_marks *server_marks_new(void);
void server_marks_free(struct server_marks *m);
enum server_mark server_marks_get(const struct server_marks *m, const struct server_row *row);
void server_marks_set(struct server_marks *m, const struct server_row *row, enum server_mark mark);
void server_marks_clear(struct server_marks *m);
/* Marks what filters of the dotfile decide about, each letter once: who takes such
 * a mark away has the last word. */
void server_marks_apply_rules(struct server_marks *m, const GPtrArray *rows);
/* How many letters are marked at all. */
guint server_marks_count(const struct server_marks *m);
/* Forgets those of account (NULL: of all) whose letters are not in rows. */
void server_marks_prune(struct server_marks *m, const char *account, const GPtrArray *rows);
/* Those of account were done. */
void server_marks_done(struct server_marks *m, const char *account);
/* GArray of int64_t: the ids of an account. */
GArray *server_marks_ids(const struct server_marks *m, const char *account, enum server_mark mark);
/* "fetch 3, delete 5 unseen"; g_free() it. */
char *server_marks_text(const struct server_marks *m);
/* "get": in the row's state column; translated. */
const char *server_mark_word(enum server_mark mark);

struct server_view {
	struct view view;
	char *account;            /* NULL: all of them */
	char *limit;              /* NULL: none */
	char *needle;             /* folded; what was looked for last; NULL: nothing */
	struct server_rows *rows; /* NULL: not read yet */
	struct server_marks *marks;
	guint cursor, top;
	guint running;       /* sessions that do what was marked, under way or waiting */
	bool cut;            /* a look was stopped to make way for these */
	bool reading, stale; /* a read is under way; what it brings is old already */
	int64_t expire;      /* days after which the account's server deletes; -1: never, or
			      * that was not said */
	GHashTable *looking; /* words of the accounts that are being looked at */
};

bool view_is_server(const struct view *v);
/* The server view of the page on top, which may be its view of one letter. */
struct server_view *server_view_at_hand(struct ui *ui);
struct server_row *server_view_current(const struct server_view *s);
void server_view_read(struct server_view *s);
/* Asks the servers. */
void server_view_look(struct server_view *s);
void server_view_step(struct server_view *s, int by);

/* The first lines of the letter under the cursor. */
void view_head_open(struct server_view *s);
/* NULL: v is not such a view. */
struct server_view *view_head_owner(const struct view *v);

#endif
