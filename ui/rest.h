/* SPDX-License-Identifier: MIT
 *
 * The rest of previews: whether it can be had, and having it.  The letter then
 * stands where its preview stood (store/preview.h). */
#ifndef DEWEY_UI_REST_H
#define DEWEY_UI_REST_H

#include "ui/ui.h"

enum rest_state {
	REST_THERE,      /* on the server, when that was looked at last */
	REST_GONE,       /* the server does not list it any more */
	REST_TOO_LARGE,  /* for the account's max-size */
	REST_NO_ACCOUNT, /* the dotfile has none that it came by */
};

struct rest_place {
	enum rest_state state;
	int64_t row;   /* of the ledger */
	char *account; /* its word; NULL: not known */
	char *where;   /* "file:line" of max-size; NULL: it does not matter */
};
void rest_place_clear(struct rest_place *place);
typedef struct rest_place rest_place;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(rest_place, rest_place_clear)

struct rest_place rest_look(
	struct store *s, const struct dotfile *d, const struct message_row *row);

/* "partial: the first 20 lines of 12.3 MB; press E to fetch the rest", or why
 * that cannot be; key NULL: nothing is said of keys.  g_free() it. */
char *rest_text(
	struct store *s, const struct dotfile *d, const struct message_row *row, const char *key);

/* --- fetching -------------------------------------------------------------------- */

struct rests;
struct rests *rests_new(struct ui *ui);
void rests_free(struct rests *r);

/* Called with the whole letter; data is the callee's then.  Otherwise free is
 * called: it did not come, or the user has gone on to another page. */
typedef void (*rest_then)(struct ui *ui, const struct message_row *row, void *data);
struct rest_wish {
	rest_then then; /* NULL: nothing */
	void *data;
	GDestroyNotify free;
};

/* Fetches the rest of a preview, after what is under way for its account. */
void rests_want(struct rests *r, const struct message_row *row, const struct rest_wish *wish);

/* An account is free again. */
void rests_go_on(struct rests *r);

/* False: nothing is going on. */
bool rests_cancel(struct rests *r);
bool rests_busy(const struct rests *r);

/* For what needs all of a letter.  One that is whole: at once.  Of a preview the
 * rest is fetched first, if the user says so; if not, it goes on with the
 * preview where optional is true, and comes to nothing elsewhere. */
void rest_first(
	struct ui *ui, const struct message_row *row, bool optional, const struct rest_wish *wish);

#endif
