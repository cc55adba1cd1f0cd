/* SPDX-License-Identifier: MIT
 *
 * Letters that were sent a moment ago: they wait in the outbox for their undo time,
 * the status line shows how long, and the last one can be called back.  Who quits
 * lets them leave at once. */
#ifndef DEWEY_UI_UNSEND_H
#define DEWEY_UI_UNSEND_H

#include "base/base.h"

struct ui;
struct unsend;

struct unsend *unsend_new(struct ui *ui);
/* Those that still wait leave: dewey-smtp is started for them and not waited for. */
void unsend_free(struct unsend *u);

/* The item, copied, waits until then (seconds); its account's agent is started when
 * that is over. */
struct unsend_item {
	int64_t item, until;
	const char *account;
	bool later; /* it waits for a time of its own after that */
};
void unsend_watch(struct unsend *u, const struct unsend_item *item);

/* While the front end ends: the item, which it has just handed in, leaves unless it
 * waits for a time of its own.  Not waited for, as by unsend_free(). */
void unsend_leave(struct ui *ui, int64_t item, const char *account);

/* The store changed: forgets what does not wait any more. */
void unsend_refresh(struct unsend *u);

/* Calls the last of them back into the editor.  False: there is none. */
bool unsend_last(struct unsend *u);

/* Calls this item of the outbox back into the editor, if no agent has it yet; the
 * user is told if not. */
void unsend_recall(struct ui *ui, int64_t item);

#endif
