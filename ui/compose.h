/* SPDX-License-Identifier: MIT
 *
 * Writing letters in the front end. */
#ifndef DEWEY_UI_COMPOSE_H
#define DEWEY_UI_COMPOSE_H

#include "compose/reply.h"
#include "store/desk.h"
#include "ui/ui.h"

/* How a letter comes to the compose page. */
struct compose_start {
	struct draft *draft; /* taken */
	struct desk *desk;   /* taken, with what lies on it; NULL: a new one */
	char *mistake;       /* taken: why the text on the desk could not be read; NULL */
	int64_t recalled;    /* the message of Drafts, and the item of the outbox, which go */
	int64_t item;        /* when this letter is sent or kept; 0: none */
	bool edit;           /* the editor is started at once */
	bool ask_to;         /* To is asked for first */
};
void compose_start(struct ui *ui, const struct compose_start *start);

/* The same, with what is attached to row's letter, and enclosed in it, attached to
 * the draft; when it has been read, if the page on top is still the same. */
void compose_start_with_parts(
	struct ui *ui, const struct message_row *row, const struct compose_start *start);

/* What the dotfile wants of a letter that is new: its signature, its format. */
void compose_prepare(struct ui *ui, struct draft *d);
/* The draft goes by another account; so its signature is the other one, if it had one. */
void compose_sign_for(struct ui *ui, struct draft *d, const char *account);

/* The same for a letter that is new. */
void compose_open(struct ui *ui, struct draft *d, bool edit);

/* The same for one that has what somebody asked for on the command line. */
void compose_given(struct ui *ui, struct draft *d);

/* Goes on with a message of Drafts. */
void compose_recall(struct ui *ui, const struct message_row *row);

/* Goes on with a letter of the outbox that is HELD (outbox_recall()) and has a draft;
 * the item is dropped when the letter is sent again or kept. */
void compose_recall_item(struct ui *ui, int64_t item);

/* Asks about each letter that was being written when dewey ended. */
void compose_offer_left(struct ui *ui);

/* A draft that does not say by what account it goes, as those of other programs do
 * not, goes by that of its From, else as compose_identity() has it. */
void compose_adopt(struct ui *ui, struct draft *d);

/* Who writes: the account of this address, or account, or the first that can.
 * False: none, told. */
bool compose_identity(struct ui *ui, const GPtrArray *const *written_to, const char *account,
	struct identity *out);

#endif
