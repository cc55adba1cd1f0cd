/* SPDX-License-Identifier: MIT
 *
 * A finished letter into the outbox, an unfinished one into Drafts: on the
 * actions thread, because attachments can be large. */
#ifndef DEWEY_UI_OUTGOING_H
#define DEWEY_UI_OUTGOING_H

#include "compose/draft.h"
#include "store/desk.h"
#include "ui/ui.h"

enum outgoing_kind { OUTGOING_SEND, OUTGOING_POSTPONE };

struct outgoing_letter {
	enum outgoing_kind kind;
	const struct draft *draft; /* borrowed until done is called; must not change */
	struct desk *desk;         /* borrowed likewise; empty when it is durable; NULL: none */
	int64_t recalled, item;    /* of struct compose_start: they go then */
	int64_t send_at;           /* the time that was chosen; 0: now */
	unsigned asks;             /* of the server: enum asks */
};

/* error NULL: it is durable. */
void outgoing_start(struct ui *ui, const struct outgoing_letter *letter,
	void (*done)(const char *error, void *data), void *data);

#endif
