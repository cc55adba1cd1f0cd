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
};
void compose_start(struct ui *ui, const struct compose_start *start);

/* The same for a letter that is new. */
void compose_open(struct ui *ui, struct draft *d, bool edit);

/* Goes on with a message of Drafts. */
void compose_recall(struct ui *ui, const struct message_row *row);

/* Goes on with a letter of the outbox that is HELD (outbox_recall()) and has a draft;
 * the item is dropped when the letter is sent again or kept. */
void compose_recall_item(struct ui *ui, int64_t item);

/* Asks about each letter that was being written when dewey ended. */
void compose_offer_left(struct ui *ui);

/* Who writes: the account of this address, or account, or the first that can.
 * False: none, told. */
bool compose_identity(struct ui *ui, const GPtrArray *const *written_to, const char *account,
	struct identity *out);

#endif
