/* SPDX-License-Identifier: MIT
 *
 * Between the sources of the compose page: view-compose.c draws it,
 * compose-edit.c runs the editor and saves what is written, compose-fields.c has
 * the fields and attachments, compose-seal.c signing and encrypting, compose-send.c
 * sends it or keeps it.  Nobody else
 * includes this. */
#ifndef DEWEY_UI_VIEW_COMPOSE_H
#define DEWEY_UI_VIEW_COMPOSE_H

#include "ui/compose.h"
#include "ui/pager.h"
#include "ui/seal.h"

struct compose_view {
	struct view view;
	struct draft *draft;
	struct desk *desk; /* where it is saved; NULL: that is not possible */
	int64_t recalled;  /* message of Drafts that goes when this one is kept or sent; 0 */
	int64_t item;      /* of the outbox; likewise */
	char *mistake;     /* of the text on the desk; it is edited again first */
	GHashTable *seen;  /* path of an attachment → struct stat, when it was shown first */
	struct pager body;
	int width;            /* the body is laid out to; 0: to be done */
	guint cursor;         /* among the attachments */
	bool busy;            /* being sent or kept: nothing can be changed */
	bool unsaved, saving; /* the desk has an older letter; it is being written there */
	bool failed;          /* it could not be written the last time */
	bool edit_next;       /* the editor, as soon as it is saved */
	guint timer;          /* until that is tried again; 0: none */
	struct seal_plan *plan; /* what signing and encrypting comes to; NULL: neither is
				 * wanted, or it is not known yet */
	const void *planning;   /* the job that finds it out; NULL: none */
	char *plan_name;        /* of what the plan was made of */
};

/* The compose page on top, if it can be changed now; else NULL. */
struct compose_view *compose_top(struct ui *ui);

/* What is attached: the attachments of the draft, then its parts. */
guint compose_file_count(const struct compose_view *c);
const char *compose_file(const struct compose_view *c, guint i, const char **name); /* path */

/* The letter is another than before: it is drawn, and saved on a thread. */
void compose_changed(struct compose_view *c);
/* It is saved now, on a thread. */
void compose_save(struct compose_view *c);
/* … here, because the program ends. */
void compose_save_last(struct compose_view *c);

/* Of draft.asks, which are enum asks: that the user chose them; else the account's count. */
enum { ASKS_CHOSEN = 1 << 16 };

/* What is asked of the server with it; and in words, "" for nothing; g_free() them. */
unsigned compose_asks(const struct compose_view *c);
char *compose_asks_text(unsigned asks);

/* Of the draft's account; NULL: none.  The bits of compose/seal.h that are wanted. */
const struct seal_settings *compose_seal_settings(struct ui *ui, const struct draft *d);
unsigned compose_seal_wish(const struct compose_view *c);
/* A draft with what these are about, for a thread. */
struct draft *compose_who(const struct draft *d);
/* The plan is made anew, on a thread, if what it is made of changed. */
void compose_plan(struct compose_view *c);

/* A letter that is sent on as it is; told. */
bool compose_is_fixed(struct compose_view *c);

/* The text of the letter in the editor; a mistake in it is told, and kept. */
void compose_edit(struct compose_view *c);

/* Asks for To, and then for the text as compose_edit() does. */
void compose_ask_to(struct compose_view *c);

/* Into Drafts, unless it is on its way already. */
void compose_postpone(struct compose_view *c);

#endif
