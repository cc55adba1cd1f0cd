/* SPDX-License-Identifier: MIT
 *
 * A finished letter into the outbox, an unfinished one into Drafts: on the
 * actions thread, because attachments can be large. */
#ifndef DEWEY_UI_OUTGOING_H
#define DEWEY_UI_OUTGOING_H

#include "compose/draft.h"
#include "ui/ui.h"

enum outgoing_kind { OUTGOING_SEND, OUTGOING_POSTPONE };

/* d is borrowed until done is called and must not change; error NULL: it is
 * durable. */
void outgoing_start(struct ui *ui, enum outgoing_kind kind, const struct draft *d,
	void (*done)(const char *error, void *data), void *data);

#endif
